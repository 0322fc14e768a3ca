import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import { place } from "../src/lib/place";
import type { JobState } from "../src/protocol";
import { freshness, job, OFFERED, RESTING, steps } from "./states";
import { draw, press } from "./view";

const NOW = Date.UTC(2026, 10, 23, 13);
const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  vi.stubGlobal("navigator", {
    clipboard: { writeText: async (text: string) => void written.push(text) },
  });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const CREATED: Partial<JobState> = {
  status: "created",
  steps: steps(NOW, ["created", 5]),
  actions: OFFERED.filter((action) => action !== "preflight"),
};

async function drawMenu(changes: Partial<JobState> = CREATED) {
  const drawn = await draw(widget, job(NOW, changes));
  const items = () => drawn.all('[role^="menuitem"]').map((item) => item.textContent);
  const focused = () => document.activeElement?.textContent;
  const pick = async (label: string) => {
    await drawn.click("More actions");
    await drawn.click(label);
  };
  return { ...drawn, items, focused, pick };
}

describe("the menu", () => {
  it("holds what makes sense now", async () => {
    const { items, click, button } = await drawMenu();
    expect(button("More actions").getAttribute("aria-haspopup")).toBe("menu");
    await click("More actions");
    expect(items()).toEqual([
      "Refresh",
      "Notify me when it ends",
      "Edit title and description…",
      "Duplicate…",
      "Copy id",
      "Copy Python",
      "Open in the web editor",
      "Delete…",
    ]);
  });

  it("offers what can be done without a back-end when that can do nothing", async () => {
    const { items, click } = await drawMenu({ ...CREATED, actions: ["refresh"] });
    await click("More actions");
    expect(items()).toEqual(["Refresh", "Notify me when it ends", "Copy id", "Copy Python"]);
  });

  it("notifies of no end that has come", async () => {
    const { items, click } = await drawMenu({
      status: "finished",
      freshness: freshness(NOW, RESTING),
    });
    await click("More actions");
    expect(items()).not.toContain("Notify me when it ends");
  });

  it("is gone through with the arrows, round and round, and with letters", async () => {
    const { button, focused } = await drawMenu();
    button("More actions").focus();
    await press("ArrowUp");
    expect(focused()).toBe("Delete…");
    await press("ArrowDown");
    expect(focused()).toBe("Refresh");
    await press("ArrowUp");
    expect(focused()).toBe("Delete…");
    await press("Home");
    expect(focused()).toBe("Refresh");
    await press("End");
    expect(focused()).toBe("Delete…");
    await press("c");
    expect(focused()).toBe("Copy id");
    await press("C");
    expect(focused()).toBe("Copy Python");
    await press("ü");
    expect(focused()).toBe("Copy Python");
  });

  it("gives the focus back on Escape", async () => {
    const { button, all, click } = await drawMenu();
    await click("More actions");
    expect(button("More actions").getAttribute("aria-expanded")).toBe("true");
    await press("Escape");
    expect(all('[role="menu"]')).toHaveLength(0);
    expect(document.activeElement).toBe(button("More actions"));
  });

  it("closes on a press elsewhere and on its button, not on one within", async () => {
    const { all, click, find } = await drawMenu();
    const down = (on: Element) =>
      act(async () => void on.dispatchEvent(new Event("pointerdown", { bubbles: true })));
    await click("More actions");
    await down(find('[role="menuitem"]'));
    expect(all('[role="menu"]')).toHaveLength(1);
    await down(find(".oew-title"));
    expect(all('[role="menu"]')).toHaveLength(0);
    await click("More actions");
    await click("More actions");
    expect(all('[role="menu"]')).toHaveLength(0);
  });

  it("keeps the focus in it when it becomes shorter", async () => {
    const { click, update, focused } = await drawMenu();
    await click("More actions");
    await press("End");
    await update({ status: "running", actions: ["cancel", "refresh"] });
    expect(focused()).toBe("Copy Python");
  });

  it("switches the notification on and off, as the kernel has it", async () => {
    vi.stubGlobal("Notification", { requestPermission: async () => "granted" });
    const { model, pick, update, click, find } = await drawMenu();
    await pick("Notify me when it ends");
    vi.unstubAllGlobals();
    expect(model.sent).toMatchObject([{ kind: "notify", on: true }]);
    await update({ notify: true });
    await click("More actions");
    expect(find('[role="menuitemcheckbox"]').getAttribute("aria-checked")).toBe("true");
  });

  it("copies the id and the Python, and says so", async () => {
    const { pick, reply, find, model } = await drawMenu();
    await pick("Copy id");
    expect(find(".oew-action-row > [role=status]").textContent).toBe("Copied the id.");
    await pick("Copy Python");
    expect(model.sent).toMatchObject([{ kind: "copy_python" }]);
    reply({ ok: true, data: { text: "JobWidget.from_id(...)" } });
    await act(async () => {});
    expect(written).toEqual(["j-25110810426a4b77d1c0e6a4b", "JobWidget.from_id(...)"]);
  });

  it("opens the web editor, and nothing that is no web address", async () => {
    const open = vi.spyOn(window, "open").mockReturnValue(null);
    const { pick, reply } = await drawMenu();
    for (const url of ["javascript:alert(1)", "https://editor.example/?server=x"]) {
      await pick("Open in the web editor");
      reply({ ok: true, data: { url } });
      await act(async () => {});
    }
    expect(open.mock.calls).toEqual([
      ["https://editor.example/?server=x", "_blank", "noopener,noreferrer"],
    ]);
  });

  it("says what was refused", async () => {
    const { pick, reply, find } = await drawMenu();
    await pick("Copy Python");
    reply({ ok: false, error: { message: "No.", code: "", id: "", hint: "" } });
    await act(async () => {});
    expect(find('.oew-actions [role="alert"]').textContent).toContain("No.");
  });
});

