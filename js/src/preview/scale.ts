/** The scales of a chart, and what stands at their ticks: pure numbers and strings. */

import { DAY, HOUR, MINUTE, SECOND } from "../lib/format";

/** From, to. */
export type Range = readonly [number, number];

export interface Scale {
  min: number;
  max: number;
  ticks: number[];
}

/** About `count` round steps that cover the values. */
export function valueScale([least, most]: Range, count: number): Scale {
  let [low, high] = [least, most];
  if (low === high) {
    const room = Math.abs(low) * 0.1 || 1;
    [low, high] = [low - room, high + room];
  }
  if (!Number.isFinite(high - low)) return { min: low, max: high, ticks: [low, 0, high] };
  const step = roundStep((high - low) / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { min: first * step, max: last * step, ticks };
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function roundStep(least: number): number {
  const unit = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((candidate) => candidate * unit >= least * 0.999) ?? 10;
  return factor * unit;
}

/** Of ten, that a number begins with; what is a hair below one counts as it. */
function power(value: number): number {
  return Math.floor(Math.log10(value) + 1e-9);
}

/** A value with as many digits as tell it from the next tick. */
export function valueLabel(value: number, { min, max, ticks }: Scale): string {
  if (value === 0) return "0";
  const size = Math.max(Math.abs(min), Math.abs(max));
  const step = (ticks[1] ?? max) - (ticks[0] ?? min) || size;
  if (size >= 1e6 || size < 1e-3) {
    const digits = power(Math.abs(value)) - power(step);
    return value.toExponential(Math.max(0, Math.min(9, digits))).replace("e+", "e");
  }
  const digits = Math.max(0, -power(step));
  return value
    .toFixed(Math.min(9, digits))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** Those of the ticks that lie in a part of their scale. */
export function ticksWithin(ticks: readonly number[], [from, to]: Range): number[] {
  return ticks.filter((tick) => tick >= from && tick <= to);
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
  const step = MONTHS.find((candidate) => candidate >= least) ?? Math.ceil(least / 1200) * 1200;
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

/** Beyond it there are no dates. */
const LAST_TIME = 8.64e15;

export function isTime(at: number): boolean {
  return Math.abs(at) <= LAST_TIME;
}

/** "2022-07-01", with the time of day where there is one. */
export function timeReadout(at: number): string {
  const [day = "", time = ""] = new Date(at).toISOString().slice(0, -1).split("T");
  if (at % DAY === 0) return day;
  const shown = at % MINUTE === 0 ? time.slice(0, 5) : at % SECOND === 0 ? time.slice(0, 8) : time;
  return `${day} ${shown} UTC`;
}
