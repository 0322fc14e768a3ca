import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { plural } from "../lib/format";
import { Text } from "../lib/messages";
import type { Series } from "../protocol";
import {
  extent,
  instants,
  type Line,
  lines,
  lonely,
  nearest,
  path,
  readout,
  type Scale,
  timeLabels,
  timeReadout,
  timeTicks,
  valueLabel,
  valueScale,
} from "./chart";

const HEIGHT = 200;
const PAD = { left: 52, right: 14, top: 10, bottom: 24 };
/** Colours come back after this many lines, with another dash. */
const COLOURS = 6;
/** With more points than this, marks would hide the line. */
const MARKS_UP_TO = 60;

interface Frame {
  width: number;
  px: (x: number) => number;
  py: (y: number) => number;
  xTicks: number[];
  y: Scale;
}

function frameOf(shown: readonly Line[], times: readonly number[], width: number): Frame {
  const values = shown.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])));
  const y = valueScale(values, 4);
  const [start, end] = extent(times);
  const inner = Math.max(1, width - PAD.left - PAD.right);
  const high = HEIGHT - PAD.top - PAD.bottom;
  return {
    width,
    px: (x) => PAD.left + (end === start ? inner / 2 : ((x - start) / (end - start)) * inner),
    py: (value) => PAD.top + (1 - (value - y.min) / (y.max - y.min)) * high,
    xTicks: timeTicks(start, end, Math.max(2, Math.floor(inner / 70))),
    y,
  };
}

/** The width that the page gives to `host`. */
function useWidth() {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (!host.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const found = Math.floor(entry?.contentRect.width ?? 0);
      if (found > 0) setWidth(found);
    });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  return { host, width };
}

const style = (index: number) =>
  `oew-line-${index % COLOURS} oew-dash-${Math.floor(index / COLOURS) % 3}`;

export function Chart({ series, name }: { series: readonly Series[]; name: string }) {
  const all = useMemo(() => lines(series), [series]);
  const times = useMemo(() => instants(all), [all]);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [at, setAt] = useState<number | null>(null);
  const { host, width } = useWidth();
  const shown = all
    .map((line, index) => ({ line, index }))
    .filter(({ index }) => !hidden.has(index));
  const frame = frameOf(shown.length ? shown.map(({ line }) => line) : all, times, width);
  const toggle = (index: number) => {
    const next = new Set(hidden);
    if (!next.delete(index)) next.add(index);
    setHidden(next);
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") setAt(null);
    if (step === undefined) return;
    event.preventDefault();
    setAt(Math.min(times.length - 1, Math.max(0, at === null ? 0 : at + step)));
  };
  return (
    <div class="oew-chart">
      <Readout
        at={at === null ? undefined : times[at]}
        all={all}
        hidden={hidden}
        onToggle={toggle}
      />
      <div
        ref={host}
        class="oew-plot"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read the values
        tabIndex={0}
        aria-label={`${describeChart(all, times, name)} Arrow keys read the values.`}
        onKeyDown={move}
        onPointerLeave={() => setAt(null)}
        onPointerMove={(event) => {
          const left = event.currentTarget.getBoundingClientRect().left;
          setAt(nearestTo(event.clientX - left, times, frame));
        }}
      >
        <Plot frame={frame} shown={shown} at={at === null ? undefined : times[at]} />
      </div>
    </div>
  );
}

function nearestTo(left: number, times: readonly number[], { width }: Frame): number {
  const [start, end] = extent(times);
  const part = (left - PAD.left) / Math.max(1, width - PAD.left - PAD.right);
  return nearest(times, start + part * (end - start));
}

function describeChart(all: readonly Line[], times: readonly number[], name: string): string {
  const [start, end] = extent(times);
  const span = `${timeReadout(start)} to ${timeReadout(end)}`;
  return `Line chart of ${name}: ${plural(all.length, "line")}, ${span}.`;
}

interface PlotProps {
  frame: Frame;
  shown: readonly { line: Line; index: number }[];
  at: number | undefined;
}

function Plot({ frame, shown, at }: PlotProps) {
  const { width, px, py } = frame;
  return (
    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      <Axes frame={frame} />
      {at !== undefined && (
        <path class="oew-cursor" d={`M${px(at)} ${PAD.top}V${HEIGHT - PAD.bottom}`} />
      )}
      {shown.map(({ line, index }) => {
        const many = line.points.length > MARKS_UP_TO;
        const marks = many ? lonely(line.points) : line.points;
        return (
          <g key={index} class={style(index)} data-series={line.name}>
            <path class="oew-line" d={path(line.points, px, py)} />
            {marks.map(({ x, y }) => y !== null && <circle key={x} cx={px(x)} cy={py(y)} r="2" />)}
            {line.points.map(
              ({ x, y }) =>
                x === at && y !== null && <circle key={`at ${x}`} cx={px(x)} cy={py(y)} r="4" />,
            )}
          </g>
        );
      })}
    </svg>
  );
}

function Axes({ frame: { width, px, py, xTicks, y } }: { frame: Frame }) {
  const right = width - PAD.right;
  const labels = timeLabels(xTicks);
  return (
    <g class="oew-axes">
      {y.ticks.map((value) => (
        <g key={value}>
          <path d={`M${PAD.left} ${py(value)}H${right}`} />
          <text x={PAD.left - 8} y={py(value) + 4} text-anchor="end">
            {valueLabel(value, y)}
          </text>
        </g>
      ))}
      {xTicks.map((value, index) => (
        <g key={value}>
          <path d={`M${px(value)} ${HEIGHT - PAD.bottom}v4`} />
          <text x={Math.min(px(value), right - 14)} y={HEIGHT - 6} text-anchor="middle">
            {labels[index]}
          </text>
        </g>
      ))}
    </g>
  );
}

interface ReadoutProps {
  at: number | undefined;
  all: readonly Line[];
  hidden: ReadonlySet<number>;
  onToggle: (index: number) => void;
}

/** The legend, which also says the values at the cursor; a line's name hides and shows it. */
function Readout({ at, all, hidden, onToggle }: ReadoutProps) {
  const valueAt = (line: Line) => readout(line.points.find(({ x }) => x === at)?.y ?? null);
  return (
    <div class="oew-legend oew-num">
      {all.map((line, index) => (
        <button
          type="button"
          key={index}
          class={`oew-legend-item ${style(index)}`}
          aria-pressed={!hidden.has(index)}
          onClick={() => onToggle(index)}
        >
          <svg width="18" height="10" aria-hidden="true">
            <path class="oew-line" d="M0 5H18" />
            <circle cx="9" cy="5" r="2.5" />
          </svg>
          <Text>{line.name || `line ${index + 1}`}</Text>
          {at !== undefined && <b>{valueAt(line)}</b>}
        </button>
      ))}
      <span class="oew-sub" aria-live="polite">
        {at === undefined ? "" : timeReadout(at)}
      </span>
    </div>
  );
}
