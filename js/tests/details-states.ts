/** What a back-end tells of a job, and the requests made for it, for the tests and the gallery. */

import type { Details, RequestRow } from "../src/protocol";

export function details(changes: Partial<Details> = {}): Details {
  return {
    created: "2026-11-23T12:58:00Z",
    queued: "",
    started: "",
    updated: "2026-11-23T13:10:08Z",
    description: "Monthly NDVI of two fields.\n\nCloudy pixels are *masked*.",
    plan: "academic",
    budget: 100,
    costs: 14,
    currency: "credits",
    log_level: "info",
    usage: [
      { name: "cpu", value: 15_312.5, unit: "cpu-seconds" },
      { name: "memory", value: 40_960, unit: "mb-seconds" },
      { name: "duration", value: 648, unit: "seconds" },
      { name: "sentinelhub", value: 12.75, unit: "sentinelhub_processing_unit" },
    ],
    links: [
      { title: "What this job is for", rel: "about", media_type: "text/html" },
      { title: "", rel: "license", media_type: "" },
    ],
    more: [
      { name: "job_options.driver-memory", text: "4g" },
      { name: "job_options.executor-memoryOverhead", text: "2g" },
      { name: "simulate.queue_s", text: "20" },
    ],
    ...changes,
  };
}

export function nothingTold(): Details {
  return details({
    ...{ created: "", updated: "", description: "", plan: "", budget: null, costs: null },
    ...{ currency: "", log_level: "", usage: [], links: [], more: [] },
  });
}

export function request(number: number, changes: Partial<RequestRow> = {}): RequestRow {
  return {
    number,
    at_ms: Date.UTC(2026, 10, 23, 12, 58, number % 60),
    method: "GET",
    path: "/jobs/j-25110810426a4b77d1c0e6a4b",
    status: 200,
    ms: 41.6,
    python: "job.describe()",
    ...changes,
  };
}

const JOB = "/jobs/j-25110810426a4b77d1c0e6a4b";

export function requests(): RequestRow[] {
  return [
    request(1),
    request(2, { method: "POST", path: `${JOB}/results`, status: 202, python: "job.start()" }),
    request(3, { status: null, ms: 60_012 }),
    request(4),
    request(5, {
      path: `${JOB}/logs`,
      ms: 0.4,
      python: "job.logs(offset=entries[-1].id, level='warning')",
    }),
    request(6, { path: "/jobs", status: 503, python: "connection.list_jobs()", ms: 1234 }),
    request(7, { path: `${JOB}/results`, python: "job.get_results().get_metadata()" }),
    request(8, {
      path: "a link at storage.openeo.example",
      python: "job.get_results().get_asset('timeseries.json').download()",
    }),
  ];
}
