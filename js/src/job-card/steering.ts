/** What is open below the buttons of a card: a question, or a form that only the person closes. */

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Unsaved } from "../job-steer/fields";
import type { Asking } from "../job-steer/items";
import { startQuestion } from "../job-steer/preflight";
import type { Commands } from "../lib/commands";
import type { JobState } from "../protocol";

export type Steering = "start" | "cancel" | Asking;

/** Kinds whose outcome is told below the buttons; an open form tells its own. */
export const TOLD = [
  "start",
  "cancel",
  "delete",
  "update",
  "duplicate",
  "notify",
  "copy_python",
  "web_editor",
];

const DOUBLE_MS = 600;

/** Leaving a form with something in it, which the person is asked about. */
interface Leaving {
  /** What opens instead. */
  next: Steering | null;
  /** What had the focus. */
  from: Element | null;
  /** What would be lost. */
  unsaved: Unsaved;
}

/** The question or form that is open; a question closes when there is nothing left to decide. */
function useQuestion(state: JobState, commands: Commands<JobState>) {
  const [asked, ask] = useState<Steering | null>(null);
  const free = asked !== null && !state.pending && state.actions.includes(asked);
  // A form holds what was typed, whatever becomes of the job; a question has had its answer.
  const form = asked === "update" || asked === "duplicate";
  const decided = asked !== null && (commands.gone || commands.slot(asked).busy);
  const moot = !free || decided || (asked === "start" && !startQuestion(state));
  const open = form || !moot ? asked : null;
  useEffect(() => {
    // Only what was moot: the effect may run late, when the person has asked something else.
    if (open === null) ask((now) => (now === asked ? null : now));
  }, [open, asked]);
  return { open, ask };
}

function focus(element: Element | null | undefined): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}

interface Places {
  root: RefObject<HTMLElement | null>;
  menu: RefObject<HTMLElement | null>;
}

/** What is open, what opens and closes it, and where the focus goes then. */
export function useSteering(state: JobState, commands: Commands<JobState>, places: Places) {
  const { root, menu } = places;
  const opener = useRef<Element | null>(null);
  const opened_ms = useRef(0);
  const unsaved = useRef<Unsaved>("");
  const { open, ask } = useQuestion(state, commands);
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const forget = () => {
    for (const kind of TOLD) commands.dismiss(kind);
  };
  // Not every browser gives the focus to a button that is clicked.
  const inCard = (element: Element | null) => (root.current?.contains(element) ? element : null);
  const toForm = () => focus(root.current?.querySelector(".oew-form :is(input, textarea)"));
  const go = (next: Steering | null, from: Element | null) => {
    setLeaving(null);
    ask(next);
    if (next === null) return focus(inCard(opener.current) ?? menu.current);
    opener.current = from;
    opened_ms.current = performance.now();
    forget();
    if (next === "start" && !state.preflight && state.actions.includes("preflight")) {
      commands.tell({ kind: "preflight" });
    }
  };
  /** Closes what is open, for `next` where there is one; asks first where something is in it. */
  const turnTo = (next: Steering | null) => {
    const from = document.activeElement;
    if (unsaved.current) setLeaving({ next, from, unsaved: unsaved.current });
    else go(next, from);
  };
  const show = (kind: Steering) => (kind === open ? toForm() : turnTo(kind));
  const press = ({ kind, asks }: { kind: Steering; asks: boolean }) => {
    // The second click of a double click is no answer to a question that was hardly seen.
    if (open === kind)
      return performance.now() - opened_ms.current > DOUBLE_MS ? turnTo(null) : undefined;
    if (asks || kind === "update" || kind === "duplicate") return show(kind);
    forget();
    commands.send({ kind });
  };
  const stay = () => {
    setLeaving(null);
    const from = inCard(leaving?.from ?? null);
    if (from) focus(from);
    else toForm();
  };
  return {
    open,
    show,
    press,
    close: () => turnTo(null),
    leaving,
    stay,
    /** Closes the form, whatever is in it, and goes where the person wanted to go. */
    go: () => go(leaving?.next ?? null, menu.current),
    unsaved,
  };
}
