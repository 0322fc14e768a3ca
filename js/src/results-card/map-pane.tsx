import type { RefObject } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { ChildWidget } from "../lib/child";
import type { Commands } from "../lib/commands";
import { type LeafletMap, watchMap } from "../lib/leaflet";
import { Text } from "../lib/messages";
import type { ChildView, Model } from "../lib/model";
import type { ResultsState } from "../protocol";
import { pairOf, Swipe, SwipeNames } from "../results-raster/swipe";
import { showBox, useFit } from "./fit";
import { spotText } from "./lonlat";
import { MapLayers } from "./map-layers";

interface MapPaneProps {
  state: ResultsState;
  reference: string;
  model: Model<ResultsState>;
  commands: Commands<ResultsState>;
}

export function MapPane({ state, reference, model, commands }: MapPaneProps) {
  const pane = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<LeafletMap | null>(null);
  const onView = useCallback(
    (view: ChildView, signal: AbortSignal) => watchMap(view, setMap, signal),
    [],
  );
  useFit(map, state.view_box);
  const name = state.title || state.job_id;
  const pair = pairOf(state);
  useDensity(commands);
  useEffect(() => {
    const container = map?.getContainer();
    container?.setAttribute("role", "region");
    container?.setAttribute("aria-label", `Map of ${name}: arrow keys move it, + and - zoom`);
  }, [map, name]);
  return (
    <div class="oew-map" ref={pane}>
      <div class="oew-map-view">
        <ChildWidget model={model} reference={reference} what="The map" onView={onView} />
        {map && pair && <Swipe map={map} pair={pair} />}
        {state.footprint_note && (
          <p class="oew-footprint-note">
            <Text>{state.footprint_note}</Text>
          </p>
        )}
      </div>
      {map && pair && <SwipeNames pair={pair} />}
      <MapBar state={state} map={map} pane={pane} commands={commands} />
    </div>
  );
}

/** Tells how fine the screen is: at first, and when the card is moved to another one, or zoomed. */
function useDensity(commands: Commands<ResultsState>) {
  useEffect(() => {
    const controller = new AbortController();
    let told = 1;
    const look = () => {
      if (controller.signal.aborted) return;
      const density = window.devicePixelRatio;
      if (density !== told) commands.tell({ kind: "screen", density });
      told = density;
      const here = matchMedia(`(resolution: ${density}dppx)`);
      here.addEventListener("change", look, { once: true, signal: controller.signal });
    };
    look();
    return () => controller.abort();
  }, [commands]);
}

interface MapBarProps {
  state: ResultsState;
  map: LeafletMap | null;
  pane: RefObject<HTMLDivElement | null>;
  commands: Commands<ResultsState>;
}

/** Below the map, so that it covers no control of a map that is the user's own. */
function MapBar({ state: { layers, bbox }, map, pane, commands }: MapBarProps) {
  const [open, setOpen] = useState(false);
  const full = useFullScreen(pane);
  return (
    <>
      <div class="oew-map-bar">
        {map && <Coordinates map={map} />}
        <span class="oew-grow" />
        {layers.length > 0 && (
          <Button
            kind="quiet"
            icon="layers"
            label="Layers"
            expanded={open}
            onClick={() => setOpen(!open)}
          />
        )}
        {map && bbox && (
          <Button
            kind="quiet"
            icon="fit"
            label="Show all of the results"
            onClick={() => showBox(map, bbox, !still())}
          />
        )}
        {document.fullscreenEnabled && (
          <Button
            kind="quiet"
            icon={full ? "unfull" : "full"}
            label={full ? "Leave full screen" : "Full screen"}
            onClick={() => void toggle(pane.current)}
          />
        )}
      </div>
      {open && <MapLayers layers={layers} commands={commands} />}
    </>
  );
}

function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** A page may be in a frame that has no leave for it: then nothing happens. */
async function toggle(pane: HTMLElement | null): Promise<void> {
  const done = document.fullscreenElement ? document.exitFullscreen() : pane?.requestFullscreen();
  await done?.catch(() => {});
}

function useFullScreen(pane: RefObject<HTMLElement | null>): boolean {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement === pane.current);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, [pane]);
  return full;
}

/** Where the pointer is, or else the middle of the map, which is what the keyboard moves. */
function Coordinates({ map }: { map: LeafletMap }) {
  const [text, setText] = useState("");
  useEffect(() => {
    const middle = () => setText(`centre ${spotText(map.getCenter(), map.getZoom())}`);
    const point = ({ latlng }: { latlng?: { lat: number; lng: number } }) => {
      if (latlng) setText(spotText(latlng, map.getZoom()));
    };
    map.on("mousemove", point);
    map.on("mouseout moveend", middle);
    middle();
    return () => {
      map.off("mousemove", point);
      map.off("mouseout moveend", middle);
    };
  }, [map]);
  return <span class="oew-sub oew-num oew-map-spot">{text}</span>;
}
