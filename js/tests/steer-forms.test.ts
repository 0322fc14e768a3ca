import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import { budgetProblem, optionsProblem } from "../src/job-steer/copy-form";
import type { JobState } from "../src/protocol";
import { CREATED, DRAFT, drawForm, NOW } from "./forms";
import { freshness, job, OFFERED, RESTING } from "./states";
import { draw, press } from "./view";

afterEach(() => document.body.replaceChildren());

describe("editing title and description", () => {
  const open = () => drawForm("Edit title and description…");

  it("begins with what the back-end has, and the focus is in it", async () => {
    const { field, answer, last, find } = await open();
    expect(last()).toMatchObject({ kind: "draft", copy: false });
    expect(document.activeElement).toBe(find("form"));
    await answer({ ok: true, data: DRAFT });
    expect(field("Title").value).toBe("NDVI");
    expect(field("Description").value).toBe(DRAFT.description);
    expect(document.activeElement).toBe(field("Title"));
  });

  it("leaves the focus to who has gone on before the fields were there", async () => {
    const { answer, button, field } = await open();
    button("Discard").focus();
    await answer({ ok: true, data: DRAFT });
    expect(field("Title").value).toBe("NDVI");
    expect(document.activeElement).toBe(button("Discard"));
  });

  it("is saved once, only when something was changed, and gives the focus back", async () => {
    const { answer, fill, click, button, disabled, last, all, model } = await open();
    await answer({ ok: true, data: DRAFT });
    expect(disabled("Save")).toBe(true);
    await fill("Title", "NDVI 2023");
    await click("Save");
    expect(disabled("Saving…")).toBe(true);
    await click("Saving…");
    expect(last()).toMatchObject({
      kind: "update",
      title: "NDVI 2023",
      description: DRAFT.description,
    });
    expect(model.sent.filter(({ kind }) => kind === "update")).toHaveLength(1);
    await answer({ ok: true });
    expect(all("form")).toHaveLength(0);
    expect(document.activeElement).toBe(button("More actions"));
  });

  it("says in place what the back-end says, and keeps what was typed", async () => {
    const { answer, fill, find, field, click } = await open();
    await answer({ ok: true, data: DRAFT });
    await fill("Title", "NDVI 2023");
    await click("Save");
    const error = { message: "Not supported.", code: "FeatureUnsupported", id: "", hint: "" };
    await answer({ ok: false, error });
    expect(find('form [role="alert"]').textContent).toContain("Not supported.");
    expect(field("Title").value).toBe("NDVI 2023");
  });

  it("is left with Escape, but not without a word with something typed in it", async () => {
    const { answer, fill, all, button, field, find } = await open();
    await answer({ ok: true, data: DRAFT });
    await fill("Title", "NDVI 2023");
    await press("Escape");
    expect(all("form")).toHaveLength(1);
    expect(find(".oew-confirm").textContent).toContain("Discard what you wrote?");
    expect(document.activeElement).toBe(button("Keep writing"));
    await press("Escape");
    expect(all(".oew-confirm")).toHaveLength(0);
    expect(document.activeElement).toBe(field("Title"));
    await fill("Title", "NDVI");
    await press("Escape");
    expect(all("form")).toHaveLength(0);
    expect(document.activeElement).toBe(button("More actions"));
  });

  it("is saved with Enter in the title", async () => {
    const { answer, fill, last } = await open();
    await answer({ ok: true, data: DRAFT });
    await fill("Title", "NDVI 2023");
    await press("Enter");
    expect(last()).toMatchObject({ kind: "update", title: "NDVI 2023" });
  });

  it("says why there is nothing to edit", async () => {
    const { answer, find, names } = await open();
    await answer({ ok: false, error: { message: "Gone.", code: "", id: "", hint: "" } });
    expect(find("form").textContent).toContain("Gone.");
    expect(names()).not.toContain("Save");
  });

  it("stays when editing turns out not to be offered, and says so", async () => {
    const { answer, fill, click, find, disabled, field, update } = await open();
    await answer({ ok: true, data: DRAFT });
    await fill("Title", "NDVI 2023");
    await click("Save");
    await update({ actions: ["start", "refresh"] });
    await answer({ ok: false, error: { message: "Not supported.", code: "", id: "", hint: "" } });
    expect(find('form [role="alert"]').textContent).toContain("Not supported.");
    expect(find('form [role="status"]').textContent).toBe("This job cannot be changed.");
    expect(disabled("Save")).toBe(true);
    expect(field("Title").value).toBe("NDVI 2023");
  });
});

