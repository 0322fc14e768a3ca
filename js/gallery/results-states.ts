import type { ResultsState } from "../src/protocol";
import { compared } from "../tests/comparison-states";
import { preview } from "../tests/previews";
import { asset, download, jsonAsset, raster, results } from "../tests/states";
import { GONE } from "./job-states";
import { previewStates } from "./preview-states";

const ERROR = {
  message: "The back-end no longer has the results of this job.",
  code: "ResultsExpired",
  id: "r-24012",
  hint: "Start the job again to compute them anew.",
};

const DIFFERS = {
  message: "'j.tif' in 'results/j-1' is another file than the one to download.",
  code: "",
  id: "",
  hint: "Move it away, choose another folder, or overwrite it.",
};

function withFiles(now: number): [string, ResultsState][] {
  return [
    [
      "Results, downloads and a chart",
      results(now, {
        downloads: {
          "ndvi_2022-08.tif": download("ndvi_2022-08.tif"),
          "ndvi_2022-07.tif": download("ndvi_2022-07.tif", {
            state: "kept",
            path: "./results/j-1/ndvi_2022-07.tif",
            verified: true,
          }),
          "stats.csv": download("stats.csv", {
            state: "done",
            done_bytes: 14_000,
            total_bytes: 14_000,
            path: "results/stats.csv",
            verified: true,
          }),
        },
        selected: "timeseries.json",
        preview: preview(),
      }),
    ],
  ];
}

function rasters(now: number): [string, ResultsState][] {
  const pixel = {
    lon: 16.37208,
    lat: 48.20849,
    values: [
      { name: "NDVI", text: "0.71" },
      { name: "clouds", text: "3 %" },
    ],
    note: "",
    series: false,
  };
  const months = ["2022-06-05", "2022-06-15", "2022-07-05", "2022-07-30", "2022-08-14"];
  const dates = { frames: months.map((label) => ({ label })), frame: 2 };
  const classes = ["forest", "built up", "water"].map((name, index) => ({
    name,
    colour: ["#0a7d2c", "#b3261e", "#1a66c9"][index] ?? "",
  }));
  const legend = { colours: [], low: "", high: "", unit: "", classes };
  const question =
    "To draw this part about 512 MB have to be read. It has no smaller versions of itself " +
    "(overviews). Closer up it takes less. Read it all the same?";
  return [
    ["A raster on the map", results(now, { raster: raster({ pixel, busy: true }) })],
    ["A raster of several dates", results(now, { raster: raster({ pixel, ...dates }) })],
    [
      "Two rasters beside each other",
      results(now, {
        raster: raster({ pixel }),
        compared: raster({ key: "ndvi_2022-08.tif", name: "ndvi_2022-08.tif", pixel }),
      }),
    ],
    [
      "A raster of three bands",
      results(now, { raster: raster({ mode: "rgb", chosen: [1, 2, 3], legend: null }) }),
    ],
    [
      "A raster of classes",
      results(now, { raster: raster({ mode: "palette", modes: ["palette", "single"], legend }) }),
    ],
    [
      "A raster that costs much",
      results(now, { raster: raster({ state: "ask", question, bands: [] }) }),
    ],
    [
      "A raster that cannot be shown",
      results(now, { raster: raster({ state: "error", error: ERROR, bands: [] }) }),
    ],
  ];
}

function downloads(now: number): [string, ResultsState][] {
  return [
    [
      "Partial results, downloads of every kind",
      results(now, {
        partial: true,
        footprint_note: "The results have no footprint: the back-end reports none.",
        bbox: null,
        assets: [..."abcdefghijk"].map((letter) => asset(`${letter}.tif`)),
        downloads: {
          "a.tif": download("a.tif", { state: "waiting", done_bytes: 0 }),
          "b.tif": download("b.tif", { total_bytes: null }),
          "c.tif": download("c.tif", {
            state: "failed",
            error: {
              message: "The connection broke off after 4.6 of 12 MB.",
              code: "",
              id: "",
              hint: "",
            },
          }),
          "d.tif": download("d.tif", { state: "canceled" }),
          "f.tif": download("f.tif", { state: "paused", bytes_per_s: null }),
          "g.tif": download("g.tif", { state: "verifying", done_bytes: 12_000_000 }),
          "h.tif": download("h.tif", { state: "lost", bytes_per_s: null, again_s: 8 }),
          "i.tif": download("i.tif", { state: "held", done_bytes: 0 }),
          "j.tif": download("j.tif", {
            state: "failed",
            done_bytes: 0,
            exists: true,
            error: DIFFERS,
          }),
          "k.tif": download("k.tif", { state: "kept", path: "./results/k.tif" }),
          "e.tif": download("e.tif", { state: "done", path: `results/${"deep/".repeat(20)}e.tif` }),
        },
      }),
    ],
  ];
}

function deleted(now: number): [string, ResultsState] {
  return [
    "Results of a job that was deleted",
    results(now, {
      deleted: true,
      stac_note:
        "No STAC metadata were written beside the files. 'job-results.json' in 'results/all' is not of job 'j-25110810426a4b77d1c0e6a4b'. It was kept.",
      downloads: {
        "stats.csv": download("stats.csv", { state: "failed", done_bytes: 0, error: DIFFERS }),
        "timeseries.json": download("timeseries.json", { state: "done", path: "./t.json" }),
      },
    }),
  ];
}

function withoutFiles(now: number): [string, ResultsState][] {
  const hostile = `<b>${"يونيكود".repeat(12)}</b>${"_x".repeat(80)}.json`;
  return [
    ["Results loading", results(now, { state: "loading", assets: [] })],
    deleted(now),
    [
      `Results, ${GONE}`,
      results(now, {
        assets: [..."abc"].map((letter) => asset(`openEO_2022-01-2${letter}_a_long_name.tif`)),
        downloads: {
          "openEO_2022-01-2a_a_long_name.tif": download("a", { state: "done", path: "./a.tif" }),
          "openEO_2022-01-2b_a_long_name.tif": download("b"),
        },
      }),
    ],
    ["Results failed", results(now, { state: "error", assets: [], error: ERROR })],
    [
      "Asked and delivered, notes, Items being read",
      results(now, {
        comparison: compared(),
        notes: ["Incomplete: nothing came from eodc, vito."],
        reading: { done: 12, known: 300 },
        assets: [asset("ndvi.tif"), asset("metadata.xml", { purpose: "metadata" })],
      }),
    ],
    [
      "Not finished, with something to see",
      results(now, {
        state: "waiting",
        assets: [],
        error: { message: "The job is running.", code: "JobNotFinished", id: "r-1", hint: "" },
      }),
    ],
    ["No files", results(now, { assets: [], expires_ms: null, footprint_note: "No footprint." })],
    [
      "Hostile names, expired links",
      results(now, {
        title: hostile,
        target: `./${"results/".repeat(30)}`,
        expires_ms: now - 1000,
        assets: [
          jsonAsset(hostile, { title: hostile, label: "L".repeat(60), size: null }),
          jsonAsset("small.json", { title: "The mean of each field", size: 999 }),
        ],
        preview: preview({ key: hostile, name: hostile, state: "loading", views: [] }),
      }),
    ],
  ];
}

export function resultsStates(now_ms: number): [string, ResultsState][] {
  return [
    ...withFiles(now_ms),
    ...downloads(now_ms),
    ...rasters(now_ms),
    ...previewStates(now_ms),
    ...withoutFiles(now_ms),
  ];
}
