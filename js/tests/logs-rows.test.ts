import { describe, expect, it } from "vitest";
import { BLOCK, LogRows, MOST_BLOCKS } from "../src/job-logs/rows";
import { Refusal } from "../src/lib/commands";
import { LogKernel, logRow } from "./log-kernel";

const many = (count: number) => Array.from({ length: count }, (_, index) => logRow(index));

/** Rows over a kernel that answers at once; `asked` are the starts of the windows. */
function over(kernel: LogKernel) {
  const asked: number[] = [];
  const shifts: number[] = [];
  let changes = 0;
  const rows = new LogRows(
    async (start, count) => {
      asked.push(start);
      const level = "debug";
      return kernel.answer({ kind: "logs_window", start, count, level, search: "" });
    },
    () => {
      changes += 1;
    },
    (by) => shifts.push(by),
  );
  return { rows, asked, shifts, changes: () => changes };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("the rows of a log", () => {
  it("are known by their end first", async () => {
    const { rows, asked } = over(new LogKernel(many(1000)));
    await rows.grow();
    expect(rows.matching).toBe(1000);
    expect(rows.row(999)?.index).toBe(999);
    expect(rows.row(500)).toBeUndefined();
    expect(asked).toEqual([0, 900]);
  });

  it("are asked for once, when they are wanted", async () => {
    const { rows, asked } = over(new LogKernel(many(1000)));
    await rows.grow();
    rows.want(480, 520);
    rows.want(485, 525);
    await settled();
    expect(asked.slice(2)).toEqual([400, 500]);
    expect(rows.row(480)?.index).toBe(480);
    rows.want(480, 520);
    await settled();
    expect(asked).toHaveLength(4);
  });

  it("grow at the end, and only that is asked for anew", async () => {
    const kernel = new LogKernel(many(150));
    const { rows, asked } = over(kernel);
    await rows.grow();
    const first = rows.row(0);
    kernel.rows = many(260);
    asked.length = 0;
    await rows.grow();
    expect(rows.matching).toBe(260);
    expect(rows.row(259)?.index).toBe(259);
    expect(asked).toEqual([100, 200]);
    expect(rows.row(0)).toBe(first);
  });

  it("change where the last one came again", async () => {
    const kernel = new LogKernel([logRow(0)]);
    const { rows } = over(kernel);
    await rows.grow();
    kernel.rows = [logRow(0, { count: 38 })];
    await rows.grow();
    expect(rows.row(0)?.count).toBe(38);
  });

  it("are shown when the new end is there, not before", async () => {
    const kernel = new LogKernel(many(10));
    const { rows, changes } = over(kernel);
    await rows.grow();
    const before = changes();
    kernel.rows = many(310);
    await rows.grow();
    expect(changes()).toBe(before + 1);
    expect(rows.row(309)).toBeDefined();
    // A last block of ten rows does not fill the list.
    expect(rows.row(299)).toBeDefined();
  });

  it("are no more than so many, those of long ago go first", async () => {
    const { rows } = over(new LogKernel(many(100_000)));
    await rows.grow();
    for (let position = 0; position < 100_000; position += 1000) {
      rows.want(position, position + 40);
      await settled();
    }
    expect(rows.size).toBeLessThanOrEqual(MOST_BLOCKS * BLOCK);
    expect(rows.row(99_000)).toBeDefined();
    expect(rows.row(1000)).toBeUndefined();
  });

  it("move up where old ones are let go of, and are asked for anew", async () => {
    const kernel = new LogKernel(many(300));
    const { rows, shifts } = over(kernel);
    await rows.grow();
    kernel.rows = many(320).slice(120);
    kernel.lost = 120;
    await rows.grow();
    expect(shifts).toEqual([120]);
    expect(rows.matching).toBe(200);
    expect(rows.row(199)?.index).toBe(319);
  });

  it("that cannot be had say why, and are asked for again when there is news", async () => {
    let fails = true;
    const kernel = new LogKernel(many(3));
    let asked = 0;
    const rows = new LogRows(
      async (start, count) => {
        asked += 1;
        if (fails) throw new Refusal({ message: "Gone.", code: "", id: "", hint: "" });
        const level = "debug";
        return kernel.answer({ kind: "logs_window", start, count, level, search: "" });
      },
      () => rows.want(0, 10),
    );
    await rows.grow();
    expect(rows.error?.message).toBe("Gone.");
    expect(asked).toBe(1);
    fails = false;
    await rows.grow();
    expect(rows.error).toBeNull();
    expect(rows.matching).toBe(3);
  });

  it("of a filter that is no longer wanted change nothing", async () => {
    const { rows, changes } = over(new LogKernel(many(3)));
    const growing = rows.grow();
    rows.close();
    await growing;
    expect(changes()).toBe(0);
  });
});
