import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RasterState } from "../src/protocol";
import widget from "../src/results";
import { rangeOf } from "../src/results-raster/ends";
import { missingText } from "../src/results-raster/legend";
import { placeText } from "../src/results-raster/pixel";
import { movedBy, pairOf, sideName } from "../src/results-raster/swipe";
import { forgetModule, loadModule, settled } from "./preview-view";
import { raster, results } from "./states";
import { draw } from "./view";

afterEach(() => document.body.replaceChildren());

const drawRaster = (changes: Partial<RasterState> = {}) =>
  draw(widget, results(Date.now(), { raster: raster(changes) }));

function choose(select: Element | null | undefined, value: string) {
  if (!(select instanceof HTMLSelectElement)) throw new Error("no such choice");
  act(() => {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

describe("the raster on the map", () => {
  it("is opened from the row of a raster, and only there", async () => {
    const { names, click, model } = await draw(widget, results(Date.now()));
    expect(names().filter((name) => name.endsWith("on the map"))).toEqual([
      "Show ndvi_2022-07.tif on the map",
      "Show ndvi_2022-08.tif on the map",
    ]);
    await click("Show ndvi_2022-08.tif on the map");
    expect(model.sent).toMatchObject([{ kind: "raster_show", key: "ndvi_2022-08.tif" }]);
  });

  it("is not offered where there is no map", async () => {
    const { names } = await draw(widget, results(Date.now(), { map: null }));
    expect(names().filter((name) => name.endsWith("on the map"))).toEqual([]);
  });

  it("tells what its colours mean, and what share has no value", async () => {
    const { find } = await drawRaster();
    expect(find(".oew-raster-scale").getAttribute("aria-label")).toBe("Colours from -0.12 to 0.91");
    expect(find(".oew-raster-legend").textContent).toContain("no value in 12 % of its pixels");
  });

  it("says what reading would cost, and reads when that is wanted", async () => {
    const question = "To draw this part about 512 MB have to be read.";
    const { find, click, model } = await drawRaster({ state: "ask", question });
    expect(find(".oew-raster-question").textContent).toContain("512 MB");
    await click("Read it");
    expect(model.sent).toMatchObject([
      { kind: "raster_show", key: "ndvi_2022-07.tif", whole: true },
    ]);
  });

  it("asks for other bands and colours", async () => {
    const { all, model } = await drawRaster();
    const [show, band, colours] = all(".oew-raster-controls select");
    choose(show, "rgb");
    choose(band, "2");
    choose(colours, "magma");
    expect(model.sent).toMatchObject([
      { kind: "raster_style", mode: "rgb" },
      { kind: "raster_style", chosen: [2] },
      { kind: "raster_style", colormap: "magma" },
    ]);
  });

  it("shows text of a file as text", async () => {
    const name = "<img src=x onerror=alert(1)>";
    const pixel = { lon: -16.5, lat: 48, values: [{ name, text: name }], note: "", series: false };
    const { find, all } = await drawRaster({ pixel, note: name });
    expect(find(".oew-raster-values").textContent).toBe(name + name);
    expect(all(".oew-raster img")).toHaveLength(0);
  });

  it("says why it cannot be shown", async () => {
    const error = { message: "It is no GeoTIFF.", code: "", id: "", hint: "Download it." };
    const { find, all } = await drawRaster({ state: "error", error, bands: [] });
    expect(find(".oew-raster .oew-error").textContent).toContain("no GeoTIFF");
    expect(all(".oew-raster-controls")).toHaveLength(0);
  });
});

const DATES = {
  frames: ["2022-06-01", "2022-06-11", "<b>2022</b>"].map((label) => ({ label })),
  frame: 1,
};

describe("a raster of several dates", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const pass = (ms: number) =>
    act(async () => {
      vi.advanceTimersByTime(ms);
    });
  const slide = (slider: HTMLElement, value: number) =>
    act(() => {
      (slider as HTMLInputElement).value = String(value);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
  const frames = (sent: { kind?: string; frame?: number }[]) =>
    sent.filter(({ kind }) => kind === "raster_frame").map(({ frame }) => frame);

  it("says which one is shown, and goes to those beside it", async () => {
    const { find, click, button, model, update } = await drawRaster(DATES);
    const slider = find(".oew-raster-frames input");
    expect(slider.getAttribute("aria-valuetext")).toBe("2022-06-11");
    expect(find(".oew-raster-date").textContent).toBe("2022-06-11 2 of 3");
    await click("Next date");
    expect(find(".oew-raster-date").textContent).toBe("<b>2022</b> 3 of 3");
    await pass(0);
    expect(frames(model.sent)).toEqual([2]);
    await update({ raster: raster({ ...DATES, frame: 2 }) });
    expect(button("Next date").getAttribute("aria-disabled")).toBe("true");
    expect(button("Previous date").getAttribute("aria-disabled")).toBeNull();
  });

  it("asks for the date at which the slider rests, and for none that it passed", async () => {
    const { find, model } = await drawRaster({ ...DATES, frame: 0 });
    const slider = find(".oew-raster-frames input");
    slide(slider, 1);
    await pass(100);
    slide(slider, 2);
    await pass(100);
    expect(frames(model.sent)).toEqual([]);
    await pass(100);
    expect(frames(model.sent)).toEqual([2]);
    expect(find(".oew-raster-date").textContent).toContain("3 of 3");
  });

  it("stays where one cannot be had, and is not there where there is one only", async () => {
    const error = { message: "404", code: "", id: "", hint: "" };
    const { all, update } = await drawRaster({ ...DATES, state: "error", error });
    expect(all(".oew-raster-frames")).toHaveLength(1);
    await update({ raster: raster({ frames: DATES.frames.slice(0, 1), frame: 0 }) });
    expect(all(".oew-raster-frames")).toHaveLength(0);
  });

  it("goes back to the date that is shown where another is refused", async () => {
    const { find, model, click, reply } = await drawRaster(DATES);
    await click("Next date");
    await pass(0);
    const sent = model.sent.at(-1);
    expect(sent).toMatchObject({ kind: "raster_frame", frame: 2 });
    const error = { message: "There is no such date.", code: "", id: "", hint: "" };
    reply({ ok: false, error });
    await settled();
    expect(find(".oew-raster-frames").textContent).toContain("There is no such date.");
    expect(find(".oew-raster-date").textContent).toContain("2 of 3");
  });
});

describe("a pixel over time", () => {
  const pixel = { lon: 16.5, lat: 48, values: [], note: "", series: true };

  beforeEach(loadModule);
  afterEach(forgetModule);

  it("is a chart", async () => {
    const { find, model, reply } = await drawRaster({ pixel });
    expect(find(".oew-raster-pixel").textContent).toContain("Reading its values over time");
    expect(model.sent.at(-1)).toMatchObject({
      kind: "raster_series",
      key: "ndvi_2022-07.tif",
      lon: 16.5,
      lat: 48,
      whole: false,
    });
    const x = [0, 86_400_000, 172_800_000];
    const line = { name: "NDVI", group: "", band: "NDVI", x, y: [0.1, null, 0.3] };
    const chart = {
      kind: "chart",
      label: "Chart",
      lines: [line],
      x: "time",
      x_name: "t",
      note: "",
    };
    reply({ ok: true, data: { chart, question: "" } });
    await settled();
    expect(find(".oew-raster-series .oew-chart").getAttribute("aria-label")).toContain(
      "1 line, 3 points",
    );
  });

  it("is read where that costs much only when it is wanted", async () => {
    const { find, model, click, reply } = await drawRaster({ pixel });
    reply({ ok: true, data: { chart: null, question: "About 30 MB have to be read." } });
    await settled();
    expect(find(".oew-raster-pixel").textContent).toContain("30 MB");
    await click("Read its values");
    expect(model.sent.at(-1)).toMatchObject({ kind: "raster_series", whole: true });
    const error = { message: "The link has expired.", code: "", id: "", hint: "" };
    reply({ ok: false, error });
    await settled();
    expect(find(".oew-raster-pixel").textContent).toContain("expired");
  });

  it("is of the place that was clicked last", async () => {
    const { find, model, update } = await drawRaster({ pixel });
    const first = model.sent.at(-1) as { id: string };
    await update({ raster: raster({ pixel: { ...pixel, lon: 17 } }) });
    expect(model.sent.at(-1)).toMatchObject({ kind: "raster_series", lon: 17 });
    await act(async () =>
      model.message({ id: first.id, ok: true, data: { chart: null, question: "Old" } }),
    );
    expect(find(".oew-raster-pixel").textContent).not.toContain("Old");
  });
});

describe("a second raster", () => {
  const second = raster({ key: "ndvi_2022-08.tif", name: "ndvi_2022-08.tif", mark: "other" });
  const drawTwo = (changes: Partial<RasterState> = {}) =>
    draw(
      widget,
      results(Date.now(), {
        raster: raster(),
        compared: { ...second, ...changes },
        layers: [
          { key: "compared", name: second.name, visible: true, opacity: 0.5 },
          { key: "raster", name: "ndvi_2022-07.tif", visible: true, opacity: 1 },
        ],
      }),
    );

  it("is chosen of the rasters, the same one too, and put away again", async () => {
    const { find, all, model, update } = await drawRaster();
    const options = all(".oew-raster-compare option").map((option) => option.textContent);
    expect(options).toEqual(["nothing", "ndvi_2022-07.tif, once more", "ndvi_2022-08.tif"]);
    choose(find(".oew-raster-compare select"), "ndvi_2022-08.tif");
    await update({ compared: second });
    choose(find(".oew-raster-compare select"), "");
    expect(model.sent).toMatchObject([
      { kind: "raster_compare", key: "ndvi_2022-08.tif" },
      { kind: "raster_hide", compared: true },
    ]);
  });

  it("is told from the first one by its date", () => {
    const frames = [{ label: "2022-07-01" }, { label: "2022-08-01" }];
    const named = (frame: number) => sideName(raster({ name: "a.nc", frames, frame }));
    expect([named(0), named(1)]).toEqual(["2022-07-01 · a.nc", "2022-08-01 · a.nc"]);
    expect(sideName(raster({ name: "a.tif", frames: [], frame: 0 }))).toBe("a.tif");
  });

  it("has colours, a question and an opacity of its own", async () => {
    const { all, click, model } = await drawTwo({ state: "ask", question: "Read 512 MB?" });
    const [one, two] = all(".oew-raster");
    choose(two?.querySelector("select"), "rgb");
    choose(one?.querySelector("select"), "rgb");
    await click("Read it");
    expect(model.sent).toMatchObject([
      { kind: "raster_style", compared: true, mode: "rgb" },
      { kind: "raster_style", compared: false, mode: "rgb" },
      { kind: "raster_compare", key: "ndvi_2022-08.tif", whole: true },
    ]);
    const sliders = all('.oew-raster input[type="range"]') as HTMLInputElement[];
    expect(sliders.map(({ value }) => value)).toEqual(["100", "50"]);
  });

  it("returns the focus to where it was chosen", async () => {
    const { button, find, click } = await drawTwo();
    button("Compare with ndvi_2022-08.tif no more").focus();
    await click("Compare with ndvi_2022-08.tif no more");
    expect(document.activeElement).toBe(find(".oew-raster-compare select"));
  });

  it("has a divider only while both are seen", () => {
    const layers = ["raster", "compared"].map((key) => ({
      key,
      name: key,
      visible: true,
      opacity: 1,
    }));
    const [one, two] = layers;
    const state = results(Date.now(), { raster: raster(), compared: second, layers });
    expect(pairOf(state)).toEqual([state.raster, second]);
    expect(pairOf({ ...state, layers: one ? [one] : [] })).toBeNull();
    const hidden = { key: "compared", name: "", visible: false, opacity: 1 };
    expect(pairOf({ ...state, layers: one && two ? [one, hidden] : [] })).toBeNull();
    expect(pairOf({ ...state, compared: null })).toBeNull();
  });

  it.each([
    ["ArrowLeft", 50, 48],
    ["ArrowRight", 99, 100],
    ["PageUp", 50, 60],
    ["Home", 50, 0],
    ["End", 50, 100],
    ["a", 50, null],
  ])("%s moves the divider from %s to %s percent", (key, from, to) => {
    expect(movedBy(key, from)).toBe(to);
  });
});

describe("words", () => {
  it.each([
    [null, ""],
    [0, ""],
    [0.001, "no value in less than 1 % of its pixels"],
    [0.5, "no value in 50 % of its pixels"],
    [0.999, "no value in more than 99 % of its pixels"],
    [1, "no pixel has a value"],
  ])("share %s without a value: %s", (share, text) => {
    expect(missingText(share)).toBe(text);
  });

  it.each([
    ["1", "2", [1, 2]],
    ["-1e3", " 2.5 ", [-1000, 2.5]],
    ["", "2", "Type two numbers."],
    ["a", "2", "Type two numbers."],
    ["2", "2", "The first has to be the lower one."],
  ])("from %s to %s", (low, high, range) => {
    expect(rangeOf(low, high)).toEqual(range);
  });

  it("tells places with their halves of the earth", () => {
    expect(placeText({ lon: -16.5, lat: 48 })).toBe("48.00000 N, 16.50000 W");
  });
});
