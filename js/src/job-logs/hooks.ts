/** What the panel of the logs keeps while it is open. */

import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { LOOK_AGAIN_MS } from "../job-card/look";
import { active } from "../job-card/status";
import type { Commands } from "../lib/commands";
import { plural } from "../lib/format";
import type { JobState, LogLevel } from "../protocol";
import { LogRows } from "./rows";

/** A screen reader hears of new errors no more often than this. */
export const SAY_AGAIN_MS = 5000;

export interface Filter {
  level: LogLevel;
  search: string;
}

/** Tells the kernel that the log is read, now and again, and when no more. */
export function useOpenLog(commands: Commands<JobState>, state: JobState): void {
  useEffect(() => {
    commands.tell({ kind: "logs_open", wanted: true });
    return () => commands.tell({ kind: "logs_open", wanted: false });
  }, [commands]);
  const goesOn = active(state.status);
  // Another view of this card that is closed ends the following for all of them.
  const stopped = goesOn && state.log_summary.state === "ready" && !state.log_summary.following;
  useEffect(() => {
    if (!goesOn) return undefined;
    const open = () => commands.tell({ kind: "logs_open", wanted: true });
    const again = setInterval(open, LOOK_AGAIN_MS);
    if (stopped) open();
    return () => clearInterval(again);
  }, [commands, goesOn, stopped]);
}

/**
 * The rows that match; those of the filter before, until they are known. `version` changes when
 * there is something new.
 */
export function useRows(
  commands: Commands<JobState>,
  { level, search }: Filter,
  version: string,
  shifted: (rows: number) => void,
): LogRows {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const held = useRef<{ filter: string; rows: LogRows; before: LogRows | null } | null>(null);
  const filter = `${level} ${search}`;
  if (held.current?.filter !== filter) {
    const ask = (start: number, count: number) =>
      commands.query({ kind: "logs_window", start, count, level, search });
    const { rows = null, before = null } = held.current ?? {};
    const made = new LogRows(ask, () => redraw(0), shifted);
    held.current = { filter, rows: made, before: rows?.known ? rows : before };
  }
  const { rows, before } = held.current;
  useEffect(() => void rows.grow(), [rows, version]);
  useEffect(() => () => rows.close(), [rows]);
  return rows.known || !before ? rows : before;
}

/**
 * Where somebody reads: the row with the cursor, the entry that is open below, and whether the
 * newest rows are kept in sight. A row with the cursor is not to move: then they are not.
 */
export function useCursor(frame: { current: HTMLElement | null }) {
  const [at, moveTo] = useState<number | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  const focusList = () => {
    const list = frame.current?.querySelector<HTMLElement>('[role="listbox"]');
    (list ?? frame.current)?.focus({ preventScroll: true });
  };
  const begin = () => {
    moveTo(null);
    setAtEnd(true);
  };
  const close = () => {
    setOpen(null);
    focusList();
  };
  const follow = atEnd && at === null;
  const list = (rows: LogRows) => {
    const openAt = (position: number) => setOpen((now) => rows.row(position)?.index ?? now);
    return {
      at,
      follow,
      onMove: (position: number) => {
        moveTo(position);
        if (open !== null) openAt(position);
      },
      onOpen: openAt,
      onEscape: () => {
        if (open !== null) close();
        return open !== null;
      },
      onScroll: setAtEnd,
    };
  };
  return {
    open,
    follow,
    begin,
    close,
    /** The open entry is in the list no more; the focus stays, unless it was in the entry. */
    lose: (within: boolean) => (within ? close() : setOpen(null)),
    list,
    newest: () => {
      begin();
      focusList();
    },
    /** All rows have moved up, since old ones are gone. */
    shift: (by: number) => moveTo((now) => (now === null || now < by ? null : now - by)),
  };
}

/** "2 new errors, 14 in all", for a screen reader, now and then. */
export function useNewErrors({ state, errors }: JobState["log_summary"]): string {
  const told = useRef<number | null>(null);
  const said_ms = useRef(0);
  const [text, say] = useState("");
  useEffect(() => {
    if (state !== "ready") return undefined;
    const before = told.current;
    if (before === null || errors <= before) {
      told.current = errors;
      return undefined;
    }
    const timer = setTimeout(
      () => {
        told.current = errors;
        said_ms.current = Date.now();
        say(`${plural(errors - before, "new error")}, ${errors.toLocaleString("en")} in all`);
      },
      Math.max(0, said_ms.current + SAY_AGAIN_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [state, errors]);
  return text;
}
