import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { describe as describeValue, glimpse, pointer } from "../src/lib/tree";
import { JsonTree } from "../src/lib/tree-view";

afterEach(() => document.body.replaceChildren());

async function drawTree(value: unknown) {
  const el = document.createElement("div");
  document.body.append(el);
  await act(async () => render(h(JsonTree, { value }), el));
  const all = (selector: string) => [...el.querySelectorAll<HTMLElement>(selector)];
  const find = (selector: string) => {
    const [found] = all(selector);
    if (!found) throw new Error(`nothing matches ${selector}`);
    return found;
  };
  const click = (name: string) =>
    act(async () =>
      all("button")
        .find(({ textContent }) => textContent === name)
        ?.click(),
    );
  return { el, all, find, click };
}

describe("the rows of a tree", () => {
  it("name their place as a JSON Pointer", () => {
    expect(pointer("/a", "b/c~d")).toBe("/a/b~1c~0d");
  });

  it("show the beginning of what they hold", () => {
    expect(glimpse([[0.41], null, "x"])).toBe('[[0.41], null, "x"]');
    expect(glimpse({ a: 1, b: [true] })).toBe("{a: 1, b: [true]}");
    expect(glimpse({})).toBe("{}");
    expect(describeValue([1])).toBe("list, 1 entry");
    expect(describeValue({ a: 1, b: 2 })).toBe("object, 2 entries");
  });

  it("look at no more than they show", () => {
    const huge = Array.from({ length: 1_000_000 }, () => [1]);
    let reads = 0;
    const watched = new Proxy(huge, {
      get: (target, key) => {
        reads += 1;
        return Reflect.get(target, key);
      },
    });
    expect(glimpse(watched)).toContain("…");
    expect(reads).toBeLessThan(200);
  });
});

describe("a drawn tree", () => {
  it("shows a value when its branches are opened", async () => {
    const { find, all } = await drawTree({ "2022-07-01": [[0.41, null]], n: { "a/b": "text" } });
    expect(all(".oew-value")).toHaveLength(0);
    await act(async () => find('[data-path="/2022-07-01"]').click());
    await act(async () => find('[data-path="/2022-07-01/0"]').click());
    expect(find('[data-path="/2022-07-01/0/0"]').textContent).toBe("0.41");
    expect(find('[data-path="/2022-07-01/0/1"]').className).toContain("oew-value-null");
    await act(async () => find('[data-path="/n"]').click());
    expect(find('[data-path="/n/a~1b"]').textContent).toBe('"text"');
  });

  it("draws thousands of nodes only as they are asked for", async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({ index, list: [1, 2, 3] }));
    const { all, click } = await drawTree(rows);
    expect(all(".oew-tree [data-path]")).toHaveLength(100);
    await click("Show 100 more of 5,000");
    expect(all(".oew-tree [data-path]")).toHaveLength(200);
  });

  it("shows keys and values as text", async () => {
    const { el, find } = await drawTree({ "<img src=x>": "<script>alert(1)</script>" });
    expect(find(".oew-tree").textContent).toContain('"<script>alert(1)</script>"');
    expect(el.querySelector("img, script")).toBeNull();
  });

  it.each([["text"], [7], [null], [[]], [{}]])("shows %o alone", async (value) => {
    const { find } = await drawTree(value);
    expect(find(".oew-tree").textContent).not.toBe("");
  });
});
