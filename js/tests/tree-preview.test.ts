import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEBOUNCE_MS } from "../src/lib/debounced";
import { Branches, PART, type TreeRow } from "../src/preview/branches";
import { step } from "../src/preview/tree-walk";
import type { TreeNode } from "../src/protocol";
import { drawPreview, forgetModule, pressWith, settled, type } from "./preview-view";
import { features, tree } from "./previews";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  document.body.replaceChildren();
  forgetModule();
  vi.useRealTimers();
});

const drawTree = (value: unknown) => drawPreview({ views: [tree(value)] });

const rowsOf = (all: (selector: string) => HTMLElement[]) =>
  all("[role=treeitem]").map((row) => row.textContent ?? "");

async function find(view: Awaited<ReturnType<typeof drawTree>>, text: string) {
  await type(view.find("input[type=search]"), text);
  await act(async () => void vi.advanceTimersByTime(DEBOUNCE_MS));
  await settled();
}

describe("a tree", () => {
  it("shows its first branches, and others when they are opened", async () => {
    const { all, find: one, asked } = await drawTree({ a: [1, null], "b c": { d: "x" } });
    expect(all("[data-path]").map((row) => row.dataset.path)).toEqual(["$", "$.a", '$["b c"]']);
    await act(async () => one('[data-path="$.a"]').click());
    await settled();
    expect(asked("preview_children").at(-1)).toMatchObject({ path: "$.a", start: 0, count: PART });
    expect(rowsOf(all)).toContain("1:null");
    expect(one('[data-path="$.a"]').getAttribute("aria-expanded")).toBe("true");
    expect(one('[data-path="$.a[1]"]').getAttribute("aria-level")).toBe("3");
    expect(one('[data-path="$.a[1]"]').getAttribute("aria-posinset")).toBe("2");
    await act(async () => one('[data-path="$.a"]').click());
    expect(all('[data-path="$.a[1]"]')).toHaveLength(0);
  });

  it("is walked by keys, with the cursor named", async () => {
    const { find: one } = await drawTree({ a: { b: 1 }, c: 2 });
    const box = one("[role=tree]");
    const at = () =>
      document.getElementById(box.getAttribute("aria-activedescendant") ?? "")?.dataset.path;
    box.focus();
    expect(at()).toBe("$");
    await pressWith("ArrowDown");
    await pressWith("ArrowRight");
    expect(at()).toBe("$.a");
    await pressWith("ArrowRight");
    expect(at()).toBe("$.a.b");
    expect(one(".oew-view-foot").textContent).toContain("$.a.b");
    await pressWith("ArrowLeft");
    expect(at()).toBe("$.a");
    await pressWith("End");
    expect(at()).toBe("$.c");
    await pressWith("a");
    expect(at()).toBe("$.a");
    await pressWith("Home");
    await pressWith("Enter");
    expect(one('[data-path="$"]').getAttribute("aria-expanded")).toBe("false");
  });

  it("jumps through what a search finds, also deep in what was never opened", async () => {
    const view = await drawTree(features(5000));
    await find(view, "field 4321");
    expect(view.find(".oew-view-tools").textContent).toContain("1 of 1");
    const at = view.find('[data-at="true"]');
    expect(at.dataset.path).toBe("$.features[4321].properties.name");
    expect(at.className).toContain("oew-tree-found");
    expect(view.all("[role=treeitem]").length).toBeLessThan(150);
    await find(view, "maize");
    expect(view.find(".oew-view-tools").textContent).toContain("1 of 100 or more");
    await view.click("Next match");
    await settled();
    expect(view.find('[data-at="true"]').dataset.path).toBe("$.features[3].properties.crop");
    await view.click("Match before");
    await view.click("Match before");
    await settled();
    expect(view.find(".oew-view-tools").textContent).toContain("100 of 100 or more");
    await find(view, "nowhere");
    expect(view.find(".oew-view-tools").textContent).toContain("Nothing found");
  });

  it("shows more entries when it is asked to", async () => {
    const { all, find: one } = await drawTree(Array.from({ length: 250 }, (_, index) => index));
    expect(all("[data-path]")).toHaveLength(1 + PART);
    expect(rowsOf(all).at(-1)).toBe("Show more: 150 entries of 250 not loaded");
    one("[role=tree]").focus();
    await pressWith("End");
    await pressWith("Enter");
    expect(all("[data-path]")).toHaveLength(1 + 2 * PART);
  });

  it("shows keys and values as text", async () => {
    const { el, find: one } = await drawTree({ "<img src=x>": "<script>alert(1)</script>" });
    expect(one("[role=tree]").textContent).toContain('"<script>alert(1)</script>"');
    expect(el.querySelector("img, script")).toBeNull();
  });

  it.each([["text"], [7], [null], [[]], [{}]])("shows %o alone", async (value) => {
    const { all } = await drawTree(value);
    expect(all("[role=treeitem]")).toHaveLength(1);
  });

  it("says why a branch does not come, and asks again", async () => {
    const { find: one, refuse, all } = await drawTree({ a: [1, 2] });
    refuse("preview_children");
    await act(async () => one('[data-path="$.a"]').click());
    await settled();
    expect(one("[role=tree]").textContent).toContain("The link has expired.");
    refuse();
    await act(async () => one(".oew-error").click());
    await settled();
    expect(all('[data-path="$.a[1]"]')).toHaveLength(1);
  });
});

