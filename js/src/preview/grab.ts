/** What is larger than its box is moved by dragging it, as scrolling does. */

import { useRef } from "preact/hooks";

interface Grab {
  x: number;
  y: number;
  left: number;
  top: number;
}

export function useGrab() {
  const box = useRef<HTMLDivElement>(null);
  const from = useRef<Grab | null>(null);
  const end = () => {
    from.current = null;
  };
  const grab = {
    onPointerDown: (event: PointerEvent) => {
      // A finger scrolls by itself.
      if (!box.current || event.button !== 0 || event.pointerType === "touch") return;
      const { scrollLeft: left, scrollTop: top } = box.current;
      from.current = { x: event.clientX, y: event.clientY, left, top };
      box.current.setPointerCapture?.(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (!box.current || !from.current) return;
      box.current.scrollLeft = from.current.left + from.current.x - event.clientX;
      box.current.scrollTop = from.current.top + from.current.y - event.clientY;
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
  return { box, grab };
}
