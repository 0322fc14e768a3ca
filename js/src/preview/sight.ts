/** Which part of a chart is in sight, and how it moves: pure. */

import type { Range } from "./scale";

/** Deeper than this, numbers run out of digits. */
const DEEPEST = 1e-6;

const span = ([from, to]: Range) => to - from;

/** Within `full`, as wide as wanted where that fits; `full` itself is null. */
function fitted([from, to]: Range, full: Range): Range | null {
  const wide = to - from;
  if (!(wide < span(full))) return null;
  const start = Math.min(Math.max(from, full[0]), full[1] - wide);
  return [start, start + wide];
}

/** `factor` below 1 looks closer; what is at `at` stays where it is. */
export function zoomed(sight: Range | null, full: Range, factor: number, at?: number) {
  const now = sight ?? full;
  const fixed = at ?? (now[0] + now[1]) / 2;
  const wide = Math.max(span(now) * factor, span(full) * DEEPEST);
  const part = span(now) > 0 ? (fixed - now[0]) / span(now) : 0.5;
  const from = fixed - part * wide;
  return fitted([from, from + wide], full);
}

/** Moved by so much; to the right for a positive one. */
export function moved(sight: Range, full: Range, by: number): Range | null {
  return fitted([sight[0] + by, sight[1] + by], full);
}

/** Moved by a part of what is in sight. */
export function panned(sight: Range | null, full: Range, part: number): Range | null {
  return sight && moved(sight, full, span(sight) * part);
}

/** What somebody drew a frame around. */
export function framed(one: number, other: number, full: Range): Range | null {
  const [from, to] = one < other ? [one, other] : [other, one];
  const least = span(full) * DEEPEST;
  return fitted(to - from < least ? [from - least / 2, from + least / 2] : [from, to], full);
}

/** Moved no more than is needed to see a place. */
export function revealed(sight: Range | null, full: Range, at: number): Range | null {
  if (!sight || (at >= sight[0] && at <= sight[1])) return sight;
  const from = at < sight[0] ? at : at - span(sight);
  return fitted([from, from + span(sight)], full);
}
