/** The forms of a card, drawn and filled in. */

import { act } from "preact/test-utils";
import widget from "../src/job";
import type { Draft, JobState } from "../src/protocol";
import { job, OFFERED, steps } from "./states";
import { draw } from "./view";

export const NOW = Date.UTC(2026, 10, 23, 13);

export const CREATED: Partial<JobState> = {
  status: "created",
  steps: steps(NOW, ["created", 5]),
  actions: OFFERED.filter((action) => action !== "preflight"),
};

export const PROCESS =
  '{\n  "process_graph": {\n    "a": { "process_id": "add", "arguments": {} }\n  }\n}';

export const DRAFT: Draft = {
  title: "NDVI",
  description: "See https://example.org/a?b=c",
  plan: "",
  budget: 20,
  options: '{\n  "log_level": "debug"\n}',
  process: PROCESS,
  process_most: 500,
  plans: ["free", "pro"],
  currency: "credits",
};

export async function drawForm(item: string, changes: Partial<JobState> = CREATED) {
  const drawn = await draw(widget, job(NOW, changes));
  const field = (label: string) => {
    const names = drawn.all("label");
    const found = names.find((name) => name.textContent?.startsWith(label)) as HTMLLabelElement;
    return document.getElementById(found.htmlFor) as HTMLInputElement;
  };
  const fill = (label: string, value: string) =>
    act(async () => {
      field(label).value = value;
      field(label).dispatchEvent(new Event("input", { bubbles: true }));
    });
  const answer = async (rest: Parameters<typeof drawn.reply>[0]) => {
    drawn.reply(rest);
    await act(async () => {});
  };
  const disabled = (name: string) => drawn.button(name).getAttribute("aria-disabled") === "true";
  await drawn.click("More actions");
  await drawn.click(item);
  return { ...drawn, field, fill, answer, disabled, last: () => drawn.model.sent.at(-1) };
}
