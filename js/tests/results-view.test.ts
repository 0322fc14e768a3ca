import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import type { ResultsState } from "../src/protocol";
import widget from "../src/results";
import { asset, download, jsonAsset, results } from "./states";
import { draw } from "./view";

afterEach(() => document.body.replaceChildren());

const drawResults = (changes: Partial<ResultsState> = {}) =>
  draw(widget, results(Date.now(), { map: null, ...changes }));

const ERROR = {
  message: "It is gone.",
  code: "ResultsExpired",
  id: "r-9",
  hint: "Compute it anew.",
};

describe("states", () => {
  it("ready: files with kind and size, and where downloads go", async () => {
    const { find, all, names } = await drawResults();
    expect(find(".oew-results").dataset).toMatchObject({ state: "ready", partial: "false" });
    expect(all("[data-key]").map((row) => row.dataset.key)).toContain("timeseries.json");
    expect(find('[data-key="timeseries.json"]').textContent).toContain("210 kB");
    expect(find(".oew-target").textContent).toBe("to ./results on the Jupyter server");
    expect(names().filter((name) => name.startsWith("Download "))).toHaveLength(5);
    expect(names().filter((name) => name.startsWith("Save "))).toHaveLength(4);
    expect(names().filter((name) => name.startsWith("Preview "))).toEqual([
      "Preview timeseries.json",
    ]);
  });

  it("loading", async () => {
    const { find, all } = await drawResults({ state: "loading", assets: [] });
    expect(find(".oew-results").dataset.state).toBe("loading");
    expect(find(".oew-empty").textContent).toContain("Asking");
    expect(all(".oew-file")).toHaveLength(0);
  });

  it("waiting for the job, calmly, in the back-end's words", async () => {
    const { find, all, click, model } = await drawResults({
      state: "waiting",
      error: ERROR,
      assets: [],
    });
    expect(find(".oew-empty").textContent).toContain("No results yet");
    expect(find(".oew-empty").textContent).toContain("It is gone.");
    expect(all(".oew-error")).toHaveLength(0);
    await click("Ask now");
    expect(model.sent).toMatchObject([{ kind: "refresh" }]);
  });

  it("error, with a way to ask again", async () => {
    const { find, click, model } = await drawResults({ state: "error", error: ERROR, assets: [] });
    expect(find(".oew-error").textContent).toContain("It is gone.");
    await click("Try again");
    expect(model.sent).toMatchObject([{ kind: "refresh" }]);
  });

  it("without files", async () => {
    const { find, names } = await drawResults({ assets: [] });
    expect(find(".oew-empty").textContent).toContain("No files");
    expect(names()).not.toContain("Download all");
  });

  it("partial", async () => {
    expect((await drawResults({ partial: true })).find(".oew-partial").textContent).toBe("partial");
  });

  it("without a footprint, says why", async () => {
    const { find } = await drawResults({ map: "IPY_MODEL_x", footprint_note: "None reported." });
    expect(find(".oew-footprint-note").textContent).toBe("None reported.");
    expect(find(".oew-map").textContent).toContain("The map cannot be shown");
  });

  it("thousands of files, a hundred at a time", async () => {
    const assets = Array.from({ length: 1250 }, (_, index) => asset(`${index}.tif`));
    const { all, click } = await drawResults({ assets });
    expect(all("[data-key]")).toHaveLength(100);
    await click("Show more (1,150 files left)");
    expect(all("[data-key]")).toHaveLength(200);
  });

  it("keys that are names of JavaScript's own", async () => {
    const keys = ["constructor", "toString", "__proto__"];
    const { all } = await drawResults({ assets: keys.map((key) => asset(key)) });
    expect(all(".oew-file").map((row) => row.dataset.key)).toEqual(keys);
    expect(all(".oew-file-line")).toHaveLength(0);
  });

  it("a title where it says more than the name and the kind", async () => {
    const titled = (name: string, title: string) => ({ ...asset(name), title, label: "GeoTIFF" });
    const assets = [titled("a.tif", "GeoTIFF"), titled("b.tif", "b.tif"), titled("c.tif", "Snow")];
    const { all } = await drawResults({ assets });
    expect(all(".oew-file-title").map((title) => title.textContent)).toEqual(["Snow"]);
  });

  it("hostile names", async () => {
    const name = '"><img src=x onerror=alert(1)>';
    const { el, find } = await drawResults({
      title: name,
      target: name,
      assets: [jsonAsset(name)],
    });
    expect(find(".oew-link").textContent).toBe(name);
    expect(el.querySelector("img")).toBeNull();
  });
});

