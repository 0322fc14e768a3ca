/** What the kernel answers to the cards, beyond that something was done. */

import type { ErrorInfo, JobLink, Metric } from "./protocol";

export type LogLevel = "debug" | "info" | "warning" | "error";

/** One row: an entry, or several in a row that say the same. */
export interface LogRow {
  /** Number of the row's first entry in the kernel, which does not change. */
  index: number;
  level: string;
  /** ms since the epoch, or null. */
  time_ms: number | null;
  /** Its beginning. */
  message: string;
  /** How many entries in a row say the same; 1 for most. */
  count: number;
  /** Node of the process graph that it comes from, or "". */
  node: string;
}

export interface LogWindow {
  start: number;
  rows: LogRow[];
  /** How many rows match level and search. */
  matching: number;
  /** How many rows there were before the first one, and are kept no more. */
  lost: number;
}

export interface LogDetails {
  index: number;
  /** Whether it matches the level and the search that were named. */
  matches: boolean;
  id: string;
  code: string;
  level: string;
  /** As the back-end sent it. */
  time: string;
  /** ms since the epoch, or null. */
  time_ms: number | null;
  message: string;
  /** JSON text of `data`, or null where there is none. */
  data: string | null;
  /** Or "". */
  stacktrace: string;
  /** What of it all is cut, in words, or "". */
  note: string;
  path: { node_id: string; process_id: string }[];
  usage: Metric[];
  links: JobLink[];
}

export interface LogFile {
  name: string;
  text: string;
}

/** What the forms begin with: a copy of the job, or the job as it is. Nothing is taken out of it. */
export interface Draft {
  title: string;
  description: string;
  plan: string;
  budget: number | null;
  /** Everything else that the job was created with, as JSON: of a copy only. */
  options: string;
  /** What the job computes, as JSON: of a copy only, and null where it cannot be edited here. */
  process: string | null;
  /** Characters that a process may have at most. */
  process_most: number;
  plans: string[];
  currency: string;
}

/** How a file comes to the person's own computer: by a link, or piece by piece. */
export type ToComputer =
  /** `fits` says whether it could come through the kernel, too. */
  { url: string; name: string; fits: boolean } | Passing;

/** A file, or an archive, that the kernel passes on: its pieces are asked for, one after another. */
export interface Passing {
  passing: string;
  name: string;
  /** Bytes, or null where that is not known; of an archive those of the files in it. */
  size: number | null;
}

/** What is said of a piece; its bytes come beside it. */
export interface Piece {
  state: "more" | "whole" | "failed";
  /** Names of files that could not be read and are not in the archive: with the last piece. */
  failed?: string[];
  error?: ErrorInfo;
}

export interface GraphAnswer {
  /** The process, as JSON text, without secrets. */
  text: string;
  /** Ids of nodes in which the job failed or the graph is wrong, with a word about each:
   *  "failed", "failed inside" of a sub-graph of it, "problem". */
  marks: Record<string, string>;
  /** What of it was left out, in words, or "". */
  note: string;
}

/** One HTTP request that was made for this job. */
export interface RequestRow {
  number: number;
  at_ms: number;
  method: string;
  /** Without query. */
  path: string;
  /** null where no answer came. */
  status: number | null;
  ms: number;
  /** The line of Python that does the same. */
  python: string;
}
