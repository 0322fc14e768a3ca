/**
 * What the person does, as messages with an id, each waiting for the reply with that id.
 *
 * A slot is one thing that can be under way at a time: a kind of command, for one file where
 * the command is about a file. Views ask about slots: is it under way, is the kernel late,
 * what went wrong.
 */

import type {
  ErrorInfo,
  JobMessage,
  JobState,
  Reply,
  ResultsMessage,
  ResultsState,
} from "../protocol";
import { randomId } from "./id";
import { listen, type Model } from "./model";

interface AnyCommand {
  kind: string;
  /** Which file it is about, where there are several. */
  key?: string;
}

type Unnumbered<Message> = Message extends unknown ? Omit<Message, "id"> : never;

/** What may be sent to the widget that has this state: its messages, to which the id is added. */
export type Command<State> = AnyCommand &
  (State extends JobState
    ? Unnumbered<JobMessage>
    : State extends ResultsState
      ? Unnumbered<ResultsMessage>
      : Record<string, unknown>);

/** Why a question got no answer. */
export class Refusal extends Error {
  constructor(readonly info: ErrorInfo) {
    super(info.message);
  }
}

export interface SlotState {
  /** Sent, and not answered yet. */
  busy: boolean;
  /** Not answered within LATE_MS. */
  late: boolean;
  /** Why the last one failed, or null. */
  error: ErrorInfo | null;
}

/** After this a person should hear that the kernel has not answered. */
export const LATE_MS = 10_000;

/** What is sent to a kernel that was restarted meets nobody: its widgets went with it. */
const GONE: ErrorInfo = {
  message: "The kernel that this card belongs to is gone.",
  code: "",
  id: "",
  hint: "Run this cell again.",
};

/** ipywidgets' event for a model whose kernel was restarted; nothing brings such a model back. */
const CUT_OFF = "comm_live_update";

export const LATE_TEXT = "No answer from the kernel yet: it may be busy.";

const IDLE: SlotState = { busy: false, late: false, error: null };

/** A reply, whichever message it is to. */
type Answer =
  | { ok: true; data?: unknown; buffers: readonly unknown[] }
  | { ok: false; error: ErrorInfo };

function slotOf(kind: string, key?: string): string {
  return key === undefined ? kind : `${kind} ${key}`;
}

export class Commands<State> {
  readonly #model: Model<State>;
  readonly #changed: () => void;
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<string, (reply: Answer) => void>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #slots = new Map<string, SlotState>();
  /** Ids differ between the views of one model: each of them sees every reply. */
  readonly #prefix = randomId();
  #count = 0;
  #gone: boolean;