describe("downloads", () => {
  it("are asked for by file, or all", async () => {
    const { model, click } = await drawResults();
    await click("Download stats.csv");
    await click("Download all");
    expect(model.sent).toMatchObject([
      { kind: "download", key: "stats.csv" },
      { kind: "download_all" },
    ]);
  });

  it("fill the row and can be canceled", async () => {
    const { model, find, click } = await drawResults({ downloads: { "stats.csv": download("x") } });
    const row = find('[data-key="stats.csv"]');
    expect(row.dataset.download).toBe("running");
    expect(row.textContent).toContain("4.6 of 12 MB · 8.1 MB/s · 1 s left");
    expect(row.querySelector('[role="progressbar"]')?.getAttribute("aria-valuenow")).toBe("38");
    await click("Pause download of stats.csv");
    await click("Cancel download of stats.csv");
    expect(model.sent).toMatchObject([
      { kind: "pause_download", key: "stats.csv" },
      { kind: "cancel_download", key: "stats.csv" },
    ]);
  });

  it("go on where they were paused, with the focus where it was", async () => {
    const { model, button, click, update } = await drawResults({
      downloads: { "stats.csv": download("stats.csv") },
    });
    button("Pause download of stats.csv").focus();
    await update({ downloads: { "stats.csv": download("stats.csv", { state: "paused" }) } });
    expect(document.activeElement).toBe(button("Go on with download of stats.csv"));
    await click("Go on with download of stats.csv");
    expect(model.sent).toMatchObject([{ kind: "resume_download", key: "stats.csv" }]);
  });

  it("have one progress, which pauses and cancels all", async () => {
    const { model, find, all, click, update } = await drawResults({
      downloads: {
        "stats.csv": download("stats.csv"),
        "ndvi_2022-07.tif": download("ndvi_2022-07.tif", { state: "kept", done_bytes: 12e6 }),
      },
    });
    expect(find(".oew-all-progress").textContent).toContain("1 of 2 files · 17 of 24 MB");
    await click("Pause all downloads");
    await click("Cancel all downloads");
    await update({ downloads: { "stats.csv": download("stats.csv", { state: "paused" }) } });
    expect(find(".oew-all-progress").dataset.paused).toBe("true");
    await click("Go on with all downloads");
    expect(model.sent.map(({ kind }) => kind)).toEqual(["pause_all", "cancel_all", "resume_all"]);
    await update({ downloads: { "stats.csv": download("stats.csv", { state: "canceled" }) } });
    expect(all(".oew-all-progress")).toHaveLength(0);
  });

  it("are not offered once the job was deleted", async () => {
    const { model, find, button, click } = await drawResults({ deleted: true });
    expect(find(".oew-deleted").textContent).toContain("deleted, and its results with it");
    expect(button("Download all").getAttribute("aria-disabled")).toBe("true");
    await click("Download all");
    expect(model.sent).toEqual([]);
  });

  it("are offered in no row of a deleted job, but for what is here", async () => {
    const { model, button, click } = await drawResults({
      deleted: true,
      downloads: {
        "ndvi_2022-07.tif": download("ndvi_2022-07.tif", { state: "done", path: "./a.tif" }),
        "stats.csv": download("stats.csv", { state: "failed", exists: true, error: ERROR }),
        "timeseries.json": download("timeseries.json"),
      },
    });
    const off = (label: string) => button(label).getAttribute("aria-disabled") === "true";
    for (const label of [
      ...["Download ndvi_2022-08.tif", "Save ndvi_2022-08.tif to this computer"],
      ...["Preview timeseries.json"],
      ...["Download stats.csv", "Retry download of stats.csv", "Overwrite stats.csv…"],
    ]) {
      expect([label, off(label)]).toEqual([label, true]);
      await click(label);
    }
    expect(model.sent).toEqual([]);
    // What is under way may come to its end, and what is here goes on to this computer.
    expect(off("Pause download of timeseries.json")).toBe(false);
    expect(off("Save ndvi_2022-07.tif to this computer")).toBe(false);
  });

  it("say why there is no STAC beside them", async () => {
    const { all, update, find } = await drawResults({});
    expect(all(".oew-stac-note")).toHaveLength(0);
    await update({ stac_note: "No STAC metadata were written: <b>other</b> job." });
    expect(find(".oew-stac-note").textContent).toContain("<b>other</b> job");
  });

  it("say that a file was there already", async () => {
    const kept = download("stats.csv", { state: "kept", verified: true, path: "./results/a.csv" });
    const { find } = await drawResults({ downloads: { "stats.csv": kept } });
    expect(find(".oew-good").textContent).toMatch(/^was there already, verified, on/);
  });

  it("overwrite another file only after a question, and keep it by default", async () => {
    const failed = download("stats.csv", { state: "failed", exists: true, error: ERROR });
    const { model, all, button, click } = await drawResults({ downloads: { "stats.csv": failed } });
    await click("Overwrite stats.csv…");
    expect(document.activeElement).toBe(button("Keep"));
    await click("Keep");
    expect(all(".oew-confirm")).toHaveLength(0);
    expect(document.activeElement).toBe(button("Overwrite stats.csv…"));
    await click("Overwrite stats.csv…");
    await click("Yes, overwrite");
    expect(model.sent).toMatchObject([{ kind: "download", key: "stats.csv", overwrite: true }]);
  });

  it("overwrite all that differ from the menu, after a question", async () => {
    const failed = download("stats.csv", { state: "failed", exists: true, error: ERROR });
    const { model, find, click } = await drawResults({ downloads: { "stats.csv": failed } });
    await click("More downloads");
    await click("Overwrite files that differ…");
    expect(find(".oew-confirm").textContent).toContain("Replace 1 other file");
    await click("Yes, overwrite");
    expect(model.sent).toMatchObject([
      { kind: "download_some", keys: ["stats.csv"], overwrite: true },
    ]);
  });

  it("give the focus to the row when the button that had it goes", async () => {
    const failed = download("stats.csv", { state: "failed", error: ERROR });
    const { button, update } = await drawResults({ downloads: { "stats.csv": failed } });
    button("Retry download of stats.csv").focus();
    await update({ downloads: { "stats.csv": download("stats.csv") } });
    expect(document.activeElement).toBe(button("stats.csv"));
  });

  it("tell where the file is, and copy what opens it", async () => {
    const done = download("stats.csv", { state: "done", path: "./results/j-1/stats.csv" });
    const { model, find, click } = await drawResults({ downloads: { "stats.csv": done } });
    expect(find(".oew-good").title).toBe("on the Jupyter server, in ./results/j-1/stats.csv");
    expect(find(".oew-good").textContent).toContain("downloaded, complete");
    await click("Copy Python that opens stats.csv");
    expect(model.sent).toMatchObject([{ kind: "opening_line", key: "stats.csv" }]);
  });

  it("end verified, with the path", async () => {
    const done = download("stats.csv", {
      state: "done",
      verified: true,
      path: "results/stats.csv",
    });
    const { find, names } = await drawResults({ downloads: { "stats.csv": done } });
    expect(find(".oew-arrived").textContent).toContain("verified");
    expect(find(".oew-good .oew-sr").textContent).toContain("results/stats.csv");
    expect(names()).toContain("Copy path of stats.csv");
  });

  it("do not claim to be verified", async () => {
    const done = download("stats.csv", { state: "done", path: "results/stats.csv" });
    const { find } = await drawResults({ downloads: { "stats.csv": done } });
    expect(find(".oew-arrived").textContent).not.toContain("verified");
  });

  it("say why they failed, and can be tried again", async () => {
    const failed = download("stats.csv", { state: "failed", error: ERROR });
    const { model, find, click } = await drawResults({ downloads: { "stats.csv": failed } });
    expect(find(".oew-download-failed").textContent).toContain("It is gone.");
    await click("Retry download of stats.csv");
    expect(model.sent).toMatchObject([{ kind: "download", key: "stats.csv" }]);
  });

  it("show a refusal in their row", async () => {
    const { click, reply, find } = await drawResults();
    await click("Download stats.csv");
    reply({ ok: false, error: ERROR });
    await act(async () => {});
    expect(find('[data-key="stats.csv"] [role="alert"]').textContent).toContain("It is gone.");
  });
});

