/** The lines of a chart as they are drawn: in order, and found by where somebody looks. */

import type { ChartLine } from "../protocol";
import { isTime, type Range } from "./scale";

export interface Line {
  name: string;
  group: string;
  band: string;
  /** In order. */
  x: readonly number[];
  /** null for a gap. */
  y: readonly (number | null)[];
}

/** Values that are no numbers become gaps; what has no place is left out. */
export function linesOf(given: readonly ChartLine[], x: "time" | "number"): Line[] {
  return given.map((line) => {
    const placed = line.x
      .map((at, index) => ({ at, value: finite(line.y[index]) }))
      .filter(({ at }) => Number.isFinite(at) && (x !== "time" || isTime(at)));
    if (!ordered(placed)) placed.sort((a, b) => a.at - b.at);
    return {
      name: nameOf(line),
      group: line.group,
      band: line.band,
      x: placed.map(({ at }) => at),
      y: placed.map(({ value }) => value),
    };
  });
}

function ordered(placed: readonly { at: number }[]): boolean {
  return placed.every(({ at }, index) => index === 0 || (placed[index - 1]?.at ?? at) <= at);
}

function finite(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function nameOf({ name, group, band }: ChartLine): string {
  return name || [group, band].filter(Boolean).join(" · ") || "line";
}

/** The first index whose x is not below `at`. */
export function indexFrom(x: readonly number[], at: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Indices [first, end) of the points within a range, with one neighbour on both sides. */
export function around(x: readonly number[], [from, to]: Range): [number, number] {
  const first = Math.max(0, indexFrom(x, from) - 1);
  let end = indexFrom(x, to);
  while (end < x.length && x[end] === to) end += 1;
  return [first, Math.min(x.length, end + 1)];
}

/** The value of a line at a place: null for a gap, undefined where it has no point. */
export function valueAt({ x, y }: Line, at: number): number | null | undefined {
  const index = indexFrom(x, at);
  return x[index] === at ? (y[index] ?? null) : undefined;
}

/** From the first place to the last one, or null where there is none. */
export function rangeOf(lines: readonly Line[]): Range | null {
  const ends = lines.flatMap(({ x }) => [x[0], x[x.length - 1]]);
  return extent(ends.filter((end) => end !== undefined));
}

export function extent(values: Iterable<number>): Range | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** From the least value to the greatest one within a range of places, or null. */
export function valuesWithin(lines: readonly Line[], within: Range): Range | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { x, y } of lines) {
    const end = x.length;
    for (let index = indexFrom(x, within[0]); index < end; index += 1) {
      if ((x[index] ?? 0) > within[1]) break;
      const value = y[index];
      if (value === null || value === undefined) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** All places at which some line has a point, in order. */
export function instants(lines: readonly Line[]): number[] {
  const [first, ...others] = lines;
  const same = first && others.every(({ x }) => sameNumbers(x, first.x));
  const all = same ? first.x : lines.flatMap(({ x }) => x).sort((a, b) => a - b);
  return all.filter((at, index) => index === 0 || at !== all[index - 1]);
}

function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((at, index) => at === other[index]);
}

/** The index of the place nearest to `at`; `sorted` is not empty. */
export function nearest(sorted: readonly number[], at: number): number {
  const after = Math.min(sorted.length - 1, indexFrom(sorted, at));
  const before = Math.max(0, after - 1);
  return at - (sorted[before] ?? 0) <= (sorted[after] ?? 0) - at ? before : after;
}
