import { afterEach, describe, expect, it } from "vitest";
import type { Compared, ResultsState } from "../src/protocol";
import widget from "../src/results";
import { verdictText } from "../src/results-card/comparison";
import { compared } from "./comparison-states";
import { asset, results } from "./states";
import { draw } from "./view";

afterEach(() => document.body.replaceChildren());

const drawResults = (changes: Partial<ResultsState> = {}) =>
  draw(widget, results(Date.now(), { map: null, ...changes }));

describe("asked and delivered", () => {
  it("says in words how it stands, and opens to tell of each", async () => {
    const { find, all, click } = await drawResults({ comparison: compared() });
    const button = find(".oew-disclosure");
    expect(button.textContent).toBe("Asked and delivered1 difference");
    expect(button.getAttribute("aria-expanded")).toBe("false");
    expect(all(".oew-comparison table")).toHaveLength(0);
    await click("Asked and delivered1 difference");
    expect(find(".oew-disclosure").getAttribute("aria-expanded")).toBe("true");
    const marks = all("tbody th .oew-verdict").map((mark) => mark.textContent);
    expect(marks).toEqual(["differs", "as asked", "not known", "as asked"]);
    expect(all("tbody th .oew-verdict svg")).toHaveLength(4);
    expect(find("tbody tr").textContent).toContain("It is smaller than asked for.");
    expect(all("tbody tr")[2]?.textContent).toContain("not told");
  });

  it("is not there where there is nothing to compare", async () => {
    expect((await drawResults()).all(".oew-comparison")).toHaveLength(0);
  });

  it("judges only what is known", () => {
    const rows = compared();
    expect(verdictText(rows.slice(2, 3)).word).toBe("not known");
    expect(verdictText(rows.slice(1)).word).toBe("as asked, 1 not known");
    expect(verdictText(rows.slice(3)).word).toBe("all as asked");
  });

  it("lacks nothing of what was not asked for", async () => {
    const [, same] = compared() as [unknown, Compared];
    const rows = [same, { ...same, what: "Bands", asked: "", differs: null }];
    expect(verdictText(rows).word).toBe("as asked");
    const { all, click } = await drawResults({ comparison: rows });
    await click("Asked and deliveredas asked");
    const marks = all("tbody th .oew-verdict").map((mark) => mark.textContent);
    expect(marks).toEqual(["as asked", "not compared"]);
  });
});

describe("notes", () => {
  it("are shown as text", async () => {
    const { all } = await drawResults({ notes: ["Incomplete: nothing came from <b>eodc</b>."] });
    expect(all(".oew-notes li").map((note) => note.textContent)).toEqual([
      "Incomplete: nothing came from <b>eodc</b>.",
    ]);
  });

  it("tell how far the reading is, which can be stopped", async () => {
    const { find, click, model } = await drawResults({ reading: { done: 12, known: 300 } });
    expect(find(".oew-reading").textContent).toContain("12 of 300");
    await click("Stop");
    expect(model.sent).toMatchObject([{ kind: "stop_reading" }]);
  });

  it("what is no data says what it is", async () => {
    const { find } = await drawResults({
      assets: [asset("a.tif"), asset("m.xml", { purpose: "metadata" })],
    });
    expect(find('[data-key="m.xml"]').textContent).toContain("metadata");
    expect(find('[data-key="a.tif"]').textContent).not.toContain("data");
  });
});

describe("a job that has not finished", () => {
  const error = { message: "Not yet.", code: "JobNotFinished", id: "", hint: "" };

  it.each(["waiting", "error"] as const)("offers what there is: %s", async (state) => {
    const { click, model } = await drawResults({ state, error, assets: [] });
    await click("Show what there is so far");
    expect(model.sent).toMatchObject([{ kind: "refresh", partial: true }]);
  });

  it("offers nothing of the kind after another error", async () => {
    const gone = { ...error, code: "ResultLinkExpired" };
    const { names } = await drawResults({ state: "error", error: gone, assets: [] });
    expect(names()).not.toContain("Show what there is so far");
  });
});
