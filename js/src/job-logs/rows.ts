/**
 * The rows of a log that match one filter, as far as they are looked at: the kernel holds them
 * all, and gives them in blocks.
 */

import { Refusal } from "../lib/commands";
import type { ErrorInfo, LogRow, LogWindow } from "../protocol";

export const BLOCK = 100;

/** 3,000 rows: some screens in both directions, and the places one came from. */
export const MOST_BLOCKS = 30;

/** A last block of fewer rows than this does not fill the list. */
const SCREEN = 25;

/** While entries pour in the tail runs away: show what there is, it goes on with the next news. */
const MOST_STEPS = 4;

interface Block {
  rows: LogRow[];
  version: number;
  /** It holds the last row: there may be more of it by now. */
  open: boolean;
}

interface Loading {
  version: number;
  answer: Promise<LogWindow | null>;
}

const blockOf = (position: number) => Math.floor(position / BLOCK);

export class LogRows {
  /** How many rows match. */
  matching = 0;
  /** Whether that is known. */
  known = false;
  /** Why the last question was not answered, or null. */
  error: ErrorInfo | null = null;
  readonly #ask: (start: number, count: number) => Promise<unknown>;
  readonly #changed: () => void;
  readonly #shifted: (rows: number) => void;
  /** The one that was used last is the last one. */
  readonly #blocks = new Map<number, Block>();
  readonly #loading = new Map<number, Loading>();
  #version = 0;
  #lost = 0;
  #growing = false;
  #closed = false;

  /** `shifted` hears by how many rows all have moved up, since there are too many to be kept. */
  constructor(
    ask: (start: number, count: number) => Promise<unknown>,
    changed: () => void,
    shifted: (rows: number) => void = () => {},
  ) {
    this.#ask = ask;
    this.#changed = changed;
    this.#shifted = shifted;
  }

  /** How many rows are held. */
  get size(): number {
    return [...this.#blocks.values()].reduce((sum, { rows }) => sum + rows.length, 0);
  }

  close(): void {
    this.#closed = true;
  }

  row(position: number): LogRow | undefined {
    return this.#blocks.get(blockOf(position))?.rows[position % BLOCK];
  }

  /** Sees to it that these rows will be there. */
  want(first: number, last: number): void {
    if (this.error || this.#closed) return;
    for (let number = blockOf(first); number <= blockOf(last); number += 1) {
      const block = this.#blocks.get(number);
      if (block) {
        this.#blocks.delete(number);
        this.#blocks.set(number, block);
      }
      const outdated = block?.open && block.version < this.#version && !this.#growing;
      if (!block || outdated) void this.#load(number);
    }
  }

  /** There may be more rows now: looks at the end of the log, then shows all of that at once. */
  async grow(): Promise<void> {
    this.#version += 1;
    this.error = null;
    if (this.#growing) return;
    this.#growing = true;
    let seen = 0;
    while (seen < this.#version && !this.#closed) {
      seen = this.#version;
      await this.#loadTail();
    }
    this.#growing = false;
    if (!this.#closed) this.#changed();
  }

  async #loadTail(): Promise<void> {
    let matching = this.matching;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const tail = Math.max(0, blockOf(matching - 1));
      const told = await this.#load(tail);
      if (!told) return;
      matching = told.matching;
      if (Math.max(0, blockOf(matching - 1)) !== tail) continue;
      const short = tail > 0 && told.rows.length < SCREEN;
      if (short && !this.#blocks.has(tail - 1)) await this.#load(tail - 1);
      break;
    }
    this.matching = matching;
    this.known = true;
  }

  #load(number: number): Promise<LogWindow | null> {
    const version = this.#version;
    const underWay = this.#loading.get(number);
    if (underWay?.version === version) return underWay.answer;
    const answer = this.#fetch(number, version).finally(() => {
      if (this.#loading.get(number)?.version === version) this.#loading.delete(number);
    });
    this.#loading.set(number, { version, answer });
    return answer;
  }

  async #fetch(number: number, version: number): Promise<LogWindow | null> {
    let told: LogWindow;
    try {
      told = (await this.#ask(number * BLOCK, BLOCK)) as LogWindow;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.error = refusal.info;
      this.known = true;
      this.#changed();
      return null;
    }
    if (this.#closed) return null;
    this.#move(told.lost);
    if ((this.#blocks.get(number)?.version ?? 0) <= version) this.#keep(number, version, told);
    if (!this.#growing) this.#changed();
    return told;
  }

  #keep(number: number, version: number, told: LogWindow): void {
    const { start, rows, matching } = told;
    this.#blocks.delete(number);
    this.#blocks.set(number, { rows, version, open: start + rows.length >= matching });
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= MOST_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
  }

  #move(lost: number): void {
    const by = lost - this.#lost;
    if (by === 0) return;
    this.#lost = lost;
    this.#blocks.clear();
    if (this.known) this.#shifted(by);
  }
}
