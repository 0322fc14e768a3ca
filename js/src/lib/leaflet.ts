/** The Leaflet map that ipyleaflet's view makes, as far as the card has a use for it. */

import type { ChildView } from "./model";

export interface Spot {
  lat: number;
  lng: number;
}

export interface LeafletMap {
  on(events: string, listener: (event: { latlng?: Spot }) => void): unknown;
  off(events: string, listener: (event: { latlng?: Spot }) => void): unknown;
  getCenter(): Spot;
  getZoom(): number;
  getSize(): Point;
  getContainer(): HTMLElement;
  latLngToContainerPoint(spot: [number, number]): Point;
  /** The closest that shows all of it. */
  getBoundsZoom(bounds: Corners): number;
  fitBounds(bounds: Corners, options: object): unknown;
}

interface Point {
  x: number;
  y: number;
}

/** South-west and north-east, each latitude first. */
export type Corners = [[number, number], [number, number]];

const NEEDED = [
  ...["on", "off", "getCenter", "getZoom", "getSize", "getContainer"],
  ...["latLngToContainerPoint", "getBoundsZoom", "fitBounds"],
] as (keyof LeafletMap)[];

function mapOf(view: ChildView): LeafletMap | null {
  const found = view.obj as LeafletMap | null | undefined;
  return found && NEEDED.every((name) => typeof found[name] === "function") ? found : null;
}

/**
 * Tells of the map when it is there, and of another one that takes its place: ipyleaflet makes it
 * some time after its view, and anew when its panes change.
 */
export function watchMap(
  view: ChildView,
  changed: (map: LeafletMap) => void,
  signal: AbortSignal,
): void {
  let last: LeafletMap | null = null;
  const look = () => {
    const map = mapOf(view);
    if (map && map !== last) {
      last = map;
      changed(map);
    }
    // Once it is there, its inside changes with every movement: only its container is watched.
    observer.disconnect();
    observer.observe(view.el, { childList: true, subtree: !map?.getContainer().isConnected });
  };
  const observer = new MutationObserver(look);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  look();
}
