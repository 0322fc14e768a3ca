import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import { joined, MOST_ROWS, outcome, rowsOf, shortPath, took } from "../src/job-requests/rows";
import type { JobState, RequestRow } from "../src/protocol";
import { request, requests } from "./details-states";
import { job } from "./states";
import { draw } from "./view";

const NOW = Date.UTC(2026, 10, 23, 13);

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

async function panel(count: number, changes: Partial<JobState> = {}) {
  const drawn = await draw(widget, job(NOW, { request_count: count, ...changes }));
  await drawn.click("Requests");
  const asked = () => drawn.model.sent.filter(({ kind }) => kind === "requests");
  const answer = (rows: RequestRow[], index = asked().length - 1) =>
    act(async () => {
      drawn.model.message({ id: asked()[index]?.id, ok: true, data: { requests: rows } });
    });
  const cells = () =>
    drawn.all("tbody tr").map((row) => [...row.children].slice(1).map((cell) => cell.textContent));
  return { ...drawn, asked, answer, cells };
}

describe("the tab", () => {
  it("asks for what is new, and shows it oldest first", async () => {
    const { asked, answer, cells, update } = await panel(2);
    expect(asked()).toMatchObject([{ since: 0 }]);
    await answer(requests().slice(0, 2));
    expect(cells()).toEqual([
      ["GET /jobs/j-2511…6a4b", "200", "42 ms", "job.describe()"],
      ["POST /jobs/j-2511…6a4b/results", "202", "42 ms", "job.start()"],
    ]);
    await update({ request_count: 3 });
    expect(asked()).toMatchObject([{ since: 0 }, { since: 2 }]);
    await answer([request(3, { status: null })]);
    expect(cells()[2]?.[1]).toBe("no answer");
  });

  it("is a table with a caption, also where it is stacked", async () => {
    const { find, all, answer } = await panel(1);
    await answer([request(1)]);
    expect(find("caption").textContent).toBe("Requests, oldest first");
    expect(all('[role="columnheader"]').map((head) => head.textContent)).toEqual([
      "Time",
      "Request",
      "Status",
      "Took",
      "Python",
    ]);
    expect(all('tbody [role="cell"]')).toHaveLength(5);
    expect(find("section.oew-requests-box").tabIndex).toBe(0);
  });

  it("copies the line of Python", async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    const { click, answer, find } = await panel(2);
    await answer(requests().slice(0, 2));
    await click("Copy job.start()");
    await act(() => new Promise<void>((resolve) => setTimeout(resolve, 0)));
    expect(writeText).toHaveBeenCalledWith("job.start()");
    expect(find(".oew-requests [role='status']").textContent).toBe("Copied");
    vi.unstubAllGlobals();
  });

  it("tells how many are no longer there", async () => {
    const { answer, find } = await panel(1200);
    await answer(Array.from({ length: MOST_ROWS }, (_, index) => request(701 + index)));
    expect(find(".oew-requests-about").textContent).toContain("The last 500 of 1,200 requests.");
  });

  it("says that there are none, and asks for none", async () => {
    const { find, asked } = await panel(0);
    expect(find(".oew-panel").textContent).toContain("No request was made");
    expect(asked()).toEqual([]);
  });

  it("asks again with the next request where the kernel did not answer", async () => {
    const { model, asked, update } = await panel(1);
    await act(async () => {
      model.message({ id: asked()[0]?.id, ok: false, error: { message: "no" } });
    });
    await update({ request_count: 2 });
    expect(asked()).toMatchObject([{ since: 0 }, { since: 0 }]);
  });
});

describe("the rows", () => {
  it("of answers that overlap or come late are each there once, in order", () => {
    const rows = joined([request(1), request(4)], [request(3), request(4), request(2)]);
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it("are the last ones", () => {
    const many = Array.from({ length: MOST_ROWS + 7 }, (_, index) => request(index + 1));
    expect(joined(many, [])[0]?.number).toBe(8);
  });

  it.each([null, {}, { requests: 5 }, []])("of %j are none", (answer) => {
    expect(rowsOf(answer)).toEqual([]);
  });

  it("have the job's own id in short, and other paths as they are", () => {
    const id = "j-0123456789abcdef0123";
    expect(shortPath(`/jobs/${id}/logs`, id)).toBe("/jobs/j-0123…0123/logs");
    expect(shortPath(`/jobs/${id}x`, id)).toBe(`/jobs/${id}x`);
    expect(shortPath("a link at h.example", id)).toBe("a link at h.example");
    expect(shortPath("/", id)).toBe("/");
  });

  it("say what came of it", () => {
    expect(outcome(null)).toEqual({ text: "no answer", good: false });
    expect(outcome(404).good).toBe(false);
    expect(outcome(202).good).toBe(true);
    expect(took(0.3)).toBe("< 1 ms");
    expect(took(60_012)).toBe("60,012 ms");
  });
});
