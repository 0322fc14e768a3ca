/** What the list says about the results and their files: pure. */

import { bytes, bytesOf, plural, span } from "../lib/format";
import type { IconName } from "../lib/icons";
import type { AssetRow, Download, RasterState, ResultsState } from "../protocol";

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

const MOVING = new Set<Download["state"]>([
  "waiting",
  "held",
  "running",
  "lost",
  "paused",
  "verifying",
]);

/** Whether it is under way. */
export function moving(download: Download | undefined): boolean {
  return download !== undefined && MOVING.has(download.state);
}

/** Whether its file is here, whole. */
export function arrived(download: Download | undefined): boolean {
  return download?.state === "done" || download?.state === "kept";
}

/** "4.6 of 12 MB · 8.1 MB/s · 1 s left", as far as it is known. */
export function downloadText(download: Download): string {
  const { state, done_bytes, total_bytes, bytes_per_s, left_s } = download;
  const amount = total_bytes === null ? bytes(done_bytes) : bytesOf(done_bytes, total_bytes);
  if (state === "held") return "waiting: the same file is being downloaded elsewhere";
  if (state === "waiting") return done_bytes > 0 ? `waiting · ${amount}` : "waiting";
  if (state === "paused") return `paused · ${amount}`;
  if (state === "lost") {
    const again = download.again_s ? `again in ${span(download.again_s * 1000)}` : "trying again";
    return `${amount} · connection lost, ${again}`;
  }
  if (state === "verifying") return "verifying…";
  const parts = [amount];
  if (bytes_per_s !== null && bytes_per_s > 0) {
    parts.push(`${bytes(bytes_per_s)}/s`);
    if (left_s !== null) parts.push(`${span(Math.ceil(left_s) * 1000)} left`);
  }
  return parts.join(" · ");
}

/** Fewer bytes than these are not kept for the next download. */
const KEPT_FROM = 1 << 20;

/** What is said of a download that ended with its kernel. */
export function stoppedText({ done_bytes }: Download): string {
  return done_bytes < KEPT_FROM
    ? "stopped: run the cell again and download"
    : `stopped at ${bytes(done_bytes)}: run the cell again and download, it goes on where it was`;
}

/** The state once the kernel is gone: nothing is under way any more. */
export function atRest(state: ResultsState): ResultsState {
  const downloads = Object.entries(state.downloads).map(([key, download]) => [
    key,
    moving(download)
      ? { ...download, state: "partial", bytes_per_s: null, left_s: null, again_s: null }
      : download,
  ]);
  return {
    ...state,
    downloads: Object.fromEntries(downloads),
    reading: null,
    preview: state.preview?.state === "loading" ? null : state.preview,
    raster: rasterAtRest(state.raster),
    compared: rasterAtRest(state.compared),
  };
}

function rasterAtRest(raster: RasterState | null): RasterState | null {
  return raster === null || raster.state === "loading" ? null : { ...raster, busy: false };
}

/** 0 to 100, or null where the size is not known. */
export function downloadPercent({ done_bytes, total_bytes }: Download): number | null {
  if (total_bytes === null || total_bytes <= 0) return null;
  return Math.min(100, (100 * done_bytes) / total_bytes);
}

/** "38 % here already: Download goes on from there", of a file that is not under way; or "". */
export function leftText(download: Download): string {
  if (download.done_bytes <= 0) return "";
  const percent = downloadPercent(download);
  const part = percent === null ? bytes(download.done_bytes) : `${Math.floor(percent)} %`;
  const next = download.state === "failed" ? "Retry" : "Download";
  return `${part} here already: ${next} goes on from there`;
}

/** "2 of 4 downloaded", while there is something to tell. */
export function downloadSummary(state: ResultsState): string {
  const done = state.assets.filter(({ key }) => arrived(downloadOf(state, key))).length;
  return done === 0 ? "" : `${done} of ${state.assets.length} downloaded`;
}

/** "3 of 12 selected · 36 MB". */
export function selectionText(assets: readonly AssetRow[], picked: ReadonlySet<string>): string {
  const chosen = assets.filter(({ key }) => picked.has(key));
  const count = `${chosen.length} of ${assets.length} selected`;
  return [count, chosen.length > 0 ? totalSize(chosen) : ""].filter(Boolean).join(" · ");
}
