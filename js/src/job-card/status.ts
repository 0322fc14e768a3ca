/** What the status of a batch job means for a reader. Unknown ones are normal: not failed, not ended. */

import type { IconName } from "../lib/icons";
import type { JobState } from "../protocol";
import { silent } from "./freshness";

export type Tone = "plain" | "wait" | "run" | "good" | "bad";

/** A map, not an object: a status may be called "constructor". */
const KNOWN = new Map<string, { tone: Tone; icon: IconName }>(
  Object.entries({
    created: { tone: "plain", icon: "created" },
    queued: { tone: "wait", icon: "queued" },
    running: { tone: "run", icon: "running" },
    finished: { tone: "good", icon: "finished" },
    error: { tone: "bad", icon: "error" },
    canceled: { tone: "plain", icon: "canceled" },
  }),
);

const ENDS = new Set(["finished", "error", "canceled"]);

export function look(status: string): { tone: Tone; icon: IconName } {
  return KNOWN.get(status) ?? { tone: "plain", icon: "unknown" };
}

/** Whether the job does nothing more on its own. */
export function ended(status: string): boolean {
  return ENDS.has(status);
}

/** Whether the job is with the back-end, waiting or computing. */
export function active(status: string): boolean {
  return status === "queued" || status === "running";
}

/** Whether the shown state may be out of date: nobody gets answers about it. */
export function stale(state: JobState, now_ms: number): boolean {
  const { freshness, status } = state;
  const unheard = ["lost", "signed_out", "gone", "deleted", "cut_off"].includes(freshness.state);
  return !ended(status) && (unheard || silent(freshness, now_ms));
}

/** The time up to which the shown state is known: now, or when it was last asked. */
export function knownUntil(state: JobState, now_ms: number): number {
  return stale(state, now_ms) ? (state.freshness.asked_ms ?? now_ms) : now_ms;
}

/** The word for a status; "" is the time before the first answer. */
export function word(status: string, freshness: JobState["freshness"]): string {
  if (freshness.state === "deleted") return "deleted";
  if (status) return status;
  return freshness.state === "never" && freshness.attempt === 0 ? "asking…" : "not known";
}
