import type { ViewProps } from "../lib/mount";
import type { JobState } from "../protocol";

/** The tab "Details". */
export function DetailsPanel(_: ViewProps<JobState>) {
  return <p class="oew-note">Nothing yet.</p>;
}
