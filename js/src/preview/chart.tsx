/** The view "Chart": lines over time, or over numbers. */

import { useMemo, useState } from "preact/hooks";
import { Text } from "../lib/messages";
import type { ChartLine } from "../protocol";
import { useDrag, useWheel, useWidth } from "./chart-hooks";
import { LegendLists } from "./chart-legend";
import { Cursor, Plot, Selection } from "./chart-plot";
import { Readout, spoken } from "./chart-readout";
import { ChartTools } from "./chart-tools";
import { useChosenLines } from "./chosen";
import { type Frame, frameOf, HEIGHT, summary, valueName } from "./frame";
import { type Legend, legendOf } from "./legend";
import { instants, type Line, linesOf, nearest, rangeOf } from "./lines";
import type { Kernel, OnMap } from "./module";
import type { Range } from "./scale";
import { framed, moved, panned, revealed, zoomed } from "./sight";

interface ChartProps {
  /** Of the file. */
  name: string;
  lines: readonly ChartLine[];
  x: "time" | "number";
  x_name: string;
  note: string;
  onMap?: OnMap;
  kernel?: Kernel;
}

export function Chart(props: ChartProps) {
  const { x, note } = props;
  const { lines, group, light } = useChosenLines(props.lines, props.onMap, props.kernel);
  const all = useMemo(() => linesOf(lines, x), [lines, x]);
  const full = useMemo(() => rangeOf(all), [all]);
  return (
    <>
      {note && (
        <p class="oew-note">
          <Text>{note}</Text>
        </p>
      )}
      {full ? (
        <Drawn {...props} all={all} full={full} chosen={group} light={light} />
      ) : (
        <p class="oew-note">There are no points to draw.</p>
      )}
    </>
  );
}

interface DrawnProps extends ChartProps {
  all: readonly Line[];
  full: Range;
  /** Group of the lines that stand out, or null for all of them. */
  chosen: string | null;
  light: (group: string | null) => void;
}

