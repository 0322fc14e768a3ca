/**
 * What Python and the browser say to each other: the names and shapes of the synced traits,
 * and of the messages. Python owns the defaults; tests/unit/widgets/test_protocol.py compares the
 * names here with those in openeo_widgets/widgets.
 *
 * State that a redrawn view needs is a trait; what the person does is a message with an id,
 * and every message is answered. Times are milliseconds since the epoch, sizes are bytes.
 */

/** An error as a person should read it. */
export interface ErrorInfo {
  /** What happened, in words. */
  message: string;
  /** The openEO error code, or "" */
  code: string;
  /** The back-end's reference for its support, or "" */
  id: string;
  /** What to do next, or "" */
  hint: string;
}

/** One thing that happened to the job. `at_ms` is null where the time is not known. */
export interface Step {
  status: string;
  at_ms: number | null;
}

/** How fresh the shown state is. */
export interface Freshness {
  /** never: not asked yet. live: answers come. resting: the state is an end, nobody asks.
   *  lost: no answer, asking again. signed_out and gone: nobody asks until something changes. */
  state: "never" | "live" | "resting" | "lost" | "signed_out" | "gone";
  asked_ms: number | null;
  next_ms: number | null;
  /** How many times in a row there was no answer. */
  attempt: number;
  /** Why there was no answer, in words, or "". */
  reason: string;
}

/** What can be done now. A name that is absent is not offered. */
export type JobAction = "start" | "cancel" | "refresh";

export interface JobState {
  job_id: string;
  title: string;
  /** Host of the back-end, for the reader. */
  backend: string;
  /** As the back-end says it, unknown ones included; "" before the first answer. */
  status: string;
  /** 0 to 100, or null where the back-end reports none. */
  progress: number | null;
  error: ErrorInfo | null;
  /** Oldest first. The last one is where the job is now. */
  steps: Step[];
  freshness: Freshness;
  actions: JobAction[];
  /** An action under way: "start", "cancel", or "". */
  pending: string;
  /** A warning to confirm before a start that discards results, or "". */
  start_warning: string;
  /** A sentence about the last action ("The back-end accepted ..."), or "". */
  notice: string;
  /** Reference to the ResultsWidget below the card ("IPY_MODEL_..."), or null. */
  results: string | null;
}

export type JobMessage =
  | { id: string; kind: "start" | "cancel" | "refresh" }
  /** Whether the person can see the card: told when that changes, and again while they can. */
  | { id: string; kind: "look"; visible: boolean };

export interface AssetRow {
  key: string;
  name: string;
  /** A short word for people: "GeoTIFF", "JSON". */
  label: string;
  media_type: string;
  /** Bytes, or null where it is not told. */
  size: number | null;
  title: string;
  roles: string[];
  /** Whether "preview" is offered. */
  previewable: boolean;
}

/** One file on its way to the Jupyter server. */
export interface Download {
  key: string;
  /** done: complete, under its final name; verified tells whether size or checksum agreed. */
  state: "waiting" | "running" | "done" | "failed" | "canceled";
  done_bytes: number;
  total_bytes: number | null;
  bytes_per_s: number | null;
  /** Where it is, relative to the kernel's folder where possible; "" until done. */
  path: string;
  verified: boolean;
  error: ErrorInfo | null;
}

/** One line of a chart: x in ms since the epoch, y null for a gap. */
export interface Series {
  name: string;
  x: number[];
  y: (number | null)[];
}

export interface Preview {
  key: string;
  name: string;
  state: "loading" | "ready" | "error";
  error: ErrorInfo | null;
  /** The JSON text as far as it fits the budget, or "". */
  text: string;
  /** True when `text` is complete and is JSON: then the tree can be shown. */
  complete: boolean;
  /** What is left out, in words, or "". */
  note: string;
  /** Empty when it is no time series. */
  series: Series[];
}

export interface ResultsState {
  title: string;
  job_id: string;
  backend: string;
  /** "Item", "Collection" or "". */
  stac_type: string;
  /** waiting: the job has not finished; they come by themselves when it has. */
  state: "loading" | "waiting" | "ready" | "error";
  /** What the back-end said, where it is error or waiting. */
  error: ErrorInfo | null;
  assets: AssetRow[];
  /** ISO 8601 dates, "" for open ends. */
  interval: [string, string];
  /** When the links expire, or null where it is not told. */
  expires_ms: number | null;
  /** True for results of a job that is not finished or did not finish. */
  partial: boolean;
  /** West, south, east, north in degrees, or null: then `footprint_note` says why. */
  bbox: [number, number, number, number] | null;
  footprint_note: string;
  /** The folder on the Jupyter server that downloads go to. */
  target: string;
  downloads: Record<string, Download>;
  preview: Preview | null;
  /** Key of the selected asset, or "". */
  selected: string;
  /** Reference to the ipyleaflet map ("IPY_MODEL_..."), or null. */
  map: string | null;
}

export type ResultsMessage =
  | { id: string; kind: "download"; key: string }
  | { id: string; kind: "download_all" }
  | { id: string; kind: "cancel_download"; key: string }
  | { id: string; kind: "preview"; key: string }
  | { id: string; kind: "close_preview" }
  | { id: string; kind: "select"; key: string }
  | { id: string; kind: "refresh" };

/** Every message gets one. */
export type Reply = { id: string; ok: true } | { id: string; ok: false; error: ErrorInfo };
