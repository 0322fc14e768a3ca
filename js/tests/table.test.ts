import { describe, expect, it, vi } from "vitest";
import { Refusal } from "../src/lib/commands";
import { asText, boxOf, holds, target, widthsOf } from "../src/preview/cells";
import { choices, firstX } from "../src/preview/column-chart";
import { BLOCK, TableRows } from "../src/preview/rows";
import { HIGHEST, Scroller } from "../src/preview/scroller";

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe("rows that are asked for as they are looked at", () => {
  const answer = (start: number, count: number) => ({
    start,
    total: 1_000_000,
    rows: Array.from({ length: count }, (_, index) => [`row ${start + index}`]),
  });

  it("come in blocks", async () => {
    const ask = vi.fn(async (start: number, count: number) => answer(start, count));
    const rows = new TableRows(ask, () => {}, 1_000_000);
    rows.want(95, 130);
    await settled();
    expect(ask.mock.calls).toEqual([
      [0, BLOCK],
      [BLOCK, BLOCK],
    ]);
    expect(rows.row(130)).toEqual(["row 130"]);
    expect(rows.row(500)).toBeUndefined();
    rows.want(100, 120);
    await settled();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("are not asked for when nobody looks at them any more", async () => {
    const asked: number[] = [];
    let go = () => {};
    const ask = (start: number, count: number) => {
      asked.push(start);
      return new Promise((resolve) => {
        go = () => resolve(answer(start, count));
      });
    };
    const rows = new TableRows(ask, () => {}, 1_000_000);
    for (let position = 0; position < 1_000_000; position += 10_000) rows.want(position, position);
    expect(asked).toEqual([0]);
    go();
    await settled();
    expect(asked).toEqual([0, 990_000]);
  });

  it("are let go of when there are too many", async () => {
    const rows = new TableRows(
      async (start, count) => answer(start, count),
      () => {},
      1_000_000,
    );
    for (let block = 0; block < 60; block += 1) {
      rows.want(block * BLOCK, block * BLOCK);
      await settled();
    }
    expect(rows.row(0)).toBeUndefined();
    expect(rows.row(59 * BLOCK)).toBeDefined();
  });

  it("say why they do not come, and come when asked again", async () => {
    const info = { message: "gone", code: "", id: "", hint: "" };
    let fails = true;
    const ask = async (start: number, count: number) => {
      if (fails) throw new Refusal(info);
      return answer(start, count);
    };
    const rows = new TableRows(ask, () => {}, null);
    rows.want(0, 10);
    await settled();
    expect(rows.error).toEqual(info);
    fails = false;
    rows.again();
    await settled();
    expect(rows.error).toBeNull();
    expect([rows.known, rows.total]).toEqual([true, 1_000_000]);
  });

  it("are fetched to be copied, as many as there are", async () => {
    const ask = vi.fn(async (start: number, count: number) => ({
      start,
      total: 450,
      rows: Array.from({ length: Math.max(0, Math.min(count, 450 - start)) }, () => ["x"]),
    }));
    const rows = new TableRows(ask, () => {}, 450);
    expect(await rows.fetch(0, 1000)).toHaveLength(450);
    expect(ask.mock.calls.every(([, count]) => count <= 200)).toBe(true);
  });

  it.each([
    [null],
    [{}],
    [{ rows: "x", total: "y" }],
    [{ rows: [null, 3] }],
  ])("survive the answer %o", async (given) => {
    const rows = new TableRows(
      async () => given,
      () => {},
      null,
    );
    rows.want(0, 10);
    await settled();
    expect(rows.total).toBe(0);
  });
});

describe("scrolling", () => {
  const scroller = (total: number, seen = 288) => {
    const made = new Scroller();
    made.resize(total, seen);
    return made;
  };

  it("is plain where the sheet fits", () => {
    const made = scroller(24_000);
    made.heed(1234);
    expect([made.height, made.top]).toEqual([24_000, 1234]);
  });

  it("moves a sheet that is too high as far as the finger", () => {
    const made = scroller(24_000_000);
    expect(made.height).toBe(HIGHEST);
    made.heed(100);
    made.heed(150);
    expect(made.top).toBe(150);
  });

  it("goes with the thumb to the same part, and to both ends", () => {
    const made = scroller(24_000_000);
    made.heed(HIGHEST / 2);
    expect(made.top / 24_000_000).toBeCloseTo(0.5, 3);
    made.heed(HIGHEST - 288);
    expect(made.top).toBe(24_000_000 - 288);
    made.heed(0);
    expect(made.top).toBe(0);
  });

  it("puts the thumb to its place without moving the sheet", () => {
    const made = scroller(24_000_000);
    made.reveal(12_000_000, 12_000_024);
    const { top } = made;
    const place = made.settle();
    expect(place / HIGHEST).toBeCloseTo(0.5, 3);
    made.heed(place);
    expect(made.top).toBe(top);
  });

  it("shows a row with no more moving than is needed", () => {
    const made = scroller(24_000);
    made.reveal(240, 264);
    expect(made.top).toBe(0);
    made.reveal(288, 312);
    expect(made.top).toBe(24);
    made.reveal(0, 24);
    expect(made.top).toBe(0);
  });

  it("stays on the sheet when that becomes lower", () => {
    const made = scroller(24_000);
    made.heed(20_000);
    made.resize(240, 240);
    expect(made.top).toBe(0);
  });
});

describe("cells", () => {
  const size = { rows: 100, columns: 5, page: 12 };
  const go = (key: string, row: number, column: number, ctrlKey = false) => {
    const to = target({ key, ctrlKey, metaKey: false }, { row, column }, size);
    return to && [to.row, to.column];
  };

  it("are reached by keys, the head among them", () => {
    expect(go("ArrowDown", 3, 1)).toEqual([4, 1]);
    expect(go("ArrowUp", 0, 1)).toEqual([-1, 1]);
    expect(go("ArrowUp", -1, 1)).toEqual([-1, 1]);
    expect(go("ArrowRight", 3, 4)).toEqual([3, 4]);
    expect(go("PageDown", 95, 0)).toEqual([99, 0]);
    expect(go("PageUp", 5, 0)).toEqual([0, 0]);
    expect(go("Home", 9, 3)).toEqual([9, 0]);
    expect(go("End", 9, 3, true)).toEqual([99, 4]);
    expect(go("a", 0, 0)).toBeNull();
    expect(go("constructor", 0, 0)).toBeNull();
  });

  it("are marked between two of them, in any direction", () => {
    const box = boxOf({ from: { row: 5, column: 3 }, to: { row: 2, column: 1 } });
    expect(box).toEqual({ top: 2, left: 1, rows: 4, columns: 3 });
    expect(holds(box, { row: 5, column: 3 })).toBe(true);
    expect(holds(box, { row: 6, column: 3 })).toBe(false);
  });

  it("are copied as spreadsheets take them", () => {
    const rows = [
      ["a", "b\tc", null],
      ["d", 'e"\nf', "g"],
    ];
    expect(asText(rows, { top: 0, left: 0, rows: 2, columns: 3 })).toBe(
      'a\t"b\tc"\t\nd\t"e""\nf"\tg',
    );
    expect(asText(rows, { top: 0, left: 2, rows: 2, columns: 1 })).toBe("\ng");
  });

  it("are as wide as what is in them, within bounds", () => {
    const columns = [
      { name: "a", type: "" },
      { name: "b", type: "" },
    ];
    const [one = 0, other = 0] = widthsOf(columns, [["x".repeat(20), "y".repeat(900)]]);
    expect(one).toBeGreaterThan(20);
    expect(other).toBeLessThan(50);
  });
});

describe("columns to draw", () => {
  const columns = [
    { name: "id", type: "int64", numeric: true },
    { name: "when", type: "datetime64[ns]", numeric: false },
    { name: "ndvi", type: "float64", numeric: true },
  ];

  it("go over dates first, else over the number of the row", () => {
    expect(firstX(columns)).toBe("when");
    expect(firstX([{ name: "a", type: "int64", numeric: true }])).toBe("");
  });

  it("are those of numbers", () => {
    expect(choices(columns, "when")).toEqual(["id", "ndvi"]);
    expect(choices(columns, "id")).toEqual(["ndvi"]);
  });
});
