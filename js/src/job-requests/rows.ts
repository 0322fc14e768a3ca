/** The rows of the requests: what came is added to what is shown. Pure. */

import { shortId } from "../lib/format";
import type { RequestRow } from "../protocol";

/** As many as the kernel keeps. */
export const MOST_ROWS = 500;

const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");

/** The rows of an answer; none where it is none. */
export function rowsOf(answer: unknown): RequestRow[] {
  const rows = (answer as { requests?: unknown } | null)?.requests;
  return Array.isArray(rows) ? (rows as RequestRow[]) : [];
}

/** Two answers may overlap, and come in any order. */
export function joined(shown: readonly RequestRow[], came: readonly RequestRow[]): RequestRow[] {
  const byNumber = new Map([...shown, ...came].map((row) => [row.number, row]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number).slice(-MOST_ROWS);
}

/** "14:05:09" in the viewer's zone. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** "12 ms": whole ones, but for what is faster than one. */
export function took(ms: number): string {
  return ms < 1 ? "< 1 ms" : `${Math.round(ms).toLocaleString("en")} ms`;
}

/** Whether an answer is as wished for, and the word for none. */
export function outcome(status: number | null): { text: string; good: boolean } {
  if (status === null) return { text: "no answer", good: false };
  return { text: String(status), good: status < 400 };
}

/** The path with the job's own id as short as the head of the card has it. */
export function shortPath(path: string, jobId: string): string {
  const [, jobs, id, ...rest] = path.split("/");
  if (jobs !== "jobs" || id !== encodeURIComponent(jobId)) return path;
  return ["", jobs, shortId(id), ...rest].join("/");
}
