import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import { SAY_AGAIN_MS } from "../src/job-logs/hooks";
import type { JobState, LogRow, LogSummary } from "../src/protocol";
import { LogKernel, logRow } from "./log-kernel";
import { job, logSummary } from "./states";
import { type Drawn, draw, press } from "./view";

const NOW = Date.now();

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const many = (count: number) => Array.from({ length: count }, (_, index) => logRow(index));
const settle = () => act(async () => void (await new Promise((done) => setTimeout(done))));
/** Lets fake time pass, and what follows from that happen. */
async function pass(ms: number) {
  for (const part of [ms, 0, 0, 0]) {
    await act(async () => void (await vi.advanceTimersByTimeAsync(part)));
  }
}
const texts = (drawn: Drawn<JobState>, selector: string) =>
  drawn.all(selector).map((el) => el.textContent);

function summaryOf(rows: LogRow[], changes: Partial<LogSummary> = {}): LogSummary {
  const count = (level: string) => rows.filter((row) => row.level === level).length;
  const counts = { errors: count("error"), warnings: count("warning") };
  return logSummary({ state: "ready", total: rows.length, ...counts, ...changes });
}

async function openLogs(rows: LogRow[], changes: Partial<JobState> = {}) {
  const kernel = new LogKernel(rows);
  const drawn = await draw(widget, job(NOW, { log_summary: summaryOf(rows), ...changes }));
  kernel.serve(drawn.model);
  await act(async () => drawn.all('[role="tab"]')[0]?.click());
  await settle();
  const list = () => drawn.find('[role="listbox"]');
  const kinds = (kind: string) => drawn.model.sent.filter((message) => message.kind === kind);
  /** More entries, as the kernel tells of them. */
  const grow = async (next: LogRow[]) => {
    kernel.rows = next;
    await drawn.update({ log_summary: summaryOf(next) });
    await settle();
  };
  const choose = async (level: string) => {
    await act(async () => {
      const select = drawn.find("select") as HTMLSelectElement;
      select.value = level;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await settle();
  };
  return { ...drawn, kernel, list, kinds, grow, choose };
}

const focus = (el: HTMLElement) => act(async () => el.focus());

async function scrollTo(list: HTMLElement, top: number) {
  await act(async () => {
    list.scrollTop = top;
    list.dispatchEvent(new Event("scroll"));
  });
  await settle();
}

describe("opening and closing", () => {
  it("asks for the logs when the tab is opened, and lets go of them when it is closed", async () => {
    const { all, kinds } = await openLogs([], { log_summary: logSummary() });
    expect(kinds("logs_open").map(({ wanted }) => wanted)).toEqual([true]);
    await act(async () => all('[role="tab"]')[0]?.click());
    expect(kinds("logs_open").map(({ wanted }) => wanted)).toEqual([true, false]);
  });

  it("takes the following up again when another view has ended it", async () => {
    const { kinds, update } = await openLogs(many(3), {
      log_summary: summaryOf(many(3), { following: true }),
    });
    await update({ log_summary: summaryOf(many(3), { following: false }) });
    expect(kinds("logs_open")).toHaveLength(2);
  });

  it.each([
    [1, "1 error, 0 warnings"],
    [2, "2 errors, 0 warnings"],
  ])("counts %i on its tab in words", async (errors, words) => {
    const { find } = await draw(widget, job(NOW, { log_summary: logSummary({ errors }) }));
    expect(find(".oew-badge .oew-sr").textContent).toBe(words);
  });

  it("says what there is, where there is nothing", async () => {
    const { find, update } = await openLogs([], { log_summary: logSummary({ state: "loading" }) });
    expect(find(".oew-logs").textContent).toContain("Reading the logs");
    await update({ log_summary: logSummary({ state: "ready" }) });
    expect(find(".oew-logs").textContent).toContain("no log entries yet");
    await update({ status: "finished" });
    expect(find(".oew-logs").textContent).toContain("This job has no log entries.");
  });

  it("says in words why they cannot be read, keeps what is known, and tries again", async () => {
    const rows = many(3);
    const error = { message: "No answer in time.", code: "", id: "", hint: "" };
    const { find, click, kinds, all } = await openLogs(rows, {
      log_summary: summaryOf(rows, { state: "error", error }),
    });
    expect(find(".oew-log-error").textContent).toContain("No answer in time.");
    expect(all('[role="option"]')).toHaveLength(3);
    await click("Try again");
    expect(kinds("logs_open")).toHaveLength(2);
    expect(document.activeElement).toBe(find(".oew-logs"));
  });
});

describe("the list", () => {
  it("holds in the page only what is in sight", async () => {
    const { all, find } = await openLogs(many(100_000));
    const options = all('[role="option"]');
    expect(options.length).toBeLessThan(60);
    expect(find('[data-index="99999"]').getAttribute("aria-setsize")).toBe("100000");
    expect(find('[data-index="99999"]').getAttribute("aria-posinset")).toBe("100000");
  });

  it("says time, level, message, how often, and where", async () => {
    const at = new Date(NOW).setHours(4, 5, 6, 0);
    const row = { level: "error", time_ms: at, message: "a\nb\u0000", count: 38, node: "load1" };
    const { find } = await openLogs([logRow(0, row)]);
    expect(find('[role="option"]').textContent).toBe("04:05:06errora ⏎ b␀×38load1");
    expect(find("time").title).toMatch(/ UTC$/);
  });

  it("tells the day where it changes", async () => {
    const day = (date: number) => new Date(2025, 5, date, 12).getTime();
    const rows = [1, 1, 2].map((date, index) => logRow(index, { time_ms: day(date) }));
    const drawn = await openLogs(rows);
    expect(texts(drawn, "time b")).toEqual(["2025-06-01 ", "2025-06-02 "]);
  });

  it("shows text as text", async () => {
    const hostile = "<img src=x onerror=alert(1)>\u202e";
    const { el, find } = await openLogs([
      logRow(0, { message: hostile, level: hostile, node: hostile }),
    ]);
    expect(el.querySelector("img")).toBeNull();
    expect(find(".oew-log-message bdi").textContent).toBe(hostile);
  });

  it("never hides what is of an unknown level", async () => {
    const drawn = await openLogs([logRow(0), logRow(1, { level: "fatal" })]);
    await drawn.choose("error");
    expect(texts(drawn, ".oew-log-level")).toEqual(["fatal"]);
  });
});

describe("following", () => {
  it("shows the newest, until somebody scrolls up; a button leads back", async () => {
    const { list, grow, all, find, click, names } = await openLogs(many(200));
    const end = list().scrollTop;
    expect(end).toBeGreaterThan(0);
    await grow(many(260));
    expect(find('[data-index="259"]')).toBeTruthy();
    expect(names()).not.toContain("Newest");

    await scrollTo(list(), 1000);
    await grow(many(400));
    expect(list().scrollTop).toBe(1000);
    expect(all('[data-index="399"]')).toHaveLength(0);
    await click("Newest");
    await settle();
    expect(find('[data-index="399"]')).toBeTruthy();
    expect(document.activeElement).toBe(list());
  });

  it("does not move the row with the cursor", async () => {
    const { list, grow } = await openLogs(many(200));
    await focus(list());
    await press("ArrowUp");
    const before = list().scrollTop;
    await grow(many(300));
    expect(list().scrollTop).toBe(before);
    expect(list().getAttribute("aria-activedescendant")).toMatch(/-row-199$/);
  });

  it("does not move, nor draw anew, text that is marked", async () => {
    const { list, grow, find } = await openLogs(many(200));
    const text = find('[data-index="195"] .oew-log-message bdi').firstChild as Text;
    document.getSelection()?.selectAllChildren(text.parentElement as Element);
    const before = list().scrollTop;
    await grow(many(205));
    expect(list().scrollTop).toBe(before);
    expect(find('[data-index="195"] .oew-log-message bdi').firstChild).toBe(text);
    expect(document.getSelection()?.toString()).toBe("Entry 195");
    document.getSelection()?.removeAllRanges();
  });
});

describe("the keyboard", () => {
  it("has one stop, and goes everywhere from there", async () => {
    const { list, all } = await openLogs(many(300));
    expect(all('[role="listbox"], [role="option"][tabindex]')).toHaveLength(1);
    expect(list().tabIndex).toBe(0);
    await focus(list());
    const at = () => Number(list().getAttribute("aria-activedescendant")?.split("-row-")[1]);
    await press("Home");
    expect(at()).toBe(0);
    await press("ArrowDown");
    expect(at()).toBe(1);
    await press("PageDown");
    expect(at()).toBeGreaterThan(8);
    await press("End");
    await settle();
    expect(at()).toBe(299);
    const active = document.getElementById(list().getAttribute("aria-activedescendant") ?? "");
    expect(active?.getAttribute("aria-selected")).toBe("true");
  });

  it("keeps the row with the cursor in the page when it is out of sight", async () => {
    const { list } = await openLogs(many(300));
    await focus(list());
    await press("End");
    await scrollTo(list(), 0);
    expect(
      document.getElementById(list().getAttribute("aria-activedescendant") ?? ""),
    ).toBeTruthy();
  });

  it("opens the details with Enter and closes them with Escape, and keeps the focus", async () => {
    const { list, all, find } = await openLogs(many(5));
    await focus(list());
    await press("End");
    await press("Enter");
    await settle();
    expect(find(".oew-log-details").textContent).toContain("Entry 4");
    await press("ArrowUp");
    await settle();
    expect(find(".oew-log-details").textContent).toContain("Entry 3");
    await press("Escape");
    expect(all(".oew-log-details")).toHaveLength(0);
    expect(document.activeElement).toBe(list());
  });
});

describe("filter and search", () => {
  const mixed = [logRow(0), logRow(1, { level: "error", message: "Boom" }), logRow(2)];

  it("begin with the errors of a job that has failed", async () => {
    const drawn = await openLogs(mixed, { status: "error" });
    expect(texts(drawn, ".oew-log-message")).toEqual(["Boom"]);
    expect((drawn.find("select") as HTMLSelectElement).value).toBe("error");
    await drawn.click("Only errors are shown: show all");
    await settle();
    expect(drawn.all('[role="option"]')).toHaveLength(3);
    expect(document.activeElement).toBe(drawn.list());
  });

  it("close the entry that they leave out, and leave the focus where it is", async () => {
    const drawn = await openLogs(mixed);
    await act(async () => drawn.all('[role="option"]')[2]?.click());
    await focus(drawn.find("select"));
    await drawn.choose("info");
    expect(drawn.find(".oew-log-details").textContent).toContain("Entry 2");
    for (const level of ["error", "debug"]) {
      await drawn.choose(level);
      expect(drawn.all(".oew-log-details")).toHaveLength(0);
      expect(document.activeElement).toBe(drawn.find("select"));
    }
  });

  it("take nothing out of sight when the job fails while its log is read", async () => {
    const { all, update } = await openLogs(mixed);
    await update({ status: "error" });
    await settle();
    expect(all('[role="option"]')).toHaveLength(3);
  });

  it("show all of a failed job that logged no error", async () => {
    const { all } = await openLogs(many(3), { status: "error" });
    expect(all('[role="option"]')).toHaveLength(3);
  });

  it("find, and say how much", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const drawn = await openLogsWithFakeTime(mixed);
    await act(async () => {
      const input = drawn.find("input") as HTMLInputElement;
      input.value = "boo";
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    expect(drawn.model.sent.filter(({ search }) => search === "boo")).toHaveLength(0);
    await pass(500);
    expect(texts(drawn, ".oew-log-message")).toEqual(["Boom"]);
    expect(drawn.find(".oew-log-tools").textContent).toContain("1 row found");
  });

  async function openLogsWithFakeTime(rows: LogRow[]) {
    const kernel = new LogKernel(rows);
    const drawn = await draw(widget, job(NOW, { log_summary: summaryOf(rows) }));
    kernel.serve(drawn.model);
    await act(async () => drawn.all('[role="tab"]')[0]?.click());
    await pass(10);
    return drawn;
  }

  it("say to a screen reader now and then how many new errors there are", async () => {
    vi.useFakeTimers({ now: NOW, toFake: ["Date", "setTimeout", "clearTimeout"] });
    const failing = (count: number) => many(count).map((row) => ({ ...row, level: "error" }));
    const drawn = await openLogsWithFakeTime(failing(1));
    const said = () => texts(drawn, ".oew-logs > [role='status']").at(-1);
    const tell = (count: number) => drawn.update({ log_summary: summaryOf(failing(count)) });
    await tell(3);
    await pass(1);
    expect(said()).toBe("2 new errors, 3 in all");
    for (let count = 4; count < 9; count += 1) await tell(count);
    expect(said()).toBe("2 new errors, 3 in all");
    await pass(SAY_AGAIN_MS);
    expect(said()).toBe("5 new errors, 8 in all");
  });
});

describe("details", () => {
  it("show all there is of an entry", async () => {
    const drawn = await openLogs([logRow(0, { node: "load1" })]);
    drawn.kernel.details.set(0, {
      message: "Two\nlines\u0007",
      code: "NoDataAvailable",
      data: '{"tiles":[1,2]}',
      note: "Of its message a part is kept.",
      stacktrace: "at line 3",
      usage: [{ name: "cpu", value: 3, unit: "cpu-seconds" }],
      links: [{ title: "Help", rel: "about", media_type: "" }],
    });
    await act(async () => drawn.find('[role="option"]').click());
    await settle();
    const shown = drawn.find(".oew-log-details").textContent;
    for (const part of ["Two\nlines␇", "NoDataAvailable", "log-0", "load1 load_collection"]) {
      expect(shown).toContain(part);
    }
    for (const part of ["cpu 3 cpu-seconds", "a part is kept", "at line 3", "tiles"]) {
      expect(shown).toContain(part);
    }
  });

  it("show data that are cut as text", async () => {
    const drawn = await openLogs([logRow(0)]);
    drawn.kernel.details.set(0, { data: '{"tiles":[1,' });
    await act(async () => drawn.find('[role="option"]').click());
    await settle();
    expect(drawn.find(".oew-log-details").textContent).toContain('{"tiles":[1,');
  });

  it("open a link in a page of its own", async () => {
    const opened = vi.spyOn(window, "open").mockReturnValue(null);
    const drawn = await openLogs([logRow(0)]);
    drawn.kernel.details.set(0, { links: [{ title: "Help", rel: "about", media_type: "" }] });
    await act(async () => drawn.find('[role="option"]').click());
    await settle();
    await drawn.click("Help");
    await settle();
    expect(opened).toHaveBeenCalledWith(
      "https://openeo.example/help?sig=1",
      "_blank",
      "noopener,noreferrer",
    );
    expect(drawn.el.innerHTML).not.toContain("sig=1");
  });
});

it("saves what is shown as a file, and lets go of it", async () => {
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:1");
  const revoked = vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => {});
  const { click, kinds } = await openLogs(many(2));
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  await click("Save these entries as JSON lines");
  await act(async () => {});
  expect(kinds("logs_save")).toMatchObject([{ form: "ndjson", level: "debug", search: "" }]);
  const blob = made.mock.calls[0]?.[0] as Blob;
  expect(await blob.text()).toBe("Entry 0\nEntry 1\n");
  vi.runAllTimers();
  expect(revoked).toHaveBeenCalledWith("blob:1");
});

it("copies what is shown, says so, and can say so again", async () => {
  vi.stubGlobal("navigator", { clipboard: { writeText: vi.fn(async () => {}) } });
  const { click, all } = await openLogs(many(2));
  const said = () => all('[role="status"]').filter((el) => el.textContent === "Copied").length;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for (const _ of [1, 2]) {
    await click("Copy these entries");
    await pass(0);
    expect(navigator.clipboard.writeText).toHaveBeenLastCalledWith("Entry 0\nEntry 1\n");
    expect(said()).toBe(1);
    await pass(5000);
    expect(said()).toBe(0);
  }
  vi.unstubAllGlobals();
});
