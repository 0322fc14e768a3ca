/** One progress for all downloads: pure, but for the pace, which looks back. */

import { bytes, bytesOf, plural, span } from "../lib/format";
import type { Download, ResultsState } from "../protocol";
import { arrived, moving } from "./files";

export interface Totals {
  /** How many files have arrived, of how many that were asked for. */
  files: number;
  of: number;
  failed: number;
  moving: number;
  /** How many of those are paused. */
  paused: number;
  done: number;
  /** Bytes in all, or null where those of some file are not known. */
  total: number | null;
  bytes_per_s: number;
}

/** Of all that was asked for: what was canceled, or only left over from earlier, is not. */
export function totals({ downloads }: ResultsState): Totals {
  const sum: Totals = {
    files: 0,
    of: 0,
    failed: 0,
    moving: 0,
    paused: 0,
    done: 0,
    total: 0,
    bytes_per_s: 0,
  };
  for (const download of Object.values(downloads)) {
    if (download.state === "canceled" || download.state === "partial") continue;
    sum.of += 1;
    if (arrived(download)) sum.files += 1;
    if (download.state === "failed") sum.failed += 1;
    if (moving(download)) sum.moving += 1;
    if (download.state === "paused") sum.paused += 1;
    addBytes(sum, download);
  }
  return sum;
}

function addBytes(sum: Totals, { state, done_bytes, total_bytes, bytes_per_s }: Download): void {
  if (state === "failed") return;
  sum.done += done_bytes;
  if (state === "running") sum.bytes_per_s += bytes_per_s ?? 0;
  sum.total = sum.total === null || total_bytes === null ? null : sum.total + total_bytes;
}

/** 0 to 100: by bytes, or by files where the bytes are not known. */
export function totalPercent({ files, of, done, total }: Totals): number {
  const part = total === null || total === 0 ? files / Math.max(1, of) : done / total;
  return Math.min(100, 100 * part);
}

/** "3 of 12 files · 36 of 144 MB · 8.1 MB/s · 13 s left". */
export function totalText(sum: Totals, bytes_per_s: number): string {
  const { files, of, done, total, failed } = sum;
  const parts = [`${files} of ${plural(of, "file")}`];
  parts.push(total === null ? bytes(done) : bytesOf(done, total));
  if (failed > 0) parts.push(`${failed} failed`);
  if (sum.paused === sum.moving) return [...parts, "paused"].join(" · ");
  if (bytes_per_s > 0) {
    parts.push(`${bytes(bytes_per_s)}/s`);
    if (total !== null) {
      parts.push(`${span(Math.ceil(Math.max(0, total - done) / bytes_per_s) * 1000)} left`);
    }
  }
  return parts.join(" · ");
}

const WINDOW_MS = 5000;
const LEAST_MS = 500;

/** The speed of many small files, none of which takes long enough to have one. */
export class Pace {
  #marks: { at: number; done: number }[] = [];

  /** Bytes a second of late, or null while that cannot be said. */
  mark(at: number, done: number): number | null {
    if (done < (this.#marks.at(-1)?.done ?? 0)) this.#marks = [];
    if (this.#marks.at(-1)?.done !== done) this.#marks.push({ at, done });
    while (this.#marks.length > 2 && at - (this.#marks[0]?.at ?? at) > WINDOW_MS) {
      this.#marks.shift();
    }
    const [first] = this.#marks;
    if (!first || at - first.at < LEAST_MS) return null;
    return ((done - first.done) / (at - first.at)) * 1000;
  }
}
