/** What the list says about the results and their files: pure. */

import { bytes, bytesOf, plural, span } from "../lib/format";
import type { IconName } from "../lib/icons";
import type { AssetRow, Download, ResultsState } from "../protocol";

export function iconOf({ media_type, label }: AssetRow): { name: IconName; label: string } {
  const type = `${media_type} ${label}`.toLowerCase();
  if (/tiff|netcdf|zarr|grib|jp2|hdf/.test(type)) return { name: "raster", label: "raster" };
  if (/png|jpeg|gif|webp|svg/.test(type)) return { name: "picture", label: "picture" };
  if (/json/.test(type)) return { name: "json", label: "JSON" };
  if (/csv|parquet|spreadsheet|tab-separated/.test(type)) return { name: "table", label: "table" };
  return { name: "file", label: "file" };
}

/** "4 files · 42 MB · 2022-07-01 to 2022-08-31 · links expire in 23 h", as parts. */
export function summary(state: ResultsState, now_ms: number): string[] {
  const { assets, interval, expires_ms } = state;
  return [
    plural(assets.length, "file"),
    totalSize(assets),
    dates(interval),
    expires_ms === null || assets.length === 0 ? "" : expiry(expires_ms, now_ms),
  ].filter(Boolean);
}

function totalSize(assets: readonly AssetRow[]): string {
  const told = assets.flatMap(({ size }) => (size === null ? [] : [size]));
  if (told.length === 0) return "";
  const sum = bytes(told.reduce((total, size) => total + size, 0));
  return told.length === assets.length ? sum : `at least ${sum}`;
}

/** The dates are the data's, in UTC: the viewer's zone would move a midnight to the day before. */
function dates([start, end]: [string, string]): string {
  const [from, to] = [start.slice(0, 10), end.slice(0, 10)];
  if (from && to) return from === to ? from : `${from} to ${to}`;
  if (from) return `from ${from}`;
  return to ? `until ${to}` : "";
}

export function expiry(expires_ms: number, now_ms: number): string {
  const left = expires_ms - now_ms;
  return left > 0 ? `links expire in ${span(left)}` : "links have expired";
}

/** The download of a file, whose key may be anything, also "constructor". */
export function downloadOf({ downloads }: ResultsState, key: string): Download | undefined {
  return Object.hasOwn(downloads, key) ? downloads[key] : undefined;
}

export function moving(download: Download | undefined): boolean {
  return download?.state === "waiting" || download?.state === "running";
}

/** "4.6 of 12 MB · 8.1 MB/s · 1 s left", as far as it is known. */
export function downloadText(download: Download): string {
  const { done_bytes, total_bytes, bytes_per_s } = download;
  if (download.state === "waiting") return "waiting";
  const parts = [total_bytes === null ? bytes(done_bytes) : bytesOf(done_bytes, total_bytes)];
  if (bytes_per_s !== null && bytes_per_s > 0) {
    parts.push(`${bytes(bytes_per_s)}/s`);
    if (total_bytes !== null) {
      const left_s = Math.ceil(Math.max(0, total_bytes - done_bytes) / bytes_per_s);
      parts.push(`${span(left_s * 1000)} left`);
    }
  }
  return parts.join(" · ");
}

/** 0 to 100, or null where the size is not known. */
export function downloadPercent({ done_bytes, total_bytes }: Download): number | null {
  if (total_bytes === null || total_bytes <= 0) return null;
  return Math.min(100, (100 * done_bytes) / total_bytes);
}

/** "2 of 4 on the Jupyter server", while there is something to tell. */
export function downloadSummary(state: ResultsState): string {
  const all = state.assets.map(({ key }) => downloadOf(state, key));
  const done = all.filter((download) => download?.state === "done").length;
  if (!all.some(moving) && done === 0) return "";
  return `${done} of ${all.length} downloaded`;
}
