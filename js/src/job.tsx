/** JobWidget: one batch job as a card. */

import "./job.css";
import { JobCard } from "./job-card/card";
import type { RenderProps } from "./lib/model";
import { mount } from "./lib/mount";
import type { JobState } from "./protocol";

const TRAITS = [
  "job_id",
  "title",
  "backend",
  "status",
  "progress",
  "error",
  "steps",
  "freshness",
  "actions",
  "pending",
  "start_warning",
  "notice",
  "results",
] as const satisfies readonly (keyof JobState)[];

export default {
  render: (props: RenderProps<JobState>) => mount(props, TRAITS, JobCard),
};
