import type { ViewProps } from "../lib/mount";
import type { JobState } from "../protocol";

/** The tab "Requests". */
export function RequestsPanel(_: ViewProps<JobState>) {
  return <p class="oew-note">Nothing yet.</p>;
}
