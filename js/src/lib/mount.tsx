/**
 * Draws one view of a model, again on every change, and leaves nothing behind when it ends.
 */

import { type ComponentType, render } from "preact";
import { Commands } from "./commands";
import { listen, type Model, type RenderProps, snapshot } from "./model";
import { keepPlainKeys } from "./shortcuts";
import { hideStatic } from "./static";

export interface ViewProps<State> {
  state: State;
  model: Model<State>;
  commands: Commands<State>;
}

/** Returns the cleanup that anywidget calls when the view goes away. */
export function mount<State extends { static_id: string }>(
  { model, el, signal: outer }: RenderProps<State>,
  traits: Readonly<Record<keyof State & string, true>>,
  View: ComponentType<ViewProps<State>>,
): () => void {
  const names = Object.keys(traits) as (keyof State & string)[];
  const controller = new AbortController();
  const { signal } = controller;
  const root = document.createElement("div");
  el.append(hideStatic(model.get("static_id"), signal), root);
  keepPlainKeys(root, signal);

  let drawing = false;
  const draw = () => {
    drawing = false;
    if (signal.aborted) return;
    render(<View state={snapshot(model, names)} model={model} commands={commands} />, root);
  };
  // Traits that changed together come as one event each: draw them together.
  const redraw = () => {
    if (drawing) return;
    drawing = true;
    queueMicrotask(draw);
  };

  // ipywidgets marks a view of a model whose kernel was restarted before the view was drawn.
  const gone = el.closest(".jupyter-widgets-disconnected") !== null;
  const commands = new Commands(model, redraw, signal, gone);
  for (const name of names) listen(model, `change:${name}`, redraw, signal);
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
