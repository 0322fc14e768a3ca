import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEBOUNCE_MS } from "../src/lib/debounced";
import type { TableView } from "../src/protocol";
import { drawPreview, forgetModule, pressWith, settled, type } from "./preview-view";
import { rowAt, table } from "./previews";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  document.body.replaceChildren();
  forgetModule();
  vi.useRealTimers();
});

const drawTable = (changes: Partial<TableView> = {}) => drawPreview({ views: [table(changes)] });

async function waitFor(ms: number) {
  await act(async () => void vi.advanceTimersByTime(ms));
  await settled();
}

const cells = (row: HTMLElement | undefined) =>
  [...(row?.querySelectorAll("[role=gridcell]") ?? [])].map(({ textContent }) => textContent);

describe("a table", () => {
  it("draws what is in sight of a million rows", async () => {
    const { find, all, asked } = await drawTable();
    expect(find("[role=grid]").getAttribute("aria-rowcount")).toBe("1000001");
    expect(all("[data-row]").length).toBeLessThan(40);
    expect(cells(all("[data-row]")[7])).toEqual(["2022-01-10", "7", "no value", "57.0", ""]);
    expect(asked("preview_rows")).toMatchObject([{ view: 0, start: 0, sort: "", search: "" }]);
  });

  it("says each column's type, and puts numbers to the right", async () => {
    const { all } = await drawTable();
    const heads = all("[role=columnheader]");
    expect(heads.map(({ textContent }) => textContent)).toContain("ndvifloat64");
    expect(heads[0]?.className).not.toContain("oew-cell-number");
    expect(heads[2]?.className).toContain("oew-cell-number");
  });

  it("asks for the rows that are scrolled to", async () => {
    const { find, asked, all } = await drawTable();
    const grid = find("[role=grid]");
    await act(async () => {
      grid.scrollTop = 4_000_000;
      grid.dispatchEvent(new Event("scroll"));
    });
    await settled();
    const start = Number(asked("preview_rows").at(-1)?.start);
    expect(start).toBeGreaterThan(490_000);
    const first = all("[data-row]")[0];
    expect(cells(first)[1]).toBe(rowAt(Number(first?.dataset.row))[1]);
  });

  it("goes to its last row by keys, and says where the cursor is", async () => {
    const { find } = await drawTable();
    const grid = find("[role=grid]");
    grid.focus();
    await pressWith("ArrowDown");
    await pressWith("End", { ctrlKey: true });
    const active = document.getElementById(grid.getAttribute("aria-activedescendant") ?? "");
    expect(active?.closest<HTMLElement>("[data-row]")?.dataset.row).toBe("999999");
    expect(find(".oew-view-foot").textContent).toContain("remark, row 1,000,000");
  });

  it("sorts by a column's head: up, down, and as in the file", async () => {
    const { all, asked, find } = await drawTable();
    const head = () => all("[role=columnheader]")[3];
    const press = () => act(async () => head()?.click());
    await press();
    await settled();
    expect(head()?.getAttribute("aria-sort")).toBe("ascending");
    expect(asked("preview_rows").at(-1)).toMatchObject({ sort: "cloud_cover", descending: false });
    expect(cells(all("[data-row]")[0])[3]).toBe("0.0");
    await press();
    await settled();
    expect(asked("preview_rows").at(-1)).toMatchObject({ descending: true });
    expect(cells(all("[data-row]")[0])[3]).toBe("100.0");
    find("[role=grid]").focus();
    await pressWith("ArrowUp");
    await pressWith("Enter");
    expect(all("[aria-sort=none]").length).toBeLessThanOrEqual(5);
  });

  it("sorts by the keyboard", async () => {
    const { find, all, asked } = await drawTable();
    find("[role=grid]").focus();
    await pressWith("ArrowDown");
    await pressWith("ArrowRight");
    await pressWith("ArrowUp");
    await pressWith("Enter");
    expect(asked("preview_rows").at(-1)).toMatchObject({ sort: "feature", descending: false });
    expect(all("[role=columnheader]")[1]?.getAttribute("aria-sort")).toBe("ascending");
  });

  it("searches when the typing pauses, and keeps the rows until others come", async () => {
    const { find, asked, all } = await drawTable();
    await type(find("input[type=search]"), "no valid");
    expect(asked("preview_rows")).toHaveLength(1);
    await waitFor(DEBOUNCE_MS);
    expect(asked("preview_rows").at(-1)).toMatchObject({ search: "no valid" });
    expect(find(".oew-view-tools").textContent).toContain("400 rows found");
    expect(cells(all("[data-row]")[0])[4]).toContain("no valid pixel");
    await type(find("input[type=search]"), "nowhere");
    await waitFor(DEBOUNCE_MS);
    expect(find(".oew-view").textContent).toContain("No row has that in it.");
  });

  it("copies the marked cells", async () => {
    const { find } = await drawTable();
    find("[role=grid]").focus();
    await pressWith("ArrowDown");
    await pressWith("ArrowDown", { shiftKey: true });
    await pressWith("ArrowRight", { shiftKey: true });
    expect(find(".oew-view-foot").textContent).toContain("2 rows, 2 columns marked");
    const clipboardData = new DataTransfer();
    const copy = new Event("copy", { bubbles: true, cancelable: true });
    Object.assign(copy, { clipboardData });
    await act(async () => void find("[role=grid]").dispatchEvent(copy));
    expect(clipboardData.getData("text/plain")).toBe("2022-01-03\t0\n2022-01-04\t1");
  });

  it("marks with Shift and a click, and shows all of a long text", async () => {
    const { all, find } = await drawTable();
    const cell = (row: number, column: number) =>
      find(`[data-row="${row}"]`).querySelectorAll<HTMLElement>("[role=gridcell]")[column];
    await act(async () => cell(0, 0)?.click());
    expect(find(".oew-view-foot").textContent).toContain("date, row 1: 2022-01-03");
    await act(async () => {
      cell(2, 1)?.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
    });
    expect(all('[role=gridcell][aria-selected="true"]')).toHaveLength(6);
  });

  it("draws the columns that are chosen", async () => {
    const { click, asked, find, all } = await drawTable();
    await click("Chart columns");
    await settled();
    expect(asked("preview_columns")).toMatchObject([{ view: 0, x: "date", y: ["feature"] }]);
    expect(find("figure").getAttribute("aria-label")).toContain("1 line");
    const box = all("fieldset input")[1];
    await act(async () => box?.click());
    await settled();
    expect(asked("preview_columns").at(-1)).toMatchObject({ y: ["feature", "ndvi"] });
    expect(find("figure").getAttribute("aria-label")).toContain("2 lines");
    await click("Chart columns");
    expect(all("figure")).toHaveLength(0);
  });

  it("offers no chart of a listing, and says that there are no rows", async () => {
    const { names, find } = await drawTable({ charts: false, rows: 0, note: "Names only." });
    expect(names()).not.toContain("Chart columns");
    expect(find(".oew-view").textContent).toContain("There are no rows.");
    expect(find(".oew-view").textContent).toContain("Names only.");
  });

  it("says why rows do not come, and asks again", async () => {
    const { find, click, refuse, all } = await drawTable();
    refuse("preview_rows");
    await type(find("input[type=search]"), "x");
    await waitFor(DEBOUNCE_MS);
    expect(find(".oew-error").textContent).toContain("The link has expired.");
    refuse();
    await click("Try again");
    await settled();
    expect(all(".oew-error")).toHaveLength(0);
  });
});
