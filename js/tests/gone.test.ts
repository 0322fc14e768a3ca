import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import widget from "../src/job";
import type { JobState } from "../src/protocol";
import resultsWidget from "../src/results";
import {
  asset,
  download,
  freshness,
  job,
  jsonAsset,
  OFFERED,
  preflight,
  RESTING,
  results,
} from "./states";
import { type Drawn, draw } from "./view";

afterEach(() => document.body.replaceChildren());

const GONE = "The kernel that this card belongs to is gone. Run this cell again";

async function cut(changes: Partial<JobState>): Promise<Drawn<JobState>> {
  const drawn = await draw(widget, job(Date.now(), changes));
  await act(async () => drawn.model.loseKernel());
  return drawn;
}

describe("a card whose kernel is gone", () => {
  it("says so at once, with the line that brings another", async () => {
    const { find } = await cut({});
    expect(find(".oew-gone").textContent).toContain(GONE);
    expect(find(".oew-gone code").textContent).toBe(
      'JobWidget.from_id("j-25110810426a4b77d1c0e6a4b", connection)',
    );
    expect(find(".oew-freshness-text").textContent).toMatch(/^no longer asking · asked/);
    expect(find(".oew-job > [role=status]:last-child").textContent).toBe(
      "NDVI timeseries 2022: running, the kernel is gone",
    );
  });

  it("offers nothing that needs it, and keeps what the person can still use", async () => {
    const { model, button, click } = await cut({
      status: "created",
      actions: OFFERED,
      preflight: preflight(),
    });
    for (const name of ["Start", "More actions", "Ask now", "Estimate again"]) {
      expect(button(name).getAttribute("aria-disabled")).toBe("true");
      const sent = model.sent.length;
      await click(name);
      expect(model.sent).toHaveLength(sent);
    }
    expect(button("Copy job id").getAttribute("aria-disabled")).toBeNull();
  });

  it("offers nothing in the results either, and keeps what they say", async () => {
    const assets = [asset("a.tif"), jsonAsset("b.json")];
    const downloads = { "a.tif": download("a.tif", { state: "failed", exists: true }) };
    const state = results(Date.now(), { map: null, assets, downloads, expires_ms: 0 });
    const { all, click, model } = await draw(resultsWidget, state);
    await click("Overwrite a.tif…");
    await act(async () => model.loseKernel());
    expect(all(".oew-confirm")).toHaveLength(0);
    const sent = model.sent.length;
    for (const button of all("button:not([role=tab])")) {
      if (button.closest(".oew-gone")) continue;
      expect(button.getAttribute("aria-disabled"), button.outerHTML).toBe("true");
      await act(async () => button.click());
    }
    expect(model.sent).toHaveLength(sent);
  });

  it("shows downloads at rest, and how they go on", async () => {
    const assets = [asset("a.tif"), asset("b.tif")];
    const downloads = {
      "a.tif": download("a.tif", { done_bytes: 1_310_000, bytes_per_s: 60_000, left_s: 28 }),
      "b.tif": download("b.tif", { done_bytes: 900, state: "waiting" }),
    };
    const state = results(Date.now(), { map: null, assets, downloads });
    const { all, find, model } = await draw(resultsWidget, state);
    expect(all("[role=progressbar]")).toHaveLength(2 + 1);
    await act(async () => model.loseKernel());
    expect(find(".oew-gone").textContent).toContain(GONE);
    expect(find(".oew-gone code").textContent).toBe(
      `ResultsWidget(connection.job(${JSON.stringify(state.job_id)}))`,
    );
    expect(all("[role=progressbar], .oew-moving")).toHaveLength(0);
    expect(find(".oew-results").textContent).not.toMatch(/\/s|s left/);
    expect(find('[data-key="a.tif"]').textContent).toContain(
      "stopped at 1.3 MB: run the cell again and download, it goes on where it was",
    );
    expect(find('[data-key="b.tif"]').textContent).toContain(
      "stopped: run the cell again and download",
    );
    expect(find(".oew-results > [role=status]:last-child").textContent).toContain("is gone");
  });

  it("closes a question that nobody could carry out", async () => {
    const { model, all, click } = await draw(widget, job(Date.now(), { actions: ["cancel"] }));
    await click("Cancel");
    expect(all(".oew-confirm")).toHaveLength(1);
    await act(async () => model.loseKernel());
    expect(all(".oew-confirm")).toHaveLength(0);
  });

  it("leaves an end what it is", async () => {
    const { find } = await cut({ status: "finished", freshness: freshness(Date.now(), RESTING) });
    expect(find(".oew-freshness-text").textContent).toContain("final state");
    expect(find(".oew-gone").textContent).toContain(GONE);
  });

  it("knows it where the kernel went before the card was drawn", async () => {
    const el = document.createElement("div");
    el.className = "jupyter-widgets-disconnected";
    document.body.append(el);
    const { model } = await draw(widget, job(Date.now()));
    await act(async () => void widget.render({ model, el }));
    expect(el.textContent).toContain(GONE);
  });
});
