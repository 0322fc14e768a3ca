/** Columns of a table as a chart: which ones, and what comes of them. */

import { useEffect, useState } from "preact/hooks";
import { useUniqueId } from "../lib/id";
import { ErrorText, Text } from "../lib/messages";
import { infoOf } from "../lib/reason";
import type { ErrorInfo, PreviewLines, TableView } from "../protocol";
import { Chart } from "./chart";
import type { Kernel } from "./module";

/** More lines of one table are no longer told apart. */
const MOST_LINES = 12;

type Columns = TableView["columns"];

const isTime = (type: string) => /date|time/i.test(type);

/** A column of dates, else the number of the row. */
export function firstX(columns: Columns): string {
  return columns.find(({ type }) => isTime(type))?.name ?? "";
}

/** What can be drawn over x: numbers. */
export function choices(columns: Columns, x: string): string[] {
  return columns.flatMap(({ name, numeric }) => (numeric && name !== x ? [name] : []));
}

interface ColumnChartsProps {
  columns: Columns;
  name: string;
  index: number;
  kernel: Kernel;
}

type Answer = { chart: PreviewLines } | { error: ErrorInfo } | null;

function useChart({ kernel, index }: ColumnChartsProps, x: string, y: readonly string[]): Answer {
  const [answer, setAnswer] = useState<Answer>(null);
  const wanted = JSON.stringify([x, y]);
  useEffect(() => {
    let current = true;
    if (y.length === 0) return undefined;
    kernel.query({ kind: "preview_columns", view: index, x, y: [...y] }).then(
      (chart) => current && setAnswer({ chart: readChart(chart) }),
      (error: unknown) => current && setAnswer({ error: infoOf(error) }),
    );
    return () => {
      current = false;
    };
    // The names are what matters, not in which list they are.
  }, [kernel, index, wanted]);
  return y.length === 0 ? null : answer;
}

function readChart(answer: unknown): PreviewLines {
  const { lines, x, note } = (answer ?? {}) as Partial<PreviewLines>;
  return { lines: lines ?? [], x: x === "time" ? "time" : "number", note: note ?? "" };
}

export function ColumnCharts(props: ColumnChartsProps) {
  const { columns, name } = props;
  const id = useUniqueId();
  const [x, setX] = useState(() => firstX(columns));
  const [picked, pick] = useState<readonly string[]>(() => choices(columns, x).slice(0, 1));
  const possible = choices(columns, x);
  const y = picked.filter((column) => possible.includes(column));
  const answer = useChart(props, x, y);
  const toggle = (column: string, on: boolean) =>
    pick(on ? [...y, column].slice(-MOST_LINES) : y.filter((other) => other !== column));
  return (
    <div class="oew-column-chart">
      <div class="oew-view-tools">
        <label for={`${id}-x`}>Over</label>
        <select id={`${id}-x`} value={x} onChange={(event) => setX(event.currentTarget.value)}>
          <option value="">number of the row</option>
          {columns.map((column) => (
            <option key={column.name} value={column.name}>
              {column.name}
            </option>
          ))}
        </select>
        <fieldset class="oew-columns-y">
          <legend class="oew-sr">Columns to draw</legend>
          {possible.map((column) => (
            <label class="oew-check" key={column}>
              <input
                type="checkbox"
                checked={y.includes(column)}
                onChange={(event) => toggle(column, event.currentTarget.checked)}
              />
              <Text>{column}</Text>
            </label>
          ))}
        </fieldset>
      </div>
      {possible.length === 0 && <p class="oew-note">No other column has numbers.</p>}
      {answer && "error" in answer && (
        <div class="oew-pad">
          <ErrorText error={answer.error} />
        </div>
      )}
      {answer && "chart" in answer && <Chart {...answer.chart} x_name={x || "row"} name={name} />}
    </div>
  );
}
