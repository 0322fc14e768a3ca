/**
 * What Python and the browser say to each other: the names and shapes of the synced traits,
 * and of the messages. Python owns the defaults; tests/unit/widgets/test_protocol.py compares the
 * names of traits, messages and their fields here with what openeo_widgets/widgets makes and takes.
 *
 * State that a redrawn view needs is a trait; what the person does is a message with an id,
 * and every message is answered. Times are milliseconds since the epoch, sizes are bytes.
 */

import type { Draft, LogLevel } from "./protocol-answers";
import type { AssetRow, Download } from "./protocol-files";
import type { Preview, PreviewMessage } from "./protocol-preview";
import type { RasterMode, RasterState, RasterStretch } from "./protocol-raster";
import type { ShapeState, ShapesMessage, ShapesState } from "./protocol-shapes";

export type * from "./protocol-answers";
export type * from "./protocol-files";
export type * from "./protocol-preview";
export type * from "./protocol-raster";
export type * from "./protocol-shapes";

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
   *  lost: no answer, asking again. signed_out and gone: nobody asks until something changes.
   *  deleted: gone, as it was wanted here. cut_off: the browser alone says this: the kernel is gone. */
  state: "never" | "live" | "resting" | "lost" | "signed_out" | "gone" | "deleted" | "cut_off";
  asked_ms: number | null;
  next_ms: number | null;
  /** How many times in a row there was no answer. */
  attempt: number;
  /** Why there was no answer, in words, or "". */
  reason: string;
}

/** What can be done now, and what the back-end can do at all. A name that is absent is not offered. */
export type JobAction =
  | "start"
  | "cancel"
  | "refresh"
  | "delete"
  | "update"
  | "duplicate"
  | "preflight"
  | "logs"
  | "web_editor"
  | "remove";

/** A link of a job, without its address: that is told when it is opened. */
export interface JobLink {
  title: string;
  rel: string;
  media_type: string;
}

/** A figure with its unit: "cpu", 512, "cpu-seconds". */
export interface Metric {
  name: string;
  value: number;
  unit: string;
}

/** What a full answer tells of a job. Dates are ISO 8601 as the back-end sent them, "" for none. */
export interface Details {
  created: string;
  /** When it was queued and when it began to run: of API 1.3. */
  queued: string;
  started: string;
  updated: string;
  /** CommonMark, shown as text. */
  description: string;
  plan: string;
  /** In `currency`; null for no limit, or not told. */
  budget: number | null;
  costs: number | null;
  /** ISO 4217, or the back-end's own unit such as "credits"; "" where it has none. */
  currency: string;
  log_level: string;
  usage: Metric[];
  links: JobLink[];
  /** Whatever else the back-end tells in a word, such as options that it was created with. */
  more: { name: string; text: string }[];
}

/** A problem that the back-end finds in a process graph. `node` is "" where it names none. */
export interface Problem {
  message: string;
  code: string;
  node: string;
}

/** What a start would cost, and whether it can work. */
export interface Preflight {
  state: "loading" | "ready";
  /** Upper limits; null where the back-end gives no estimate, then `estimate_note` says why. */
  estimate: {
    costs: number | null;
    /** Seconds. */
    duration_s: number | null;
    /** Bytes. */
    size: number | null;
    /** null: as many as you like. Absent in many answers: then it is null too. */
    downloads_included: number | null;
    expires: string;
  } | null;
  estimate_note: string;
  currency: string;
  /** Billing plan that would be used, or "". */
  plan: string;
  /** The job's own limit, in `currency`; null for none. */
  budget: number | null;
  /** What the account has left, in `currency`; null where there is no limit, or none told. */
  credits: number | null;
  /** Bytes that are free in the user's storage, or null. */
  storage_free: number | null;
  /** Whether the graph was checked; false where the back-end does not check. */
  checked: boolean;
  problems: Problem[];
}

/** How many log entries the kernel holds; the entries are asked for, a window at a time. */
export interface LogSummary {
  /** idle: not asked for. */
  state: "idle" | "loading" | "ready" | "error";
  total: number;
  errors: number;
  warnings: number;
  /** How many older ones were let go of, since there are too many. */
  dropped: number;
  /** Whether more may come: the job is under way, and the tab is open. */
  following: boolean;
  /** Such as "Entries of level debug were never stored.", or "". */
  note: string;
  /** Why they cannot be read, or null. */
  error: ErrorInfo | null;
}

