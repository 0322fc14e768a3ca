import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import type { RasterState } from "../src/protocol";
import widget from "../src/results";
import { rangeOf } from "../src/results-raster/ends";
import { missingText } from "../src/results-raster/legend";
import { placeText } from "../src/results-raster/pixel";
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
    const pixel = { lon: -16.5, lat: 48, values: [{ name, text: name }], note: "" };
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
