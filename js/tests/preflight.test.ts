import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import { accountLine, estimateLine, shortages } from "../src/job-steer/preflight";
import type { JobState, Preflight } from "../src/protocol";
import { job, OFFERED, preflight, steps } from "./states";
import { draw } from "./view";

const NOW = Date.UTC(2026, 10, 23, 13);

/** Tells what is on the screen when a test says so. */
class Screen {
  static readonly all: Screen[] = [];
  watching = false;
  constructor(readonly heard: (entries: { isIntersecting: boolean }[]) => void) {
    Screen.all.push(this);
  }
  observe() {
    this.watching = true;
  }
  disconnect() {
    this.watching = false;
  }
}

const scroll = (isIntersecting: boolean) =>
  act(async () => {
    for (const screen of Screen.all) if (screen.watching) screen.heard([{ isIntersecting }]);
  });

beforeEach(() => {
  Screen.all.length = 0;
  vi.stubGlobal("IntersectionObserver", Screen);
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const CREATED: Partial<JobState> = {
  status: "created",
  steps: steps(NOW, ["created", 5]),
  actions: OFFERED,
};
const PROBLEMS: Preflight["problems"] = [
  { message: "There is no band B99.", code: "BandNotFound", node: "load1" },
  { message: "There is no process 'x'.", code: "", node: "" },
];
const drawJob = (changes: Partial<JobState> = {}) =>
  draw(widget, job(NOW, { ...CREATED, ...changes }));

describe("what is said before a start", () => {
  it("is asked for once, when the card is first seen", async () => {
    const { model, update } = await drawJob();
    await scroll(false);
    expect(model.sent).toEqual([]);
    await scroll(true);
    expect(model.sent).toMatchObject([{ kind: "preflight" }]);
    await update({ preflight: preflight({ state: "loading", estimate: null }) });
    await update({ preflight: preflight() });
    await scroll(true);
    expect(model.sent).toHaveLength(1);
  });

  it.each([
    ["that has ended", { status: "finished" }],
    ["of a back-end that can tell nothing", { actions: ["start", "refresh"] as const }],
    ["that has been told", { preflight: preflight() }],
  ])("is not asked for by itself of a job %s", async (_, changes) => {
    const { model } = await drawJob(changes as Partial<JobState>);
    await scroll(true);
    expect(model.sent).toEqual([]);
  });

  it("is a calm line or two, and can be asked for again", async () => {
    const { find, model, click, all } = await drawJob({ preflight: preflight() });
    expect(find(".oew-preflight p").textContent).toBe(
      "Estimate: up to 12 credits · about 4 min · 320 MBfree plan · 380 credits left",
    );
    expect(all(".oew-warnings")).toHaveLength(0);
    await click("Estimate again");
    expect(model.sent).toMatchObject([{ kind: "preflight" }]);
  });

  it("is no longer of interest once the job is under way", async () => {
    const { all } = await drawJob({
      status: "queued",
      actions: ["cancel"],
      preflight: preflight(),
    });
    expect(all(".oew-preflight")).toHaveLength(0);
  });

  it("warns of problems with their nodes, and Start asks", async () => {
    const { find, click, model } = await drawJob({ preflight: preflight({ problems: PROBLEMS }) });
    expect(find(".oew-warnings b").textContent).toBe(
      "The back-end finds 2 problems in the process graph.",
    );
    expect(find(".oew-problems").textContent).toContain("load1");
    await click("Start");
    expect(find(".oew-confirm").textContent).toContain(
      "The back-end finds 2 problems in the process graph. Start all the same?",
    );
    expect(model.sent).toEqual([]);
    await click("Yes, start");
    expect(model.sent).toMatchObject([{ kind: "start" }]);
  });

  it("says aloud that there are problems, when they are found", async () => {
    const { all, update } = await drawJob({ preflight: preflight({ state: "loading" }) });
    const said = () => all('.oew-actions [aria-live="polite"]').map((region) => region.textContent);
    expect(said().join("")).toBe("");
    await update({ preflight: preflight({ problems: PROBLEMS }) });
    expect(said()).toContain("The back-end finds 2 problems in the process graph.");
  });

  it("says how many more problems there are", async () => {
    const many = Array.from({ length: 9 }, () => PROBLEMS[0] as Preflight["problems"][0]);
    const { all } = await drawJob({ preflight: preflight({ problems: many }) });
    expect(all(".oew-problems > li")).toHaveLength(6);
    expect(all(".oew-problems > li").at(-1)?.textContent).toBe("and 4 more");
  });

  it("is asked for before a restart, beside what that discards", async () => {
    const { model, click, find, update } = await drawJob({
      status: "finished",
      start_warning: "Four files go.",
    });
    await click("Start again");
    expect(model.sent).toMatchObject([{ kind: "preflight" }]);
    await update({ preflight: preflight({ problems: PROBLEMS.slice(1) }) });
    expect(find(".oew-confirm").textContent).toContain(
      "Four files go. The back-end finds 1 problem in the process graph. Start all the same?",
    );
  });
});

describe("in words", () => {
  it("leaves out what is not told", () => {
    const some = { costs: null, duration_s: 0.4, size: null, downloads_included: 2, expires: "" };
    expect(estimateLine(preflight({ estimate: some }))).toBe(
      "Estimate: under 1 s · 2 downloads included",
    );
  });

  it("says why there is no estimate, as calmly", () => {
    const none = { estimate: null, estimate_note: "No estimate: too complex." };
    expect(estimateLine(preflight(none))).toBe("No estimate: too complex.");
    expect(estimateLine(preflight({ estimate: null }))).toBe("No estimate");
    const loading = preflight({ estimate: null, state: "loading" });
    expect(estimateLine(loading)).toBe("Asking what a start would cost…");
  });

  it("names plan, credits and storage", () => {
    expect(accountLine(preflight({ storage_free: 10_000_000_000 }))).toBe(
      "free plan · 380 credits left · 10 GB of storage free",
    );
    expect(accountLine(preflight({ plan: "", credits: null }))).toBe("");
  });

  it("warns where the estimate is more than there is", () => {
    expect(shortages(preflight())).toEqual([]);
    expect(shortages(preflight({ budget: 10, credits: 5, storage_free: 1000 }))).toEqual([
      "The estimate is above the job's budget of 10 credits: it may stop without all of its results.",
      "The estimate is more than the 5 credits that your account has left.",
      "The results may be larger than the storage that you have free.",
    ]);
    expect(shortages(preflight({ estimate: null, budget: 0 }))).toEqual([]);
  });

  it("does not call small costs none", () => {
    const some = { ...preflight().estimate, costs: 0.0041 } as NonNullable<Preflight["estimate"]>;
    expect(estimateLine(preflight({ estimate: some, currency: "EUR" }))).toContain(
      "up to 0.0041 EUR",
    );
  });
});
