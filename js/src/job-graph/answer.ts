/** What the kernel says about the process, and how it came to that. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { type Commands, LATE_MS } from "../lib/commands";
import { infoOf } from "../lib/reason";
import type { ErrorInfo, JobState } from "../protocol";

export interface Asked<Data> {
  /** The last answer, or null before the first. */
  data: Data | null;
  error: ErrorInfo | null;
  /** Whether the kernel keeps silent. */
  late: boolean;
  again: () => void;
}

/** Asks at once, and again whenever `key` changes; the last answer stays meanwhile. */
export function useAnswer(
  commands: Commands<JobState>,
  kind: "graph",
  key: string,
): Asked<unknown> {
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<unknown>(null);
  const [trouble, setTrouble] = useState<ErrorInfo | "late" | null>(null);
  useEffect(() => {
    let current = true;
    const told = (data: unknown, why: ErrorInfo | null) => {
      if (!current) return;
      clearTimeout(timer);
      setTrouble(why);
      if (!why) setAnswer(data);
    };
    const timer = setTimeout(() => setTrouble("late"), LATE_MS);
    setTrouble(null);
    commands.query({ kind }).then(
      (data) => told(data, null),
      (error) => told(null, infoOf(error)),
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // Another key, and another attempt, are reasons to ask again.
  }, [commands, kind, key, attempt]);
  const late = trouble === "late";
  return { data: answer, error: late ? null : trouble, late, again: () => setAttempt(attempt + 1) };
}

export interface Process {
  /** The process as the back-end sent it, or undefined where that is no JSON. */
  value: unknown;
  text: string;
  marks: Readonly<Record<string, string>>;
  note: string;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

export function readAnswer(answer: unknown): Process {
  const { text, marks, note } = record(answer);
  const shown = typeof text === "string" ? text : "";
  const words = Object.entries(record(marks)).filter(
    (mark): mark is [string, string] => typeof mark[1] === "string",
  );
  return {
    value: parsed(shown),
    text: shown,
    // fromEntries defines what it is given, "__proto__" too.
    marks: Object.fromEntries(words),
    note: typeof note === "string" ? note : "",
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON, or nested deeper than the reader goes
  }
}

export function useProcess(answer: unknown): Process | null {
  return useMemo(() => (answer === null ? null : readAnswer(answer)), [answer]);
}
