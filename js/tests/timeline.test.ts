import { describe, expect, it } from "vitest";
import { elapsed, timeline } from "../src/job-card/timeline";
import type { Step } from "../src/protocol";
import { SECOND, steps } from "./states";

const NOW = Date.UTC(2026, 10, 23, 13);

function drawn(...history: [string, number][]) {
  return timeline(steps(NOW, ...history), NOW).map(({ label, mark, duration_ms }) => [
    label,
    mark,
    duration_ms === null ? null : duration_ms / SECOND,
  ]);
}

describe("timeline", () => {
  it("shows real durations and what is expected", () => {
    expect(drawn(["created", 12], ["queued", 41], ["running", 166])).toEqual([
      ["created", "done", null],
      ["queued", "done", 41],
      ["running", "now", 166],
      ["finished", "future", null],
    ]);
  });

  it("counts the time of a job that nobody started", () => {
    expect(drawn(["created", 5])[0]).toEqual(["created", "now", 5]);
  });

  it.each(["finished", "error", "canceled"])("ends in its own mark: %s", (status) => {
    expect(drawn(["created", 1], ["running", 48], [status, 60])).toEqual([
      ["created", "done", null],
      ["running", "done", 48],
      [status, status, null],
    ]);
  });

  it("shows a queued job that fell back to created", () => {
    expect(drawn(["created", 1], ["queued", 41], ["created", 30]).slice(0, 3)).toEqual([
      ["created", "done", null],
      ["queued", "done", 41],
      ["back to created", "now", 30],
    ]);
  });

  it("promises nothing after an unknown status, and does not call it an end", () => {
    expect(drawn(["created", 1], ["preempted", 30])).toEqual([
      ["created", "done", null],
      ["preempted", "now", 30],
    ]);
  });

  it("says no duration where a time is not known", () => {
    const known: Step[] = [
      { status: "queued", at_ms: null },
      { status: "running", at_ms: NOW - SECOND },
    ];
    expect(timeline(known, NOW)[0]?.duration_ms).toBeNull();
    expect(timeline(known, NOW)[1]?.duration_ms).toBe(SECOND);
  });

  it("is not negative where the back-end's clock is ahead", () => {
    expect(timeline([{ status: "running", at_ms: NOW + 9 * SECOND }], NOW)[0]?.duration_ms).toBe(0);
  });

  it("counts what is too old to be drawn", () => {
    const nodes = drawn(
      ["created", 1],
      ["running", 1],
      ["error", 1],
      ["queued", 1],
      ["running", 1],
      ["error", 1],
      ["running", 9],
    );
    expect(nodes.map(([label]) => label)).toEqual([
      "3 earlier",
      "queued",
      "running",
      "error",
      "running",
      "finished",
    ]);
  });

  it("is empty before the first answer", () => expect(timeline([], NOW)).toEqual([]));
});

describe("elapsed", () => {
  const since = (...history: [string, number][]) => elapsed(steps(NOW, ...history), NOW);

  it("counts from the start of the job, not from its creation", () => {
    expect(since(["created", 12], ["queued", 41], ["running", 166])).toBe(207 * SECOND);
  });

  it("stops at the end", () => {
    expect(since(["created", 1], ["queued", 41], ["running", 166], ["finished", 999])).toBe(
      207 * SECOND,
    );
  });

  it("counts a new run only", () => {
    expect(since(["running", 500], ["error", 60], ["queued", 2], ["running", 3])).toBe(5 * SECOND);
    expect(since(["created", 1], ["queued", 41], ["created", 30])).toBe(30 * SECOND);
  });

  it("is not known without times", () => {
    expect(elapsed([], NOW)).toBeNull();
    expect(elapsed([{ status: "running", at_ms: null }], NOW)).toBeNull();
    expect(since(["finished", 3])).toBeNull();
  });
});
