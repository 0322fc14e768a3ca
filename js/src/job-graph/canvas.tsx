/** The box that a drawing lies in: it is scrolled, dragged and zoomed there. */

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { Edges } from "./edges";
import { css, type Drawing } from "./layout";
import { type Place, useDrag } from "./pan";

/** Smaller, and its text is not legible: then it is scrolled. */
const SMALLEST = 0.85;
const LARGEST = 2;
const STEP = 1.2;
const DEBOUNCE_MS = 120;
/** The drawing is measured for letters of this size, in px. */
const LETTERS_PX = 13;

/** The width of an element, in px; null before it is in the page, 0 where it is not seen. */
export function useWidth(element: Place): number | null {
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const measure = () => setWidth(current.clientWidth);
    measure();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(measure, DEBOUNCE_MS);
    });
    observer.observe(current);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [element]);
  return width;
}

function limited(scale: number): number {
  return Math.min(LARGEST, Math.max(SMALLEST, scale));
}

interface CanvasProps {
  drawing: Drawing;
  /** Px that there are for it; 0 where that is not known. */
  width: number;
  /** Key of the node to be seen first, or null. */
  seen: string | null;
  selected: string | null;
  /** What stands in the bar above it. */
  bar: ComponentChildren;
  children: ComponentChildren;
}

/** A point of the drawing, and where in the box it is to stay. */
interface Anchor {
  x: number;
  y: number;
  left: number;
  top: number;
}

/** How large it is drawn: to fit the width, until the person chooses otherwise. */
function useZoom(drawing: Drawing, width: number, box: Place) {
  const [chosen, choose] = useState<number | null>(null);
  const letters = box.current ? Number.parseFloat(getComputedStyle(box.current).fontSize) : 0;
  const base = (letters || LETTERS_PX) / LETTERS_PX;
  const fitting = width > 0 ? Math.min(1, width / (drawing.width * base)) : 1;
  const factor = limited(chosen ?? fitting);
  const scale = factor * base;
  const anchor = useRef<Anchor | null>(null);
  const zoom = (by: number, at?: { left: number; top: number }) => {
    const { current } = box;
    if (!current) return;
    const { left, top } = at ?? { left: current.clientWidth / 2, top: current.clientHeight / 2 };
    const [x, y] = [(current.scrollLeft + left) / scale, (current.scrollTop + top) / scale];
    anchor.current = { x, y, left, top };
    choose(limited(factor * by));
  };
  useLayoutEffect(() => {
    if (!anchor.current || !box.current) return;
    const { x, y, left, top } = anchor.current;
    box.current.scrollLeft = x * scale - left;
    box.current.scrollTop = y * scale - top;
    anchor.current = null;
  }, [scale, box]);
  return { scale, factor, zoom, fit: () => choose(null) };
}

/** Ctrl and the wheel, or two fingers drawn apart, zoom at the pointer. */
function useWheel(box: Place, zoom: (by: number, at: { left: number; top: number }) => void) {
  const latest = useRef(zoom);
  latest.current = zoom;
  useEffect(() => {
    const { current } = box;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey || !current) return;
      event.preventDefault(); // else the page zooms
      const { left, top } = current.getBoundingClientRect();
      const by = Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 300);
      latest.current(by, { left: event.clientX - left, top: event.clientY - top });
    };
    current?.addEventListener("wheel", turn, { passive: false });
    return () => current?.removeEventListener("wheel", turn);
  }, [box]);
}

/** Brings the node that matters into the box, and leaves the page where it is. */
function useSeen({ drawing, seen, width }: CanvasProps, box: Place, scale: number) {
  const done = useRef<string | null>(null);
  useLayoutEffect(() => {
    const place = seen === null ? undefined : drawing.boxes.get(seen);
    // Before the width is known, the drawing is not the one that will be seen.
    if (!place || !box.current || width === 0 || done.current === seen) return;
    done.current = seen;
    const { clientWidth, clientHeight } = box.current;
    box.current.scrollLeft = (place.x + place.width / 2) * scale - clientWidth / 2;
    box.current.scrollTop = (place.y + place.height / 2) * scale - clientHeight / 2;
  }, [drawing, seen, width, scale, box]);
}

/** Px that stay free around a node that is brought into the box. */
const AROUND = 8;

/** How far to scroll, in px, for `from` to `to` to lie between 0 and `room`. */
function shift(from: number, to: number, room: number): number {
  if (from < AROUND || to - from > room - 2 * AROUND) return from - AROUND;
  return Math.max(0, to - room + AROUND);
}

/** Keeps the selected node in sight: beside what it holds there is less room than there was. */
function useSelectedSeen({ drawing, selected }: CanvasProps, box: Place, scale: number) {
  const room = box.current?.clientWidth;
  const latest = useRef(scale);
  latest.current = scale;
  useLayoutEffect(() => {
    const place = selected === null ? undefined : drawing.boxes.get(selected);
    const { current } = box;
    if (!place || !current) return;
    const [left, top] = [place.x * latest.current, place.y * latest.current];
    const right = left + place.width * latest.current;
    const bottom = top + place.height * latest.current;
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = current;
    current.scrollLeft += shift(left - scrollLeft, right - scrollLeft, clientWidth);
    current.scrollTop += shift(top - scrollTop, bottom - scrollTop, clientHeight);
  }, [drawing, selected, room, box]);
}

export function Canvas(props: CanvasProps) {
  const { drawing, selected, bar, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const room = useWidth(box) ?? props.width;
  const { scale, factor, zoom, fit } = useZoom(drawing, room, box);
  useWheel(box, zoom);
  useSeen(props, box, scale);
  useDrag(box);
  useSelectedSeen(props, box, scale);
  return (
    <div class="oew-graph-canvas">
      <div class="oew-graph-place">
        {bar}
        <div class="oew-graph-zoom" role="group" aria-label="Size of the drawing">
          <Button label="Smaller" disabled={factor <= SMALLEST} onClick={() => zoom(1 / STEP)}>
            −
          </Button>
          <Button label="Larger" disabled={factor >= LARGEST} onClick={() => zoom(STEP)}>
            +
          </Button>
          <Button label="Fit to width" onClick={fit}>
            fit
          </Button>
        </div>
      </div>
      <div class="oew-graph-box" ref={box} data-direction={drawing.direction}>
        <div
          class="oew-graph-room"
          style={css({ width: drawing.width * scale, height: drawing.height * scale })}
        >
          <div
            class="oew-graph-drawing"
            style={{
              ...css({ width: drawing.width, height: drawing.height }),
              transform: `scale(${scale})`,
            }}
          >
            <Edges drawing={drawing} selected={selected} />
            {children}
          </div>
        </div>
      </div>
    </div>
  );
}
