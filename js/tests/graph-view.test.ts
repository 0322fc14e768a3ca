import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as graphModule from "../src/graph";
import widget from "../src/job";
import { LATE_MS, LATE_TEXT } from "../src/lib/commands";
import type { JobState } from "../src/protocol";
import { chain, hostile, seasons } from "./graphs";
import { job, preflight } from "./states";
import { type Drawn, draw, press } from "./view";

const NOW = Date.UTC(2026, 10, 23, 13);
const STORE = Symbol.for("openeo-widgets.chunks");
const TIMERS = ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const;

/** The page has the module already: Node imports no blobs. */
beforeEach(() => {
  const modules = new Map([["graph test", Promise.resolve(graphModule)]]);
  Reflect.set(globalThis, STORE, modules);
});
afterEach(() => {
  document.body.replaceChildren();
  Reflect.deleteProperty(globalThis, STORE);
  vi.useRealTimers();
});

/** Answers the last question of a kind. */
async function answer(view: Drawn<JobState>, kind: string, rest: Record<string, unknown>) {
  const asked = view.model.sent.filter((message) => message.kind === kind).at(-1);
  if (!asked) throw new Error(`nobody asked for ${kind}`);
  await act(async () => view.model.message({ id: asked.id, ...rest }));
}

const told = (process: unknown, marks: Record<string, string> = {}, note = "") => ({
  ok: true,
  data: { text: JSON.stringify(process), marks, note },
});

async function open(process: unknown, marks?: Record<string, string>, note?: string) {
  const view = await draw(widget, job(NOW));
  await view.click("Process");
  await answer(view, "graph", told(process, marks, note));
  await settled();
  return view;
}

/** The module is there a moment later. */
const settled = () => act(async () => {});

const kinds = (view: Drawn<JobState>) => view.model.sent.map(({ kind }) => kind);
const focused = () => document.activeElement?.getAttribute("aria-label");
const focus = (view: Drawn<JobState>, name: string) => act(async () => view.button(name).focus());

describe("the tab of the process", () => {
  it("asks only when it is opened, and draws nodes and edges", async () => {
    const view = await draw(widget, job(NOW));
    expect(kinds(view)).toEqual([]);
    await view.click("Process");
    expect(view.find(".oew-panel-process").textContent).toContain("Loading the process");
    await answer(view, "graph", told(seasons()));
    await settled();
    expect(view.all(".oew-node")).toHaveLength(7);
    expect(view.all(".oew-edge")).toHaveLength(6);
    expect(view.all(".oew-edge-label").map((label) => label.textContent)).toEqual([
      "cube1",
      "cube2",
    ]);
    expect(kinds(view)).toEqual(["graph"]);
  });

  it("marks what failed with a word and an icon, and where that is inside", async () => {
    const { button } = await open(seasons(), { linearscalerange1: "failed", winter: "problem" });
    const apply = button("apply1: apply, failed inside");
    expect(apply.textContent).toContain("failed inside");
    expect(apply.querySelector(".oew-icon")).not.toBeNull();
    expect(apply.tabIndex).toBe(0);
    expect(button("winter: reduce_dimension, problem").textContent).toContain("problem");
  });

  it("asks for the marks anew when something is found, and stays where the person is", async () => {
    const view = await open(seasons());
    await view.click("process ▸ 2 nodes");
    await view.update({ failed_nodes: ["linearscalerange1", "apply1"] });
    expect(kinds(view)).toEqual(["graph", "graph"]);
    const marks = { linearscalerange1: "failed", apply1: "failed inside" };
    await answer(view, "graph", told(seasons(), marks));
    expect(view.button("linearscalerange1: linear_scale_range, result, failed")).toBeDefined();
  });

  it("shows the node of a problem that is told above, in a sub-graph too", async () => {
    const problems = [
      { message: "It is empty.", code: "", node: "linearscalerange1" },
      { message: "There is no such dimension.", code: "", node: "winter" },
    ];
    const begun: Partial<JobState> = { status: "created", preflight: preflight({ problems }) };
    const view = await draw(widget, job(NOW, begun));
    await view.click("Show node linearscalerange1");
    await answer(
      view,
      "graph",
      told(seasons(), { linearscalerange1: "problem", winter: "problem" }),
    );
    await settled();
    expect(focused()).toBe("linearscalerange1: linear_scale_range, result, problem");
    expect(view.find(".oew-node-details").textContent).toContain("linearscalerange1");
    await view.click("JSON");
    await view.click("Show node winter");
    await settled();
    await settled();
    expect(focused()).toBe("winter: reduce_dimension, problem");
    expect(view.find(".oew-node-details").textContent).toContain("winter");
    for (const name of ["JSON", "Graph"]) await view.click(name);
    await settled();
    expect(focused()).not.toBe("winter: reduce_dimension, problem");
    expect(view.all(".oew-node-details")).toEqual([]);
  });

  it("is one stop of the Tab key; arrows lead on, Enter shows the arguments", async () => {
    const view = await open(seasons());
    expect(view.all(".oew-node-main").filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    await focus(view, "summer: reduce_dimension");
    await press("ArrowRight");
    expect(focused()).toBe("mergecubes1: merge_cubes");
    expect(view.all(".oew-node-main").filter(({ tabIndex }) => tabIndex === 0)).toEqual([
      document.activeElement,
    ]);
    await press("End");
    expect(focused()).toBe("saveresult1: save_result, result");
    await view.click("saveresult1: save_result, result");
    expect(view.find(".oew-node-details").textContent).toContain('format: "GTiff"');
    await press("Escape");
    expect(view.all(".oew-node-details")).toEqual([]);
    expect(focused()).toBe("saveresult1: save_result, result");
  });

  it("opens a sub-graph in place, and Escape leads back to its node", async () => {
    const view = await open(seasons());
    await view.click("process ▸ 2 nodes");
    expect(view.all(".oew-node")).toHaveLength(3);
    expect(view.find(".oew-crumbs").textContent).toBe("processapply1process");
    expect(focused()).toBe("x: parameter");
    await press("Escape");
    expect(view.all(".oew-node")).toHaveLength(7);
    expect(focused()).toBe("apply1: apply");
    await view.click("process ▸ 2 nodes");
    await view.click("process");
    expect(focused()).toBe("apply1: apply");
  });

  it("shows the JSON beside it, with what was left out", async () => {
    const view = await open(seasons(), {}, "Long lists are cut here.");
    await view.click("JSON");
    expect(view.find(".oew-tree").textContent).toContain("season-difference");
    expect(view.find(".oew-panel-process").textContent).toContain("Long lists are cut here.");
    expect(view.all(".oew-node")).toEqual([]);
  });

  it("copies the graph as the kernel has it", async () => {
    const write = vi.fn(async () => {});
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: write } });
    const view = await open(seasons());
    await view.click("Copy JSON");
    expect(write).not.toHaveBeenCalled();
    await answer(view, "copy_graph", { ok: true, data: { text: "{whole}" } });
    expect(write).toHaveBeenCalledWith("{whole}");
    await view.click("Copy JSON");
    await answer(view, "copy_graph", { ok: false, error: { message: "Signed out." } });
    expect(view.find('[role="alert"]').textContent).toContain("Signed out.");
    expect(write).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });

  it("asks before it draws thousands of nodes, and shows the JSON first", async () => {
    const view = await open(chain(1200));
    expect(view.find('[aria-selected="true"][id$="JSON"]')).toBeDefined();
    await view.click("Graph");
    await settled();
    expect(view.all(".oew-node")).toEqual([]);
    await view.click("Draw 1,200 nodes");
    expect(view.all(".oew-node")).toHaveLength(1200);
    expect(focused()).toBe("step0: load_collection");
  });

  it("shows hostile names as text", async () => {
    const view = await open(hostile());
    expect(view.button("constructor: <img src=x onerror=alert(1)>")).toBeDefined();
    expect(view.el.querySelector("img, script")).toBeNull();
    expect(view.find(".oew-graph-notes").textContent).toContain("“text” is no node.");
    await view.click("constructor: <img src=x onerror=alert(1)>");
    expect(view.find(".oew-node-details").textContent).toContain("__proto__");
  });

  it.each([
    [null, "no process"],
    [7, "no process"],
    [{}, "no graph"],
    [{ process_graph: { a: 1 } }, "“a” is no node"],
  ])("says what is wrong with a process like %j", async (process, words) => {
    const view = await open(process);
    expect(view.find(".oew-graph-notes").textContent).toContain(words);
  });

  it("shows a text that is no JSON as it is", async () => {
    const view = await draw(widget, job(NOW));
    await view.click("Process");
    await answer(view, "graph", { ok: true, data: { text: "{cut", marks: 7 } });
    await view.click("JSON");
    expect(view.find("pre").textContent).toBe("{cut");
  });
});

