import { describe, expect, it } from "vitest";
import { legendOf } from "../src/preview/legend";
import {
  around,
  extent,
  instants,
  type Line,
  linesOf,
  nearest,
  rangeOf,
  valueAt,
  valuesWithin,
} from "../src/preview/lines";
import {
  readout,
  timeLabels,
  timeReadout,
  timeTicks,
  valueLabel,
  valueScale,
} from "../src/preview/scale";
import { framed, moved, panned, revealed, zoomed } from "../src/preview/sight";
import { marks, stroke } from "../src/preview/stroke";

const same = (value: number) => value;
const PEN = { px: same, py: same };
const DAY = 86_400_000;

function line(
  x: number[],
  y: (number | null)[],
  names: { group?: string; band?: string } = {},
): Line {
  const [made] = linesOf([{ name: "a", group: "", band: "", x, y, ...names }], "number");
  if (!made) throw new Error("no line");
  return made;
}

describe("lines", () => {
  it("put points in order, and make gaps of what is no number", () => {
    const made = line([3, 1, 2, 4, Number.NaN], [30, 10, Number.NaN, null, 5]);
    expect(made.x).toEqual([1, 2, 3, 4]);
    expect(made.y).toEqual([10, null, 30, null]);
  });

  it("leave out what no date can be", () => {
    const given = { name: "", group: "g", band: "b", x: [0, 1e300, Number.NaN], y: [1, 2, 3] };
    expect(linesOf([given], "time")[0]).toMatchObject({ name: "g · b", x: [0], y: [1] });
  });

  it("share their instants", () => {
    expect(instants([line([1, 3], [0, 0]), line([2, 3], [0, 0])])).toEqual([1, 2, 3]);
    expect(instants([line([1, 1, 2], [0, 0, 0]), line([1, 1, 2], [0, 0, 0])])).toEqual([1, 2]);
    expect(instants([])).toEqual([]);
  });

  it("tell a gap from a place without a point", () => {
    const made = line([1, 2, 3], [5, null, 7]);
    expect([1, 2, 2.5, 9].map((at) => valueAt(made, at))).toEqual([5, null, undefined, undefined]);
  });

  it("know what is within a range, and one neighbour on both sides", () => {
    const made = line([0, 10, 20, 30, 40], [9, 1, 2, 3, 9]);
    expect(around(made.x, [10, 30])).toEqual([0, 5]);
    expect(around(made.x, [12, 18])).toEqual([1, 3]);
    expect(valuesWithin([made], [10, 30])).toEqual([1, 3]);
    expect(valuesWithin([made], [41, 50])).toBeNull();
    expect(rangeOf([made, line([], [])])).toEqual([0, 40]);
    expect(rangeOf([])).toBeNull();
    expect(extent([])).toBeNull();
  });
});

describe("a stroke", () => {
  it("does not cross a gap", () => {
    const made = line([0, 1, 2, 3, 4], [5, 6, null, 7, 8]);
    expect(stroke(made, [0, 4], 100, PEN)).toBe("M0.0 5.0L1.0 6.0M3.0 7.0L4.0 8.0");
  });

  it("draws no more than the part in sight", () => {
    const made = line([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]);
    expect(stroke(made, [2, 3], 100, PEN)).toBe("M1.0 1.0L2.0 2.0L3.0 3.0L4.0 4.0");
  });

  it("keeps the least and the greatest value of a column of pixels", () => {
    const x = Array.from({ length: 10_000 }, (_, index) => index / 1000);
    const y = x.map((_, index) => (index === 4321 ? 99 : index === 4322 ? -99 : 1));
    const drawn = stroke(line(x, y), [0, 10], 10, PEN);
    expect(drawn).toContain("4.0 -99.0");
    expect(drawn).toContain("4.0 99.0");
    expect(drawn.match(/[ML]/g)?.length).toBeLessThan(60);
  });

  it("keeps a gap that can be seen among many points", () => {
    const x = Array.from({ length: 10_000 }, (_, index) => index / 1000);
    const y = x.map((at) => (at > 3.4 && at < 6.6 ? null : 1));
    expect(stroke(line(x, y), [0, 10], 10, PEN).match(/M/g)).toHaveLength(2);
    const short = x.map((_, index) => (index === 5000 ? null : 1));
    expect(stroke(line(x, short), [0, 10], 10, PEN).match(/M/g)).toHaveLength(1);
  });

  it("marks points that no line reaches", () => {
    const made = line([0, 1, 2, 3, 4], [5, null, 6, null, 7]);
    expect(marks(made, [0, 4], false)).toEqual([0, 2, 4]);
    expect(marks(line([0, 1, 2], [5, 6, null]), [0, 2], false)).toEqual([]);
    expect(marks(line([0, 1, 2], [5, 6, null]), [0, 2], true)).toEqual([0, 1]);
  });
});

