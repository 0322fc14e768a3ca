import { shortDuration } from "../lib/format";
import { Text } from "../lib/messages";
import type { JobState, Step } from "../protocol";
import { costs } from "./costs";

/** How long the last run took, from the first moment of running to the end; null if not known. */
export function ran(steps: readonly Step[]): number | null {
  const end = steps[steps.length - 1]?.at_ms ?? null;
  const start = steps[steps.length - 2];
  if (end === null || start?.status !== "running" || start.at_ms === null) return null;
  return Math.max(0, end - start.at_ms);
}

/** "The job finished. It ran for 4:08 and cost 14 credits." */
export function EndLine({ state }: { state: JobState }) {
  if (state.status !== "finished") return null;
  const ms = ran(state.steps);
  const told = costs(state.details);
  const parts = [
    ms === null ? "" : ms < 1000 ? "ran for less than 1 s" : `ran for ${shortDuration(ms)}`,
    told !== null && `cost ${told || "nothing"}`,
  ].filter(Boolean);
  return (
    <p class="oew-sub oew-end-line">
      The job finished.{" "}
      {parts.length > 0 && (
        <>
          It <Text>{parts.join(" and ")}</Text>.
        </>
      )}
    </p>
  );
}
