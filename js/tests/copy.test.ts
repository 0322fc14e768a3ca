import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import widget from "../src/job";
import { copyText } from "../src/lib/copy";
import { job } from "./states";
import { draw, press } from "./view";

const NOW = Date.UTC(2026, 10, 23, 13);
const ID = "j-25110810426a4b77d1c0e6a4b";

const denied = async () => {
  throw new DOMException("Write permission denied.", "NotAllowedError");
};

/** What `execCommand` says in a browser that forbids it, or lets us. */
function execute(outcome: () => boolean): void {
  document.execCommand = vi.fn(outcome);
}

beforeEach(() => {
  vi.stubGlobal("navigator", { platform: "Linux", clipboard: { writeText: denied } });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

it.each([
  ["lets us", () => true, true],
  ["forbids it", () => false, false],
  [
    "has no such command",
    () => {
      throw new TypeError("execCommand is not a function");
    },
    false,
  ],
])("tells whether it was copied where the browser %s", async (_case, outcome, copied) => {
  execute(outcome);
  expect(await copyText("a")).toBe(copied);
  expect(document.querySelectorAll("body > textarea")).toHaveLength(0);
});

describe("where nothing may be copied", () => {
  const said = (all: (selector: string) => HTMLElement[]) =>
    all("[role=status]").map((region) => region.textContent);

  async function copyDenied(name = "Copy job id") {
    execute(() => false);
    const drawn = await draw(widget, job(NOW));
    if (name !== "Copy job id") await drawn.click("More actions");
    else drawn.button(name).focus();
    await drawn.click(name);
    await act(async () => {});
    const field = () => drawn.find(".oew-by-hand textarea") as HTMLTextAreaElement;
    return { ...drawn, field };
  }

  it.each(["Copy job id", "Copy id"])("%s gives the text selected, and no lie", async (name) => {
    const { field, find, all } = await copyDenied(name);
    expect(said(all).join()).not.toContain("Copied");
    expect(field().value).toBe(ID);
    expect(field().readOnly).toBe(true);
    expect(document.activeElement).toBe(field());
    expect([field().selectionStart, field().selectionEnd]).toEqual([0, ID.length]);
    expect(find(".oew-by-hand label").textContent).toContain("Press Ctrl+C");
  });

  it("says so once the person has copied it, and the focus is where it was", async () => {
    const { field, all, button } = await copyDenied();
    await act(async () => {
      field().dispatchEvent(new Event("copy", { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
    });
    expect(all(".oew-by-hand")).toHaveLength(0);
    expect(said(all)).toContain("Copied");
    expect(document.activeElement).toBe(button("Copy job id"));
  });

  it("is left with Escape", async () => {
    const { all, button } = await copyDenied();
    await press("Escape");
    expect(all(".oew-by-hand")).toHaveLength(0);
    expect(said(all).join()).not.toContain("Copied");
    expect(document.activeElement).toBe(button("Copy job id"));
  });
});
