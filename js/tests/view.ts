/** Draws a widget for a test, and finds things in it as a person would: by role and name. */

import { act } from "preact/test-utils";
import type { RenderProps, WidgetManager } from "../src/lib/model";
import { FakeModel } from "./fake-model";

export interface Drawn<State extends object> {
  model: FakeModel<State>;
  el: HTMLElement;
  stop: () => void;
  /** Buttons by their accessible name. */
  button: (name: string) => HTMLButtonElement;
  /** Names of the buttons, but for tabs. */
  names: () => string[];
  find: (selector: string) => HTMLElement;
  all: (selector: string) => HTMLElement[];
  click: (name: string) => Promise<void>;
  update: (changes: Partial<State>) => Promise<void>;
  reply: FakeModel<State>["reply"];
}

interface Module<State> {
  render: (props: RenderProps<State>) => () => void;
}

function nameOf(button: HTMLElement): string {
  return button.getAttribute("aria-label") ?? button.textContent ?? "";
}

export async function draw<State extends object>(
  widget: Module<State>,
  state: State,
  manager?: WidgetManager,
): Promise<Drawn<State>> {
  const model = new FakeModel(state, manager);
  const el = document.createElement("div");
  document.body.append(el);
  let stop = () => {};
  await act(async () => {
    stop = widget.render({ model, el });
  });
  const all = (selector: string) => [...el.querySelectorAll<HTMLElement>(selector)];
  const find = (selector: string) => {
    const [found] = all(selector);
    if (!found) throw new Error(`nothing matches ${selector}`);
    return found;
  };
  const button = (name: string) => {
    const found = all("button").filter((candidate) => nameOf(candidate) === name);
    if (found.length !== 1) throw new Error(`${found.length} buttons are called ${name}`);
    return found[0] as HTMLButtonElement;
  };
  return {
    model,
    el,
    stop,
    find,
    all,
    button,
    names: () => all('button:not([role="tab"])').map(nameOf),
    click: (name) => act(async () => button(name).click()),
    update: (changes) => act(async () => model.update(changes)),
    reply: (rest) => void act(() => model.reply(rest)),
  };
}

/** Presses a key on what has the focus. */
export function press(key: string): Promise<void> {
  return act(async () => {
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  });
}
