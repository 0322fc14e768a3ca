// The static card below a live view is hidden exactly as long as that view is there.

import { afterEach, expect, test } from "vitest";
import job from "../src/job";
import results from "../src/results";
import * as states from "./states";
import { draw } from "./view";

afterEach(() => {
  document.body.textContent = "";
});

const NOW = Date.UTC(2026, 10, 24);

function card(id: string): HTMLElement {
  const made = document.createElement("div");
  made.className = `oew-static oew-static-${id}`;
  document.body.append(made);
  return made;
}

const hidden = (element: HTMLElement) => getComputedStyle(element).display === "none";

test("it is hidden while one of several views is there, and another's is not", async () => {
  const still = card("a1");
  const other = card("b2");
  const first = await draw(job, states.job(NOW, { static_id: "a1" }));
  const second = await draw(job, states.job(NOW, { static_id: "a1" }));
  expect([hidden(still), hidden(other)]).toEqual([true, false]);
  first.stop();
  expect(hidden(still)).toBe(true);
  second.stop();
  expect(hidden(still)).toBe(false);
  expect(document.querySelector("style")).toBeNull();
});

test("the same holds for results", async () => {
  const still = card("c3");
  const view = await draw(results, states.results(NOW, { static_id: "c3", map: null }));
  expect(hidden(still)).toBe(true);
  view.stop();
  expect(hidden(still)).toBe(false);
});

test("no id makes a rule of another kind", async () => {
  const view = await draw(job, states.job(NOW, { static_id: "x, body { display: none } .y" }));
  expect(hidden(document.body)).toBe(false);
  view.stop();
});
