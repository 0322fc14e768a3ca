/**
 * anywidget waits two seconds for a model's module. Where that comes later, as on a busy page or of
 * many cards at once, the model refuses whatever the kernel tells it, for ever: its card stays as it
 * was made, and no command is answered.
 */

import type { Model } from "./model";

type Handler = (message: unknown) => Promise<unknown>;

/** What JupyterLab's manager of widgets has for a model. */
interface FullModel {
  comm?: { on_msg(handler: Handler): void; send(data: unknown): unknown };
  _handle_comm_msg: Handler;
}

const HANDLER = "_handle_comm_msg";
// ipywidgets passes over a method that it does not know.
const NOTHING = { content: { data: { method: "" } } };

/** What ipywidgets does with a message, without anywidget's waiting before it. */
function plainHandler(full: FullModel): Handler | undefined {
  let owner: object | null = Object.getPrototypeOf(full);
  while (owner && !Object.hasOwn(owner, HANDLER)) owner = Object.getPrototypeOf(owner);
  return owner ? Object.getPrototypeOf(owner)?.[HANDLER] : undefined;
}

/**
 * Has a model that came too late listen to the kernel all the same, and ask for what it missed.
 * One that came in time is left alone. Called when the module is there, before any view is drawn;
 * not to be awaited by anywidget, which takes messages only after that.
 */
export async function listenThoughLate<State extends { static_id: string }>(
  model: Model<State>,
): Promise<void> {
  // The kernel gives the model and its static card the same id.
  const found = await model.widget_manager?.get_model(model.get("static_id")).catch(() => null);
  const full = found as FullModel | null | undefined;
  if (!full?.comm) return;
  try {
    await full._handle_comm_msg(NOTHING);
  } catch {
    const handle = plainHandler(full);
    if (!handle) return;
    full.comm.on_msg(handle.bind(full));
    full.comm.send({ method: "request_state" });
  }
}