describe("branches", () => {
  const root: TreeNode = { name: "$", path: "$", type: "object", text: "{}", count: 1000 };

  it("look for a member of an object, part by part, and give up", async () => {
    const ask = vi.fn(async (_: string, start: number, count: number) => ({
      total: 1000,
      nodes: Array.from({ length: count }, (_, index) => ({
        name: `k${start + index}`,
        path: `$.k${start + index}`,
        type: "number" as const,
        text: "1",
        count: 0,
      })),
    }));
    const branches = new Branches(root, ask, () => {});
    expect(await branches.reveal("$.k250")).toBe(true);
    expect(ask).toHaveBeenCalledTimes(3);
    expect(await branches.reveal("$.nowhere")).toBe(false);
    expect(ask).toHaveBeenCalledTimes(10);
  });

  it("know where the parts that are missing lie", async () => {
    const array: TreeNode = { ...root, type: "array", count: 500 };
    const ask = async (_: string, start: number, count: number) => ({
      total: 500,
      nodes: Array.from({ length: count }, (_, index) => ({
        name: `${start + index}`,
        path: `$[${start + index}]`,
        type: "number" as const,
        text: "1",
        count: 0,
      })),
    });
    const branches = new Branches(array, ask, () => {});
    await branches.reveal("$[250]");
    const more = branches.rows().filter((row) => row.kind === "more");
    expect(more).toMatchObject([
      { part: 1, count: 200 },
      { part: 3, count: 200 },
    ]);
  });
});

describe("the keys of a tree", () => {
  const node = (name: string, level: number, open: boolean | null): TreeRow => ({
    kind: "node",
    node: { name, path: name, type: "object", text: "", count: open === null ? 0 : 1 },
    level,
    index: 0,
    of: 1,
    open,
  });
  const rows = [node("$", 1, true), node("a", 2, false), node("b", 2, true), node("c", 3, null)];

  it.each<[string, number, { to: number; toggle: boolean } | null]>([
    ["ArrowUp", 0, { to: 0, toggle: false }],
    ["ArrowDown", 3, { to: 3, toggle: false }],
    ["ArrowRight", 1, { to: 1, toggle: true }],
    ["ArrowRight", 2, { to: 3, toggle: false }],
    ["ArrowRight", 3, { to: 3, toggle: false }],
    ["ArrowLeft", 2, { to: 2, toggle: true }],
    ["ArrowLeft", 3, { to: 2, toggle: false }],
    ["ArrowLeft", 1, { to: 0, toggle: false }],
    [" ", 1, { to: 1, toggle: true }],
    ["c", 0, { to: 3, toggle: false }],
    ["z", 0, null],
    ["Tab", 0, null],
  ])("%s at row %d", (key, at, expected) => expect(step(key, rows, at)).toEqual(expected));
});
