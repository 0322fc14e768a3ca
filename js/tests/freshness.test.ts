import { describe, expect, it } from "vitest";
import { clockAhead, freshnessParts, ticks } from "../src/job-card/freshness";
import type { Freshness } from "../src/protocol";
import { freshness, MINUTE, SECOND } from "./states";

const NOW = Date.UTC(2026, 10, 23, 13);

function line(changes: Partial<Freshness>): string {
  return freshnessParts(freshness(NOW, changes), NOW).join(" · ");
}

describe("the freshness line", () => {
  it.each<[Partial<Freshness>, string]>([
    [{}, "live · asked 4 s ago · again in 6 s"],
    [{ asked_ms: NOW, next_ms: null }, "live · asked just now"],
    [{ next_ms: NOW - SECOND }, "live · asked 4 s ago · asking now"],
    [{ next_ms: NOW - 6 * SECOND }, "live · asked 4 s ago · waiting for an answer"],
    [{ state: "cut_off", next_ms: null }, "no longer asking · asked 4 s ago"],
    [
      { state: "lost", attempt: 3, next_ms: NOW + 20 * SECOND },
      "connection lost · attempt 3 · again in 20 s",
    ],
    [{ state: "resting", next_ms: null }, "final state · asked 2026-11-23 13:59"],
    [{ state: "signed_out", asked_ms: NOW - 2 * MINUTE }, "signed out · asked 2 min ago"],
    [{ state: "gone", asked_ms: null }, "not found"],
    [
      { asked_ms: NOW - 200_000, next_ms: NOW - 100_000 },
      "no news from the kernel: it may be gone, run this cell again · asked 3 min ago",
    ],
    [{ state: "never", asked_ms: null, next_ms: null }, "asking for the first time"],
    [
      { state: "never", asked_ms: null, attempt: 2, next_ms: NOW + 8 * SECOND },
      "no answer yet · attempt 2 · again in 8 s",
    ],
  ])("%o reads %s", (changes, text) => expect(line(changes)).toBe(text));

  it("stands still when the state is an end", () => {
    expect(ticks(freshness(NOW, { state: "resting" }))).toBe(false);
    expect(ticks(freshness(NOW))).toBe(true);
  });
});

describe("a kernel with another clock", () => {
  it("is noticed when an answer comes", () => {
    const late = freshness(NOW, { asked_ms: NOW - 3 * MINUTE });
    expect(clockAhead(late, NOW, 0)).toBe(3 * MINUTE);
  });

  it("is not the time that an answer takes", () => {
    expect(clockAhead(freshness(NOW, { asked_ms: NOW - 3 * SECOND }), NOW, 0)).toBe(0);
  });

  it("is not the silence of a lost connection", () => {
    const lost = freshness(NOW, { state: "lost", asked_ms: NOW - 3 * MINUTE });
    expect(clockAhead(lost, NOW, 7)).toBe(7);
  });
});
