import type { JobState } from "../src/protocol";
import { chain, hostile, seasons } from "../tests/graphs";
import { freshness, job, RESTING, steps } from "../tests/states";

const SEASONS = "j-graph-seasons";
const FAILED = "j-graph-failed";
const HOSTILE = "j-graph-hostile";
const MANY = "j-graph-many";

/** Jobs whose tab "Process" has something to show. */
export function graphStates(now: number): [string, JobState][] {
  const state = (job_id: string, changes: Partial<JobState> = {}) =>
    job(now, { job_id, title: "Season difference", ...changes });
  return [
    ["Process graph", state(SEASONS)],
    [
      "Process graph of a failed job",
      state(FAILED, {
        status: "error",
        steps: steps(now, ["created", 8], ["queued", 80], ["running", 648], ["error", 60]),
        freshness: freshness(now, RESTING),
        actions: ["start", "refresh"],
        failed_nodes: ["linearscalerange1", "apply1"],
      }),
    ],
    ["Process graph, hostile", state(HOSTILE)],
    ["Process graph with many nodes", state(MANY)],
  ];
}

function processOf(id: string): unknown {
  if (id === HOSTILE) return hostile();
  return id === MANY ? chain(5000) : seasons();
}

/** What the kernel would answer about the process of a job. */
export async function graphAnswer(kind: unknown, job_id: string): Promise<unknown> {
  if (kind === "chunk") return { source: await (await fetch("dist/graph.js")).text() };
  const text = JSON.stringify(processOf(job_id), null, 2);
  if (kind === "copy_graph") return { text };
  if (kind !== "graph") return undefined;
  const failed = { linearscalerange1: "failed", apply1: "failed inside", winter: "problem" };
  return { text, marks: job_id === FAILED ? failed : {}, note: "" };
}
