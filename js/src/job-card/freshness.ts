/** How fresh the shown state is, in words; and the kernel's clock seen from here. */

import { localTime, span } from "../lib/format";
import type { Freshness, JobState } from "../protocol";

/** An answer takes a minute at most: later than that, the kernel itself is silent. */
const SILENT_AFTER_MS = 90_000;

/** What is asked is mostly answered sooner: later than that, "now" would be wrong. */
const WAITING_AFTER_MS = 5000;

/** The state as the browser may show it when no kernel brings another: an end stays one. */
export function cutOff(state: JobState): JobState {
  const { freshness } = state;
  if (freshness.state === "resting" || freshness.state === "deleted") return state;
  return { ...state, freshness: { ...freshness, state: "cut_off", next_ms: null, reason: "" } };
}

/** Whether nothing was heard of the kernel although the next question is long due. */
export function silent({ state, next_ms }: Freshness, now_ms: number): boolean {
  const asking = state === "live" || state === "lost" || state === "never";
  return asking && next_ms !== null && now_ms - next_ms > SILENT_AFTER_MS;
}

/** The parts of the line, to be joined by dots. */
export function freshnessParts(freshness: Freshness, now_ms: number): string[] {
  const { state, asked_ms, next_ms, attempt } = freshness;
  const asked = asked_ms === null ? [] : [`asked ${ago(asked_ms, now_ms)}`];
  if (silent(freshness, now_ms)) {
    return ["no news from the kernel: it may be gone, run this cell again", ...asked];
  }
  switch (state) {
    case "live":
      return ["live", ...asked, ...again(next_ms, now_ms)];
    case "lost":
      return ["connection lost", ...tries(attempt), ...again(next_ms, now_ms)];
    case "resting":
      return asked_ms === null ? ["final state"] : ["final state", `asked ${localTime(asked_ms)}`];
    case "signed_out":
      return ["signed out", ...asked];
    case "gone":
      return asked_ms === null ? ["not found"] : ["gone", ...asked];
    case "deleted":
      return ["deleted", ...asked];
    case "cut_off":
      return ["no longer asking", ...asked];
    case "never":
      return attempt > 0
        ? ["no answer yet", ...tries(attempt), ...again(next_ms, now_ms)]
        : ["asking for the first time"];
  }
}

/** Whether the line says something that a second changes. */
export function ticks(freshness: Freshness): boolean {
  const { state, asked_ms, next_ms } = freshness;
  return state !== "resting" && (asked_ms !== null || next_ms !== null);
}

function tries(attempt: number): string[] {
  return attempt > 0 ? [`attempt ${attempt}`] : [];
}

function again(next_ms: number | null, now_ms: number): string[] {
  if (next_ms === null) return [];
  const wait = Math.ceil((next_ms - now_ms) / 1000) * 1000;
  if (wait > 0) return [`again in ${span(wait)}`];
  return [now_ms - next_ms > WAITING_AFTER_MS ? "waiting for an answer" : "asking now"];
}

/** "just now", "4 s ago", "2 min ago". */
export function ago(at_ms: number, now_ms: number): string {
  const passed = now_ms - at_ms;
  return passed < 1000 ? "just now" : `${span(passed)} ago`;
}

/** Smaller differences are the time that an answer takes, not clocks that disagree. */
const NOTICEABLE_MS = 5000;

/**
 * How far this clock is ahead of the kernel's, as a new answer shows: an answer that arrives
 * here has just been asked for. On a remote hub the two may be minutes apart, and "asked 4 s
 * ago" would be wrong by as much.
 */
export function clockAhead(freshness: Freshness, received_ms: number, before: number): number {
  if (freshness.state !== "live" || freshness.asked_ms === null) return before;
  const difference = received_ms - freshness.asked_ms;
  return Math.abs(difference) > NOTICEABLE_MS ? difference : 0;
}
