/** Cuts the pictures of two rasters off at a divider between them. */

import type { LeafletMap } from "../lib/leaflet";

/** What changes where pictures are in the page, or which ones there are. */
const CHANGES = "move zoom zoomend viewreset resize layeradd";

/**
 * Shows of the pictures of the first class what is left of the middle of `divider`, and of those
 * of the second what is right of it, until `signal` aborts. Returns what to call when the divider
 * has moved.
 *
 * ipyleaflet's own control for that cuts off the panes of layers: all pictures are in one.
 */
export function keepClipped(
  map: LeafletMap,
  divider: HTMLElement,
  marks: readonly [string, string],
  signal: AbortSignal,
): () => void {
  const container = map.getContainer();
  let frame = 0;
  const clip = () => {
    const line = divider.getBoundingClientRect();
    const x = line.left + line.width / 2;
    for (const [side, mark] of marks.entries()) {
      for (const picture of picturesOf(container, mark)) {
        // As it is seen now, in the middle of a zoom too.
        const { left, width } = picture.getBoundingClientRect();
        const percent = width > 0 ? 100 * Math.min(1, Math.max(0, (x - left) / width)) : 0;
        picture.style.clipPath =
          side === 0 ? `inset(0 ${100 - percent}% 0 0)` : `inset(0 0 0 ${percent}%)`;
      }
    }
  };
  // While a zoom is animated nothing tells of each step.
  const follow = () => {
    clip();
    frame = requestAnimationFrame(follow);
  };
  const rest = () => cancelAnimationFrame(frame);
  const begin = () => {
    rest();
    follow();
  };
  map.on(CHANGES, clip);
  map.on("zoomstart", begin);
  map.on("zoomend", rest);
  signal.addEventListener(
    "abort",
    () => {
      rest();
      map.off(CHANGES, clip);
      map.off("zoomstart", begin);
      map.off("zoomend", rest);
      for (const mark of marks) {
        for (const picture of picturesOf(container, mark)) picture.style.clipPath = "";
      }
    },
    { once: true },
  );
  clip();
  return clip;
}

function picturesOf(container: HTMLElement, mark: string): HTMLElement[] {
  return [...container.getElementsByClassName(mark)] as HTMLElement[];
}