describe("what is typed", () => {
  const QUEUED: Partial<JobState> = {
    status: "queued",
    actions: ["cancel", "refresh", "duplicate", "delete"],
  };
  const said = (drawn: { find: (selector: string) => HTMLElement }) =>
    drawn.find('form [role="status"]').textContent;

  async function typed(item = "Edit title and description…", changes = CREATED) {
    const drawn = await drawForm(item, changes);
    await drawn.answer({ ok: true, data: DRAFT });
    await drawn.fill("Title", "typed");
    const pick = async (name: string) => {
      await drawn.click("More actions");
      await drawn.click(name);
    };
    return { ...drawn, pick };
  }

  it("outlives a start from Python, and its refusal", async () => {
    const drawn = await typed();
    const { update, field, disabled, last } = drawn;
    await update({ pending: "start" });
    expect(said(drawn)).toBe("The job is being started.");
    expect(disabled("Save")).toBe(true);
    await press("Enter");
    expect(last()).toMatchObject({ kind: "draft" });
    await update({ pending: "", error: { message: "No.", code: "", id: "", hint: "" } });
    expect(said(drawn)).toBe("");
    expect(disabled("Save")).toBe(false);
    expect(field("Title").value).toBe("typed");
  });

  it("outlives that the job is locked, and can be saved at its end", async () => {
    const drawn = await typed();
    const { update, field, disabled } = drawn;
    await update(QUEUED);
    expect(said(drawn)).toBe("The job is queued: it can be changed when it has ended.");
    expect(disabled("Save")).toBe(true);
    expect(document.activeElement).toBe(field("Title"));
    await update({ status: "canceled", actions: OFFERED });
    expect(disabled("Save")).toBe(false);
    expect(field("Title").value).toBe("typed");
  });

  it("outlives the job", async () => {
    const drawn = await typed("Duplicate…");
    await drawn.update({ actions: [], freshness: freshness(NOW, { state: "deleted" }) });
    expect(said(drawn)).toBe("The job was deleted.");
    expect(drawn.field("Title").value).toBe("typed");
  });

  it("hinders no copy while an action is under way", async () => {
    const drawn = await typed("Duplicate…");
    await drawn.update({ pending: "start" });
    expect(drawn.field("Title").value).toBe("typed");
    expect(drawn.disabled("Create copy")).toBe(false);
  });

  it("cannot be changed while it is sent", async () => {
    const { click, field, answer, all } = await typed("Duplicate…");
    const locked = () =>
      ["Title", "Description", "Budget", "Options"].map((name) => field(name).readOnly);
    await click("Create copy");
    expect(locked()).toEqual([true, true, true, true]);
    expect(field("Plan").disabled).toBe(true);
    await answer({ ok: false, error: { message: "No.", code: "", id: "", hint: "" } });
    expect(locked()).toEqual([false, false, false, false]);
    expect(all("form")).toHaveLength(1);
  });

  it("is kept where it differs from what was sent", async () => {
    const { click, fill, answer, field, disabled } = await typed();
    await click("Save");
    await fill("Title", "all the same typed");
    await answer({ ok: true });
    expect(field("Title").value).toBe("all the same typed");
    expect(disabled("Save")).toBe(false);
  });

  it("is not closed by the answer to another form", async () => {
    const { click, pick, fill, find, field, model, all } = await typed();
    await click("Save");
    const sent = model.sent.at(-1);
    await click("Discard");
    expect(find(".oew-confirm").textContent).toContain("not saved yet");
    await click("Yes, close");
    await pick("Duplicate…");
    const draft = model.sent.at(-1);
    await act(async () => model.message({ id: draft?.id, ok: true, data: DRAFT }));
    await fill("Title", "my copy");
    await act(async () => model.message({ id: sent?.id, ok: true }));
    expect(all("form")).toHaveLength(1);
    expect(field("Title").value).toBe("my copy");
  });

  it("is not lost with a click on what opened the form", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const drawn = await draw(widget, job(NOW, { ...CREATED, status: "error" }));
    drawn.button("Duplicate…").focus();
    await drawn.click("Duplicate…");
    drawn.reply({ ok: true, data: DRAFT });
    await act(async () => {});
    clock.mockReturnValue(10_000);
    const title = drawn.find("form input") as HTMLInputElement;
    await act(async () => {
      title.value = "typed";
      title.dispatchEvent(new Event("input", { bubbles: true }));
    });
    drawn.button("Duplicate…").focus();
    await drawn.click("Duplicate…");
    expect(drawn.find("form input")).toBe(title);
    await drawn.click("Keep writing");
    expect(drawn.all(".oew-confirm")).toHaveLength(0);
    expect(title.value).toBe("typed");
    await drawn.click("Duplicate…");
    await drawn.click("Yes, discard");
    expect(drawn.all("form")).toHaveLength(0);
    expect(document.activeElement).toBe(drawn.button("Duplicate…"));
  });

  it("is not lost to another item of the menu, until that is said", async () => {
    const { pick, find, click, field, all, button } = await typed();
    await pick("Delete…");
    expect(find("form").getAttribute("aria-label")).toBe("Edit title and description");
    expect(find(".oew-confirm").textContent).toContain("Discard what you wrote?");
    await click("Keep writing");
    expect(field("Title").value).toBe("typed");
    await pick("Duplicate…");
    await click("Yes, discard");
    expect(find("form").getAttribute("aria-label")).toBe("Duplicate this job");
    await click("Discard");
    expect(all("form")).toHaveLength(0);
    expect(document.activeElement).toBe(button("More actions"));
  });

  it("has the focus again when its form is opened once more", async () => {
    const { pick, field, all } = await typed();
    await pick("Edit title and description…");
    expect(all(".oew-confirm")).toHaveLength(0);
    expect(document.activeElement).toBe(field("Title"));
    expect(field("Title").value).toBe("typed");
  });
});

