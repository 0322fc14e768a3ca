/** Two rasters beside each other on the map, with a divider that is moved between them. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "../lib/icons";
import type { LeafletMap } from "../lib/leaflet";
import { Text } from "../lib/messages";
import type { RasterState, ResultsState } from "../protocol";
import { keepClipped } from "./clip";

/** In percent of the map's width. */
const STEP = 2;
const LEAP = 10;

export type Pair = readonly [RasterState, RasterState];

/** The rasters left and right of the divider, or null where both are not seen on the map. */
export function pairOf({ raster, compared, layers }: ResultsState): Pair | null {
  const seen = (key: string) => layers.some((layer) => layer.key === key && layer.visible);
  return raster && compared && seen("raster") && seen("compared") ? [raster, compared] : null;
}

/** Where a key moves the divider, or null for a key that does not. */
export function movedBy(key: string, percent: number): number | null {
  const by: Record<string, number> = {
    ArrowLeft: -STEP,
    ArrowDown: -STEP,
    ArrowRight: STEP,
    ArrowUp: STEP,
    PageDown: -LEAP,
    PageUp: LEAP,
    Home: -100,
    End: 100,
  };
  return by[key] === undefined ? null : within(percent + by[key]);
}

function within(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}

/** What tells a raster from the other one: its date first, where it has one. */
export function sideName({ name, frames, frame }: RasterState): string {
  const label = frames[frame]?.label;
  return label ? `${label} · ${name}` : name;
}

interface SwipeProps {
  map: LeafletMap;
  pair: Pair;
}

/** The divider, over the map. */
export function Swipe({ map, pair: [left, right] }: SwipeProps) {
  const [percent, move] = useState(50);
  const names = [sideName(left), sideName(right)] as const;
  const divider = useRef<HTMLDivElement>(null);
  const clip = useRef(() => {});
  useLayoutEffect(() => {
    if (!divider.current) return undefined;
    const controller = new AbortController();
    const marks = [left.mark, right.mark] as const;
    clip.current = keepClipped(map, divider.current, marks, controller.signal);
    return () => controller.abort();
  }, [map, left.mark, right.mark]);
  useLayoutEffect(() => clip.current(), [percent]);
  return (
    <div
      class="oew-swipe"
      ref={divider}
      style={{ left: `${percent}%` }}
      role="slider"
      tabIndex={0}
      aria-label={`Divider between ${names[0]} and ${names[1]}`}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      aria-valuetext={`${names[0]} on the left ${Math.round(percent)} % of the map`}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const to = movedBy(event.key, percent);
        if (to === null) return;
        event.preventDefault();
        move(to);
      }}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={({ currentTarget, pointerId, clientX }) => {
        const whole = currentTarget.parentElement?.getBoundingClientRect();
        if (!whole || !currentTarget.hasPointerCapture(pointerId)) return;
        move(within((100 * (clientX - whole.left)) / whole.width));
      }}
    >
      <span class="oew-swipe-handle">
        <Icon name="left" />
        <Icon name="right" />
      </span>
    </div>
  );
}

/** Which file is on which side: below the map, whose corners may be taken by its user's controls. */
export function SwipeNames({ pair: [left, right] }: { pair: Pair }) {
  return (
    <div class="oew-swipe-names">
      <SideName icon="left" label="Left of the divider:" name={sideName(left)} />
      <SideName icon="right" label="Right of the divider:" name={sideName(right)} />
    </div>
  );
}

function SideName({ icon, label, name }: { icon: IconName; label: string; name: string }) {
  return (
    <span title={name}>
      <Icon name={icon} label={label} />
      <span>
        <Text>{name}</Text>
      </span>
    </span>
  );
}
