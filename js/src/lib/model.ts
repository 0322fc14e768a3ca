/**
 * The part of anywidget's model that the views use, and the subscriptions that end with a view.
 */

export type Listener = (...args: unknown[]) => void;

/** A message of Lumino, JupyterLab's widget library. */
export interface LuminoMessage {
  type: string;
  width?: number;
  height?: number;
}

export interface LuminoWidget {
  readonly isDisposed?: boolean;
  processMessage(message: LuminoMessage): void;
}

/** A view of another widget, as its own front end makes it. */
export interface ChildView {
  el: HTMLElement;
  /** Of a map: what Leaflet made. */
  obj?: unknown;
  remove(): unknown;
  luminoWidget?: LuminoWidget;
  /** The name that ipywidgets 7 had for `luminoWidget`. */
  pWidget?: LuminoWidget;
}

export interface WidgetManager {
  get_model(id: string): Promise<unknown>;
  create_view(model: unknown): Promise<ChildView>;
}

export interface Model<State> {
  get<K extends keyof State & string>(name: K): State[K];
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
  send(content: unknown): void;
  widget_manager?: WidgetManager;
}

export interface RenderProps<State> {
  model: Model<State>;
  el: HTMLElement;
  signal?: AbortSignal;
}

/** Listens to `event` until `signal` aborts. */
export function listen<State>(
  model: Model<State>,
  event: string,
  listener: Listener,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  model.on(event, listener);
  signal.addEventListener("abort", () => model.off(event, listener), { once: true });
}

/** The present value of every trait in `names`. */
export function snapshot<State>(
  model: Model<State>,
  names: readonly (keyof State & string)[],
): State {
  return Object.fromEntries(names.map((name) => [name, model.get(name)])) as State;
}
