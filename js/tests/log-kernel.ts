/** The kernel's part of the logs, for the tests and the gallery: it answers from a list. */

import type { LogDetails, LogRow, LogWindow } from "../src/protocol";
import type { FakeModel } from "./fake-model";

type Message = Record<string, unknown>;

const LEVELS = ["debug", "info", "warning", "error"];

export function logRow(index: number, changes: Partial<LogRow> = {}): LogRow {
  return {
    index,
    level: "info",
    time_ms: Date.UTC(2026, 10, 23, 9) + index * 1000,
    message: `Entry ${index}`,
    count: 1,
    node: "",
    ...changes,
  };
}

export function logDetails(row: LogRow, changes: Partial<LogDetails> = {}): LogDetails {
  return {
    index: row.index,
    matches: true,
    id: `log-${row.index}`,
    code: "",
    level: row.level,
    time: row.time_ms === null ? "" : new Date(row.time_ms).toISOString(),
    time_ms: row.time_ms,
    message: row.message,
    data: null,
    stacktrace: "",
    note: "",
    path: row.node ? [{ node_id: row.node, process_id: "load_collection" }] : [],
    usage: [],
    links: [],
    ...changes,
  };
}

export class LogKernel {
  /** How many rows there were before these. */
  lost = 0;
  /** What is different in the details of an entry. */
  readonly details = new Map<number, Partial<LogDetails>>();

  constructor(public rows: LogRow[]) {}

  /** The answer to a message about logs, or undefined. */
  answer(message: Message): unknown {
    const { kind, start, count, index, level, search, form } = message;
    const matching = this.#matching(String(level), String(search));
    const matches = matching.some((one) => one.index === index);
    if (kind === "logs_window") {
      const from = Number(start);
      return {
        start: from,
        rows: matching.slice(from, from + Number(count)),
        matching: matching.length,
        lost: this.lost,
      } satisfies LogWindow;
    }
    if (kind === "log_details") {
      const row = this.rows.find((one) => one.index === index);
      return row && logDetails(row, { matches, ...this.details.get(row.index) });
    }
    if (kind === "logs_save") {
      const text = matching.map((row) => `${row.message}\n`).join("");
      return { name: form === "text" ? "j-1-logs.txt" : "j-1-logs.ndjson", text };
    }
    if (kind === "log_link") return { url: "https://openeo.example/help?sig=1" };
    return undefined;
  }

  /** Answers what a model is sent, after a while. */
  serve<State extends object>(model: FakeModel<State>, later = queueMicrotask): void {
    const send = model.send.bind(model);
    model.send = (content) => {
      send(content);
      const message = content as Message;
      const data = this.answer(message);
      if (data !== undefined) later(() => model.message({ id: message.id, ok: true, data }));
    };
  }

  #matching(level: string, search: string): LogRow[] {
    const least = LEVELS.indexOf(level);
    return this.rows.filter((row) => {
      const own = LEVELS.indexOf(row.level);
      return (own < 0 || own >= least) && row.message.toLowerCase().includes(search.toLowerCase());
    });
  }
}
