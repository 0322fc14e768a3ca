/**
 * What a preview of a file shows, and what is asked of it. The trait holds what a first look
 * needs, 200 kB at most; rows, branches of a tree and pictures are asked for.
 */

import type { ErrorInfo } from "./protocol";

export interface Preview {
  key: string;
  name: string;
  /** ask: reading it costs more than is read unasked; `question` says what. */
  state: "loading" | "ask" | "ready" | "error";
  error: ErrorInfo | null;
  /** What is left out, in words, or "". */
  note: string;
  /** What `whole` would cost: "512 MB: read all of it?". In state ask always; in state ready where
   *  a part is shown and all of it can be had; else "". */
  question: string;
  /** The Python that loads the same, without secrets; "" if none. */
  python: string;
  /** The one that fits first comes first. */
  views: PreviewView[];
}

/** Views of kinds that are not known here are left out by the browser. */
export type PreviewView =
  | ChartView
  | TableView
  | TreeView
  | TextView
  | ImageView
  | FactsView
  | HtmlView;

export interface ChartView {
  kind: "chart";
  label: string;
  lines: ChartLine[];
  x: "time" | "number";
  x_name: string;
  note: string;
}

/** One line: x ascending, in ms since the epoch or as numbers; y null for a gap. */
export interface ChartLine {
  name: string;
  /** The geometry that it is of, or "". */
  group: string;
  /** The band that it is of, or "". */
  band: string;
  x: number[];
  y: (number | null)[];
}

/** Rows are asked for with `preview_rows`. */
export interface TableView {
  kind: "table";
  label: string;
  columns: TableColumn[];
  /** How many there are in all. */
  rows: number;
  note: string;
  /** Whether columns can be drawn: `preview_columns`. */
  charts: boolean;
}

export interface TableColumn {
  name: string;
  type: string;
  numeric: boolean;
}

/** Branches are asked for with `preview_children`. */
export interface TreeView {
  kind: "tree";
  label: string;
  root: TreeNode;
  note: string;
}

export interface TreeNode {
  /** Key or number in its parent; "$" for the root. */
  name: string;
  /** A JSON path: $.a[0]["b c"]. */
  path: string;
  type: "object" | "array" | "string" | "number" | "boolean" | "null";
  /** Its beginning. */
  text: string;
  /** How many children it has. */
  count: number;
}

export interface TextView {
  kind: "text";
  label: string;
  text: string;
  complete: boolean;
}

/** The picture is asked for with `preview_image`. */
export interface ImageView {
  kind: "image";
  label: string;
  /** Pixels. */
  width: number;
  height: number;
  alt: string;
  note: string;
}

export interface FactsView {
  kind: "facts";
  label: string;
  facts: { name: string; text: string }[];
}

/** A page that another library made: to be shown in a frame that may do nothing. */
export interface HtmlView {
  kind: "html";
  label: string;
  html: string;
}

/** `view` is the number of a view in `Preview.views`. */
export type PreviewMessage =
  /** `whole` is the answer to `question`. */
  | { id: string; kind: "preview"; key: string; whole?: boolean }
  | { id: string; kind: "close_preview" }
  /** Answered with PreviewRows. At most 200 rows; `sort` is the name of a column, or "". */
  | {
      id: string;
      kind: "preview_rows";
      view: number;
      start: number;
      count: number;
      sort: string;
      descending: boolean;
      search: string;
    }
  /** Answered with PreviewLines: columns `y` over column `x`; "" for the number of the row. */
  | { id: string; kind: "preview_columns"; view: number; x: string; y: string[] }
  /** Answered with PreviewChildren. */
  | { id: string; kind: "preview_children"; path: string; start: number; count: number }
  /** Answered with PreviewFound. */
  | { id: string; kind: "preview_find"; text: string }
  /** Answered with PreviewImage, and bytes. */
  | { id: string; kind: "preview_image" };

export interface PreviewRows {
  start: number;
  /** How many rows match the search. */
  total: number;
  /** Null where there is no value. */
  rows: (string | null)[][];
}

export interface PreviewLines {
  lines: ChartLine[];
  x: "time" | "number";
  /** What is left out, or "". */
  note: string;
}

export interface PreviewChildren {
  nodes: TreeNode[];
  /** How many children there are in all. */
  total: number;
}

export interface PreviewFound {
  /** Of nodes whose name or value holds the text, in order. */
  paths: string[];
  more: boolean;
}

export interface PreviewImage {
  media_type: string;
}
