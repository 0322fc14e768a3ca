/** JobWidget: one batch job as a card. */

import "./job.css";
import { JobCard } from "./job-card/card";
import { listenThoughLate } from "./lib/late";
import type { RenderProps } from "./lib/model";
import { mount } from "./lib/mount";
import type { JobState } from "./protocol";

/** A trait that is missing here is a type error. */
const TRAITS: Record<keyof JobState, true> = {
  static_id: true,
  job_id: true,
  title: true,
  backend: true,
  status: true,
  progress: true,
  error: true,
  steps: true,
  freshness: true,
  actions: true,
  pending: true,
  start_warning: true,
  notice: true,
  details: true,
  preflight: true,
  log_summary: true,
  request_count: true,
  failed_nodes: true,
  eta: true,
  notify: true,
  copies: true,
  results: true,
};

export default {
  initialize: ({ model }: Pick<RenderProps<JobState>, "model">) => {
    void listenThoughLate(model);
  },
  render: (props: RenderProps<JobState>) => mount(props, TRAITS, JobCard),
};
