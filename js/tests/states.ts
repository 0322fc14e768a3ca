/** States of jobs and results, for the tests and the gallery. */

import type {
  AssetRow,
  Download,
  Freshness,
  JobState,
  LogSummary,
  Preflight,
  RasterState,
  ResultsState,
  Step,
} from "../src/protocol";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** Steps that end now: each status with the time that it has lasted, in seconds. */
export function steps(now_ms: number, ...history: [string, number][]): Step[] {
  let at_ms = now_ms - history.reduce((sum, [, seconds]) => sum + seconds, 0) * SECOND;
  return history.map(([status, seconds]) => {
    const step = { status, at_ms };
    at_ms += seconds * SECOND;
    return step;
  });
}

export function freshness(now_ms: number, changes: Partial<Freshness> = {}): Freshness {
  return {
    state: "live",
    asked_ms: now_ms - 4 * SECOND,
    next_ms: now_ms + 6 * SECOND,
    attempt: 0,
    reason: "",
    ...changes,
  };
}

export function logSummary(changes: Partial<LogSummary> = {}): LogSummary {
  return {
    state: "idle",
    total: 0,
    errors: 0,
    warnings: 0,
    dropped: 0,
    following: false,
    note: "",
    error: null,
    ...changes,
  };
}

export function job(now_ms: number, changes: Partial<JobState> = {}): JobState {
  return {
    static_id: "5747a71c",
    job_id: "j-25110810426a4b77d1c0e6a4b",
    title: "NDVI timeseries 2022",
    backend: "openeo.example",
    status: "running",
    progress: null,
    error: null,
    steps: steps(now_ms, ["created", 12], ["queued", 41], ["running", 166]),
    freshness: freshness(now_ms),
    actions: ["cancel", "refresh"],
    pending: "",
    start_warning: "",
    notice: "",
    details: null,
    preflight: null,
    log_summary: logSummary(),
    request_count: 0,
    failed_nodes: [],
    eta: null,
    notify: false,
    copies: [],
    results: null,
    ...changes,
  };
}

/** All that a good back-end offers for a job that is to be started. */
export const OFFERED: JobState["actions"] = [
  "start",
  "refresh",
  "duplicate",
  "delete",
  "logs",
  "update",
  "preflight",
  "web_editor",
];

export function preflight(changes: Partial<Preflight> = {}): Preflight {
  return {
    state: "ready",
    estimate: {
      costs: 12,
      duration_s: 245,
      size: 320_000_000,
      downloads_included: null,
      expires: "",
    },
    estimate_note: "",
    currency: "credits",
    plan: "free",
    budget: null,
    credits: 380,
    storage_free: null,
    checked: true,
    problems: [],
    ...changes,
  };
}

export const RESTING: Partial<Freshness> = { state: "resting", next_ms: null };

export function asset(name: string, changes: Partial<AssetRow> = {}): AssetRow {
  return {
    key: name,
    name,
    label: "GeoTIFF",
    media_type: "image/tiff; application=geotiff",
    size: 12_000_000,
    title: "",
    roles: ["data"],
    purpose: "data",
    previewable: false,
    mappable: true,
    ...changes,
  };
}

export function jsonAsset(name: string, changes: Partial<AssetRow> = {}): AssetRow {
  const type = { label: "JSON", media_type: "application/json", size: 210_000 };
  const can = { previewable: true, mappable: false };
  return asset(name, { ...type, ...can, ...changes });
}

export function download(key: string, changes: Partial<Download> = {}): Download {
  return {
    key,
    state: "running",
    done_bytes: 4_600_000,
    total_bytes: 12_000_000,
    bytes_per_s: 8_100_000,
    left_s: 0.91,
    again_s: null,
    path: "",
    verified: false,
    exists: false,
    error: null,
    ...changes,
  };
}

export function raster(changes: Partial<RasterState> = {}): RasterState {
  return {
    key: "ndvi_2022-07.tif",
    name: "ndvi_2022-07.tif",
    mark: "oew-raster-picture-0",
    state: "ready",
    busy: false,
    error: null,
    note: "",
    question: "",
    bands: [
      { number: 1, name: "NDVI", unit: "" },
      { number: 2, name: "clouds", unit: "%" },
      { number: 3, name: "days", unit: "d" },
    ],
    modes: ["single", "rgb"],
    mode: "single",
    chosen: [1],
    stretches: ["percentiles", "minmax"],
    stretch: "percentiles",
    ends: [[-0.12, 0.91]],
    colormaps: ["viridis", "magma", "RdYlGn", "grey"],
    colormap: "RdYlGn",
    legend: {
      colours: ["#a50026", "#f98e52", "#feffbe", "#84ca66", "#006837"],
      low: "-0.12",
      high: "0.91",
      unit: "",
      classes: [],
    },
    nodata_share: 0.12,
    pixel: null,
    frames: [],
    frame: 0,
    ...changes,
  };
}

export function results(now_ms: number, changes: Partial<ResultsState> = {}): ResultsState {
  return {
    static_id: "5747a71c",
    title: "NDVI timeseries 2022",
    job_id: "j-25110810426a4b77d1c0e6a4b",
    backend: "openeo.example",
    stac_type: "Collection",
    state: "ready",
    error: null,
    assets: [
      asset("ndvi_2022-07.tif"),
      asset("ndvi_2022-08.tif"),
      jsonAsset("timeseries.json"),
      asset("stats.csv", {
        label: "CSV",
        media_type: "text/csv",
        size: 14_000,
        mappable: false,
      }),
    ],
    interval: ["2022-07-01T00:00:00Z", "2022-08-31T00:00:00Z"],
    expires_ms: now_ms + 23.5 * 60 * MINUTE,
    partial: false,
    deleted: false,
    bbox: [16.1, 48.1, 16.6, 48.3],
    footprint_note: "",
    comparison: [],
    notes: [],
    reading: null,
    target: "./results",
    downloads: {},
    stac_note: "",
    preview: null,
    shapes: null,
    shape: null,
    raster: null,
    compared: null,
    selected: "",
    view_box: [16.1, 48.1, 16.6, 48.3],
    layers: [
      { key: "Footprints", name: "Footprints", visible: true, opacity: 1 },
      { key: "Land", name: "Land and borders", visible: true, opacity: 1 },
    ],
    map: "IPY_MODEL_map",
    ...changes,
  };
}
