/** The files of results, and what becomes of them. */

import type { ErrorInfo } from "./protocol";

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
  /** "data", or what it tells about the data: "metadata", "thumbnail", "overview", ... */
  purpose: string;
  /** Whether "preview" is offered. */
  previewable: boolean;
  /** Whether "show on the map" is offered. */
  mappable: boolean;
}

/** One file on its way to the Jupyter server. */
export interface Download {
  key: string;
  /** partial: an earlier download, of another kernel perhaps, left some of it; nothing is under way.
   *  lost: the connection broke, and is made anew.
   *  waiting: for its turn. held: another download has the same file.
   *  done: complete, under its final name; verified tells whether size or checksum agreed.
   *  kept: it was there already. */
  state:
    | "partial"
    | "waiting"
    | "held"
    | "running"
    | "lost"
    | "paused"
    | "verifying"
    | "done"
    | "kept"
    | "failed"
    | "canceled";
  /** Bytes that are here: after a failure or a cancel those that the next download goes on from. */
  done_bytes: number;
  total_bytes: number | null;
  bytes_per_s: number | null;
  /** Seconds, or null. */
  left_s: number | null;
  /** Seconds until the connection is made anew, where it is lost; or null. */
  again_s: number | null;
  /** Where it is, relative to the kernel's folder where possible; "" until done. */
  path: string;
  verified: boolean;
  /** Whether it failed since another file has its name: it may be overwritten. */
  exists: boolean;
  error: ErrorInfo | null;
}