describe("what is in sight", () => {
  const FULL = [0, 100] as const;

  it("comes closer around a place, which stays where it is", () => {
    expect(zoomed(null, FULL, 0.5)).toEqual([25, 75]);
    expect(zoomed(null, FULL, 0.5, 0)).toEqual([0, 50]);
    expect(zoomed([20, 40], FULL, 0.5, 25)).toEqual([22.5, 32.5]);
  });

  it("is all of it when that fits", () => {
    expect(zoomed([25, 75], FULL, 3)).toBeNull();
    expect(framed(-10, 200, FULL)).toBeNull();
  });

  it("stays within what there is", () => {
    expect(panned([50, 70], FULL, 10)).toEqual([80, 100]);
    expect(panned([50, 70], FULL, -10)).toEqual([0, 20]);
    expect(panned(null, FULL, 1)).toBeNull();
    expect(moved([10, 20], FULL, 5)).toEqual([15, 25]);
    expect(zoomed([90, 100], FULL, 2)).toEqual([80, 100]);
  });

  it("is what a frame was drawn around, either way", () => {
    expect(framed(30, 10, FULL)).toEqual([10, 30]);
    const [from = 0, to = 0] = framed(50, 50, FULL) ?? [];
    expect(to).toBeGreaterThan(from);
  });

  it("moves no more than it must to show a place", () => {
    expect(revealed([20, 40], FULL, 30)).toEqual([20, 40]);
    expect(revealed([20, 40], FULL, 50)).toEqual([30, 50]);
    expect(revealed([20, 40], FULL, 10)).toEqual([10, 30]);
    expect(revealed(null, FULL, 10)).toBeNull();
  });

  it("has no end to come closer to", () => {
    let sight: readonly [number, number] | null = null;
    for (let times = 0; times < 200; times += 1) sight = zoomed(sight, FULL, 0.5);
    expect((sight?.[1] ?? 0) - (sight?.[0] ?? 0)).toBeGreaterThan(0);
  });
});

describe("the legend", () => {
  const of = (...names: [string, string][]) =>
    legendOf(names.map(([group, band]) => line([], [], { group, band })));

  it("has one list where lines differ by one thing", () => {
    const { lists, looks } = of(["f1", "B4"], ["f2", "B4"]);
    expect(lists.map(({ title }) => title)).toEqual(["Lines"]);
    expect(new Set(looks).size).toBe(2);
  });

  it("has lists of bands and of geometries where they differ by both", () => {
    const { lists, looks } = of(["f1", "B4"], ["f1", "B8"], ["f2", "B4"], ["f2", "B8"]);
    expect(lists.map(({ title }) => title)).toEqual(["Bands", "Geometries"]);
    expect(lists[0]?.entries.map(({ name }) => name)).toEqual(["B4", "B8"]);
    expect([...(lists[1]?.entries[1]?.lines ?? [])]).toEqual([2, 3]);
    expect(new Set(looks).size).toBe(4);
  });

  it("tells eighteen lines apart", () => {
    const names = Array.from({ length: 18 }, (_, i): [string, string] => [`f${i}`, ""]);
    expect(new Set(of(...names).looks).size).toBe(18);
  });
});

