import { afterEach, describe, expect, it } from "vitest";
import { tabsOf } from "../src/preview/module";
import type { PreviewView } from "../src/protocol";
import widget from "../src/results";
import { drawPreview, forgetModule, loadModule, settled } from "./preview-view";
import { chart, preview, table, text } from "./previews";
import { results } from "./states";
import { draw, press } from "./view";

afterEach(() => {
  document.body.replaceChildren();
  forgetModule();
});

const ERROR = { message: "It is gone.", code: "ResultsExpired", id: "r-9", hint: "" };

const drawResults = (changes = {}) => draw(widget, results(Date.now(), { map: null, ...changes }));

const tabs = (all: (selector: string) => HTMLElement[]) =>
  all('[role="tab"]').map(
    (tab) => `${tab.textContent}${tab.getAttribute("aria-selected") === "true" ? "*" : ""}`,
  );

describe("the preview of a file", () => {
  it("opens on request and closes with the focus where it was opened", async () => {
    const { model, button, click, update, all } = await drawResults();
    await click("Preview timeseries.json");
    expect(model.sent).toMatchObject([{ kind: "preview", key: "timeseries.json" }]);
    await update({ preview: preview() });
    button("Close preview").focus();
    await click("Close preview");
    expect(model.sent.at(-1)).toMatchObject({ kind: "close_preview" });
    await update({ preview: null });
    expect(all(".oew-preview")).toHaveLength(0);
    expect(document.activeElement).toBe(button("Preview timeseries.json"));
  });

  it("closes by the button that opened it, too", async () => {
    const { model, click, button } = await drawPreview();
    expect(button("Preview timeseries.json").getAttribute("aria-expanded")).toBe("true");
    await click("Preview timeseries.json");
    expect(model.sent.at(-1)).toMatchObject({ kind: "close_preview" });
  });

  it("has ids of its own in every view", async () => {
    const first = await drawPreview();
    const second = await drawPreview();
    const ids = [...first.all("[id]"), ...second.all("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const [tab] = first.all('[role="tab"]');
    expect(first.find('[role="tabpanel"]').id).toBe(tab?.getAttribute("aria-controls"));
  });

  it("shows the view that fits first, and the others when they are picked", async () => {
    const { all, find, click } = await drawPreview();
    expect(tabs(all)).toEqual(["Chart*", "Tree", "Text"]);
    expect(find(".oew-view:not([hidden])").dataset.view).toBe("chart");
    await click("Text");
    expect(find(".oew-view:not([hidden])").dataset.view).toBe("text");
    expect(find(".oew-raw").textContent).toContain("2022-01-03");
  });

  it("leaves a view as it was while another one is shown", async () => {
    const { find, all, click } = await drawPreview();
    await click("Look closer");
    await click("Text");
    await click("Chart");
    expect(find("figcaption").textContent).toContain("a part of it is shown");
    expect(all(".oew-view")).toHaveLength(2);
  });

  it("walks the tabs with the arrows, around the ends", async () => {
    const { all, find } = await drawPreview();
    find('[role="tab"][tabindex="0"]').focus();
    await press("ArrowLeft");
    expect(tabs(all)).toEqual(["Chart", "Tree", "Text*"]);
    await press("ArrowRight");
    await press("End");
    await press("Home");
    expect(tabs(all)).toEqual(["Chart*", "Tree", "Text"]);
    expect(all('[role="tab"][tabindex="0"]')).toHaveLength(1);
  });

  it("ignores views that it does not know, and tells those of one label apart", () => {
    const raster = { kind: "raster", label: "Map" } as unknown as PreviewView;
    const given = [raster, table({ label: "Files" }), text("a"), table({ label: "Files" })];
    expect(tabsOf(given)).toEqual([
      { name: "Files", index: 1 },
      { name: "Text", index: 2 },
      { name: "Files 2", index: 3 },
    ]);
  });

  it("says that there is nothing to show", async () => {
    const { find, all } = await drawPreview({ views: [] });
    expect(find(".oew-preview").textContent).toContain("nothing to show");
    expect(all('[role="tab"]')).toHaveLength(0);
  });

  it("says why it cannot be shown, and tries again", async () => {
    const { find, click, model } = await drawPreview({ state: "error", error: ERROR, views: [] });
    expect(find(".oew-preview").dataset.preview).toBe("error");
    expect(find(".oew-preview").textContent).toContain("It is gone.");
    await click("Try again");
    expect(model.sent.at(-1)).toMatchObject({ kind: "preview", key: "timeseries.json" });
  });

  it("reads a large file only after its question, with the focus kept", async () => {
    const question = "512 MB: preview the first 5 MB?";
    const view = await drawPreview({ state: "ask", question, views: [] });
    expect(view.find(".oew-question").textContent).toContain(question);
    view.button("Read it").focus();
    await view.click("Read it");
    expect(view.model.sent.at(-1)).toMatchObject({ kind: "preview", whole: true });
    await view.update({ preview: preview({ state: "loading", views: [] }) });
    expect(view.find(".oew-preview").textContent).toContain("Reading the file");
    expect(document.activeElement).toBe(view.button("Close preview"));
  });

  it("offers all of a file of which a part is shown", async () => {
    const { find, click, model } = await drawPreview({ note: "The first 5 MB.", question: "All?" });
    expect(find(".oew-preview-note").textContent).toBe("The first 5 MB.");
    await click("Read it");
    expect(model.sent.at(-1)).toMatchObject({ kind: "preview", whole: true });
  });

  it("shows the newest, begun from its beginning", async () => {
    const view = await drawPreview();
    await view.click("Text");
    const next = preview({ key: "stats.csv", name: "stats.csv", state: "loading", views: [] });
    await view.update({ preview: next });
    expect(view.find(".oew-tab-title").textContent).toBe("stats.csv");
    await view.update({ preview: { ...next, state: "ready", views: [chart({ lines: [] })] } });
    await settled();
    expect(view.all(".oew-view")).toHaveLength(1);
    expect(view.find(".oew-view").textContent).toContain("no points");
  });

  it("has the line of Python that loads the same", async () => {
    const { find, names } = await drawPreview();
    expect(find(".oew-python").textContent).toContain("load_json()");
    expect(names()).toContain("Copy Python that reads this file");
    expect((await drawPreview({ python: "" })).all(".oew-python")).toHaveLength(0);
  });

  it("says it where a page lets no module be loaded, and loads it again", async () => {
    loadModule();
    forgetModule();
    const view = await draw(widget, results(Date.now(), { map: null, preview: preview() }));
    expect(view.model.sent).toMatchObject([{ kind: "chunk", name: "preview" }]);
    view.reply({ ok: true, data: { source: "this is no module" } });
    await expect
      .poll(() => view.find(".oew-preview").textContent)
      .toContain("cannot be shown here");
    loadModule();
    await view.click("Try again");
    await settled();
    expect(view.all(".oew-chart")).toHaveLength(1);
  });

  it("shows hostile names as text", async () => {
    const hostile = '"><img src=x onerror=alert(1)>';
    const lines = chart().lines.map((line) => ({ ...line, name: hostile }));
    const { el, find } = await drawPreview({ name: hostile, views: [chart({ lines })] });
    expect(find(".oew-tab-title").textContent).toBe(hostile);
    expect(find(".oew-legend").textContent).toContain(hostile);
    expect(el.querySelector("img")).toBeNull();
  });
});
