import { describe, expect, it } from "vitest";
import {
  amount,
  bytes,
  bytesOf,
  duration,
  figure,
  localTime,
  plural,
  shortDuration,
  shortId,
  span,
  utcTime,
} from "../src/lib/format";

const HOUR = 3_600_000;

describe("durations", () => {
  it.each([
    [0, "0:00:00", "0:00"],
    [41_900, "0:00:41", "0:41"],
    [207_000, "0:03:27", "3:27"],
    [HOUR, "1:00:00", "1:00:00"],
    [47 * HOUR + 61_000, "47:01:01", "47:01:01"],
    [100 * HOUR + 61_000, "4 d 4 h", "4 d 4 h"],
    [-5000, "0:00:00", "0:00"],
  ])("%i ms is %s, short %s", (ms, long, short) => {
    expect(duration(ms)).toBe(long);
    expect(shortDuration(ms)).toBe(short);
  });

  it.each([
    [4999, "4 s"],
    [59_999, "59 s"],
    [2 * 60_000, "2 min"],
    [23.5 * HOUR, "23 h"],
    [47 * HOUR, "47 h"],
    [49 * HOUR, "2 d"],
    [-1, "0 s"],
  ])("%i ms spans %s", (ms, text) => expect(span(ms)).toBe(text));
});

describe("figures", () => {
  it.each([
    [0, "0"],
    [14, "14"],
    [100, "100"],
    [0.0041, "0.0041"],
    [2.5, "2.5"],
    [1234.567, "1,234.57"],
    [1234567, "1,234,567"],
    [-3, "-3"],
    [1e20, "1.000e+20"],
  ])("%d is written %s", (value, text) => expect(figure(value)).toBe(text));

  it("have a unit where there is one", () => {
    expect([amount(12, ""), amount(0.0041, "EUR")]).toEqual(["12", "0.0041 EUR"]);
    expect([amount(1, "credits"), amount(2, "credits")]).toEqual(["1 credit", "2 credits"]);
  });
});

describe("sizes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [14_000, "14 kB"],
    [9_949_000, "9.9 MB"],
    [9_960_000, "10 MB"],
    [999_600, "1.0 MB"],
    [42_000_000_000, "42 GB"],
    [3e18, "3000 PB"],
    [9.999e18, "9999 PB"],
    [1e30, "over 9999 PB"],
    [Number.POSITIVE_INFINITY, "over 9999 PB"],
  ])("%i bytes is %s", (count, text) => expect(bytes(count)).toBe(text));

  it("names both units only where they differ", () => {
    expect(bytesOf(4_600_000, 12_000_000)).toBe("4.6 of 12 MB");
    expect(bytesOf(640_000, 12_000_000)).toBe("640 kB of 12 MB");
  });
});

describe("times", () => {
  const at = Date.UTC(2026, 10, 23, 13, 5, 9);

  it("shows the viewer's zone, and UTC with its name", () => {
    expect(localTime(at)).toBe("2026-11-23 14:05");
    expect(utcTime(at)).toBe("2026-11-23 13:05:09 UTC");
  });

  it("shows nothing for what is no time", () => expect(utcTime(Number.NaN)).toBe(""));
});

describe("ids and counts", () => {
  it("keeps short ids and the ends of long ones", () => {
    expect(shortId("j-251108")).toBe("j-251108");
    expect(shortId("j-25110810426a4b77d1c06a4b")).toBe("j-2511…6a4b");
  });

  it("does not cut a letter in two", () => expect(shortId("🛰".repeat(20))).toBe("🛰🛰🛰🛰🛰🛰…🛰🛰🛰🛰"));

  it("counts", () => {
    expect(plural(1, "file")).toBe("1 file");
    expect(plural(1200, "file")).toBe("1,200 files");
  });
});