describe("the one primary button", () => {
  it.each([
    ["created", ["Start"], ["Start"]],
    ["error", ["Duplicate…"], ["Duplicate…", "Start again"]],
    ["finished", [], ["Start again"]],
  ])("of a job that is %s", async (status, primary, buttons) => {
    const { all } = await drawMenu({ ...CREATED, status });
    const texts = (selector: string) => all(selector).map((found) => found.textContent);
    expect(texts(".oew-button-primary")).toEqual(primary);
    expect(texts(".oew-action-row > .oew-button")).toEqual(buttons);
  });

  it("goes when the job was deleted, and the card stays", async () => {
    const { all, find } = await drawMenu({
      ...CREATED,
      actions: [],
      freshness: freshness(NOW, { state: "deleted", next_ms: null }),
    });
    expect(find(".oew-status").textContent).toBe("deleted");
    expect(find(".oew-pill").className).toContain("oew-tone-plain");
    expect(find(".oew-title").textContent).toBe("NDVI timeseries 2022");
    expect(all(".oew-action-row > .oew-button")).toHaveLength(0);
  });
});

describe("where the menu goes", () => {
  const menu = { width: 220, height: 260 };
  const button = (left: number, top: number) => ({ left, top, bottom: top + 28 });

  it.each([
    ["below its button", button(100, 100), { width: 900, height: 700 }, { left: 100, top: 132 }],
    [
      "above it at the end of the page",
      button(100, 500),
      { width: 900, height: 700 },
      { left: 100, top: 236 },
    ],
    ["within a narrow page", button(250, 20), { width: 320, height: 700 }, { left: 92, top: 52 }],
    [
      "at the top where nothing fits",
      button(0, 90),
      { width: 320, height: 200 },
      { left: 8, top: 8 },
    ],
  ])("%s", (_, at, view, expected) => {
    expect(place(at, menu, view)).toEqual(expected);
  });
});
