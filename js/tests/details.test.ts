import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import { facts } from "../src/job-details/facts";
import { partsOf } from "../src/lib/messages";
import { webAddress } from "../src/lib/open";
import type { JobState } from "../src/protocol";
import { details, nothingTold } from "./details-states";
import { freshness, job, RESTING, steps } from "./states";
import { draw } from "./view";

const NOW = Date.UTC(2026, 10, 23, 13, 10, 8);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "setInterval", "clearInterval"] });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const drawJob = (changes: Partial<JobState> = {}) => draw(widget, job(NOW, changes));

const FINISHED: Partial<JobState> = {
  status: "finished",
  steps: steps(NOW, ["created", 10], ["queued", 80], ["running", 648], ["finished", 0]),
  freshness: freshness(NOW, RESTING),
};

async function panel(changes: Partial<JobState> = {}) {
  const drawn = await drawJob({ details: details(), ...changes });
  await drawn.click("Details");
  return drawn;
}

describe("the tab", () => {
  it("says what the back-end told, each by its name", async () => {
    const { all } = await panel();
    const told = Object.fromEntries(
      all(".oew-fact").map((row) => [
        row.querySelector("dt")?.textContent,
        row.querySelector("dd")?.textContent,
      ]),
    );
    expect(told).toMatchObject({
      Plan: "academic",
      Budget: "100 credits",
      Costs: "14 credits",
      "Log level": "info",
      "job_options.driver-memory": "4g",
    });
    expect(told.Description).toBe("Monthly NDVI of two fields.\n\nCloudy pixels are *masked*.");
    expect(Object.keys(told)).not.toContain("Queued");
  });

  it.each([
    ["job_options.driver-memory", ["job_", "options.", "driver-", "memory"]],
    ["simulate.queue_s", ["simulate.", "queue_s"]],
    ["__init__", ["__", "init__"]],
    ["a.", ["a."]],
    ["12.75 processing_unit", ["12.75 processing_", "unit"]],
    ["", [""]],
  ])("breaks the name %s between its parts", (name, parts) => {
    expect(partsOf(name)).toEqual(parts);
  });

  it("lets a name break there", async () => {
    const { all } = await panel();
    const name = all("dt").find(({ textContent }) => textContent === "job_options.driver-memory");
    expect(name?.querySelectorAll("wbr")).toHaveLength(3);
  });

  it("has usage with readable names and the units as sent", async () => {
    const { all, find } = await panel();
    expect(find(".oew-usage caption").textContent).toBe("Usage");
    expect(all(".oew-usage tr").map((row) => row.textContent)).toEqual([
      "CPU15,312.5 cpu-seconds",
      "Memory40,960 mb-seconds",
      "Run time648 seconds",
      "sentinelhub12.75 sentinelhub_processing_unit",
    ]);
  });

  it("shows local times, with UTC on hover", async () => {
    const { find } = await panel();
    expect(find(".oew-facts time").title).toBe("2026-11-23 12:58:00 UTC");
  });

  it("leaves out what is empty, and never says null", async () => {
    const { find, all } = await panel({ details: nothingTold() });
    expect(all(".oew-fact, .oew-usage, .oew-links")).toEqual([]);
    expect(find(".oew-panel").textContent).not.toMatch(/null|undefined|NaN/);
  });

  it("shows mark-up as text", async () => {
    const description = "<img src=x onerror=alert(1)>";
    const { find, all } = await panel({ details: details({ description }) });
    expect(find(".oew-description").textContent).toBe(description);
    expect(all("img")).toEqual([]);
  });

  it("asks for a full answer where there was none, once", async () => {
    const { model, update } = await panel({ details: null });
    expect(model.sent).toMatchObject([{ kind: "refresh" }]);
    model.reply({ ok: true });
    await update({ freshness: freshness(NOW) });
    expect(model.sent).toHaveLength(1);
  });

  it("asks for nothing while the first answer is on its way", async () => {
    const never = freshness(NOW, { state: "never", asked_ms: null });
    const { model } = await panel({ details: null, freshness: never });
    expect(model.sent).toEqual([]);
  });
});

