/**
 * The rows of a table in one order, as far as they are looked at: the kernel holds them all, and
 * gives them in blocks.
 */

import { infoOf } from "../lib/reason";
import type { ErrorInfo, PreviewRows } from "../protocol";

export type Row = readonly (string | null)[];

/** How the rows are asked for. */
export interface Order {
  /** Name of the column, or "" for the order of the file. */
  sort: string;
  descending: boolean;
  search: string;
}

export const BLOCK = 100;

/** The kernel gives no more at once. */
const MOST_AT_ONCE = 200;

/** 4,000 rows: some screens in both directions, and the places one came from. */
const MOST_BLOCKS = 40;

type Ask = (start: number, count: number) => Promise<unknown>;

const blockOf = (position: number) => Math.floor(position / BLOCK);

function windowOf(answer: unknown): PreviewRows {
  const { total, rows, start } = (answer ?? {}) as Partial<PreviewRows>;
  const list = Array.isArray(rows) ? rows.filter((row) => Array.isArray(row)) : [];
  return { start: start ?? 0, rows: list, total: typeof total === "number" ? total : list.length };
}

export class TableRows {
  /** How many there are in this order. */
  total: number;
  /** Whether that is known. */
  known: boolean;
  /** Why the last question was not answered, or null. */
  error: ErrorInfo | null = null;
  readonly #ask: Ask;
  readonly #changed: () => void;
  /** The one that was used last is the last one. */
  readonly #blocks = new Map<number, Row[]>();
  #wanted: [number, number] = [0, 0];
  #asking = false;
  #closed = false;

  /** @param total Where it is known already; else it is, with the first rows. */
  constructor(ask: Ask, changed: () => void, total: number | null) {
    this.#ask = ask;
    this.#changed = changed;
    this.total = total ?? 0;
    this.known = total !== null;
  }

  /** Whether there is something to be shown. */
  get ready(): boolean {
    const none = this.known && this.total === 0;
    return none || this.#blocks.size > 0 || this.error !== null;
  }

  close(): void {
    this.#closed = true;
  }

  row(position: number): Row | undefined {
    return this.#blocks.get(blockOf(position))?.[position % BLOCK];
  }

  /** Sees to it that these rows will be there; those that were wanted before need not come. */
  want(first: number, last: number): void {
    this.#wanted = [blockOf(first), blockOf(Math.max(first, last))];
    for (let number = this.#wanted[0]; number <= this.#wanted[1]; number += 1) {
      const block = this.#blocks.get(number);
      if (!block) continue;
      this.#blocks.delete(number);
      this.#blocks.set(number, block);
    }
    void this.#pump();
  }

  again(): void {
    this.error = null;
    void this.#pump();
  }

  /** Rows to be copied, kept or not. */
  async fetch(start: number, count: number): Promise<Row[]> {
    const found: Row[] = [];
    while (found.length < count) {
      const most = Math.min(MOST_AT_ONCE, count - found.length);
      const { rows } = windowOf(await this.#ask(start + found.length, most));
      if (rows.length === 0) break;
      found.push(...rows);
    }
    return found;
  }

  /** One question at a time, always about what is wanted now: a thumb runs over millions of rows. */
  async #pump(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    for (let next = this.#missing(); next !== null; next = this.#missing()) {
      await this.#load(next);
      if (!this.#closed) this.#changed();
    }
    this.#asking = false;
  }

  #missing(): number | null {
    if (this.#closed || this.error) return null;
    const last = this.known ? Math.min(this.#wanted[1], blockOf(this.total - 1)) : this.#wanted[1];
    for (let number = this.#wanted[0]; number <= last; number += 1) {
      if (!this.#blocks.has(number)) return number;
    }
    return null;
  }

  async #load(number: number): Promise<void> {
    try {
      const { rows, total } = windowOf(await this.#ask(number * BLOCK, BLOCK));
      this.#blocks.set(number, rows);
      this.total = total;
      this.known = true;
    } catch (error) {
      this.error = infoOf(error);
    }
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= MOST_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
  }
}
