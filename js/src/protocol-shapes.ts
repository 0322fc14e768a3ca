/**
 * Features of the open preview on the map: rows of a GeoJSON file, or the geometries that curves
 * are of. See protocol.ts, whose part this is.
 */

import type { ErrorInfo } from "./protocol";

export interface ShapesState {
  /** Key of the file. */
  key: string;
  /** Its name, and that of the layer. */
  name: string;
  /** offered: not drawn, and not asked for. */
  state: "offered" | "loading" | "ready" | "error";
  error: ErrorInfo | null;
  /** What is left out, or odd about where they lie, or "". */
  note: string;
  /** What drawing more of them means, or "". */
  question: string;
  /** How many are on the map, of how many. */
  drawn: number;
  total: number;
  /** The geometries that curves are of; empty for the features of a file. */
  list: ShapeRow[];
}

export interface ShapeRow {
  /** Its number, from 0. */
  row: number;
  /** What its curves are called: `ChartLine.group`. */
  group: string;
  /** What its properties call it, or "". */
  name: string;
}

/** The one that is chosen. */
export interface ShapeState {
  row: number;
  group: string;
  name: string;
  /** Whether it has a place that can be drawn. */
  placed: boolean;
  /** Its id and properties. */
  facts: { name: string; text: string }[];
}

export type ShapesMessage =
  /** `whole`: also where that is a lot for the browser. */
  | { id: string; kind: "shapes_show"; whole?: boolean }
  | { id: string; kind: "shapes_hide" }
  /** null for none. */
  | { id: string; kind: "shape_choose"; row: number | null }
  /** Which the pointer or the focus is at; not told more often than is seen. */
  | { id: string; kind: "shape_light"; row: number | null }
  /** Chooses the feature in a row of the table, in the order that is shown. */
  | {
      id: string;
      kind: "shape_row";
      view: number;
      position: number;
      sort: string;
      descending: boolean;
      search: string;
    }
  /** Answered with ShapePosition: where in a table, in the order that is shown, a feature is. */
  | {
      id: string;
      kind: "shape_position";
      view: number;
      row: number;
      sort: string;
      descending: boolean;
      search: string;
    }
  /** Answered with PreviewLines: the curves of a geometry, also of one that is not drawn. */
  | { id: string; kind: "shape_lines"; row: number };

export interface ShapePosition {
  /** null where it is not among the rows that are shown. */
  position: number | null;
}
