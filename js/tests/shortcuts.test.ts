/** Whose keys they are: the card's, or those of the notebook around it. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepPlainKeys } from "../src/lib/shortcuts";

let end: AbortController;

beforeEach(() => {
  end = new AbortController();
  document.body.innerHTML = `
    <p>beside</p>
    <div id="outer"><div class="oew"><button>Start</button><em>text</em>
      <div id="inner"><div class="oew"><a href="#x">file</a><i>text</i></div></div>
    </div></div>`;
  for (const id of ["outer", "inner"]) keepPlainKeys(find(`#${id}`), end.signal);
});
afterEach(() => end.abort());

function find(selector: string): HTMLElement {
  return document.querySelector<HTMLElement>(selector) as HTMLElement;
}

function point(selector: string): void {
  find(selector).dispatchEvent(new MouseEvent("pointerdown", { bubbles: true }));
}

/** Presses a key; whether the notebook leaves it to the element. */
function kept(selector: string, init: KeyboardEventInit = { key: "b" }): boolean {
  find(selector).dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true }));
  return find(selector).hasAttribute("data-lm-suppress-shortcuts");
}

describe("keys that are pressed while a card has the focus", () => {
  it("are the card's, but for those with Ctrl, Alt or Meta", () => {
    find("button").focus();
    expect(kept("button")).toBe(true);
    expect(kept("button", { key: "s", ctrlKey: true })).toBe(false);
    expect(kept("button", { key: "Enter" })).toBe(true);
  });

  it("are the notebook's after a click beside it, though the focus stays", () => {
    find("button").focus();
    point("p");
    expect(document.activeElement).toBe(find("button"));
    expect(kept("button")).toBe(false);
    point("em");
    expect(kept("button")).toBe(true);
  });

  it("are the card's again once the focus moves in it", () => {
    find("button").focus();
    point("p");
    find("a").focus();
    expect(kept("a")).toBe(true);
  });

  it.each([["em"], ["i"]])("are kept in a card within a card after a click on %s", (place) => {
    for (const focused of ["a", "button"]) {
      find(focused).focus();
      point("p");
      expect(kept(focused)).toBe(false);
      point(place);
      expect(kept(focused)).toBe(true);
    }
  });

  it("are nobody's business once the card has gone", () => {
    end.abort();
    expect(kept("button")).toBe(false);
  });
});
