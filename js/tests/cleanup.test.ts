import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import jobWidget from "../src/job";
import type { ChildView, RenderProps, WidgetManager } from "../src/lib/model";
import resultsWidget from "../src/results";
import { FakeModel } from "./fake-model";
import { preview } from "./previews";
import { job, results } from "./states";
import { draw } from "./view";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

/** A child widget that remembers what it was told, like a Lumino widget. */
function childManager() {
  const told: string[] = [];
  const views: ChildView[] = [];
  const manager: WidgetManager = {
    get_model: async (id) => ({ id }),
    create_view: async () => {
      const view: ChildView = {
        el: document.createElement("div"),
        remove: () => told.push("removed"),
        luminoWidget: { processMessage: ({ type }) => void told.push(type) },
      };
      views.push(view);
      return view;
    },
  };
  return { told, views, manager };
}

const now = Date.now();

describe.each([
  ["job", () => draw(jobWidget, job(now))],
  ["results", () => draw(resultsWidget, results(now, { map: null, preview: preview() }))],
])("a %s view", (_, drawIt) => {
  it("leaves nothing behind", async () => {
    const before = vi.getTimerCount();
    const { model, el, stop, all } = await drawIt();
    expect(model.listenerCount).toBeGreaterThan(0);
    await act(async () => all("button")[0]?.click());
    await act(async () => stop());
    expect(model.listenerCount).toBe(0);
    expect(el.childNodes).toHaveLength(0);
    await act(async () => {});
    expect(vi.getTimerCount()).toBe(before);
  });

  it("can end twice, and hears nothing afterwards", async () => {
    const { model, el, stop } = await drawIt();
    stop();
    stop();
    await act(async () => model.update({}));
    expect(el.childNodes).toHaveLength(0);
  });
});

describe("the signal of the host", () => {
  const props = (
    signal: AbortSignal,
  ): RenderProps<ReturnType<typeof job>> & {
    model: FakeModel<ReturnType<typeof job>>;
  } => ({ model: new FakeModel(job(now)), el: document.createElement("div"), signal });

  it("ends the view", () => {
    const controller = new AbortController();
    const given = props(controller.signal);
    jobWidget.render(given);
    controller.abort();
    expect(given.model.listenerCount).toBe(0);
    expect(given.el.childNodes).toHaveLength(0);
  });

  it("may have come before the view", () => {
    const given = props(AbortSignal.abort());
    jobWidget.render(given);
    expect(given.model.listenerCount).toBe(0);
    expect(given.el.childNodes).toHaveLength(0);
  });
});

describe("a widget inside", () => {
  it("hears that it is in the page, and that it leaves", async () => {
    const { told, views, manager } = childManager();
    const { find, stop } = await draw(resultsWidget, results(now), manager);
    expect(find(".oew-map").contains(views[0]?.el ?? null)).toBe(true);
    expect(told).toEqual(["before-attach", "after-attach"]);
    await act(async () => stop());
    expect(told.slice(2)).toEqual(["before-detach", "after-detach", "removed"]);
  });

  it("is the same while other things change, and another when it is replaced", async () => {
    const { told, views, manager } = childManager();
    const { update } = await draw(resultsWidget, results(now), manager);
    await update({ selected: "stats.csv" });
    expect(views).toHaveLength(1);
    await update({ map: "IPY_MODEL_other" });
    expect(views).toHaveLength(2);
    expect(told.filter((message) => message === "removed")).toHaveLength(1);
  });

  it("that comes too late is put away", async () => {
    const { told, views, manager } = childManager();
    let arrive = (_: unknown) => {};
    manager.get_model = () => new Promise((resolve) => (arrive = resolve));
    const { stop } = await draw(jobWidget, job(now, { results: "IPY_MODEL_r" }), manager);
    await act(async () => stop());
    await act(async () => arrive({}));
    expect(views).toHaveLength(0);
    expect(told).toEqual([]);
  });

  it("that cannot be made is said to be missing", async () => {
    const { manager } = childManager();
    manager.create_view = () => Promise.reject(new Error("no such view"));
    const { find } = await draw(jobWidget, job(now, { results: "IPY_MODEL_r" }), manager);
    await act(async () => {});
    expect(find(".oew-slot").textContent).toBe(
      "The results cannot be shown in this notebook front end.",
    );
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : [path];
  });
}

it("no source writes HTML", () => {
  const html = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser/;
  expect(sources("src").filter((path) => html.test(readFileSync(path, "utf8")))).toEqual([]);
});
