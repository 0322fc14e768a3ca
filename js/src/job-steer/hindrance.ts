/** Why an open form cannot be submitted now: a pure rule. The form stays, with what is typed. */

import { active } from "../job-card/status";
import type { JobState } from "../protocol";

const UNDER_WAY = new Map([
  ["start", "started"],
  ["cancel", "canceled"],
  ["delete", "deleted"],
]);

/** A sentence, or "". */
export function hindrance(kind: "update" | "duplicate", state: JobState): string {
  const { actions, freshness, pending, status } = state;
  const change = kind === "update";
  // A copy can be made of a job in any state.
  if (change && pending) return `The job is being ${UNDER_WAY.get(pending) ?? "changed"}.`;
  if (actions.includes(kind)) return "";
  if (freshness.state === "deleted") return "The job was deleted.";
  if (freshness.state === "gone") return "The back-end does not know this job any more.";
  if (change && active(status)) {
    return `The job is ${status}: it can be changed when it has ended.`;
  }
  return change ? "This job cannot be changed." : "No copy of this job can be made.";
}