  /**
   * `changed` is called after every change of a slot, and when the kernel goes, until `signal`
   * aborts. `gone`: whether it had gone before.
   */
  constructor(model: Model<State>, changed: () => void, signal: AbortSignal, gone = false) {
    this.#model = model;
    this.#gone = gone;
    this.#changed = changed;
    this.#signal = signal;
    const receive = (content: unknown, buffers: unknown) => this.#receive(content, buffers);
    listen(model, "msg:custom", receive, signal);
    listen(model, CUT_OFF, () => this.#lose(), signal);
    signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  /** Whether the kernel that the widget belongs to is known to be gone, for good. */
  get gone(): boolean {
    return this.#gone;
  }

  slot(kind: string, key?: string): SlotState {
    return this.#slots.get(slotOf(kind, key)) ?? IDLE;
  }

  /** Whether a command is of no use now: it is under way already, or nobody would hear it. */
  blocked(kind: string, key?: string): boolean {
    return this.#gone || this.slot(kind, key).busy;
  }

  /** Sends a command, unless the same one is still waiting for its answer. */
  send(command: Command<State>): void {
    void this.ask(command);
  }

  /**
   * Sends a command as `send` does. Resolves to what was answered; to null where that is nothing,
   * where it was refused (then the slot says why), or where the same one is under way.
   */
  ask(command: Command<State>): Promise<unknown> {
    const slot = slotOf(command.kind, command.key);
    if (this.#signal.aborted || this.#slots.get(slot)?.busy) return Promise.resolve(null);
    const late = () => this.#set(slot, { busy: true, late: true, error: null });
    const timer = setTimeout(late, LATE_MS);
    this.#timers.add(timer);
    this.#set(slot, { busy: true, late: false, error: null });
    return new Promise((resolve) => {
      this.#request(command, (reply) => {
        clearTimeout(timer);
        this.#timers.delete(timer);
        this.#set(slot, reply.ok ? IDLE : { ...IDLE, error: reply.error });
        resolve(reply.ok ? (reply.data ?? null) : null);
      });
    });
  }

  /**
   * Asks something that several may ask at once, with no slot: a window of rows, for example.
   * Rejects with a Refusal; never settles once the view has gone.
   */
  query(content: Command<State>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#request(content, (reply) => {
        if (reply.ok) resolve(reply.data ?? null);
        else reject(new Refusal(reply.error));
      });
    });
  }

  /** Asks, as `query` does, for something with bytes beside it. */
  queryBytes(
    content: Command<State>,
  ): Promise<{ data: unknown; parts: ArrayBufferView<ArrayBuffer>[] }> {
    return new Promise((resolve, reject) => {
      this.#request(content, (reply) => {
        if (!reply.ok) reject(new Refusal(reply.error));
        else resolve({ data: reply.data ?? null, parts: (reply.buffers ?? []).filter(isBytes) });
      });
    });
  }

  #request(content: Command<State>, answered: (reply: Answer) => void): void {
    this.#count += 1;
    const id = `${this.#prefix}-${this.#count}`;
    this.#waiting.set(id, answered);
    if (this.#sent({ id, ...content })) return;
    this.#waiting.delete(id);
    answered({ ok: false, error: GONE });
  }

  /** Says something that the person did not ask for: nobody waits for the answer. */
  tell(content: Command<State>): void {
    if (this.#signal.aborted) return;
    this.#count += 1;
    this.#sent({ id: `${this.#prefix}-${this.#count}`, ...content });
  }

  /** Whether there is a kernel to send it to: without one the front end throws. */
  #sent(content: Record<string, unknown>): boolean {
    try {
      this.#model.send(content);
      return true;
    } catch {
      this.#lose();
      return false;
    }
  }

  /** Nobody will answer any more what was asked. */
  #lose(): void {
    if (this.#gone) return;
    this.#gone = true;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const answered of waiting) answered({ ok: false, error: GONE });
    this.#changed();
  }

  /** Takes the error of a slot off the screen. */
  dismiss(kind: string, key?: string): void {
    if (this.slot(kind, key).error) this.#set(slotOf(kind, key), IDLE);
  }

  #receive(content: unknown, buffers: unknown): void {
    const reply = asReply(content);
    const answered = reply && this.#waiting.get(reply.id);
    if (!reply || !answered) return;
    this.#waiting.delete(reply.id);
    answered(reply.ok ? { ...reply, buffers: Array.isArray(buffers) ? buffers : [] } : reply);
  }

  #set(slot: string, state: SlotState): void {
    if (state === IDLE) this.#slots.delete(slot);
    else this.#slots.set(slot, state);
    this.#changed();
  }

  #stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#waiting.clear();
  }
}

function isBytes(value: unknown): value is ArrayBufferView<ArrayBuffer> {
  return ArrayBuffer.isView(value);
}

function asReply(content: unknown): Reply | null {
  if (typeof content !== "object" || content === null) return null;
  const { id, ok, data, error } = content as Partial<
    Record<"id" | "ok" | "data" | "error", unknown>
  >;
  if (typeof id !== "string" || typeof ok !== "boolean") return null;
  return ok ? { id, ok, data } : { id, ok, error: asError(error) };
}

function asError(error: unknown): ErrorInfo {
  const given = (typeof error === "object" && error !== null ? error : {}) as Partial<ErrorInfo>;
  return {
    message: given.message || "That did not work.",
    code: given.code ?? "",
    id: given.id ?? "",
    hint: given.hint ?? "",
  };
}
