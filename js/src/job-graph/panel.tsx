import type { ViewProps } from "../lib/mount";
import type { JobState } from "../protocol";

/** The tab "Process". */
export function ProcessPanel(_: ViewProps<JobState>) {
  return <p class="oew-note">Nothing yet.</p>;
}