describe("files to download", () => {
  const boxes = (all: (selector: string) => HTMLElement[]) =>
    all('.oew-files input[type="checkbox"]') as HTMLInputElement[];
  const tick = (box: HTMLInputElement | undefined) => act(async () => box?.click());

  it("are selected one by one, or all", async () => {
    const { model, all, find, click, names } = await drawResults();
    const [whole, first, second] = boxes(all);
    expect(names().some((name) => name.includes("selected"))).toBe(false);
    await tick(first);
    await tick(second);
    expect(whole?.indeterminate).toBe(true);
    expect(find(".oew-select-all").textContent).toContain("2 of 4 selected · 24 MB");
    await click("Download 2 selected");
    expect(model.sent).toMatchObject([
      { kind: "download_some", keys: ["ndvi_2022-07.tif", "ndvi_2022-08.tif"] },
    ]);
    await tick(whole);
    expect(boxes(all).every((box) => box.checked)).toBe(true);
    await tick(whole);
    expect(boxes(all).some((box) => box.checked)).toBe(false);
  });

  it("are thousands, also those that are not drawn yet", async () => {
    const assets = Array.from({ length: 5000 }, (_, index) => asset(`${index}.tif`));
    const { model, all, click } = await drawResults({ assets });
    await tick(boxes(all)[0]);
    await click("Download 5,000 selected");
    expect(model.sent[0]?.keys).toHaveLength(5000);
  });

  it("that are gone are not downloaded", async () => {
    const { model, all, update, click } = await drawResults();
    await tick(boxes(all)[1]);
    await tick(boxes(all)[2]);
    await update({ assets: [asset("ndvi_2022-08.tif"), asset("other.tif")] });
    await click("Download 1 selected");
    expect(model.sent).toMatchObject([{ keys: ["ndvi_2022-08.tif"] }]);
  });

  it("are nothing to choose from when there is one", async () => {
    const { all } = await drawResults({ assets: [asset("one.tif")] });
    expect(boxes(all)).toHaveLength(0);
  });
});

describe("selection", () => {
  it("goes by the name, and shows", async () => {
    const { model, button, click, update } = await drawResults();
    await click("stats.csv");
    expect(model.sent).toMatchObject([{ kind: "select", key: "stats.csv" }]);
    await update({ selected: "stats.csv" });
    expect(button("stats.csv").getAttribute("aria-pressed")).toBe("true");
  });
});
