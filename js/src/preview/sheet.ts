/** Which rows of a table are in sight. All measures are in px. */

import { useEffect, useReducer, useRef } from "preact/hooks";
import type { Cell } from "./cells";
import { Scroller } from "./scroller";

/** Both are set in preview.css. */
const ROW = 24;
const HEAD = 42;

const MOST_SEEN = 12 * ROW;

/** Rows above and below those in sight. */
const OVERSCAN = 6;

/** The thumb is put to its place when no more scrolling comes for so long. */
const QUIET_MS = 150;

export function useSheet(count: number) {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<Scroller | null>(null);
  held.current ??= new Scroller();
  const scroller = held.current;
  const seen = Math.min(MOST_SEEN, Math.max(1, count) * ROW);
  scroller.resize(count * ROW, seen);
  const { top } = scroller;

  const quiet = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(quiet.current), []);
  const settle = () => {
    if (box.current) box.current.scrollTop = scroller.settle();
  };
  const heed = () => {
    if (!box.current) return;
    scroller.heed(box.current.scrollTop);
    clearTimeout(quiet.current);
    quiet.current = setTimeout(settle, QUIET_MS);
    redraw(0);
  };
  const reveal = ({ row, column }: Cell) => {
    if (row >= 0) scroller.reveal(row * ROW, (row + 1) * ROW);
    settle();
    if (box.current) revealColumn(box.current, column);
    redraw(0);
  };
  return {
    box,
    heed,
    reveal,
    seen,
    top,
    row: ROW,
    head: HEAD,
    height: scroller.height + HEAD,
    /** Rows that fit. */
    page: Math.max(1, Math.floor(seen / ROW)),
    /** Those to be drawn. */
    first: Math.max(0, Math.floor(top / ROW) - OVERSCAN),
    last: Math.min(count - 1, Math.ceil((top + seen) / ROW) + OVERSCAN),
  };
}

/** Scrolls no more than is needed to see a column. */
function revealColumn(box: HTMLElement, column: number): void {
  const head = box.querySelector<HTMLElement>(`[data-column="${column}"]`);
  if (!head) return;
  const { offsetLeft: left, offsetWidth: width } = head;
  if (left < box.scrollLeft) box.scrollLeft = left;
  else if (left + width > box.scrollLeft + box.clientWidth) {
    box.scrollLeft = left + width - box.clientWidth;
  }
}
