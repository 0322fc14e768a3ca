/** Every state of the cards, over a model without a kernel. */

import job from "../src/job";
import type { ChildView, Model, WidgetManager } from "../src/lib/model";
import type { JobState, ResultsState } from "../src/protocol";
import results from "../src/results";
import { FakeModel } from "../tests/fake-model";
import { detailsAnswer, detailsStates } from "./details-states";
import { graphAnswer, graphStates } from "./graph-states";
import { logsOf } from "./job-logs";
import { GONE, jobStates } from "./job-states";
import { previewAnswer } from "./preview-states";
import { resultsStates } from "./results-states";

/** A stand-in for a map: the gallery has no ipyleaflet. */
function mapView(): ChildView {
  const el = document.createElement("div");
  el.style.background = "radial-gradient(circle at 60% 60%, #8bb08b55 40%, transparent 41%)";
  return { el, remove: () => el.remove() };
}

function resultsView(model: Model<ResultsState>): ChildView {
  const el = document.createElement("div");
  const stop = results.render({ model, el });
  return { el, remove: stop };
}

const now_ms = Date.now();
const nested = resultsStates(now_ms)[0];

const manager: WidgetManager = {
  get_model: async (id) =>
    id === "results" && nested ? new FakeModel(nested[1], manager) : undefined,
  create_view: async (child) =>
    child instanceof FakeModel ? resultsView(child as FakeModel<ResultsState>) : mapView(),
};

function show(title: string, draw: (el: HTMLElement) => void): void {
  const heading = document.createElement("h2");
  heading.textContent = title;
  const el = document.createElement("div");
  el.id = title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  document.querySelector("main")?.append(heading, el);
  draw(el);
}

/** What the questions that expect data are answered with. */
const DATA: Record<string, unknown> = {
  draft: {
    title: "NDVI timeseries 2022 (copy)",
    description: "Mean NDVI of two fields.",
    plan: "free",
    budget: null,
    options: JSON.stringify(
      { log_level: "debug", job_options: { "driver-memory": "4g" } },
      null,
      2,
    ),
    process: JSON.stringify(
      {
        process_graph: {
          load1: { process_id: "load_collection", arguments: { id: "SENTINEL2_L2A" } },
          save1: {
            process_id: "save_result",
            arguments: { data: { from_node: "load1" }, format: "GTiff" },
            result: true,
          },
        },
      },
      null,
      2,
    ),
    process_most: 1_000_000,
    plans: ["free", "pro"],
    currency: "credits",
  },
};

/** Answers every message after a moment, as a kernel would. */
function answering<State extends object>(state: State): FakeModel<State> {
  const model = new FakeModel(state, manager);
  const logs = logsOf(state);
  if (logs) logs.serve(model);
  const send = model.send.bind(model);
  model.send = (content) => {
    send(content);
    const { id, kind } = content as { id: string; kind: string };
    if (kind.startsWith("log")) return;
    setTimeout(async () => {
      const seen = await previewAnswer(state, content as Record<string, unknown>);
      if (seen) {
        model.message({ id, ok: true, data: seen.data }, seen.bytes);
        return;
      }
      const drawn = "job_id" in state ? await graphAnswer(kind, String(state.job_id)) : null;
      model.message({ id, ok: true, data: drawn ?? detailsAnswer(kind) ?? DATA[kind] });
    }, 500);
  };
  return model;
}

const only = new URLSearchParams(location.search).get("only");
if (only !== "results") {
  const states = [...jobStates(now_ms), ...graphStates(now_ms), ...detailsStates(now_ms)];
  for (const [title, state] of states) {
    show(title, (el) => {
      // As ipywidgets marks a view whose kernel was restarted.
      el.classList.toggle("jupyter-widgets-disconnected", title.endsWith(GONE));
      job.render({ model: answering<JobState>(state), el });
    });
  }
}
if (only !== "jobs") {
  for (const [title, state] of resultsStates(now_ms)) {
    show(title, (el) => {
      el.classList.toggle("jupyter-widgets-disconnected", title.endsWith(GONE));
      results.render({ model: answering<ResultsState>(state), el });
    });
  }
}
