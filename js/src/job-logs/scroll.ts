/** Which rows of a long list are in sight. All measures are in px. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { LogRows } from "./rows";

/** Short logs fit; a long one scrolls in itself. */
const MOST_HIGH = 320;

/** Where nothing can be measured. */
const USUAL_ROW = 22;

/** Rows above and below those in sight. */
const OVERSCAN = 8;

/** Whether somebody has marked text in there. */
export function holdsSelection(box: HTMLElement | null): boolean {
  const selection = document.getSelection();
  return !!box && !!selection && !selection.isCollapsed && box.contains(selection.anchorNode);
}

/** The height of a row in the present font. */
function useRowHeight(probe: { current: HTMLElement | null }): number {
  const [height, set] = useState(USUAL_ROW);
  useLayoutEffect(() => {
    const measured = probe.current?.getBoundingClientRect().height;
    if (measured && Math.abs(measured - height) > 0.01) set(measured);
  });
  return height;
}

/**
 * Keeps the newest rows in sight while `follow` says so, unless text in the list is marked: else
 * nothing moves that was not scrolled.
 */
export function useScroll(rows: LogRows, follow: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const height = useRowHeight(probe);
  const [scrolled, setScrolled] = useState(0);
  const count = rows.matching;
  const seen = Math.min(MOST_HIGH, Math.max(1, count) * height);
  const end = Math.max(0, count * height - seen);
  const stuck = follow && !holdsSelection(box.current);
  const top = stuck ? end : Math.min(scrolled, end);

  useLayoutEffect(() => {
    if (!stuck || !box.current) return;
    box.current.scrollTop = end;
    setScrolled(end);
  }, [rows, stuck, end]);

  /** Takes note of a scrolling; whether the end is in sight. By rows: within one nothing is new. */
  const heed = (): boolean => {
    const now = box.current?.scrollTop ?? 0;
    setScrolled(Math.floor(now / height) * height);
    return now >= end - height / 2;
  };
  /** Scrolls no more than is needed to see a row. */
  const reveal = (position: number) => {
    if (!box.current) return;
    const above = position * height;
    const now = box.current.scrollTop;
    if (above < now) box.current.scrollTop = above;
    else if (above + height > now + seen) box.current.scrollTop = above + height - seen;
    heed();
  };
  return {
    box,
    probe,
    height,
    seen,
    heed,
    reveal,
    /** Rows that fit. */
    page: Math.max(1, Math.floor(seen / height)),
    /** The first one that is wholly in sight. */
    upper: Math.ceil(top / height),
    /** Those to be drawn. */
    first: Math.max(0, Math.floor(top / height) - OVERSCAN),
    last: Math.min(count - 1, Math.ceil((top + seen) / height) + OVERSCAN),
  };
}
