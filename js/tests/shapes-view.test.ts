import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import type { ShapeState, ShapesState } from "../src/protocol";
import { drawPreview, forgetModule, settled } from "./preview-view";
import { chart, fields, preview } from "./previews";

afterEach(() => {
  document.body.replaceChildren();
  forgetModule();
});

function shapes(changes: Partial<ShapesState> = {}): ShapesState {
  return {
    key: "timeseries.json",
    name: "timeseries.json",
    state: "ready",
    error: null,
    note: "",
    question: "",
    drawn: 3,
    total: 3,
    list: [],
    ...changes,
  };
}

const LIST = [1, 2, 3].map((number) => ({
  row: number - 1,
  group: `field ${number}`,
  name: number === 2 ? "maize" : "",
}));

function chosen(changes: Partial<ShapeState> = {}): ShapeState {
  return { row: 1, group: "field 2", name: "", placed: true, facts: [], ...changes };
}

async function drawCurves(shape: ShapeState | null = null) {
  const view = await drawPreview({ views: [chart()] });
  await view.update({ shapes: shapes({ list: LIST }), shape });
  await settled();
  return view;
}

describe("curves beside their polygons", () => {
  it("stand out when theirs is chosen, and are read alone", async () => {
    const { all, find, update } = await drawCurves(chosen());
    const faded = () => all(".oew-plot-lines .oew-faded").map(({ dataset }) => dataset.line);
    expect(faded()).toEqual(["field 1"]);
    expect(find('.oew-legend-item[aria-current="true"]').textContent).toBe("field 2");
    await update({ shape: null });
    await settled();
    expect(faded()).toEqual([]);
  });

  it("are asked for where they were not drawn", async () => {
    const { asked, model, all, update } = await drawCurves(chosen({ row: 2, group: "field 3" }));
    const [question] = asked("shape_lines");
    expect(question).toMatchObject({ row: 2 });
    const [, line] = fields();
    const lines = [{ ...line, name: "field 3", group: "field 3" }];
    await act(async () => {
      model.message({ id: question?.id, ok: true, data: { lines, x: "time", note: "" } });
    });
    await settled();
    expect(all('[data-line="field 3"]')).toHaveLength(1);
    expect(all(".oew-faded")).toHaveLength(2);
    await update({ shape: null });
    await settled();
    expect(all('[data-line="field 3"]')).toHaveLength(0);
  });

  it("light up theirs while the legend is pointed at", async () => {
    const { button, asked } = await drawCurves();
    await act(async () => button("field 2").focus());
    expect(asked("shape_light").at(-1)).toMatchObject({ row: 1 });
  });

  it("are chosen in a list that is ahead of the kernel", async () => {
    const { find, asked, update } = await drawCurves();
    const list = find(".oew-shapes-list") as HTMLSelectElement;
    expect([...list.options].map(({ text }) => text)).toEqual([
      "All 3",
      "field 1",
      "field 2 · maize",
      "field 3",
    ]);
    for (const value of ["0", "1"]) {
      await act(async () => {
        list.value = value;
        list.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
    expect(asked("shape_choose").map(({ row }) => row)).toEqual([0, 1]);
    await update({ shape: chosen({ row: 0, group: "field 1" }) });
    expect(list.value).toBe("1");
    await update({ shape: chosen() });
    await update({ shape: chosen({ row: 2, group: "field 3" }) });
    expect(list.value).toBe("2");
  });
});

describe("features of a file", () => {
  async function drawFile(changes: Partial<ShapesState>, shape: ShapeState | null = null) {
    const view = await drawPreview();
    await view.update({ shapes: shapes(changes), shape });
    return view;
  }

  it("are offered, drawn, and taken off again", async () => {
    const { click, asked, update, find, names } = await drawFile({ state: "offered", drawn: 0 });
    await click("Show on the map");
    expect(asked("shapes_show")).toHaveLength(1);
    await update({ shapes: shapes({ drawn: 2, note: "1 of 3 have no place." }) });
    expect(find(".oew-shapes").textContent).toContain("2 features of 3 on the map");
    expect(find(".oew-shapes").textContent).toContain("1 of 3 have no place.");
    expect(names()).not.toContain("Show on the map");
    await click("Take off the map");
    expect(asked("shapes_hide")).toHaveLength(1);
  });

  it("are more when somebody says so", async () => {
    const { click, asked } = await drawFile({ question: "Draw up to 4,000" });
    await click("Draw more");
    expect(asked("shapes_show")[0]).toMatchObject({ whole: true });
  });

  it("tell their properties as text", async () => {
    const facts = [{ name: "<b>n</b>", text: "<img src=x>" }];
    const shape = chosen({ group: "", name: "<i>x</i>", placed: false, facts });
    const { find, el } = await drawFile({}, shape);
    expect(find(".oew-shape-name").textContent).toBe("Row 2 · <i>x</i> has no place on the map");
    expect(find(".oew-shape-facts dd").textContent).toBe("<img src=x>");
    expect(el.querySelector(".oew-shapes :is(img, b, i)")).toBeNull();
  });

  it("go with the preview", async () => {
    const { update, all } = await drawFile({});
    await update({ preview: preview({ state: "loading", views: [] }), shapes: null });
    expect(all(".oew-shapes")).toHaveLength(0);
  });
});
