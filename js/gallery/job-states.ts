import type { JobState } from "../src/protocol";
import {
  freshness,
  job,
  MINUTE,
  OFFERED,
  preflight,
  RESTING,
  SECOND,
  steps,
} from "../tests/states";
import { logStates } from "./job-logs";

/** How the title of a state ends whose kernel was restarted. */
export const GONE = "kernel gone";

const LOST = { state: "lost", attempt: 3 } as const;

/** Letters without a place to break, from right to left, and mark-up that must stay text. */
const HOSTILE = `<img src=x onerror=alert(1)> مرحبا ${"unbroken".repeat(30)}`;

function underWay(now: number): [string, JobState][] {
  return [
    [
      "Job created",
      job(now, {
        status: "created",
        steps: steps(now, ["created", 5]),
        actions: ["start", "refresh"],
        freshness: freshness(now, { next_ms: now + 25 * SECOND }),
      }),
    ],
    [
      "Job queued, start accepted",
      job(now, {
        status: "queued",
        steps: steps(now, ["created", 12], ["queued", 41]),
        notice: "The back-end accepted the start.",
      }),
    ],
    ["Job running, progress reported", job(now, { progress: 62 })],
    ["Job running, progress not reported", job(now)],
    ["Job being canceled", job(now, { progress: 62, pending: "cancel", actions: ["refresh"] })],
    [
      "Job with an unknown status",
      job(now, {
        status: "preempted",
        steps: steps(now, ["created", 12], ["queued", 41], ["preempted", 30]),
      }),
    ],
    [
      "Job back in created after cancel",
      job(now, {
        status: "created",
        steps: steps(now, ["created", 12], ["queued", 41], ["created", 30]),
        actions: ["start", "refresh"],
      }),
    ],
  ];
}

/** What is said before a start; the menu and the forms open as in a notebook. */
function toBeStarted(now: number): [string, JobState][] {
  const created = { status: "created", steps: steps(now, ["created", 5]), actions: OFFERED };
  const problems = [
    { message: "There is no band B99 in SENTINEL2_L2A.", code: "BandNotFound", node: "load1" },
    { message: HOSTILE, code: "", node: "" },
  ];
  return [
    ["Before a start", job(now, { ...created, preflight: preflight() })],
    [
      "Before a start, no estimate",
      job(now, {
        ...created,
        preflight: preflight({
          estimate: null,
          estimate_note: "No estimate: this back-end does not make any.",
          credits: null,
          plan: "",
        }),
      }),
    ],
    [
      "Before a start, with problems",
      job(now, { ...created, preflight: preflight({ problems, credits: 5 }) }),
    ],
    [
      "A deleted copy",
      job(now, {
        ...created,
        title: "NDVI timeseries 2022 (copy)",
        actions: ["remove"],
        freshness: freshness(now, { state: "deleted", next_ms: null }),
      }),
    ],
    [
      "Deleted",
      job(now, {
        ...created,
        actions: [],
        notice: "The job was deleted. This is what was last known of it.",
        freshness: freshness(now, { state: "deleted", next_ms: null }),
      }),
    ],
  ];
}

function disturbed(now: number): [string, JobState][] {
  const asked_ms = now - 2 * MINUTE;
  return [
    [
      "Connection lost",
      job(now, {
        progress: 62,
        freshness: freshness(now, {
          ...LOST,
          asked_ms,
          next_ms: now + 20 * SECOND,
          reason: "The back-end did not answer within 30 s.",
        }),
      }),
    ],
    [
      "Signed out",
      job(now, {
        freshness: freshness(now, {
          state: "signed_out",
          asked_ms,
          next_ms: null,
          reason: "The token is no longer valid. Sign in again in the notebook, then ask again.",
        }),
      }),
    ],
    [`Running, ${GONE}`, job(now, { progress: 62 })],
    [
      `Before a start, ${GONE}`,
      job(now, {
        status: "created",
        steps: steps(now, ["created", 5]),
        actions: OFFERED,
        preflight: preflight(),
      }),
    ],
    [
      "Never an answer",
      job(now, {
        status: "",
        title: "",
        steps: [],
        actions: ["refresh"],
        freshness: freshness(now, {
          state: "never",
          asked_ms: null,
          next_ms: now + 8 * SECOND,
          attempt: 2,
          reason: "The back-end cannot be reached: connection refused.",
        }),
      }),
    ],
  ];
}

function over(now: number): [string, JobState][] {
  const resting = freshness(now, RESTING);
  const again = { actions: OFFERED, freshness: resting };
  return [
    [
      "Job failed",
      job(now, {
        ...again,
        title: "Crop map Marchfeld",
        status: "error",
        progress: 62,
        steps: steps(now, ["created", 8], ["queued", 80], ["running", 648], ["error", 60]),
        start_warning: "Starting again discards the log of this run.",
        error: {
          message: "The job ran out of memory in aggregate_temporal.",
          code: "JobFailed",
          id: "r-24011",
          hint: "Start it again with more memory, or a smaller extent.",
        },
      }),
    ],
    [
      "Job canceled",
      job(now, {
        ...again,
        status: "canceled",
        steps: steps(now, ["created", 8], ["queued", 80], ["running", 48], ["canceled", 60]),
      }),
    ],
    [
      "Job finished, with results",
      job(now, {
        ...again,
        status: "finished",
        steps: steps(now, ["created", 8], ["queued", 41], ["running", 248], ["finished", 60]),
        start_warning: "Starting again discards the 4 result files of this job (42 MB).",
        results: "IPY_MODEL_results",
      }),
    ],
  ];
}

function hostile(now: number): [string, JobState] {
  return [
    "Hostile text, long history",
    job(now, {
      actions: ["start", "refresh"],
      freshness: freshness(now, RESTING),
      title: HOSTILE,
      job_id: `j-${"0123456789".repeat(20)}`,
      backend: `${"very-long-label.".repeat(12)}example`,
      status: "error",
      steps: steps(
        now,
        ["created", 8],
        ["queued", 41],
        ["created", 20],
        ["queued", 9],
        ["running", 4000],
        ["error", 9],
        ["queued", 9],
        ["running", 4000],
        ["error", 9],
      ),
      error: { message: HOSTILE, code: "X".repeat(200), id: "", hint: "" },
    }),
  ];
}

export function jobStates(now_ms: number): [string, JobState][] {
  return [
    ...underWay(now_ms),
    ...toBeStarted(now_ms),
    ...disturbed(now_ms),
    ...over(now_ms),
    ...logStates(now_ms),
    hostile(now_ms),
  ];
}
