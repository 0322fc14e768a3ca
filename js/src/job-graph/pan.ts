/** Dragging what a box scrolls, with the mouse: fingers scroll by themselves. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** A ref to the element that scrolls. */
export type Place = RefObject<HTMLElement | null>;

/** Px that a hand may shake in a click. */
const SHAKE = 4;

export function useDrag(box: Place): void {
  useEffect(() => {
    const controller = new AbortController();
    if (box.current) listen(box.current, controller.signal);
    return () => controller.abort();
  }, [box]);
}

function listen(box: HTMLElement, signal: AbortSignal): void {
  let from: { x: number; y: number; left: number; top: number } | null = null;
  let dragging = false;
  box.addEventListener(
    "pointerdown",
    (event) => {
      dragging = false;
      if (event.pointerType !== "mouse" || event.button !== 0 || onScrollbar(box, event)) return;
      from = { x: event.clientX, y: event.clientY, left: box.scrollLeft, top: box.scrollTop };
    },
    { signal },
  );
  box.addEventListener(
    "pointermove",
    (event) => {
      if (!from) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (!dragging && Math.hypot(x, y) < SHAKE) return;
      if (!dragging) box.setPointerCapture(event.pointerId);
      dragging = true;
      box.toggleAttribute("data-dragging", true);
      box.scrollLeft = from.left - x;
      box.scrollTop = from.top - y;
    },
    { signal },
  );
  const end = () => {
    from = null;
    box.toggleAttribute("data-dragging", false);
  };
  box.addEventListener("pointerup", end, { signal });
  box.addEventListener("pointercancel", end, { signal });
  box.addEventListener("pointerleave", () => !dragging && end(), { signal });
  // The click that ends a drag selects nothing.
  box.addEventListener("click", (event) => dragging && event.stopPropagation(), {
    signal,
    capture: true,
  });
}

function onScrollbar(box: HTMLElement, { clientX, clientY }: PointerEvent): boolean {
  const { left, top } = box.getBoundingClientRect();
  return clientX - left >= box.clientWidth || clientY - top >= box.clientHeight;
}
