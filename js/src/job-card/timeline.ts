/** The timeline of a job, from what happened: pure, so that it is tested without a clock. */

import type { Step } from "../protocol";
import { ended } from "./status";

export type Mark = "done" | "now" | "finished" | "error" | "canceled" | "future" | "earlier";

export interface TimelineNode {
  status: string;
  label: string;
  mark: Mark;
  /** How long the job was or is in this state, or null where that is not known. */
  duration_ms: number | null;
  at_ms: number | null;
}

/** What usually comes next. Anything else, and an end, promises nothing. */
const NEXT = new Map<string, readonly string[]>(
  Object.entries({
    created: ["queued", "running", "finished"],
    queued: ["running", "finished"],
    running: ["finished"],
  }),
);

/** More would not be legible: what is older is counted in one node. */
const MAX_HAPPENED = 5;

export function timeline(steps: readonly Step[], now_ms: number): TimelineNode[] {
  const happened = steps.map((_, index) => node(steps, index, now_ms));
  const hidden = happened.length > MAX_HAPPENED ? happened.length - (MAX_HAPPENED - 1) : 0;
  const shown = happened.slice(hidden);
  if (hidden > 0) shown.unshift(earlier(hidden));
  const last = steps[steps.length - 1];
  const future = (last && NEXT.get(last.status)) ?? [];
  return [...shown, ...future.map(expected)];
}

function node(steps: readonly Step[], index: number, now_ms: number): TimelineNode {
  const { status, at_ms } = steps[index] as Step;
  const next = steps[index + 1];
  const fellBack = status === "created" && index > 0;
  return {
    status,
    label: fellBack ? "back to created" : status,
    mark: mark(status, next === undefined),
    duration_ms: timeIn(status, at_ms, next, now_ms),
    at_ms,
  };
}

function mark(status: string, last: boolean): Mark {
  if (status === "finished" || status === "error" || status === "canceled") return status;
  return last ? "now" : "done";
}

/** How long a created job lay around says nothing once it was started; an end does not last. */
function timeIn(status: string, at_ms: number | null, next: Step | undefined, now_ms: number) {
  if (ended(status) || (status === "created" && next)) return null;
  const until = next ? next.at_ms : now_ms;
  return at_ms === null || until === null ? null : Math.max(0, until - at_ms);
}

function expected(status: string): TimelineNode {
  return { status, label: status, mark: "future", duration_ms: null, at_ms: null };
}

function earlier(count: number): TimelineNode {
  const label = `${count} earlier`;
  return { status: "", label, mark: "earlier", duration_ms: null, at_ms: null };
}

/**
 * The time for the head of the card: since the job was handed in, up to its end or to now;
 * for a job that was never started the time since it was created. Null where not known.
 */
export function elapsed(steps: readonly Step[], now_ms: number): number | null {
  const last = steps[steps.length - 1];
  if (!last) return null;
  const until = ended(last.status) ? last.at_ms : now_ms;
  let since = ended(last.status) ? null : last.at_ms;
  for (let index = steps.length - 2; index >= 0 && last.status !== "created"; index -= 1) {
    const { status, at_ms } = steps[index] as Step;
    if (status === "created" || ended(status)) break;
    since = at_ms ?? since;
  }
  return since === null || until === null ? null : Math.max(0, until - since);
}