describe("a copy", () => {
  it("is created as the form says", async () => {
    const { answer, fill, click, last, field, all } = await drawForm("Duplicate…");
    expect(last()).toMatchObject({ kind: "draft", copy: true });
    await answer({ ok: true, data: DRAFT });
    expect(field("Budget").value).toBe("20");
    await fill("Budget", "");
    await act(async () => {
      field("Plan").value = "pro";
      field("Plan").dispatchEvent(new Event("change", { bubbles: true }));
    });
    await click("Create copy");
    const changed = { plan: "pro", budget: null, process: null };
    const { plans, currency, process_most, ...sent } = { ...DRAFT, ...changed };
    expect(last()).toEqual({ id: expect.any(String), kind: "duplicate", ...sent });
    await answer({ ok: true });
    expect(all("form")).toHaveLength(0);
  });

  it("is not created while the options are no JSON", async () => {
    const { answer, fill, disabled, field, find } = await drawForm("Duplicate…");
    await answer({ ok: true, data: DRAFT });
    await fill("Options", "{,}");
    expect(disabled("Create copy")).toBe(true);
    expect(field("Options").getAttribute("aria-invalid")).toBe("true");
    expect(field("Options").getAttribute("aria-describedby")).toBe(find(".oew-wrong").id);
    await fill("Options", "");
    expect(disabled("Create copy")).toBe(false);
  });

  it("has no plan and no budget where there are none", async () => {
    const { answer, all } = await drawForm("Duplicate…");
    await answer({ ok: true, data: { ...DRAFT, plans: [], budget: null, currency: "" } });
    expect(all("label").map((label) => label.textContent)).toEqual([
      "Title",
      "Description (Markdown)",
      "Options (JSON)",
    ]);
  });

  it("is the first thing to do after a failure, from a button of its own", async () => {
    const { click, button, all } = await draw(
      widget,
      job(NOW, { ...CREATED, status: "error", freshness: freshness(NOW, RESTING) }),
    );
    button("Duplicate…").focus();
    await click("Duplicate…");
    expect(button("Duplicate…").getAttribute("aria-expanded")).toBe("true");
    await click("Discard");
    expect(all("form")).toHaveLength(0);
    expect(document.activeElement).toBe(button("Duplicate…"));
  });

  it.each([
    ["", ""],
    ["{}", ""],
    ["[]", "This must be a JSON object"],
    ["null", "This must be a JSON object"],
    ["{", "This is no JSON yet"],
  ])("takes %o for options, or says why not", (text, said) => {
    expect(optionsProblem(text).startsWith(said)).toBe(true);
    expect(optionsProblem(text) === "").toBe(said === "");
  });

  it.each([
    ["", true],
    ["0", true],
    ["1.5", true],
    ["-1", false],
    ["ten", false],
    ["Infinity", false],
  ])("takes %o for a budget: %o", (text, fine) => {
    expect(budgetProblem(text) === "").toBe(fine);
  });
});

describe("deleting", () => {
  it("says what will be lost, and asks", async () => {
    const { find, click, model, button, update } = await drawForm("Delete…");
    expect(find(".oew-confirm").textContent).toContain(
      "Deleting removes the job, its logs and its results, for good.",
    );
    expect(document.activeElement).toBe(button("Keep"));
    await click("Yes, delete");
    expect(model.sent).toMatchObject([{ kind: "delete" }]);
    expect(button("Deleting…").getAttribute("aria-disabled")).toBe("true");
    expect(document.activeElement).toBe(button("More actions"));
    await update({ pending: "delete" });
    expect(button("Start").getAttribute("aria-disabled")).toBe("true");
  });

  it("is left alone with Keep", async () => {
    const { click, model, button, all } = await drawForm("Delete…");
    await click("Keep");
    expect(all(".oew-confirm")).toHaveLength(0);
    expect(model.sent).toHaveLength(0);
    expect(document.activeElement).toBe(button("More actions"));
  });
});
