/** What is drawn of a chart. All of it is decoration: the figure says in words what it shows. */

import { BOTTOM, type Frame, HEIGHT, TOP } from "./frame";
import { around, type Line, valueAt } from "./lines";
import type { Range } from "./scale";
import { MOST_MARKS, marks, stroke } from "./stroke";

interface PlotProps {
  frame: Frame;
  all: readonly Line[];
  /** Indices of those that are seen. */
  shown: ReadonlySet<number>;
  /** Class names by line. */
  looks: readonly string[];
}

/** With more points than this in sight, marks would hide the lines. */
const MARKS_UP_TO = 60;

/** The browser draws no more pieces than this at once: with many lines each has fewer of them. */
const MOST_PIECES = 60_000;

/** More pieces than this are drawn as hairlines, which costs browsers a quarter of what broad ones do. */
const MANY_PIECES = 1500;

export function Plot(props: PlotProps & { name: string }) {
  const { frame, all, shown, looks, name } = props;
  const { width, inner, left, range } = frame;
  const columns = Math.max(20, Math.min(inner, MOST_PIECES / 4 / Math.max(1, shown.size)));
  const few = inSight(all, shown, range) <= MARKS_UP_TO;
  const pieces = piecesOf(all, shown, range, columns);
  const fine = pieces > MANY_PIECES ? " oew-plot-fine" : "";
  return (
    <svg class={`oew-plot-lines${fine}`} width={width} height={HEIGHT} aria-hidden="true">
      <Axes frame={frame} name={name} />
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: decoration; what is beyond its edges is cut off */}
      <svg x={left - 4} y={0} width={inner + 8} height={HEIGHT - BOTTOM + 4}>
        <g transform={`translate(${4 - left} 0)`}>
          {[...shown].map((index) => {
            const line = all[index];
            return (
              line && (
                <g key={index} class={looks[index]} data-line={line.name}>
                  <path class="oew-line" d={stroke(line, range, columns, frame)} />
                  {marks(line, range, few).map((at) => (
                    <Mark key={at} frame={frame} x={line.x[at]} y={line.y[at]} r={2} />
                  ))}
                </g>
              )
            );
          })}
        </g>
      </svg>
    </svg>
  );
}

function piecesOf(
  all: readonly Line[],
  shown: ReadonlySet<number>,
  range: Range,
  columns: number,
): number {
  let pieces = 0;
  for (const index of shown) {
    const [first, end] = around(all[index]?.x ?? [], range);
    pieces += Math.min(end - first, 4 * columns);
  }
  return pieces;
}

/** How many points the fullest line has in sight; many lines count as one that is full. */
function inSight(all: readonly Line[], shown: ReadonlySet<number>, [from, to]: Range): number {
  if (shown.size * MARKS_UP_TO > MOST_MARKS * 4) return Number.POSITIVE_INFINITY;
  const counts = [...shown].map((index) => {
    const x = all[index]?.x ?? [];
    return x.length > 10_000 ? x.length : x.filter((at) => at >= from && at <= to).length;
  });
  return Math.max(0, ...counts);
}

interface MarkProps {
  frame: Frame;
  x: number | undefined;
  y: number | null | undefined;
  r: number;
}

function Mark({ frame, x, y, r }: MarkProps) {
  if (x === undefined || y === null || y === undefined) return null;
  return <circle cx={frame.px(x)} cy={frame.py(y)} r={r} />;
}

function Axes({ frame, name }: { frame: Frame; name: string }) {
  const { left, inner, px, py, y, yLabels, xTicks, xLabels } = frame;
  const right = left + inner;
  const floor = HEIGHT - BOTTOM;
  return (
    <g class="oew-axes">
      {y.ticks.map((value, index) => (
        <g key={value}>
          <path d={`M${left} ${py(value)}H${right}`} />
          <text x={left - 8} y={py(value) + 4} text-anchor="end">
            {yLabels[index]}
          </text>
        </g>
      ))}
      {xTicks.map((value, index) => (
        <g key={value}>
          <path d={`M${px(value)} ${floor}v4`} />
          <text x={Math.min(px(value), right - 14)} y={floor + 18} text-anchor="middle">
            {xLabels[index]}
          </text>
        </g>
      ))}
      {name && (
        <text x={left} y={12}>
          {name}
        </text>
      )}
    </g>
  );
}

/** The line at the place that is read, and the points on it. */
export function Cursor({ frame, all, shown, looks, at }: PlotProps & { at: number }) {
  const place = frame.px(at);
  if (place < frame.left - 1 || place > frame.left + frame.inner + 1) return null;
  return (
    <svg class="oew-plot-over" width={frame.width} height={HEIGHT} aria-hidden="true">
      <path class="oew-cursor" d={`M${place} ${TOP}V${HEIGHT - BOTTOM}`} />
      {[...shown].slice(0, MOST_MARKS).map((index) => {
        const line = all[index];
        return (
          line && (
            <g key={index} class={looks[index]}>
              <Mark frame={frame} x={at} y={valueAt(line, at)} r={4} />
            </g>
          )
        );
      })}
    </svg>
  );
}

/** What a drag has framed so far. */
export function Selection({ frame, range: [one, other] }: { frame: Frame; range: Range }) {
  const [from, to] = [frame.px(Math.min(one, other)), frame.px(Math.max(one, other))];
  return (
    <svg class="oew-plot-over" width={frame.width} height={HEIGHT} aria-hidden="true">
      <rect
        class="oew-framed"
        x={from}
        y={TOP}
        width={Math.max(0, to - from)}
        height={HEIGHT - TOP - BOTTOM}
      />
    </svg>
  );
}
