/** ResultsWidget: where the results of a job lie, and its files. */

import "./results.css";
import { listenThoughLate } from "./lib/late";
import type { RenderProps } from "./lib/model";
import { mount } from "./lib/mount";
import type { ResultsState } from "./protocol";
import { ResultsCard } from "./results-card/card";

/** A trait that is missing here is a type error. */
const TRAITS: Record<keyof ResultsState, true> = {
  static_id: true,
  title: true,
  job_id: true,
  backend: true,
  stac_type: true,
  state: true,
  error: true,
  assets: true,
  interval: true,
  expires_ms: true,
  partial: true,
  deleted: true,
  bbox: true,
  footprint_note: true,
  comparison: true,
  notes: true,
  reading: true,
  target: true,
  downloads: true,
  stac_note: true,
  preview: true,
  shapes: true,
  shape: true,
  raster: true,
  compared: true,
  selected: true,
  view_box: true,
  layers: true,
  map: true,
};

export default {
  initialize: ({ model }: Pick<RenderProps<ResultsState>, "model">) => {
    void listenThoughLate(model);
  },
  render: (props: RenderProps<ResultsState>) => mount(props, TRAITS, ResultsCard),
};
