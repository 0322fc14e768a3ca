/** What a pointer does to a chart. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Frame } from "./frame";
import type { Range } from "./scale";

export interface Look {
  /** Below 1 closer; around what is at `around`. */
  zoom: (factor: number, around?: number) => void;
  pan: (part: number) => void;
  frame: (one: number, other: number) => void;
  /** What was in sight, moved by so much. */
  move: (from: Range, by: number) => void;
  reset: () => void;
}

/** The width that the page gives to `host`. */
export function useWidth() {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (!host.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const found = Math.floor(entry?.contentRect.width ?? 0);
      if (found > 0) setWidth(found);
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  return { host, width };
}

/** A shorter way is a click. */
const LEAST_WAY = 4;

interface Drag {
  pointer: number;
  from: number;
  /** What was in sight where the drag moves that; null where it draws a frame. */
  moved: Range | null;
}

/** A drag frames what to look at; with Shift it moves what is in sight. */
export function useDrag(frame: Frame, sight: Range | null, look: Look) {
  const drag = useRef<Drag | null>(null);
  const [selection, select] = useState<Range | null>(null);
  const leftOf = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return Math.max(frame.left, Math.min(frame.left + frame.inner, event.clientX - box.left));
  };
  const end = () => {
    drag.current = null;
    select(null);
  };
  return {
    selection,
    down: (event: PointerEvent) => {
      if (event.button !== 0) return;
      const moved = event.shiftKey ? sight : null;
      drag.current = { pointer: event.pointerId, from: leftOf(event), moved };
      (event.currentTarget as HTMLElement).setPointerCapture?.(event.pointerId);
    },
    /** Returns where the pointer is, from the left edge. */
    move: (event: PointerEvent): number => {
      const left = leftOf(event);
      const { from, moved } = drag.current ?? {};
      if (from === undefined) return left;
      const by = frame.at(from) - frame.at(left);
      if (moved) look.move(moved, by);
      else if (Math.abs(left - from) >= LEAST_WAY) select([frame.at(from), frame.at(left)]);
      return left;
    },
    up: (event: PointerEvent) => {
      const { from, moved } = drag.current ?? {};
      const left = leftOf(event);
      if (from !== undefined && !moved && Math.abs(left - from) >= LEAST_WAY) {
        look.frame(frame.at(from), frame.at(left));
      }
      end();
    },
    cancel: end,
  };
}

const NOTCH = 0.8;

/** With Ctrl or Meta the wheel looks closer and farther; else it scrolls the page. */
export function useWheel(frame: Frame, look: Look) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef({ frame, look });
  latest.current = { frame, look };
  useEffect(() => {
    const el = box.current;
    if (!el) return undefined;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { frame: now, look: does } = latest.current;
      const around = now.at(event.clientX - el.getBoundingClientRect().left);
      does.zoom(event.deltaY < 0 ? NOTCH : 1 / NOTCH, around);
    };
    // The page would zoom: only a listener that is not passive keeps it from that.
    el.addEventListener("wheel", turn, { passive: false });
    return () => el.removeEventListener("wheel", turn);
  }, []);
  return box;
}
