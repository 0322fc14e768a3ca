/** The geometry of a line chart: pure numbers and strings. */

import { DAY, HOUR, MINUTE, SECOND } from "../lib/format";
import type { Series } from "../protocol";

export interface Point {
  x: number;
  y: number | null;
}

export interface Line {
  name: string;
  /** In order of time. */
  points: Point[];
}

export interface Scale {
  min: number;
  max: number;
  ticks: number[];
}

/** Pairs x and y in order of time; values that are no numbers become gaps. */
export function lines(series: readonly Series[]): Line[] {
  return series.map(({ name, x, y }) => ({
    name,
    points: x
      .map((at, index) => ({ x: at, y: finite(y[index]) }))
      .filter((point) => Number.isFinite(point.x))
      .sort((a, b) => a.x - b.x),
  }));
}

function finite(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The line between neighbours that both have a value: a gap stays a gap. */
export function path(
  points: readonly Point[],
  px: (x: number) => number,
  py: (y: number) => number,
) {
  let text = "";
  let pen = false;
  for (const { x, y } of points) {
    if (y !== null) text += `${pen ? "L" : "M"}${px(x).toFixed(1)} ${py(y).toFixed(1)}`;
    pen = y !== null;
  }
  return text;
}

/** Points that no line reaches, because both neighbours are gaps. */
export function lonely(points: readonly Point[]): Point[] {
  return points.filter(
    ({ y }, index) =>
      y !== null &&
      (points[index - 1]?.y ?? null) === null &&
      (points[index + 1]?.y ?? null) === null,
  );
}

/** About `count` round steps that cover the values. */
export function valueScale(values: readonly number[], count: number): Scale {
  let [low, high] = extent(values);
  if (low === high) {
    const room = Math.abs(low) * 0.1 || 1;
    [low, high] = [low - room, high + room];
  }
  const step = roundStep((high - low) / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { min: first * step, max: last * step, ticks };
}

export function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= least * 0.999) ?? 10;
  return factor * power;
}

/** A value with as many digits as tell it from the next tick. */
export function valueLabel(value: number, { min, max }: Scale): string {
  const size = Math.max(Math.abs(min), Math.abs(max));
  if (size >= 1e6 || size < 1e-3) return value === 0 ? "0" : value.toExponential(1);
  const digits = Math.max(0, 1 - Math.floor(Math.log10((max - min) / 2)));
  return value
    .toFixed(Math.min(6, digits))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** A value to read exactly. */
export function readout(value: number | null): string {
  return value === null ? "no value" : String(Number(value.toPrecision(6)));
}

/** Steps of time that people count in: fixed ones in ms, then months. */
const FIXED = [
  ...[1, 5, 15, 30].map((n) => n * SECOND),
  ...[1, 5, 15, 30].map((n) => n * MINUTE),
  ...[1, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10].map((n) => n * DAY),
];
const MONTHS = [1, 2, 3, 4, 6, 12, 24, 60, 120, 240, 600, 1200];
const MONTH = 30.44 * DAY;

/**
 * Ticks at round times, about `count`, and two where there is a step for that. In UTC, unlike
 * other times here: dates of Earth observation are days in UTC, and the viewer's zone would
 * move them to the day before.
 */
export function timeTicks(start: number, end: number, count: number): number[] {
  if (start === end) return [start];
  for (let wanted = Math.max(1, count); ; wanted += 1) {
    const ticks = ticksEvery((end - start) / wanted, start, end);
    if (ticks.length >= 2 || wanted > count + 4) return ticks;
  }
}

function ticksEvery(least: number, start: number, end: number): number[] {
  const step = FIXED.find((candidate) => candidate >= least);
  if (step === undefined) return monthTicks(start, end, least / MONTH);
  // Days count from the first of the month, so that steps of 5 and 10 stay round.
  if (step > DAY) return dayTicks(start, end, step / DAY);
  const first = Math.ceil(start / step);
  const length = Math.floor(end / step) - first + 1;
  return Array.from({ length: Math.max(0, length) }, (_, index) => (first + index) * step);
}

function dayTicks(start: number, end: number, days: number): number[] {
  const ticks: number[] = [];
  for (let at = Math.ceil(start / DAY) * DAY; at <= end; at += DAY) {
    const day = new Date(at).getUTCDate() - 1;
    // The 31st stands too close to the 1st.
    if (day % days === 0 && day + days / 2 < 31) ticks.push(at);
  }
  return ticks;
}

function monthTicks(start: number, end: number, least: number): number[] {
  const step = MONTHS.find((candidate) => candidate >= least) ?? 1200;
  const from = new Date(start);
  let month = from.getUTCFullYear() * 12 + from.getUTCMonth();
  month = Math.ceil(month / step) * step;
  const ticks: number[] = [];
  for (let at = monthStart(month); at <= end; month += step, at = monthStart(month)) {
    if (at >= start) ticks.push(at);
  }
  return ticks;
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999. */
function monthStart(month: number): number {
  return new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
}

const NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What stands at a tick: the year at its start, else month, day or time, once with the year. */
export function timeLabels(ticks: readonly number[]): string[] {
  const labels = ticks.map(timeLabel);
  const years = ticks.some((at) => new Date(at).toISOString().includes("-01-01T00:00:00"));
  if (!years && ticks[0] !== undefined) labels[0] += ` ${new Date(ticks[0]).getUTCFullYear()}`;
  return labels;
}

function timeLabel(at: number): string {
  const iso = new Date(at).toISOString();
  const [, year, month, day] = /^(.*)-(..)-(..)T/.exec(iso) ?? [];
  const name = NAMES[Number(month) - 1] ?? "";
  if (at % DAY !== 0) return iso.slice(-13, at % MINUTE === 0 ? -8 : -5);
  if (day !== "01") return `${Number(day)} ${name}`;
  return month === "01" ? String(Number(year)) : name;
}

/** "2022-07-01", with the time of day where there is one. */
export function timeReadout(at: number): string {
  const iso = new Date(at).toISOString();
  return at % DAY === 0 ? iso.slice(0, 10) : `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

/** All times at which some line has a point, in order. */
export function instants(all: readonly Line[]): number[] {
  return [...new Set(all.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
}

/** The index of the instant nearest to `at`; `sorted` is not empty. */
export function nearest(sorted: readonly number[], at: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < at) low = middle;
    else high = middle;
  }
  return at - (sorted[low] ?? 0) <= (sorted[high] ?? 0) - at ? low : high;
}