describe("a link", () => {
  const answer = async (url: unknown) => {
    const open = vi.spyOn(window, "open").mockReturnValue(null);
    const { model, click } = await panel();
    await click("Open What this job is for");
    expect(model.sent).toMatchObject([{ kind: "open_link", index: 0 }]);
    model.message({ id: model.sent[0]?.id, ok: true, data: { url } });
    await Promise.resolve();
    await Promise.resolve();
    return open;
  };

  it("is opened in a page of its own, which knows nothing of this one", async () => {
    const open = await answer("https://openeo.example/about");
    const features = "noopener,noreferrer";
    expect(open).toHaveBeenCalledWith("https://openeo.example/about", "_blank", features);
  });

  it("is called by its relation where it has no title", async () => {
    const { names } = await panel();
    expect(names()).toContain("Open license");
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "",
    null,
    5,
  ])("to %s is not opened", async (url) => {
    expect(await answer(url)).not.toHaveBeenCalled();
  });

  it("says why it cannot be opened", async () => {
    const { model, click, find, reply } = await panel();
    await click("Open license");
    expect(model.sent).toMatchObject([{ kind: "open_link", index: 1 }]);
    reply({ ok: false, error: { message: "This link is no longer there." } });
    await Promise.resolve();
    expect(find(".oew-links .oew-error").textContent).toContain("no longer there");
  });
});

describe("budget and costs", () => {
  const named = (name: string, changes: object) =>
    facts(details(changes)).find((fact) => fact.name === name)?.text;

  it("have no limit where there is a currency, and are nothing where there is none", () => {
    expect(named("Budget", { budget: null })).toBe("no limit");
    expect(named("Budget", { budget: null, currency: "" })).toBeUndefined();
    expect(named("Costs", { costs: null })).toBeUndefined();
    expect(named("Costs", { costs: 0 })).toBe("none");
    expect(named("Costs", { costs: 2.5, currency: "" })).toBe("2.5");
  });
});

describe("dates", () => {
  const created = (text: string) => facts(details({ created: text }))[0];

  it("without a zone are UTC", () => {
    expect(created("2026-11-23T12:58:00")?.utc).toBe("2026-11-23 12:58:00 UTC");
    expect(created("2026-11-23T12:58:00+02:00")?.utc).toBe("2026-11-23 10:58:00 UTC");
  });

  it("that are none are shown as they came", () => {
    expect(created("yesterday")).toEqual({ name: "Created", text: "yesterday" });
  });
});

describe("the head and the end", () => {
  it.each([
    [14, "credits", "after 0:12:08 · 14 credits"],
    [0, "credits", "after 0:12:08 · no costs"],
    [14, "", "after 0:12:08 · costs 14"],
    [null, "credits", "after 0:12:08"],
  ])("tell costs of %s %s", async (costs, currency, text) => {
    const { find } = await drawJob({ ...FINISHED, details: details({ costs, currency }) });
    expect(find(".oew-elapsed").textContent).toBe(text);
  });

  it("say in a sentence how it went", async () => {
    const { find, update } = await drawJob({ ...FINISHED, details: details() });
    const said = () => find(".oew-end-line").textContent;
    expect(said()).toBe("The job finished. It ran for 10:48 and cost 14 credits.");
    await update({ details: details({ costs: 0 }) });
    expect(said()).toBe("The job finished. It ran for 10:48 and cost nothing.");
    await update({ details: null });
    expect(said()).toBe("The job finished. It ran for 10:48.");
    await update({ steps: [{ status: "finished", at_ms: null }] });
    expect(said()?.trim()).toBe("The job finished.");
  });

  it("say nothing of costs while it runs", async () => {
    const { find, all } = await drawJob({ details: details() });
    expect(find(".oew-head").textContent).not.toContain("credits");
    expect(all(".oew-end-line")).toEqual([]);
  });
});

describe("the time left", () => {
  const eta = { ends_ms: NOW + 6 * 60_000, basis: "from its progress" };

  it("is shown with what it is known from", async () => {
    const { find, update, all } = await drawJob({ progress: 62, eta });
    expect(find(".oew-eta").textContent).toBe("about 6 min left · from its progress");
    expect(find(".oew-eta").title).toContain("from its progress");
    await update({ eta: { ...eta, ends_ms: NOW - 1 } });
    expect(find(".oew-eta").textContent).toBe("longer than usual · from its progress");
    await update({ eta: null });
    expect(all(".oew-eta")).toEqual([]);
  });

  it("is not told where the state may be old", async () => {
    const { all } = await drawJob({ eta, freshness: freshness(NOW, { state: "lost" }) });
    expect(all(".oew-eta")).toEqual([]);
  });
});

describe("an address", () => {
  it("is one of the web, or none", () => {
    expect(webAddress({ url: "HTTPS://x.example/" })).toBe("HTTPS://x.example/");
    expect(webAddress({ url: " javascript:alert(1)//https://" })).toBeNull();
    expect(webAddress(null)).toBeNull();
  });
});
