/** ResultsWidget: where the results of a job lie, and its files. */

import "./results.css";
import type { RenderProps } from "./lib/model";
import { mount } from "./lib/mount";
import type { ResultsState } from "./protocol";
import { ResultsCard } from "./results-card/card";

const TRAITS = [
  "title",
  "job_id",
  "backend",
  "stac_type",
  "state",
  "error",
  "assets",
  "interval",
  "expires_ms",
  "partial",
  "bbox",
  "footprint_note",
  "target",
  "downloads",
  "preview",
  "selected",
  "map",
] as const satisfies readonly (keyof ResultsState)[];

export default {
  render: (props: RenderProps<ResultsState>) => mount(props, TRAITS, ResultsCard),
};
