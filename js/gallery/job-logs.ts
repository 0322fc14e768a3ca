/** Logs for the gallery: what back-ends say, and what no good one does. */

import type { JobState, LogRow } from "../src/protocol";
import { LogKernel, logRow } from "../tests/log-kernel";
import { freshness, job, logSummary, RESTING, steps } from "../tests/states";

const KERNELS = new WeakMap<object, LogKernel>();

export function logsOf(state: object): LogKernel | undefined {
  return KERNELS.get(state);
}

const LINES: [string, string, string?][] = [
  ["info", "Job started with 4 workers"],
  ["debug", "GDAL 3.9.1, PROJ 9.4.0"],
  ["info", "Reading 412 tiles of SENTINEL2_L2A", "load1"],
  ["warning", "Tile J9A7K2: no valid pixel in 2022-02", "load1"],
  ["info", "Masking clouds\nwith SCL 3, 8, 9, 10\nand a dilation of 3 pixels", "mask1"],
  ["warning", "Retrying the read of a tile", "load1"],
];

function usual(now: number, count: number): LogRow[] {
  return Array.from({ length: count }, (_, index) => {
    const [level, message, node] = LINES[index % LINES.length] ?? ["info", ""];
    const time_ms = now - (count - index) * 7000;
    return logRow(index, { level, message, node: node ?? "", time_ms });
  });
}

function withLogs(state: JobState, rows: LogRow[], more: Partial<JobState["log_summary"]> = {}) {
  const kernel = new LogKernel(rows);
  const last = rows.at(-1);
  if (last) {
    kernel.details.set(last.index, {
      code: "MemoryLimitExceeded",
      data: JSON.stringify({ limit: "4 GB", used: [3.9, 4.0, 4.1], worker: { name: "w-3" } }),
      usage: [{ name: "memory", value: 4.1, unit: "gb-hours" }],
      links: [{ title: "What this error means", rel: "about", media_type: "text/html" }],
    });
  }
  const count = (level: string) => rows.filter((row) => row.level === level).length;
  const made = {
    ...state,
    log_summary: logSummary({
      state: "ready",
      total: rows.length,
      errors: count("error"),
      warnings: count("warning"),
      ...more,
    }),
  };
  KERNELS.set(made, kernel);
  return made;
}

export function logStates(now: number): [string, JobState][] {
  const failed = job(now, {
    title: "Crop map Marchfeld",
    status: "error",
    actions: ["start", "refresh", "logs"],
    freshness: freshness(now, RESTING),
    steps: steps(now, ["created", 8], ["queued", 80], ["running", 648], ["error", 60]),
    error: {
      message: "Container killed: memory limit of 4 GB exceeded",
      code: "MemoryLimitExceeded",
      id: "r-24011",
      hint: "It ran out of memory. Duplicate it with more memory, or ask for a smaller area.",
    },
  });
  const killed = "Container killed: memory limit of 4 GB exceeded";
  const rows = [
    ...usual(now, 60),
    logRow(60, {
      level: "error",
      message: "Worker w-2 is lost",
      time_ms: now - 7000,
      node: "agg1",
    }),
    logRow(61, { level: "error", message: killed, time_ms: now, count: 38, node: "agg1" }),
  ];
  const odd = [
    logRow(0, { message: `<b>${"unbroken".repeat(60)}`, time_ms: null }),
    logRow(1, {
      level: "catastrophe",
      message: "مرحبا \u202e \u0000 \u001b[31m red",
      node: "n".repeat(80),
    }),
    logRow(2, { level: "", message: "", time_ms: now - 90_000_000 }),
    logRow(3, { level: "error", message: "m", count: 123_456, time_ms: now }),
  ];
  const error = {
    message: "GET /jobs/j-1/logs was answered with text/html, which is not JSON.",
    code: "",
    id: "",
    hint: "The address may be that of a web page, not of the API.",
  };
  return [
    ["Logs of a failed job", withLogs(failed, rows)],
    ["Logs of a running job", withLogs(job(now), usual(now, 3000), { following: true })],
    [
      "Logs that cannot be read, odd ones known",
      withLogs(job(now), odd, {
        state: "error",
        error,
        note: "Entries of level debug were never stored.",
      }),
    ],
    ["Logs, none", withLogs(job(now), [])],
  ];
}
