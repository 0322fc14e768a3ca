/**
 * Draws one view of a model, again on every change, and leaves nothing behind when it ends.
 */

import { type ComponentType, render } from "preact";
import { Commands } from "./commands";
import { listen, type Model, type RenderProps, snapshot } from "./model";
import { keepPlainKeys } from "./shortcuts";

export interface ViewProps<State> {
  state: State;
  model: Model<State>;
  commands: Commands<State>;
}

/** Returns the cleanup that anywidget calls when the view goes away. */
export function mount<State>(
  { model, el, signal: outer }: RenderProps<State>,
  traits: readonly (keyof State & string)[],
  View: ComponentType<ViewProps<State>>,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const root = document.createElement("div");
  el.append(root);
  keepPlainKeys(root, signal);

  let drawing = false;
  const draw = () => {
    drawing = false;
    if (signal.aborted) return;
    render(<View state={snapshot(model, traits)} model={model} commands={commands} />, root);
  };
  // Traits that changed together come as one event each: draw them together.
  const redraw = () => {
    if (drawing) return;
    drawing = true;
    queueMicrotask(draw);
  };

  const commands = new Commands(model, redraw, signal);
  for (const name of traits) listen(model, `change:${name}`, redraw, signal);
  signal.addEventListener("abort", () => {
    render(null, root);
    root.remove();
  });
  const stop = () => controller.abort();
  outer?.addEventListener("abort", stop, { once: true, signal });
  if (outer?.aborted) stop();
  draw();
  return stop;
}
