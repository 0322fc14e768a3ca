/** Cards with details, requests and a time left; their tabs are opened by a click. */

import type { JobState } from "../src/protocol";
import { details, nothingTold, requests } from "../tests/details-states";
import { freshness, job, MINUTE, RESTING, steps } from "../tests/states";

export function detailsStates(now: number): [string, JobState][] {
  const count = { request_count: requests().length };
  return [
    [
      "Details running, with time left",
      job(now, {
        ...count,
        progress: 62,
        details: details({ costs: null, usage: [] }),
        eta: { ends_ms: now + 6 * MINUTE, basis: "from its progress" },
        notify: true,
      }),
    ],
    [
      "Details running, longer than usual",
      job(now, {
        ...count,
        details: nothingTold(),
        eta: { ends_ms: now - MINUTE, basis: "from 3 jobs of yours with the same processes" },
      }),
    ],
    [
      "Details finished, with costs",
      job(now, {
        ...count,
        status: "finished",
        steps: steps(now, ["created", 8], ["queued", 80], ["running", 648], ["finished", 60]),
        freshness: freshness(now, RESTING),
        actions: ["start", "refresh"],
        details: details(),
      }),
    ],
    [
      "Details hostile",
      job(now, {
        ...count,
        status: "error",
        steps: steps(now, ["running", 648], ["error", 60]),
        freshness: freshness(now, RESTING),
        details: details({
          description: `<img src=x> ${"unbroken".repeat(60)}`,
          currency: "very-long-currency-".repeat(8),
          more: [{ name: "a".repeat(200), text: "b".repeat(300) }],
          links: [{ title: "t".repeat(300), rel: "x", media_type: "y".repeat(100) }],
        }),
      }),
    ],
  ];
}

/** What the kernel would answer. */
export function detailsAnswer(kind: string): unknown {
  return kind === "requests" ? { requests: requests() } : null;
}
