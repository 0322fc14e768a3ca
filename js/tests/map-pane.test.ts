import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { throttled } from "../src/lib/throttle";
import type { ResultsState } from "../src/protocol";
import widget from "../src/results";
import { cornersOf, spotText } from "../src/results-card/lonlat";
import { asset, results } from "./states";
import { draw } from "./view";

afterEach(() => document.body.replaceChildren());

const drawResults = (changes: Partial<ResultsState> = {}) =>
  draw(widget, results(Date.now(), changes));

describe("coordinates", () => {
  it("are told as finely as a pixel, with the letter of the half", () => {
    expect(spotText({ lat: 48.2082, lng: 16.3738 }, 6)).toBe("48.21 N 16.37 E");
    expect(spotText({ lat: -33.9, lng: -70.6 }, 1)).toBe("33.9 S 70.6 W");
  });

  it("go around the world", () => {
    expect(spotText({ lat: 0, lng: 376.4 }, 1)).toBe("0.0 N 16.4 E");
    expect(spotText({ lat: 0, lng: -190 }, 1)).toBe("0.0 N 170.0 E");
  });

  it("of a box across the antimeridian go on beyond it", () => {
    expect(cornersOf([179, -18, -179, -16])).toEqual([
      [-18, 179],
      [-16, 181],
    ]);
  });
});

describe("what is told of often", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is told at once, then seldom, the last always, and never after the end", () => {
    const told: number[] = [];
    const controller = new AbortController();
    const tell = throttled((value: number) => told.push(value), 100, controller.signal);
    for (const value of [1, 2, 3]) tell(value);
    expect(told).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(told).toEqual([1, 3]);
    tell(4);
    controller.abort();
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([1, 3]);
  });
});

describe("list and map", () => {
  it("a file that is pointed at is told, and that none is any more", async () => {
    const { find, model } = await drawResults();
    vi.useFakeTimers();
    find('[data-key="stats.csv"] .oew-link').dispatchEvent(
      new MouseEvent("mouseover", { bubbles: true }),
    );
    find(".oew-files").dispatchEvent(new MouseEvent("mouseleave"));
    vi.advanceTimersByTime(200);
    vi.useRealTimers();
    expect(model.sent.map(({ kind, key }) => [kind, key])).toEqual([
      ["hover", "stats.csv"],
      ["hover", ""],
    ]);
  });

  it("without a map nothing is told", async () => {
    const { find, model } = await drawResults({ map: null });
    find('[data-key="stats.csv"]').dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    expect(model.sent).toEqual([]);
  });

  it("a file that is selected on the map is shown, however far down it is", async () => {
    const assets = Array.from({ length: 1250 }, (_, index) => asset(`${index}.tif`));
    const { all, update } = await drawResults({ assets });
    await update({ selected: "321.tif" });
    expect(all(".oew-selected").map((row) => row.dataset.key)).toEqual(["321.tif"]);
    expect(all("[data-key]")).toHaveLength(400);
  });
});

describe("layers", () => {
  it("are hidden, and shine through", async () => {
    const { click, all, model, update } = await drawResults();
    await click("Layers");
    const [box] = all('.oew-map-layer input[type="checkbox"]') as HTMLInputElement[];
    const [slider] = all('.oew-map-layer input[type="range"]') as HTMLInputElement[];
    await act(async () => box?.click());
    expect(model.sent).toMatchObject([{ kind: "set_layer", key: "Footprints", visible: false }]);
    await act(async () => {
      if (slider) slider.value = "40";
      slider?.dispatchEvent(new Event("input", { bubbles: true }));
    });
    expect(model.sent[1]).toMatchObject({ kind: "set_layer", key: "Footprints", opacity: 0.4 });
    // What the kernel says meanwhile does not move it back.
    await update({
      layers: [{ key: "Footprints", name: "Footprints", visible: true, opacity: 0.9 }],
    });
    expect(all(".oew-map-layer .oew-num")[0]?.textContent).toBe("40 %");
    await update({
      layers: [{ key: "Footprints", name: "Footprints", visible: true, opacity: 0.4 }],
    });
    await update({
      layers: [{ key: "Footprints", name: "Footprints", visible: true, opacity: 0.7 }],
    });
    expect(all(".oew-map-layer .oew-num")[0]?.textContent).toBe("70 %");
  });

  it("stay where a person moves them who goes on while the kernel answers", async () => {
    const { click, all, model } = await drawResults();
    await click("Layers");
    const [slider] = all('.oew-map-layer input[type="range"]') as HTMLInputElement[];
    const shown = () => all(".oew-map-layer .oew-num")[0]?.textContent;
    const move = (value: string) => {
      if (slider) slider.value = value;
      slider?.dispatchEvent(new Event("input", { bubbles: true }));
    };
    await act(async () => move("95"));
    model.update({
      layers: [{ key: "Footprints", name: "Footprints", visible: true, opacity: 0.95 }],
    });
    // It is drawn with the microtasks, and effects come only after that.
    for (let tick = 0; tick < 20; tick += 1) await Promise.resolve();
    move("90");
    await act(async () => {});
    expect(shown()).toBe("90 %");
  });

  it("are shown again by who changes their mind before the kernel has answered", async () => {
    const { click, all, model } = await drawResults();
    await click("Layers");
    const [box] = all('.oew-map-layer input[type="checkbox"]') as HTMLInputElement[];
    await act(async () => box?.click());
    await act(async () => box?.click());
    expect(model.sent.map(({ visible }) => visible)).toEqual([false, true]);
  });
});
