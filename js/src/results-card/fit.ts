/** Brings the results into view, in the size that the map really has. */

import { useEffect, useRef } from "preact/hooks";
import type { Corners, LeafletMap } from "../lib/leaflet";
import type { Box } from "../protocol";
import { cornersOf } from "./lonlat";

/** Around what is shown, in pixels; and no closer than where a single point still has a place. */
const FIT = { padding: [16, 16], maxZoom: 17 };

/** As much off the middle is nobody's doing: a map that is resized counts whole pixels. */
const STILL_PX = 4;

export function showBox(map: LeafletMap, box: Box, animate: boolean): void {
  map.fitBounds(cornersOf(box), { ...FIT, animate });
}

/** Whether the middle of these corners is that of the map. */
function inTheMiddle(map: LeafletMap, corners: Corners): boolean {
  const [one, other] = corners.map((corner) => map.latLngToContainerPoint(corner));
  if (!one || !other) return false;
  const size = map.getSize();
  const off = [one.x + other.x - size.x, one.y + other.y - size.y];
  return off.every((part) => Math.abs(part) / 2 <= STILL_PX);
}

/**
 * Shows a box as large as fits: at first, when it is another one, and in another size of the map,
 * until somebody moves the map. `box` is null where the map looks where its user wants.
 */
export function useFit(map: LeafletMap | null, box: Box | null): void {
  const seen = useRef<{ map: LeafletMap; box: string } | null>(null);
  const key = JSON.stringify(box);
  useEffect(() => {
    if (!map) return undefined;
    // Told anew while the map is here, it is what the kernel wants to be seen now.
    let wanted = seen.current?.map === map && seen.current.box !== key;
    seen.current = { map, box: key };
    if (!box) return undefined;
    const corners = cornersOf(box);
    // The kernel does not know the size of the map: what it shows is no larger than fits.
    let zoom: number | null = null;
    const isMoved = () => {
      const best = zoom ?? Math.min(FIT.maxZoom, map.getBoundsZoom(corners));
      const closer = zoom === null ? map.getZoom() > best : map.getZoom() !== best;
      return closer || !inTheMiddle(map, corners);
    };
    const look = () => {
      const { x, y } = map.getSize();
      if (x < 1 || y < 1 || (!wanted && isMoved())) return;
      wanted = false;
      showBox(map, box, false);
      zoom = map.getZoom();
    };
    let frame = 0;
    // Not at once: while ipyleaflet takes in a new size it does not tell the kernel of moves.
    const soon = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    map.on("resize", soon);
    soon();
    return () => {
      cancelAnimationFrame(frame);
      map.off("resize", soon);
    };
  }, [map, key]);
}
