import { describe, expect, it } from "vitest";
import { timeLeft } from "../src/job-card/eta";
import { DAY, HOUR, MINUTE, SECOND } from "../src/lib/format";

const left = (ms: number) => timeLeft({ ends_ms: 1_000_000 + ms, basis: "" }, 1_000_000);

describe("the time that is left", () => {
  it.each([
    [-1, "longer than usual"],
    [0, "longer than usual"],
    [30 * SECOND, "less than a minute left"],
    [45 * SECOND, "about 1 min left"],
    [6.2 * MINUTE, "about 6 min left"],
    [9.4 * MINUTE, "about 9 min left"],
    [9.6 * MINUTE, "about 10 min left"],
    [33 * MINUTE, "about 35 min left"],
    [57 * MINUTE, "about 55 min left"],
    [58 * MINUTE, "about 1 h left"],
    [80 * MINUTE, "about 1 h 30 min left"],
    [4.6 * HOUR, "about 4 h 30 min left"],
    [5.2 * HOUR, "about 5 h left"],
    [3 * DAY, "about 3 d left"],
  ])("of %d ms is %s", (ms, text) => {
    expect(left(ms)).toBe(text);
  });
});
