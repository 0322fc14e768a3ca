/** Files on their way to the person's own computer, of one view: they end with it. */

import { type Commands, Refusal } from "../lib/commands";
import { answers, openLink, reachable, saveBlob } from "../lib/save";
import type { ErrorInfo, Passing, Piece, ResultsState, ToComputer } from "../protocol";

export interface Save {
  /** opened: the browser has the link, and does the rest. */
  state: "asking" | "opened" | "coming" | "saved" | "failed" | "canceled";
  name: string;
  done: number;
  total: number | null;
  /** Where the browser got it from, or "". */
  host: string;
  /** Whether it could come through the kernel instead. */
  fits: boolean;
  /** Files that could not be read, and are not in the archive. */
  missing: string[];
  error: ErrorInfo | null;
}

/** The id of an archive among the files: no key is one. */
export const ZIP = Symbol("zip");

export type SaveId = string | typeof ZIP;

const EMPTY_MS = 100;

const BEGUN: Save = {
  state: "asking",
  name: "",
  done: 0,
  total: null,
  host: "",
  fits: false,
  missing: [],
  error: null,
};

const FAILED: ErrorInfo = { message: "It could not be saved.", code: "", id: "", hint: "" };

export function saving(save: Save | undefined): boolean {
  return save?.state === "asking" || save?.state === "coming";
}

export class Saves {
  readonly #commands: Commands<ResultsState>;
  readonly #changed: () => void;
  readonly #saves = new Map<SaveId, Save>();
  /** What is wanted, each with a token: one that was given up may be begun again before its
   *  question is answered, and that answer is not for it. */
  readonly #wanted = new Map<SaveId, object>();

  constructor(commands: Commands<ResultsState>, changed: () => void) {
    this.#commands = commands;
    this.#changed = changed;
  }

  get(id: SaveId): Save | undefined {
    return this.#saves.get(id);
  }

  /** Whether nothing more can come through the kernel. */
  get cutOff(): boolean {
    return this.#commands.gone;
  }

  /** A file; `kernel` for one whose link is of no use to the browser. */
  file(key: string, kernel = false): void {
    this.#begin(key, async (isWanted) => {
      const ask = (extra: object) => this.#commands.query({ kind: "to_computer", key, ...extra });
      let found = (await ask(kernel ? { kernel } : {})) as ToComputer;
      if ("url" in found) {
        const { url, name, fits } = found;
        if (reachable(url, location.href) && (await answers(url))) {
          if (!isWanted()) return;
          openLink(url, name);
          this.#set(key, { state: "opened", name, host: new URL(url).host, fits });
          return;
        }
        found = (await ask({ kernel: true })) as Passing;
      }
      await this.#fetch(key, found, isWanted);
    });
  }

  /** Files as one archive; all of them for null. */
  zip(keys: string[] | null): void {
    this.#begin(ZIP, async (isWanted) => {
      const found = await this.#commands.query({ kind: "zip_to_computer", keys });
      await this.#fetch(ZIP, found as Passing, isWanted);
    });
  }

  cancel(id: SaveId): void {
    if (!this.#wanted.delete(id)) return;
    this.#set(id, { state: "canceled" });
  }

  /** Takes what is said of it off the screen. */
  dismiss(id: SaveId): void {
    this.cancel(id);
    this.#saves.delete(id);
    this.#changed();
  }

  /** Gives all of them up: the view has gone. */
  stop(): void {
    this.#wanted.clear();
  }

  #begin(id: SaveId, bring: (isWanted: () => boolean) => Promise<void>): void {
    if (saving(this.#saves.get(id))) return;
    const token = {};
    const isWanted = () => this.#wanted.get(id) === token;
    this.#wanted.set(id, token);
    this.#saves.set(id, BEGUN);
    this.#changed();
    bring(isWanted)
      .catch((error: unknown) => {
        const info = error instanceof Refusal ? error.info : { ...FAILED, hint: String(error) };
        if (isWanted()) this.#set(id, { state: "failed", error: info });
      })
      .finally(() => {
        if (isWanted()) this.#wanted.delete(id);
      });
  }

  async #fetch(id: SaveId, { passing, name, size }: Passing, isWanted: () => boolean) {
    const parts: ArrayBufferView<ArrayBuffer>[] = [];
    let done = 0;
    while (isWanted()) {
      this.#set(id, { state: "coming", name, done, total: size });
      const piece = await this.#commands.queryBytes({ kind: "piece", passing });
      const { state, failed = [], error } = piece.data as Piece;
      if (state === "failed") throw new Refusal(error ?? FAILED);
      for (const part of piece.parts) {
        done += part.byteLength;
        parts.push(part);
      }
      if (state === "whole" && isWanted()) {
        saveBlob(new Blob(parts), name);
        this.#set(id, { state: "saved", done, total: done, missing: failed });
        return;
      }
      // Nothing there yet: the kernel waits for the server.
      if (piece.parts.every((part) => part.byteLength === 0)) await pause(EMPTY_MS);
    }
    this.#commands.tell({ kind: "end_passing", passing });
  }

  #set(id: SaveId, changes: Partial<Save>): void {
    this.#saves.set(id, { ...(this.#saves.get(id) ?? BEGUN), ...changes });
    this.#changed();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
