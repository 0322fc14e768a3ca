import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import type { ChartView } from "../src/protocol";
import { drawPreview, forgetModule, pressWith } from "./preview-view";
import { chart, fields, manyLines } from "./previews";

afterEach(() => {
  document.body.replaceChildren();
  forgetModule();
});

const drawChart = (changes: Partial<ChartView> = {}) => drawPreview({ views: [chart(changes)] });

const strokeOf = (el: HTMLElement, name: string) =>
  el.querySelector(`[data-line="${name}"] .oew-line`)?.getAttribute("d") ?? "";

/** As many points as are in sight at most. */
const points = (el: HTMLElement, name: string) => strokeOf(el, name).match(/[ML]/g)?.length ?? 0;

describe("a chart", () => {
  it("is a figure that says in words what it shows", async () => {
    const { find } = await drawChart();
    const words =
      "2 lines, 72 points, 2022-01-03 to 2022-12-19, values from 0.221349 to 0.77, dates in UTC";
    expect(find("figure").getAttribute("aria-label")).toBe(
      `Line chart of timeseries.json: ${words}`,
    );
    expect(find("figcaption").textContent).toBe(words);
  });

  it("draws gaps as gaps, which the arrows read", async () => {
    const { el, find, all } = await drawChart();
    expect(all(".oew-plot-fine")).toHaveLength(0);
    expect(strokeOf(el, "field 1").match(/M/g)).toHaveLength(2);
    find(".oew-plot").focus();
    await pressWith("ArrowRight");
    await pressWith("ArrowRight");
    const value = Number(fields()[0].y[1]?.toPrecision(6));
    expect(find(".oew-readout").textContent).toContain(`2022-01-13field 1${value}`);
    expect(find('.oew-plot [role="status"]').textContent).toContain(`2022-01-13: field 1 ${value}`);
    for (let times = 0; times < 7; times += 1) await pressWith("ArrowRight");
    expect(find('.oew-plot [role="status"]').textContent).toContain("field 1 no value");
    await pressWith("End");
    expect(find(".oew-readout").textContent).toContain("2022-12-19");
    await pressWith("Escape");
    expect(el.querySelector(".oew-readout")).toBeNull();
  });

  it("takes lines away by its legend, and scales to the others", async () => {
    const { el, all, click } = await drawChart();
    const ticks = () => all(".oew-axes text").map(({ textContent }) => textContent);
    expect(ticks()).toContain("0.8");
    await click("field 1");
    expect(el.querySelector('[data-line="field 1"]')).toBeNull();
    expect(ticks()).not.toContain("0.8");
    await click("field 1");
    expect(strokeOf(el, "field 1")).not.toBe("");
  });

  it("takes a band or a geometry away, of all lines", async () => {
    const { all, click, find } = await drawChart({ lines: manyLines(3, 2, 40) });
    expect(all(".oew-legend").map((list) => list.getAttribute("aria-label"))).toEqual([
      "Bands",
      "Geometries",
    ]);
    await click("B02");
    await click("field 3");
    expect(all("[data-line]").map((line) => line.dataset.line)).toEqual([
      "field 1 · B03",
      "field 2 · B03",
    ]);
    find(".oew-plot").focus();
    await pressWith("Home");
    expect(find(".oew-readout").textContent).not.toContain("B02");
  });

  it("shows nothing, and says so to nobody, when all lines are taken away", async () => {
    const { all, click, find } = await drawChart({ lines: manyLines(8, 1, 10) });
    await click("Hide all");
    expect(all("[data-line]")).toHaveLength(0);
    find(".oew-plot").focus();
    await pressWith("ArrowRight");
    await click("Show all");
  });

  it("comes closer by buttons and keys, and shows all of it again", async () => {
    const { el, find, click, button } = await drawChart();
    const whole = strokeOf(el, "field 2");
    expect(button("Whole range").getAttribute("aria-disabled")).toBe("true");
    await click("Look closer");
    expect(points(el, "field 2")).toBeLessThan(36);
    const middle = strokeOf(el, "field 2");
    await click("Later part");
    expect(strokeOf(el, "field 2")).not.toBe(middle);
    await click("Whole range");
    expect(strokeOf(el, "field 2")).toBe(whole);
    find(".oew-plot").focus();
    await pressWith("+");
    await pressWith("ArrowLeft", { shiftKey: true });
    expect(points(el, "field 2")).toBeLessThan(36);
    await pressWith("0");
    expect(strokeOf(el, "field 2")).toBe(whole);
  });

  it("follows the cursor to what is out of sight", async () => {
    const { find, click } = await drawChart();
    await click("Look closer");
    find(".oew-plot").focus();
    await pressWith("Home");
    expect(find(".oew-readout").textContent).toContain("2022-01-03");
    expect(find(".oew-cursor")).toBeDefined();
  });

  it("frames what somebody draws around, and moves with Shift", async () => {
    const { el, find } = await drawChart();
    const plot = find(".oew-plot");
    const at = (type: string, clientX: number, shiftKey = false) =>
      act(async () => {
        const init = { clientX, shiftKey, button: 0, bubbles: true };
        plot.dispatchEvent(new PointerEvent(type, init));
      });
    await at("pointermove", 300);
    expect(find(".oew-readout").textContent).toContain("2022-");
    await at("pointerdown", 300);
    await at("pointermove", 400);
    expect(find(".oew-framed")).toBeDefined();
    await at("pointerup", 400);
    expect(el.querySelector(".oew-framed")).toBeNull();
    const framed = strokeOf(el, "field 2");
    expect(points(el, "field 2")).toBeLessThan(12);
    await at("pointerdown", 300, true);
    await at("pointermove", 350, true);
    await at("pointerup", 350, true);
    expect(strokeOf(el, "field 2")).not.toBe(framed);
    await act(async () => void plot.dispatchEvent(new MouseEvent("dblclick", { bubbles: true })));
    expect(points(el, "field 2")).toBe(36);
  });

  it("comes closer by the wheel with Ctrl only", async () => {
    const { el, find } = await drawChart();
    const turn = (ctrlKey: boolean) =>
      act(async () => {
        const event = new Event("wheel", { cancelable: true, bubbles: true });
        Object.assign(event, { deltaY: -1, clientX: 300, ctrlKey });
        find(".oew-plot").dispatchEvent(event);
      });
    await turn(false);
    expect(points(el, "field 2")).toBe(36);
    await turn(true);
    expect(points(el, "field 2")).toBeLessThan(36);
  });

  it("leaves keys with Ctrl to the notebook", async () => {
    const { el, find } = await drawChart();
    find(".oew-plot").focus();
    await pressWith("+", { ctrlKey: true });
    expect(points(el, "field 2")).toBe(36);
  });

  it("draws a line of more pieces than columns of pixels fine: broad ones are slow", async () => {
    const { all } = await drawChart({ lines: manyLines(1, 1, 2000) });
    expect(all(".oew-plot-fine")).toHaveLength(1);
  });

  it("draws 100,000 points with no more pieces than can be seen", async () => {
    const { all } = await drawChart({ lines: manyLines(10, 2, 5000) });
    const drawn = all("[data-line] .oew-line").map((path) => path.getAttribute("d") ?? "");
    const pieces = drawn.reduce((sum, path) => sum + (path.match(/[ML]/g)?.length ?? 0), 0);
    expect(drawn).toHaveLength(20);
    expect(pieces).toBeLessThan(60_000);
    expect(all(".oew-plot-fine")).toHaveLength(1);
  });

  it("names its axes where they have names", async () => {
    const lines = [{ name: "r", group: "", band: "reflectance", x: [400, 900], y: [0.1, 0.2] }];
    const { find, all } = await drawChart({ lines, x: "number", x_name: "wavelength / nm" });
    expect(find("figcaption").textContent).toContain("400 to 900");
    expect(find("figcaption").textContent).toContain("over wavelength / nm");
    expect(all(".oew-axes text").map(({ textContent }) => textContent)).toContain("reflectance");
  });

  it("says that there is nothing to draw", async () => {
    expect((await drawChart({ lines: [] })).find(".oew-view").textContent).toContain("no points");
    const gaps = { name: "a", group: "", band: "", x: [0, 1], y: [null, null] };
    const { find } = await drawChart({ lines: [gaps] });
    expect(find("figcaption").textContent).toContain("all of them gaps");
  });
});
