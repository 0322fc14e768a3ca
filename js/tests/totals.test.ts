import { describe, expect, it } from "vitest";
import { Pace, totalPercent, totals, totalText } from "../src/results-card/totals";
import { download, results } from "./states";

const NOW = Date.UTC(2026, 10, 23, 13);

const of = (...rows: ReturnType<typeof download>[]) =>
  totals(results(NOW, { downloads: Object.fromEntries(rows.map((row) => [row.key, row])) }));

describe("all downloads", () => {
  it("add up, without what was canceled or left over", () => {
    const sum = of(
      download("a"),
      download("b", { state: "done", done_bytes: 12e6 }),
      download("c", { state: "canceled" }),
      download("d", { state: "partial" }),
      download("e", { state: "waiting", done_bytes: 0, bytes_per_s: null }),
    );
    expect(sum).toMatchObject({ files: 1, of: 3, moving: 2, done: 16_600_000, total: 36e6 });
    expect(totalText(sum, sum.bytes_per_s)).toBe(
      "1 of 3 files · 17 of 36 MB · 8.1 MB/s · 3 s left",
    );
    expect(Math.round(totalPercent(sum))).toBe(46);
  });

  it("say how many failed, and not how long it takes where that is not known", () => {
    const sum = of(download("a", { total_bytes: null }), download("b", { state: "failed" }));
    expect(totalText(sum, 1e6)).toBe("0 of 2 files · 4.6 MB · 1 failed · 1.0 MB/s");
    expect(totalPercent(sum)).toBe(0);
  });

  it("are paused when each of them is", () => {
    const paused = download("a", { state: "paused" });
    expect(totalText(of(paused), 5)).toBe("0 of 1 file · 4.6 of 12 MB · paused");
    expect(totalText(of(paused, download("b")), 0)).toBe("0 of 2 files · 9.2 of 24 MB");
  });
});

describe("the pace", () => {
  it("is that of the last seconds", () => {
    const pace = new Pace();
    expect(pace.mark(0, 0)).toBeNull();
    expect(pace.mark(100, 1000)).toBeNull();
    expect(pace.mark(1000, 2000)).toBe(2000);
    for (let at = 2000; at <= 12_000; at += 1000) pace.mark(at, 2000 + at);
    expect(pace.mark(13_000, 15_000)).toBe(1000);
  });

  it("begins anew when it goes back", () => {
    const pace = new Pace();
    pace.mark(0, 5000);
    expect(pace.mark(1000, 0)).toBeNull();
  });
});
