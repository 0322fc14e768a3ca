/**
 * The stroke of a line. Of more points than there are pixels, each column of pixels keeps what can
 * be seen of them: where the line comes in, its least and greatest value, and where it leaves.
 */

import { around, type Line } from "./lines";
import type { Range } from "./scale";

export interface Pen {
  px: (x: number) => number;
  py: (y: number) => number;
}

interface Column {
  at: number;
  first: number;
  low: number;
  high: number;
  last: number;
}

/** Fewer points than this for each column are drawn as they are. */
const DENSE = 4;

/**
 * The path within a range; neighbours that both have a value are connected, so a gap stays one.
 *
 * @param columns How many columns of pixels the range takes.
 */
export function stroke(line: Line, range: Range, columns: number, pen: Pen): string {
  const [first, end] = around(line.x, range);
  if (end - first <= DENSE * columns) return plain(line, first, end, pen);
  return dense(line, [first, end], pen);
}

const point = (pen: string, x: number, y: number) => `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;

function plain({ x, y }: Line, first: number, end: number, { px, py }: Pen): string {
  let text = "";
  let down = false;
  for (let index = first; index < end; index += 1) {
    const value = y[index];
    if (value !== null && value !== undefined) {
      text += point(down ? "L" : "M", px(x[index] ?? 0), py(value));
    }
    down = value !== null && value !== undefined;
  }
  return text;
}

function dense({ x, y }: Line, [first, end]: Range, { px, py }: Pen): string {
  let text = "";
  let down = false;
  let column: Column | null = null;
  const draw = () => {
    if (!column) return;
    const { at, first: from, low, high, last } = column;
    text += point(down ? "L" : "M", at, from);
    if (high !== low) text += `${point("L", at, high)}${point("L", at, low)}`;
    if (last !== from || high !== low) text += point("L", at, last);
    down = true;
    column = null;
  };
  for (let index = first; index < end; index += 1) {
    const at = Math.round(px(x[index] ?? 0));
    const value = y[index];
    if (column && at !== column.at) draw();
    if (value === null || value === undefined) {
      // Only a gap that a whole column shows: else there is nothing to be seen of it.
      if (!column && Math.round(px(x[index + 1] ?? 0)) !== at) down = false;
      continue;
    }
    const top = py(value);
    if (!column) column = { at, first: top, low: top, high: top, last: top };
    column.low = Math.max(column.low, top);
    column.high = Math.min(column.high, top);
    column.last = top;
  }
  draw();
  return text;
}

/** Points to be marked: all of a few, else those that no line reaches since both neighbours are gaps. */
export function marks(line: Line, range: Range, all: boolean): number[] {
  const [first, end] = around(line.x, range);
  const found: number[] = [];
  const gap = (index: number) => (line.y[index] ?? null) === null;
  for (let index = first; index < end; index += 1) {
    if (!gap(index) && (all || (gap(index - 1) && gap(index + 1)))) found.push(index);
    if (found.length >= MOST_MARKS) break;
  }
  return found;
}

/** More would hide everything. */
export const MOST_MARKS = 500;
