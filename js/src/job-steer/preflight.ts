/** What is said before a start, in words. */

import { amount, bytes, plural, span } from "../lib/format";
import type { JobState, Preflight } from "../protocol";

/** "Estimate: up to 12 credits · about 4 min · 320 MB", or why there is none. */
export function estimateLine({ state, estimate, estimate_note, currency }: Preflight): string {
  if (!estimate) {
    return (
      estimate_note || (state === "loading" ? "Asking what a start would cost…" : "No estimate")
    );
  }
  const { costs, duration_s, size, downloads_included: downloads } = estimate;
  const parts = [
    costs !== null && `up to ${amount(costs, currency)}`,
    duration_s !== null && (duration_s < 1 ? "under 1 s" : `about ${span(duration_s * 1000)}`),
    size !== null && bytes(size),
    downloads !== null && `${plural(downloads, "download")} included`,
  ];
  return `Estimate: ${parts.filter(Boolean).join(" · ")}`;
}

/** "free plan · 380 credits left · 10 GB of storage free", or "". */
export function accountLine({ plan, credits, storage_free, currency }: Preflight): string {
  const parts = [
    plan && `${plan} plan`,
    credits !== null && `${amount(credits, currency)} left`,
    storage_free !== null && `${bytes(storage_free)} of storage free`,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Where the estimate is more than there is. */
export function shortages({ estimate, budget, credits, storage_free, currency }: Preflight) {
  const said: string[] = [];
  const { costs = null, size = null } = estimate ?? {};
  if (costs !== null && budget !== null && costs > budget) {
    said.push(
      `The estimate is above the job's budget of ${amount(budget, currency)}: ` +
        "it may stop without all of its results.",
    );
  }
  if (costs !== null && credits !== null && costs > credits) {
    said.push(
      `The estimate is more than the ${amount(credits, currency)} that your account has left.`,
    );
  }
  if (size !== null && storage_free !== null && size > storage_free) {
    said.push("The results may be larger than the storage that you have free.");
  }
  return said;
}

/** "The back-end finds 2 problems in the process graph.", or "". */
export function problemsFound(preflight: Preflight | null): string {
  const count = preflight?.problems.length ?? 0;
  return count ? `The back-end finds ${plural(count, "problem")} in the process graph.` : "";
}

/** What to ask before a start, or "". */
export function startQuestion({ start_warning, preflight }: JobState): string {
  const problems = problemsFound(preflight);
  return [start_warning, problems && `${problems} Start all the same?`].filter(Boolean).join(" ");
}
