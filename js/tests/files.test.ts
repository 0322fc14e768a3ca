import { describe, expect, it } from "vitest";
import {
  downloadPercent,
  downloadSummary,
  downloadText,
  iconOf,
  leftText,
  summary,
} from "../src/results-card/files";
import { asset, download, jsonAsset, MINUTE, results } from "./states";

const NOW = Date.UTC(2026, 10, 23, 13);

describe("the summary", () => {
  it("counts, adds up, dates and says when links end", () => {
    expect(summary(results(NOW), NOW)).toEqual([
      "4 files",
      "24 MB",
      "2022-07-01 to 2022-08-31",
      "links expire in 23 h",
    ]);
  });

  it("says what is not known as that, or not at all", () => {
    const one = [asset("a", { size: null }), asset("b")];
    const some = results(NOW, {
      assets: one,
      interval: ["2022-07-01", ""],
      expires_ms: NOW - MINUTE,
    });
    expect(summary(some, NOW)).toEqual([
      "2 files",
      "at least 12 MB",
      "from 2022-07-01",
      "links have expired",
    ]);
    const none = results(NOW, { assets: [], interval: ["", ""], expires_ms: null });
    expect(summary(none, NOW)).toEqual(["0 files"]);
  });
});

describe("a download", () => {
  it("says how far, how fast and how long", () => {
    expect(downloadText(download("a"))).toBe("4.6 of 12 MB · 8.1 MB/s · 1 s left");
    const unknown = download("a", { total_bytes: null, left_s: null });
    expect(downloadText(unknown)).toBe("4.6 MB · 8.1 MB/s");
    expect(downloadText(download("a", { bytes_per_s: 0 }))).toBe("4.6 of 12 MB");
    const lost = download("a", { state: "lost", bytes_per_s: null, again_s: 8 });
    expect(downloadText(lost)).toBe("4.6 of 12 MB · connection lost, again in 8 s");
    expect(downloadText({ ...lost, again_s: 0 })).toBe(
      "4.6 of 12 MB · connection lost, trying again",
    );
    expect(downloadText(download("a", { state: "waiting" }))).toBe("waiting · 4.6 of 12 MB");
    expect(downloadText(download("a", { state: "waiting", done_bytes: 0 }))).toBe("waiting");
    expect(downloadText(download("a", { state: "paused" }))).toBe("paused · 4.6 of 12 MB");
    expect(downloadText(download("a", { state: "verifying" }))).toBe("verifying…");
    expect(downloadText(download("a", { state: "held" }))).toContain("elsewhere");
  });

  it("says what an earlier one left", () => {
    const partial = download("a", { state: "partial" });
    expect(leftText(partial)).toBe("38 % here already: Download goes on from there");
    expect(leftText({ ...partial, total_bytes: null })).toContain("4.6 MB here already");
    expect(leftText({ ...partial, done_bytes: 0 })).toBe("");
  });

  it("has a part of a whole only where the whole is known", () => {
    expect(downloadPercent(download("a", { done_bytes: 3e6 }))).toBe(25);
    expect(downloadPercent(download("a", { done_bytes: 99e6 }))).toBe(100);
    expect(downloadPercent(download("a", { total_bytes: null }))).toBeNull();
    expect(downloadPercent(download("a", { total_bytes: 0 }))).toBeNull();
  });

  it("counts towards all of them", () => {
    expect(downloadSummary(results(NOW))).toBe("");
    const downloads = { "stats.csv": download("stats.csv", { state: "done" }) };
    expect(downloadSummary(results(NOW, { downloads }))).toBe("1 of 4 downloaded");
  });
});

it("icons go by the media type", () => {
  expect(iconOf(asset("a")).name).toBe("raster");
  expect(iconOf(jsonAsset("a")).name).toBe("json");
  expect(iconOf(asset("a", { media_type: "", label: "" })).name).toBe("file");
});