/** When a job will end, as far as somebody can tell, and from what. */
export interface Eta {
  ends_ms: number;
  /** "from its progress", "from 3 jobs of yours with the same processes". */
  basis: string;
}

export interface JobState {
  /** What names the output that stays where no kernel is: the live view hides it. */
  static_id: string;
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
  /** An action under way: "start", "cancel", "delete", or "". */
  pending: string;
  /** A warning to confirm before a start that discards results, or "". */
  start_warning: string;
  /** A sentence about the last action ("The back-end accepted ..."), or "". */
  notice: string;
  /** null before the first full answer. */
  details: Details | null;
  /** null until asked for, and of a job that is not to be started. */
  preflight: Preflight | null;
  log_summary: LogSummary;
  /** How many requests were made for this job: the others are asked for by number. */
  request_count: number;
  /** Nodes of the process graph that the job failed in, innermost first. */
  failed_nodes: string[];
  eta: Eta | null;
  /** Whether the person wants a desktop notification when the job ends. */
  notify: boolean;
  /** References to the JobWidgets of copies made here ("IPY_MODEL_..."). */
  copies: string[];
  /** Reference to the ResultsWidget below the card ("IPY_MODEL_..."), or null. */
  results: string | null;
}

export type JobMessage =
  | { id: string; kind: "start" | "cancel" | "refresh" }
  /** Whether the person can see the card: told when that changes, and again while they can. */
  | { id: string; kind: "look"; visible: boolean }
  | { id: string; kind: "delete" }
  /** Takes a copy that is gone off the card below which it is shown; not answered: it goes. */
  | { id: string; kind: "remove" }
  | { id: string; kind: "update"; title: string; description: string }
  /** Answered with a Draft: of a copy, or of the job as it is. */
  | { id: string; kind: "draft"; copy: boolean }
  /** A process that is null stands for that of the job, as it is. */
  | ({ id: string; kind: "duplicate" } & Omit<Draft, "process_most" | "plans" | "currency">)
  | { id: string; kind: "preflight" }
  | { id: string; kind: "notify"; on: boolean }
  /** Answered with { text }. */
  | { id: string; kind: "copy_python" }
  /** Answered with { url }, to be opened and dropped. */
  | { id: string; kind: "open_link"; index: number }
  | { id: string; kind: "web_editor" }
  | { id: string; kind: "logs_open"; wanted: boolean }
  /** Answered with a LogWindow. Rows are counted from 0, oldest first. */
  | {
      id: string;
      kind: "logs_window";
      start: number;
      count: number;
      level: LogLevel;
      search: string;
    }
  /** Answered with LogDetails. */
  | { id: string; kind: "log_details"; index: number; level: LogLevel; search: string }
  /** Answered with a LogFile. */
  | { id: string; kind: "logs_save"; form: "text" | "ndjson"; level: LogLevel; search: string }
  /** Answered with { url }. */
  | { id: string; kind: "log_link"; index: number; link: number }
  /** Answered with a GraphAnswer. */
  | { id: string; kind: "graph" }
  /** Answered with { text }: the graph as it is. */
  | { id: string; kind: "copy_graph" }
  /** Answered with { source }: a module that is only loaded when it is needed. */
  | { id: string; kind: "chunk"; name: "graph" }
  /** Answered with { requests: RequestRow[] }: those after number `since`. */
  | { id: string; kind: "requests"; since: number };

/** One thing that was asked for, and delivered; in words, "" where it is not told. */
export interface Compared {
  what: string;
  asked: string;
  delivered: string;
  differs: boolean | null;
  note: string;
}

/** West, south, east, north in degrees; west > east crosses the antimeridian. */
export type Box = [number, number, number, number];

/** A layer on the map that the widget has put there, or several that are shown as one. */
export interface LayerRow {
  /** "raster" and "compared" are those of the states of these names. */
  key: string;
  name: string;
  visible: boolean;
  /** 0 to 1. */
  opacity: number;
}

