/** The geometry that is chosen, on the map or in its list, as charts and tables take part in it. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { throttled } from "../lib/throttle";
import type { ChartLine, PreviewLines, ShapePosition } from "../protocol";
import type { Cell, Marked } from "./cells";
import type { Kernel, OnMap } from "./module";
import type { Order } from "./rows";

/** More often nobody sees it, and the Jupyter server has other messages to pass on. */
const EVERY_MS = 100;

export interface ChosenLines {
  /** Those of the chosen geometry are among them, also where they were not drawn. */
  lines: readonly ChartLine[];
  /** What the lines of the chosen geometry are called, or null where none is chosen. */
  group: string | null;
  /** Lights up the geometry of a group; null for none. */
  light: (group: string | null) => void;
}

/** Lines beside the geometries that they are of. */
export function useChosenLines(
  lines: readonly ChartLine[],
  onMap: OnMap | undefined,
  kernel: Kernel | undefined,
): ChosenLines {
  const list = onMap?.shapes?.list;
  const shape = list?.length ? (onMap?.shape ?? null) : null;
  const group = shape?.group || null;
  const [more, setMore] = useState<{ row: number; lines: ChartLine[] } | null>(null);
  const missing = shape && !lines.some((line) => line.group === group) ? shape.row : null;
  useEffect(() => {
    if (missing === null || !kernel) return undefined;
    let current = true;
    kernel.query({ kind: "shape_lines", row: missing }).then(
      (data) => current && setMore({ row: missing, lines: (data as PreviewLines).lines }),
      () => {}, // the preview was closed meanwhile
    );
    return () => {
      current = false;
    };
  }, [missing, kernel]);
  const all = useMemo(
    () => (more && more.row === missing ? [...lines, ...more.lines] : lines),
    [lines, more, missing],
  );
  const controller = useMemo(() => new AbortController(), []);
  useEffect(() => () => controller.abort(), [controller]);
  const light = useMemo(() => {
    const rows = new Map(list?.map((one) => [one.group, one.row]));
    const tell = throttled(
      (row: number | null) => kernel?.tell({ kind: "shape_light", row }),
      EVERY_MS,
      controller.signal,
    );
    return (wanted: string | null) => {
      if (rows.size > 0) tell(wanted === null ? null : (rows.get(wanted) ?? null));
    };
  }, [list, kernel, controller]);
  return { lines: all, group, light };
}

/** Asks about what is wanted last, one question at a time. */
class Latest<Value> {
  #next: { value: Value } | null = null;
  busy = false;

  constructor(readonly ask: (value: Value) => Promise<unknown>) {}

  async tell(value: Value): Promise<void> {
    this.#next = { value };
    if (this.busy) return;
    this.busy = true;
    while (this.#next) {
      const { value: wanted } = this.#next;
      this.#next = null;
      await this.ask(wanted).catch(() => {}); // a row that is gone: the next one is told of
    }
    this.busy = false;
  }
}

interface RowsProps {
  onMap: OnMap | undefined;
  kernel: Kernel;
  /** Number of the table among the views. */
  view: number;
  order: Order;
  marked: Marked | null;
  mark: (marked: Marked | null) => void;
}

/**
 * Rows of a table beside the features that they are of: the cursor chooses on the map, and the map
 * moves the cursor. Returns what a cursor that somebody moves is told to, and the cell to reveal.
 */
export function useChosenRow({ onMap, kernel, view, order, marked, mark }: RowsProps) {
  const { shapes = null, shape = null } = onMap ?? {};
  const on = shapes?.state === "ready" && shapes.list.length === 0;
  const [found, find] = useState<Cell | null>(null);
  const latest = useRef({ marked, order });
  latest.current = { marked, order };
  const asking = useMemo(
    () =>
      new Latest((position: number) =>
        kernel.query({ kind: "shape_row", view, position, ...latest.current.order }),
      ),
    [kernel, view],
  );
  const row = on && shape ? shape.row : null;
  useEffect(() => {
    // What somebody does here is ahead of what the map says.
    if (row === null || asking.busy) return undefined;
    let current = true;
    kernel.query({ kind: "shape_position", view, row, ...latest.current.order }).then(
      (data) => {
        const { position } = data as ShapePosition;
        const { marked: now } = latest.current;
        if (!current || asking.busy || position === null || position === now?.to.row) return;
        const cell = { row: position, column: now?.to.column ?? 0 };
        mark({ from: cell, to: cell });
        find(cell);
      },
      () => {}, // the preview was closed meanwhile
    );
    return () => {
      current = false;
    };
  }, [row, kernel, view, asking, mark]);
  const moved = (to: Marked) => {
    mark(to);
    if (on && to.to.row >= 0 && to.to.row !== marked?.to.row) void asking.tell(to.to.row);
  };
  return { moved, found };
}
