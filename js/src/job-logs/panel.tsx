import type { ViewProps } from "../lib/mount";
import type { JobState } from "../protocol";

/** The tab "Logs". */
export function LogsPanel(_: ViewProps<JobState>) {
  return <p class="oew-note">Nothing yet.</p>;
}
