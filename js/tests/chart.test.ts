import { describe, expect, it } from "vitest";
import {
  instants,
  lines,
  lonely,
  nearest,
  path,
  readout,
  timeLabels,
  timeReadout,
  timeTicks,
  valueLabel,
  valueScale,
} from "../src/results-card/chart";

const same = (value: number) => value;
const DAY = 86_400_000;

describe("lines", () => {
  it("put points in order of time, and make gaps of what is no number", () => {
    const series = { name: "a", x: [3, 1, 2, 4], y: [30, 10, Number.NaN, null] };
    expect(lines([series])[0]?.points).toEqual([
      { x: 1, y: 10 },
      { x: 2, y: null },
      { x: 3, y: 30 },
      { x: 4, y: null },
    ]);
  });

  it("have no stroke across a gap", () => {
    const [line] = lines([{ name: "a", x: [0, 1, 2, 3, 4], y: [5, 6, null, 7, 8] }]);
    expect(path(line?.points ?? [], same, same)).toBe("M0.0 5.0L1.0 6.0M3.0 7.0L4.0 8.0");
  });

  it("show a point between two gaps", () => {
    const [line] = lines([{ name: "a", x: [0, 1, 2, 3], y: [5, null, 6, null] }]);
    expect(lonely(line?.points ?? [])).toEqual([
      { x: 0, y: 5 },
      { x: 2, y: 6 },
    ]);
  });

  it("share their instants", () => {
    const all = lines([
      { name: "a", x: [1, 3], y: [0, 0] },
      { name: "b", x: [2, 3], y: [0, 0] },
    ]);
    expect(instants(all)).toEqual([1, 2, 3]);
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
    [[5]],
    [[0, 0]],
    [[]],
    [[-3, -3]],
    [[1e-9, 2e-9]],
    [[-1e12, 1e12]],
  ])("exists for %o", (values) => {
    const { min, max, ticks } = valueScale(values, 4);
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