describe("when it does not work", () => {
  it("says why there is no process, and asks again", async () => {
    const view = await draw(widget, job(NOW));
    await view.click("Process");
    await answer(view, "graph", { ok: false, error: { message: "Not found.", code: "Gone" } });
    expect(view.find(".oew-graph-trouble").textContent).toContain("Not found.");
    await view.click("Try again");
    await answer(view, "graph", told(seasons()));
    await settled();
    expect(view.all(".oew-graph-trouble")).toEqual([]);
    expect(view.all(".oew-node")).toHaveLength(7);
  });

  it("says that the kernel is gone, or late", async () => {
    vi.useFakeTimers({ now: NOW, toFake: [...TIMERS] });
    const view = await draw(widget, job(NOW));
    await view.click("Process");
    await act(async () => void vi.advanceTimersByTime(LATE_MS));
    expect(view.find(".oew-panel-process").textContent).toContain(LATE_TEXT);
    await answer(view, "graph", told(seasons()));
    expect(view.find(".oew-panel-process").textContent).not.toContain(LATE_TEXT);
    view.model.send = () => {
      throw new Error("no comm");
    };
    await view.click("Copy JSON");
    expect(view.find('[role="alert"]').textContent).toContain("Run this cell again.");
  });

  it("shows the JSON where the page takes no module, and tries again", async () => {
    Reflect.deleteProperty(globalThis, STORE);
    vi.spyOn(URL, "createObjectURL").mockReturnValue("data:text/javascript,throw Error('CSP')");
    const view = await open(seasons());
    await answer(view, "chunk", { ok: true, data: { source: "export {}" } });
    await vi.waitFor(() => view.find(".oew-tree"));
    expect(view.find(".oew-graph-trouble").textContent).toContain(
      "does not let a module be loaded",
    );
    Reflect.set(globalThis, STORE, new Map([["graph test", Promise.resolve(graphModule)]]));
    await view.click("Try again");
    await vi.waitFor(() => expect(view.all(".oew-node")).toHaveLength(7));
    expect(view.all(".oew-graph-trouble")).toEqual([]);
  });

  it("leaves nothing behind when the tab is closed, while it asks and after", async () => {
    const view = await open(seasons());
    await view.click("Process");
    expect(view.all(".oew-node")).toEqual([]);
    await view.click("Process");
    expect(kinds(view)).toEqual(["graph", "graph"]);
    await view.click("Process");
    await answer(view, "graph", told(seasons()));
    expect(view.all(".oew-panel")).toEqual([]);
    view.stop();
    expect(view.model.listenerCount).toBe(0);
  });
});
