import { afterEach, describe, expect, it } from "vitest";
import { processProblem } from "../src/job-steer/process-field";
import { DRAFT, drawForm, PROCESS } from "./forms";

afterEach(() => document.body.replaceChildren());

describe("a copy", () => {
  it("computes something else where its process was changed", async () => {
    const { answer, fill, click, last, field, find, button } = await drawForm("Duplicate…");
    await answer({ ok: true, data: DRAFT });
    expect(find("form").querySelectorAll("textarea")).toHaveLength(2);
    expect(button("Process (JSON)").getAttribute("aria-expanded")).toBe("false");
    await click("Process (JSON)");
    expect(button("Process (JSON)").getAttribute("aria-expanded")).toBe("true");
    expect(field("Process").value).toBe(PROCESS);
    const other = PROCESS.replace("add", "subtract");
    await fill("Process", other);
    await click("Create copy");
    expect(last()).toMatchObject({ kind: "duplicate", process: other });
  });

  it("is not created while its process is none, and keeps what was typed", async () => {
    const { answer, fill, click, disabled, field, find, button, last } =
      await drawForm("Duplicate…");
    await answer({ ok: true, data: DRAFT });
    await click("Process (JSON)");
    await fill("Process", "{,}");
    expect(disabled("Create copy")).toBe(true);
    expect(field("Process").getAttribute("aria-describedby")).toBe(find(".oew-wrong").id);
    // What is wrong cannot be folded away.
    await click("Process (JSON)");
    expect(button("Process (JSON)").getAttribute("aria-expanded")).toBe("true");
    expect(field("Process").value).toBe("{,}");
    await fill("Process", PROCESS);
    expect(disabled("Create copy")).toBe(false);
    await click("Process (JSON)");
    await click("Create copy");
    expect(last()).toMatchObject({ kind: "duplicate", process: null });
  });

  it("says where its process cannot be edited", async () => {
    const { answer, find, all } = await drawForm("Duplicate…");
    await answer({ ok: true, data: { ...DRAFT, process: null } });
    expect(all("button").some((one) => one.textContent === "Process (JSON)")).toBe(false);
    expect(find("form").textContent).toContain("The process is copied as it is");
  });
});

describe("the text of a process", () => {
  it.each([
    PROCESS,
    '{"a": {"process_id": "add"}}',
    '{"process_graph": {"process_id": "add"}}',
  ])("is taken: %s", (text) => {
    expect(processProblem(text, 500)).toBe("");
  });

  it.each([
    "[1]",
    "7",
    "null",
    "{}",
    '{"process_graph": {}}',
    '{"a": 5}',
    '{"a": {}}',
  ])("is no process: %s", (text) => {
    expect(processProblem(text, 500)).toContain("process_id");
  });

  it("has a limit", () => {
    expect(processProblem(PROCESS, PROCESS.length)).toBe("");
    expect(processProblem(PROCESS, PROCESS.length - 1)).toContain("too long");
  });

  it.each(["", "{"])("is no JSON: %s", (text) => {
    expect(processProblem(text, 500)).toContain("no JSON yet");
  });
});
