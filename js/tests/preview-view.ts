/** Draws a preview in its card, with a kernel that answers, for the tests. */

import { act } from "preact/test-utils";
import * as previewModule from "../src/preview";
import type { ErrorInfo, Preview, ResultsState } from "../src/protocol";
import widget from "../src/results";
import { PreviewKernel, preview } from "./previews";
import { results } from "./states";
import { type Drawn, draw } from "./view";

const STORE = Symbol.for("openeo-widgets.chunks");

/** The page has the module already: Node imports no blobs. */
export function loadModule(): void {
  Reflect.set(globalThis, STORE, new Map([["preview test", Promise.resolve(previewModule)]]));
}

export function forgetModule(): void {
  Reflect.deleteProperty(globalThis, STORE);
}

/** What has been promised has come. */
export async function settled(): Promise<void> {
  // What is drawn asks for more when it is drawn, at the end of each act.
  for (let times = 0; times < 5; times += 1) {
    await act(async () => {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    });
  }
}

export interface Previewed extends Drawn<ResultsState> {
  /** Questions of a kind, in order. */
  asked: (kind: string) => Record<string, unknown>[];
  /** From now on questions of these kinds are refused; none when empty. */
  refuse: (...kinds: string[]) => void;
}

const REFUSED: ErrorInfo = { message: "The link has expired.", code: "", id: "", hint: "" };

export async function drawPreview(
  changes: Partial<Preview> = {},
  bytes: ArrayBufferView[] = [],
): Promise<Previewed> {
  let come = (_: unknown) => {};
  const module = new Promise((resolve) => {
    come = resolve;
  });
  Reflect.set(globalThis, STORE, new Map([["preview test", module]]));
  const shown = preview(changes);
  const kernel = new PreviewKernel(shown);
  const view = await draw(widget, results(Date.now(), { map: null, preview: shown }));
  let refused: string[] = [];
  const { model } = view;
  const send = model.send.bind(model);
  const reply = (message: Record<string, unknown>) => {
    const { id, kind } = message;
    if (refused.includes(String(kind))) return model.message({ id, ok: false, error: REFUSED });
    const data = kind === "preview_image" ? { media_type: "image/png" } : kernel.answer(message);
    if (data !== undefined) model.message({ id, ok: true, data }, bytes);
  };
  model.send = (content) => {
    send(content);
    queueMicrotask(() => reply(content as Record<string, unknown>));
  };
  come(previewModule);
  await settled();
  return {
    ...view,
    asked: (kind) => model.sent.filter((message) => message.kind === kind),
    refuse: (...kinds) => {
      refused = kinds;
    },
  };
}

/** Types into a field. */
export async function type(field: HTMLElement, value: string): Promise<void> {
  await act(async () => {
    (field as HTMLInputElement).value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** Presses a key, with Shift or Ctrl, on what has the focus. */
export async function pressWith(key: string, init: KeyboardEventInit = {}): Promise<void> {
  await act(async () => {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }),
    );
  });
  await settled();
}
