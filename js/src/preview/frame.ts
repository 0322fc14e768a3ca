/** Where in a chart something is drawn: from numbers to px and back. */

import { plural } from "../lib/format";
import { type Line, rangeOf, valuesWithin } from "./lines";
import {
  type Range,
  readout,
  type Scale,
  ticksWithin,
  timeLabels,
  timeReadout,
  timeTicks,
  valueLabel,
  valueScale,
} from "./scale";

export const HEIGHT = 240;
export const TOP = 20;
export const BOTTOM = 26;
const RIGHT = 14;
/** A digit is about this wide. */
const DIGIT = 6.6;

export interface Frame {
  width: number;
  left: number;
  /** Of the place for the lines. */
  inner: number;
  range: Range;
  px: (x: number) => number;
  py: (y: number) => number;
  /** What is at a distance from the left edge. */
  at: (left: number) => number;
  y: Scale;
  yLabels: string[];
  xTicks: number[];
  xLabels: string[];
}

interface Sight {
  /** Those that are seen. */
  lines: readonly Line[];
  range: Range;
  x: "time" | "number";
  width: number;
}

export function frameOf({ lines, range, x, width }: Sight): Frame {
  const y = valueScale(valuesWithin(lines, range) ?? [0, 1], 4);
  const yLabels = y.ticks.map((tick) => valueLabel(tick, y));
  const left = 14 + DIGIT * Math.max(3, ...yLabels.map((label) => label.length));
  const inner = Math.max(1, width - left - RIGHT);
  const [from, to] = range;
  const high = HEIGHT - TOP - BOTTOM;
  const count = Math.max(2, Math.floor(inner / 76));
  const scale = x === "time" ? null : valueScale(range, count);
  const xTicks = scale ? ticksWithin(scale.ticks, range) : timeTicks(from, to, count);
  return {
    width,
    left,
    inner,
    range,
    px: (value) => left + (to === from ? inner / 2 : ((value - from) / (to - from)) * inner),
    py: (value) => TOP + (1 - (value - y.min) / (y.max - y.min)) * high,
    at: (place) => from + ((place - left) / inner) * (to - from),
    y,
    yLabels,
    xTicks,
    xLabels: scale ? xTicks.map((tick) => valueLabel(tick, scale)) : timeLabels(xTicks),
  };
}

/** A place as it is read. */
export function placeText(at: number, x: "time" | "number"): string {
  return x === "time" ? timeReadout(at) : readout(at);
}

/** What the values are of, where all of them are of the same. */
export function valueName(lines: readonly Line[]): string {
  const [first] = lines;
  return first && lines.every(({ band }) => band === first.band) ? first.band : "";
}

/** What stands below an axis of dates, or of something that has a name. */
function over(x: "time" | "number", x_name: string): string {
  if (x === "time") return ", dates in UTC";
  return x_name ? `, over ${x_name}` : "";
}

/** "2 lines, 2022-01-03 to 2022-12-19, values from 0.22 to 0.77", for who cannot see it. */
export function summary(lines: readonly Line[], x: "time" | "number", x_name: string): string {
  const range = rangeOf(lines);
  if (!range) return `${plural(lines.length, "line")} without points`;
  const values = valuesWithin(lines, range);
  const points = lines.reduce((sum, line) => sum + line.x.length, 0);
  const said = values
    ? `values from ${readout(values[0])} to ${readout(values[1])}`
    : "all of them gaps";
  const span = `${placeText(range[0], x)} to ${placeText(range[1], x)}`;
  const counts = `${plural(lines.length, "line")}, ${plural(points, "point")}`;
  return `${counts}, ${span}, ${said}${over(x, x_name)}`;
}
