/** Coordinates as the map's bar tells them, and what a map is to show: pure. */

import type { Corners, Spot } from "../lib/leaflet";
import type { Box } from "../protocol";

const FEWEST_DECIMALS = 1;
const MOST_DECIMALS = 5;
const TILE_PX = 256;

/** "48.21 N 16.37 E", as finely as a pixel of the map tells it. */
export function spotText({ lat, lng }: Spot, zoom: number): string {
  const degreesPerPixel = 360 / (TILE_PX * 2 ** zoom);
  const wanted = Math.ceil(-Math.log10(degreesPerPixel));
  const decimals = Math.max(FEWEST_DECIMALS, Math.min(MOST_DECIMALS, wanted));
  const part = (value: number, plus: string, minus: string) =>
    `${Math.abs(value).toFixed(decimals)} ${value < 0 ? minus : plus}`;
  return `${part(lat, "N", "S")} ${part(turned(lng), "E", "W")}`;
}

/** Leaflet counts on when one goes around the world. */
function turned(lng: number): number {
  return ((((lng + 180) % 360) + 360) % 360) - 180;
}

/** Corners as Leaflet takes them. */
export function cornersOf([west, south, east, north]: Box): Corners {
  return [
    [south, west],
    [north, west > east ? east + 360 : east],
  ];
}