describe("the scale of values", () => {
  it("is round and covers all", () => {
    const scale = valueScale([0.22, 0.77], 4);
    expect(scale.ticks.map((tick) => valueLabel(tick, scale))).toEqual([
      "0.2",
      "0.4",
      "0.6",
      "0.8",
    ]);
  });

  it.each([
    [5, 5],
    [0, 0],
    [-3, -3],
    [1e-9, 2e-9],
    [-1e12, 1e12],
    [-1.7e308, 1.7e308],
    [0.1, 0.1 + 1e-16],
  ])("exists from %d to %d", (low, high) => {
    const { min, max, ticks } = valueScale([low, high], 4);
    expect(max).toBeGreaterThan(min);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.every(Number.isFinite)).toBe(true);
  });

  it("labels whole numbers without decimals", () => {
    const scale = valueScale([0, 4000], 4);
    expect(scale.ticks.map((tick) => valueLabel(tick, scale))).toEqual([
      "0",
      "1000",
      "2000",
      "3000",
      "4000",
    ]);
  });
});

describe("labels of values", () => {
  it.each<[number, number, string[]]>([
    [2_350_000, 2_390_000, ["2.35e6", "2.36e6", "2.37e6", "2.38e6", "2.39e6"]],
    [0, 4e-5, ["0", "1e-5", "2e-5", "3e-5", "4e-5"]],
    [0.001, 0.0014, ["0.001", "0.0011", "0.0012", "0.0013", "0.0014"]],
  ])("from %d to %d differ", (low, high, labels) => {
    const scale = valueScale([low, high], 4);
    expect(scale.ticks.map((tick) => valueLabel(tick, scale))).toEqual(labels);
  });
});

describe("the axis of time", () => {
  const labels = (start: string, end: string, count: number) =>
    timeLabels(timeTicks(Date.parse(start), Date.parse(end), count));

  it.each<[string, string, number, string[]]>([
    ["2022-01-03", "2022-12-20", 6, ["Mar 2022", "May", "Jul", "Sep", "Nov"]],
    ["2021-06-01", "2023-06-01", 4, ["Jul", "2022", "Jul", "2023"]],
    ["2022-07-01", "2022-07-31", 6, ["Jul 2022", "6 Jul", "11 Jul", "16 Jul", "21 Jul", "26 Jul"]],
    ["2022-07-01T00:00Z", "2022-07-01T12:00Z", 4, ["Jul 2022", "03:00", "06:00", "09:00", "12:00"]],
    ["1950-01-01", "2020-01-01", 4, ["1960", "1980", "2000", "2020"]],
  ])("from %s to %s", (start, end, count, expected) => {
    expect(labels(start, end, count)).toEqual(expected);
  });

  it("has at least two ticks even where there is little room", () => {
    expect(labels("2022-01-03", "2022-12-20", 2).length).toBeGreaterThanOrEqual(2);
  });

  it("has one tick for one instant", () => expect(timeTicks(DAY, DAY, 5)).toEqual([DAY]));

  it("reads dates in UTC, as the data have them", () => {
    expect(timeReadout(Date.UTC(2022, 6, 1))).toBe("2022-07-01");
    expect(timeReadout(Date.UTC(2022, 6, 1, 10, 30))).toBe("2022-07-01 10:30 UTC");
    expect(timeReadout(Date.UTC(2022, 6, 1, 10, 30, 5))).toBe("2022-07-01 10:30:05 UTC");
    expect(timeReadout(Date.UTC(12022, 6, 1))).toBe("+012022-07-01");
  });
});

describe("reading a chart", () => {
  it("finds the nearest instant", () => {
    expect([-5, 0, 4, 6, 15, 99].map((at) => nearest([0, 10, 20], at))).toEqual([0, 0, 0, 1, 1, 2]);
    expect(nearest([7], 99)).toBe(0);
  });

  it("tells a gap from a value", () => {
    expect(readout(null)).toBe("no value");
    expect(readout(0.30000000000000004)).toBe("0.3");
  });
});
