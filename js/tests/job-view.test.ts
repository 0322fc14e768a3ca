import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import { LOOK_AGAIN_MS } from "../src/job-card/look";
import { LATE_MS, LATE_TEXT } from "../src/lib/commands";
import type { JobState } from "../src/protocol";
import { freshness, job, MINUTE, RESTING, SECOND, steps } from "./states";
import { draw, press } from "./view";

const NOW = Date.UTC(2026, 10, 23, 13);

beforeEach(() => {
  vi.useFakeTimers({
    now: NOW,
    toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
  });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

const drawJob = (changes: Partial<JobState> = {}) => draw(widget, job(NOW, changes));
const tick = (ms: number) => act(async () => void vi.advanceTimersByTime(ms));

const CREATED: Partial<JobState> = {
  status: "created",
  steps: steps(NOW, ["created", 5]),
  actions: ["start", "refresh"],
};

const FINISHED: Partial<JobState> = {
  status: "finished",
  steps: steps(NOW, ["queued", 41], ["running", 248], ["finished", 60]),
  freshness: freshness(NOW, RESTING),
  actions: ["start", "refresh"],
};

describe("whether somebody looks", () => {
  const hide = async (hidden: boolean) => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
    await act(async () => void document.dispatchEvent(new Event("visibilitychange")));
  };
  afterEach(() => vi.restoreAllMocks());

  it("is told at first, when it changes, and again while they do", async () => {
    const { model, stop } = await drawJob();
    expect(model.looks).toEqual([true]);
    await hide(true);
    await tick(LOOK_AGAIN_MS);
    expect(model.looks).toEqual([true, false]);
    await hide(false);
    await tick(LOOK_AGAIN_MS);
    expect(model.looks).toEqual([true, false, true, true]);
    stop();
    await hide(true);
    expect(model.looks).toHaveLength(4);
  });

  it("is of no interest at an end", async () => {
    const { model } = await drawJob(FINISHED);
    await hide(true);
    expect(model.looks).toEqual([]);
  });
});

describe("what is shown", () => {
  it("names job, state, back-end and freshness", async () => {
    const { find } = await drawJob({ progress: 62 });
    const root = find(".oew-job");
    expect(root.dataset).toMatchObject({ status: "running", freshness: "live" });
    expect(root.textContent).toContain("NDVI timeseries 2022");
    expect(root.textContent).toContain("openeo.example");
    expect(find(".oew-status").textContent).toBe("running");
    expect(find(".oew-id").title).toBe("j-25110810426a4b77d1c0e6a4b");
    expect(find(".oew-freshness-text").textContent).toBe("live · asked 4 s ago · again in 6 s");
    expect(find('[role="progressbar"]').getAttribute("aria-valuenow")).toBe("62");
  });

  it("ticks without a word from the kernel", async () => {
    const { find } = await drawJob();
    expect(find(".oew-elapsed").textContent).toBe("0:03:27");
    expect(find('[data-mark="now"] .oew-step-time').textContent).toBe("2:46");
    await tick(3 * SECOND);
    expect(find(".oew-elapsed").textContent).toBe("0:03:30");
    expect(find('[data-mark="now"] .oew-step-time').textContent).toBe("2:49");
    expect(find(".oew-freshness-text").textContent).toBe("live · asked 7 s ago · again in 3 s");
  });

  it("stops ticking at an end", async () => {
    const { find } = await drawJob(FINISHED);
    expect(find(".oew-elapsed").textContent).toBe("after 0:04:49");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("has words for an end within the second", async () => {
    const { find } = await drawJob({
      ...FINISHED,
      steps: [
        { status: "queued", at_ms: NOW - 900 },
        { status: "finished", at_ms: NOW },
      ],
    });
    expect(find(".oew-elapsed").textContent).toBe("in under 1 s");
  });

  it("shows how far a failed job came, and no bar for a finished one", async () => {
    const failed = await drawJob({ ...FINISHED, status: "error", progress: 62 });
    expect(failed.find('[role="progressbar"]').getAttribute("aria-valuenow")).toBe("62");
    const finished = await drawJob({ ...FINISHED, progress: 100 });
    expect(finished.all('[role="progressbar"]')).toHaveLength(0);
  });

  it("invents no progress", async () => {
    const { find } = await drawJob();
    expect(find('[role="progressbar"]').hasAttribute("aria-valuenow")).toBe(false);
    expect(find(".oew-indeterminate").className).toContain("oew-moving");
  });

  it("moves only while answers keep coming", async () => {
    const lost = freshness(NOW, { state: "lost", attempt: 3, asked_ms: NOW - 2 * MINUTE });
    const { find } = await drawJob({ freshness: lost });
    expect(find(".oew-indeterminate").className).not.toContain("oew-moving");
  });

  it("does not let a state age unseen, nor count on from it", async () => {
    const lost = freshness(NOW, { state: "lost", attempt: 3, asked_ms: NOW - 2 * MINUTE });
    const { find, all } = await drawJob({ freshness: lost });
    expect(find(".oew-status").textContent).toBe("running, 2 min ago");
    expect(find('[data-mark="now"] .oew-step-time').textContent).toBe("0:46");
    expect(all(".oew-elapsed")).toHaveLength(0);
  });

  it.each([
    "preempted",
    "",
    "constructor",
    "__proto__",
  ])("shows the status %o as it is, not as a failure", async (status) => {
    const { find } = await drawJob({ status, steps: [{ status, at_ms: NOW }] });
    expect(find(".oew-pill").className).toContain("oew-tone-plain");
    expect(find(".oew-status").textContent).toContain(status);
  });

  it("says an error in words, with code, reference and what to do", async () => {
    const error = { message: "Out of memory.", code: "JobFailed", id: "r-1", hint: "Ask less." };
    const { find } = await drawJob({ ...FINISHED, status: "error", error });
    expect(find(".oew-job-error").textContent).toBe(
      "Out of memory. Ask less. (JobFailed, ref. r-1)",
    );
  });

  it("shows text as text", async () => {
    const hostile = "<img src=x onerror=alert(1)>\u202e";
    const error = { message: hostile, code: hostile, id: hostile, hint: hostile };
    const { el, find, all } = await drawJob({
      title: hostile,
      job_id: hostile,
      backend: hostile,
      status: hostile,
      notice: hostile,
      steps: [{ status: hostile, at_ms: NOW }],
      freshness: freshness(NOW, { reason: hostile }),
      error,
    });
    expect(find(".oew-title").textContent).toBe(hostile);
    expect(el.querySelector("img")).toBeNull();
    expect(all("bdi").length).toBeGreaterThan(5);
  });
});

describe("what can be done", () => {
  it("offers only what is possible", async () => {
    expect((await drawJob(CREATED)).names()).toEqual([
      "Copy job id",
      "Start",
      "More actions",
      "Ask now",
    ]);
    expect((await drawJob()).names()).toEqual(["Copy job id", "Cancel", "More actions", "Ask now"]);
    expect((await drawJob({ actions: [] })).names()).toEqual(["Copy job id", "More actions"]);
  });

  it("starts once, disabled until the reply and the pending start are both through", async () => {
    const { model, button, click, update, reply, names } = await drawJob(CREATED);
    await click("Start");
    expect(button("Starting…").getAttribute("aria-disabled")).toBe("true");
    await click("Starting…");
    expect(model.sent).toEqual([{ id: expect.any(String), kind: "start" }]);
    await update({ pending: "start", actions: ["refresh"] });
    reply({ ok: true });
    await update({});
    expect(button("Starting…").getAttribute("aria-disabled")).toBe("true");
    await update({ pending: "", status: "queued", actions: ["cancel", "refresh"] });
    expect(names()).toContain("Cancel");
  });

  it("asks before it cancels, with the focus on the safe answer", async () => {
    const { model, button, click, all } = await drawJob();
    button("Cancel").focus();
    await click("Cancel");
    expect(document.activeElement).toBe(button("Keep"));
    expect(model.sent).toHaveLength(0);
    await click("Keep");
    expect(all(".oew-confirm")).toHaveLength(0);
    expect(document.activeElement).toBe(button("Cancel"));
    await click("Cancel");
    await press("Escape");
    expect(all(".oew-confirm")).toHaveLength(0);
    await click("Cancel");
    await click("Yes, cancel");
    expect(model.sent).toMatchObject([{ kind: "cancel" }]);
    expect(document.activeElement).toBe(button("Canceling…"));
  });

  it("has the focus on the safe answer as soon as the question is there", async () => {
    const { button, all } = await drawJob();
    button("Cancel").click();
    while (!all(".oew-confirm").length) await Promise.resolve();
    expect(document.activeElement).toBe(button("Keep"));
  });

  it("asks again at once after an Escape, before the page was painted", async () => {
    const { button, click, all } = await drawJob();
    await click("Cancel");
    const key = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
    button("Keep").dispatchEvent(key);
    // What is drawn comes with the microtasks, and effects only after that.
    while (all(".oew-confirm").length) await Promise.resolve();
    button("Cancel").click();
    await act(async () => {});
    expect(document.activeElement).toBe(button("Keep"));
  });

  it("takes no double click for an answer", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
    const { click, all, model } = await drawJob();
    await click("Cancel");
    clock.mockReturnValue(1400);
    await click("Cancel");
    expect(all(".oew-confirm")).toHaveLength(1);
    clock.mockReturnValue(2000);
    await click("Cancel");
    expect(all(".oew-confirm")).toHaveLength(0);
    expect(model.sent).toHaveLength(0);
  });

  it("stops asking when there is nothing left to cancel", async () => {
    const { click, update, all, button } = await drawJob();
    await click("Cancel");
    await update({ ...FINISHED });
    expect(all(".oew-confirm")).toHaveLength(0);
    expect(document.activeElement).toBe(button("Start again"));
  });

  it("says what is lost before it starts again", async () => {
    const { model, click, find } = await drawJob({ ...FINISHED, start_warning: "4 files go." });
    await click("Start again");
    expect(find(".oew-confirm").textContent).toContain("4 files go.");
    await click("Yes, start again");
    expect(model.sent).toMatchObject([{ kind: "start" }]);
  });

  it("keeps canceling until the back-end proves it", async () => {
    const { button } = await drawJob({ pending: "cancel", actions: ["refresh"] });
    expect(button("Canceling…").getAttribute("aria-disabled")).toBe("true");
  });

  it("asks at once when told to", async () => {
    const lost = freshness(NOW, { state: "lost", attempt: 3 });
    const { model, click, reply, find } = await drawJob({ freshness: lost });
    await click("Ask now");
    expect(model.sent).toMatchObject([{ kind: "refresh" }]);
    reply({ ok: false, error: { message: "No.", code: "", id: "", hint: "" } });
    await act(async () => {});
    expect(find('[role="alert"]').textContent).toContain("No.");
  });

  it("says when the kernel does not answer, and takes a late answer", async () => {
    const { click, reply, find, all, button } = await drawJob(CREATED);
    await click("Start");
    await tick(LATE_MS);
    expect(find(".oew-late").textContent).toBe(LATE_TEXT);
    reply({ ok: true });
    await act(async () => {});
    expect(all(".oew-late")).toHaveLength(0);
    expect(button("Start").hasAttribute("aria-disabled")).toBe(false);
  });
});

it("announces a change of status once, and nothing at first", async () => {
  const { all, update } = await drawJob();
  const live = () => all('.oew-job > [role="status"]').map((region) => region.textContent);
  expect(live()).toEqual([""]);
  await update({ status: "finished" });
  expect(live()).toEqual(["NDVI timeseries 2022: finished"]);
});

describe("the tabs", () => {
  it.each([
    ["ArrowRight", "Details"],
    ["End", "Requests"],
    ["Home", "Logs"],
  ])("are gone through with %s, and an open one stays open", async (key, name) => {
    const { all, find } = await drawJob();
    const tabs = () => all('[role="tab"]');
    await act(async () => tabs()[0]?.click());
    await act(async () => tabs()[0]?.focus());
    for (const _ of key === "ArrowRight" ? [1] : [1, 2]) {
      await press(key);
      expect(find('[role="tab"][aria-selected="true"]').textContent).toContain(name);
      expect(document.activeElement?.textContent).toContain(name);
    }
  });
});