/** What somebody sees of the lines, and how they come to see more. */
function useSight({ all, full, chosen }: DrawnProps) {
  const legend = useMemo(() => legendOf(all), [all]);
  const looks = useMemo(() => faded(legend.looks, all, chosen), [legend, all, chosen]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [sight, setSight] = useState<Range | null>(null);
  const shown = useMemo(() => shownOf(all, legend, hidden), [all, legend, hidden]);
  const read = useMemo(() => readOf(shown, all, chosen), [shown, all, chosen]);
  const seen = useMemo(() => [...shown].flatMap((index) => all[index] ?? []), [all, shown]);
  const places = useMemo(() => instants(seen), [seen]);
  const [at, setAt] = useState<number | null>(null);
  const toggle = (ids: readonly string[], on: boolean) => {
    const next = new Set(hidden);
    for (const id of ids)
      if (on) next.delete(id);
      else next.add(id);
    setHidden(next);
  };
  const look = {
    zoom: (factor: number, around?: number) => setSight(zoomed(sight, full, factor, around)),
    pan: (part: number) => setSight(panned(sight, full, part)),
    frame: (one: number, other: number) => setSight(framed(one, other, full)),
    move: (from: Range, by: number) => setSight(moved(from, full, by)),
    reset: () => setSight(null),
  };
  return {
    legend,
    looks,
    hidden,
    toggle,
    shown,
    read,
    seen,
    places,
    at,
    setAt,
    sight,
    setSight,
    look,
  };
}

/** Indices of the lines that nothing in the legend takes away. */
function shownOf(all: readonly Line[], legend: Legend, hidden: ReadonlySet<string>) {
  const gone = new Set<number>();
  legend.lists.forEach(({ entries }, list) => {
    entries.forEach((entry, index) => {
      if (hidden.has(`${list} ${index}`)) for (const line of entry.lines) gone.add(line);
    });
  });
  return new Set(all.flatMap((_, index) => (gone.has(index) ? [] : [index])));
}

/** Looks of the lines, those beside the chosen ones faded. */
function faded(looks: readonly string[], all: readonly Line[], chosen: string | null): string[] {
  return looks.map((look, index) =>
    chosen === null || all[index]?.group === chosen ? look : `${look} oew-faded`,
  );
}

/** Indices of the lines whose values are read: of the chosen ones, where any is seen. */
function readOf(shown: ReadonlySet<number>, all: readonly Line[], chosen: string | null) {
  const some = [...shown].filter((index) => all[index]?.group === chosen);
  return some.length > 0 ? new Set(some) : shown;
}

type Seeing = ReturnType<typeof useSight>;

function Drawn(props: DrawnProps) {
  const { all, full, x, x_name, name } = props;
  const seeing = useSight(props);
  const { legend, look, sight } = seeing;
  const { host, width } = useWidth();
  const frame = useMemo(
    () => frameOf({ lines: seeing.seen, range: sight ?? full, x, width }),
    [seeing.seen, sight, full, x, width],
  );
  const words = useMemo(() => summary(all, x, x_name), [all, x, x_name]);
  return (
    <figure class="oew-chart" aria-label={`Line chart of ${name}: ${words}`}>
      <div class="oew-chart-head">
        <LegendLists
          {...{ legend, all, chosen: props.chosen, light: props.light }}
          hidden={seeing.hidden}
          onToggle={seeing.toggle}
        />
        <ChartTools zoomed={sight !== null} look={look} />
      </div>
      <div class="oew-plot-place" ref={host}>
        <Interactive {...props} seeing={seeing} frame={frame} />
      </div>
      <figcaption class="oew-sub">
        {words}
        {sight && " · a part of it is shown"}
      </figcaption>
    </figure>
  );
}

/** The plot as it answers to pointer and keys. */
function Interactive(props: DrawnProps & { seeing: Seeing; frame: Frame }) {
  const { all, x, seeing, frame, name } = props;
  const { at, setAt, look, shown, looks, read } = seeing;
  const drag = useDrag(frame, seeing.sight, look);
  const box = useWheel(frame, look);
  const [said, say] = useState("");
  const strokes = useMemo(
    () => <Plot frame={frame} all={all} shown={shown} looks={looks} name={valueName(all)} />,
    [frame, all, shown, looks],
  );
  const press = usePress(props, say);
  return (
    <div
      ref={box}
      class="oew-plot"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys read the values, and look closer
      tabIndex={0}
      style={{ height: `${HEIGHT}px` }}
      aria-label={`Chart of ${name}. Arrow keys read the values, plus and minus look closer and farther, with Shift the arrows move.`}
      onKeyDown={press}
      onPointerDown={drag.down}
      onPointerUp={drag.up}
      onPointerCancel={drag.cancel}
      onPointerLeave={() => setAt(null)}
      onDblClick={look.reset}
      onPointerMove={(event) => {
        const left = drag.move(event);
        const place = seeing.places[nearest(seeing.places, frame.at(left))];
        setAt(place === undefined ? null : place);
      }}
    >
      {strokes}
      {drag.selection && <Selection frame={frame} range={drag.selection} />}
      {at !== null && <Cursor frame={frame} all={all} shown={read} looks={looks} at={at} />}
      {at !== null && <Readout frame={frame} all={all} shown={read} looks={looks} at={at} x={x} />}
      <div class="oew-sr" role="status">
        {said}
      </div>
    </div>
  );
}

const ZOOM = 0.6;
const STEP = 0.25;

function usePress(
  { all, full, x, seeing }: DrawnProps & { seeing: Seeing },
  say: (text: string) => void,
) {
  const { at, setAt, places, read: readable, sight, setSight, look } = seeing;
  const read = (index: number) => {
    const place = places[Math.max(0, Math.min(places.length - 1, index))];
    if (place === undefined) return;
    setAt(place);
    setSight(revealed(sight, full, place));
    say(spoken(all, readable, place, x));
  };
  const now = at === null ? nearest(places, sight?.[0] ?? full[0]) : nearest(places, at);
  const step = at === null ? 0 : 1;
  const page = Math.max(1, Math.floor(places.length / 20));
  const keys: Record<string, () => void> = {
    ArrowRight: () => read(now + step),
    ArrowLeft: () => read(now - step),
    PageDown: () => read(now + page),
    PageUp: () => read(now - page),
    Home: () => read(0),
    End: () => read(places.length - 1),
    "Shift ArrowRight": () => look.pan(STEP),
    "Shift ArrowLeft": () => look.pan(-STEP),
    "+": () => look.zoom(ZOOM, at ?? undefined),
    "=": () => look.zoom(ZOOM, at ?? undefined),
    "-": () => look.zoom(1 / ZOOM, at ?? undefined),
    "0": look.reset,
  };
  if (at !== null) keys.Escape = () => setAt(null);
  else if (sight) keys.Escape = look.reset;
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const arrow = event.shiftKey && event.key.startsWith("Arrow");
    const act = keys[`${arrow ? "Shift " : ""}${event.key}`];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}