export interface ResultsState {
  /** As in JobState. */
  static_id: string;
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
  /** Whether the job was deleted, and its results with it. */
  deleted: boolean;
  /** Of all of it, or null: then `footprint_note` says why. */
  bbox: Box | null;
  footprint_note: string;
  /** Empty until it is known, or where nothing was asked for. */
  comparison: Compared[];
  /** What else is to be known of the results, one sentence each. */
  notes: string[];
  /** While the Items that the results link to are read; else null. */
  reading: { done: number; known: number } | null;
  /** The folder on the Jupyter server that downloads go to. */
  target: string;
  downloads: Record<string, Download>;
  /** Why the last download of all files left no STAC beside them, or "". */
  stac_note: string;
  preview: Preview | null;
  /** What the open preview has for the map, and what is chosen of it. */
  shapes: ShapesState | null;
  shape: ShapeState | null;
  /** The raster on the map. */
  raster: RasterState | null;
  /** What it is compared with, right of a divider; never without it. */
  compared: RasterState | null;
  /** Key of the selected asset, or "". */
  selected: string;
  /** What the map is to show, or null where it looks where its user wants. */
  view_box: Box | null;
  /** The topmost first. */
  layers: LayerRow[];
  /** Reference to the ipyleaflet map ("IPY_MODEL_..."), or null. */
  map: string | null;
}

export type ResultsMessage =
  /** Answered with { source }: a module that is only loaded when it is needed. */
  | { id: string; kind: "chunk"; name: "preview" }
  | { id: string; kind: "download"; key: string; overwrite?: boolean }
  | { id: string; kind: "download_all" }
  | { id: string; kind: "download_some"; keys: string[]; overwrite?: boolean }
  | { id: string; kind: "pause_download" | "resume_download" | "cancel_download"; key: string }
  | { id: string; kind: "pause_all" | "resume_all" | "cancel_all" }
  /** Answered with { text }: a line of Python that opens the file. */
  | { id: string; kind: "opening_line"; key: string }
  /** Answered with a ToComputer; `kernel` where the browser cannot use a link. */
  | { id: string; kind: "to_computer"; key: string; kernel?: boolean }
  /** Answered with a Passing; `keys` null for all files. */
  | { id: string; kind: "zip_to_computer"; keys: string[] | null }
  /** Answered with a Piece, and bytes. */
  | { id: string; kind: "piece"; passing: string }
  | { id: string; kind: "end_passing"; passing: string }
  | PreviewMessage
  | ShapesMessage
  /** `whole`: however much there is to read. */
  | { id: string; kind: "raster_show"; key: string; whole?: boolean }
  /** A second one, right of a divider; of the same file, too. */
  | { id: string; kind: "raster_compare"; key: string; whole?: boolean }
  /** What is absent stays. `ends` makes the stretch "own". `compared`: of the second one. */
  | {
      id: string;
      kind: "raster_style";
      compared?: boolean;
      mode?: RasterMode;
      chosen?: number[];
      stretch?: RasterStretch;
      ends?: [number, number][];
      colormap?: string;
    }
  /** The values at a place, which come as a trait; null for the middle of the map. */
  | { id: string; kind: "raster_pixel"; lon: number | null; lat: number | null }
  /** Another date. `compared`: of the second one. */
  | { id: string; kind: "raster_frame"; compared?: boolean; frame: number }
  /** Answered with a RasterSeries. `whole`: however much there is to read. */
  | { id: string; kind: "raster_series"; key: string; lon: number; lat: number; whole: boolean }
  /** `compared`: the second one alone. */
  | { id: string; kind: "raster_hide"; compared?: boolean }
  /** How many pixels of the screen are one of CSS, where it is not one. */
  | { id: string; kind: "screen"; density: number }
  | { id: string; kind: "select"; key: string }
  /** Which file the pointer or the focus is at, "" for none; not told more often than is seen. */
  | { id: string; kind: "hover"; key: string }
  /** `key` is the layer's. */
  | { id: string; kind: "set_layer"; key: string; visible?: boolean; opacity?: number }
  /** `partial`: what is there of a job that has not finished. */
  | { id: string; kind: "refresh"; partial?: boolean }
  | { id: string; kind: "stop_reading" };

/** Every message gets one. */
export type Reply =
  | { id: string; ok: true; data?: unknown }
  | { id: string; ok: false; error: ErrorInfo };
