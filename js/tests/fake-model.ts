/** A model as anywidget gives it to a view, without a kernel: typed, and it counts its listeners. */

import type { Listener, Model, WidgetManager } from "../src/lib/model";

export class FakeModel<State extends object> implements Model<State> {
  /** What the person asked for. */
  readonly sent: Record<string, unknown>[] = [];
  /** Whether the card said that it is seen, each time. */
  readonly looks: unknown[] = [];
  readonly widget_manager?: WidgetManager;
  readonly #listeners = new Map<string, Set<Listener>>();
  #state: State;

  constructor(state: State, manager?: WidgetManager) {
    this.#state = state;
    if (manager) this.widget_manager = manager;
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }

  get<K extends keyof State & string>(name: K): State[K] {
    return this.#state[name];
  }

  on(event: string, listener: Listener): void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set.add(listener));
  }

  off(event: string, listener: Listener): void {
    this.#listeners.get(event)?.delete(listener);
  }

  send(content: unknown): void {
    const message = content as Record<string, unknown>;
    const { kind, visible } = message;
    if (kind === "look") this.looks.push(visible);
    else this.sent.push(message);
  }

  /** As an update from the kernel: all values first, then one event for each. */
  update(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
    for (const name of Object.keys(changes)) this.#emit(`change:${name}`);
  }

  /** A message from the kernel, with bytes beside it. */
  message(content: unknown, bytes: ArrayBufferView[] = []): void {
    this.#emit("msg:custom", content, bytes);
  }

  /** As ipywidgets tells of a kernel that was restarted: what is sent to it meets nobody. */
  loseKernel(): void {
    this.#emit("comm_live_update");
  }

  /** Answers the last message that was sent. */
  reply(rest: { ok: true; data?: unknown } | { ok: false; error: unknown }): void {
    this.message({ id: this.sent[this.sent.length - 1]?.id, ...rest });
  }

  #emit(event: string, ...values: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...values);
  }
}
