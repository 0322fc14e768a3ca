import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { CopyForm } from "../job-steer/copy-form";
import { EditForm } from "../job-steer/edit-form";
import { type Asking, menuItems } from "../job-steer/items";
import { startQuestion } from "../job-steer/preflight";
import { PreflightLines, usePreflight } from "../job-steer/preflight-lines";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { Confirm } from "../lib/confirm";
import type { IconName } from "../lib/icons";
import { Menu } from "../lib/menu";
import { SlotMessage } from "../lib/messages";
import type { JobState } from "../protocol";
import { ended } from "./status";

type Steering = "start" | "cancel" | Asking;

interface ActionsProps {
  state: JobState;
  commands: Commands<JobState>;
  /** The freshness line, at the end of the row. */
  children: ComponentChildren;
}

interface Offer {
  kind: Steering;
  label: string;
  icon: IconName;
  primary: boolean;
  /** Whether it asks something first. */
  asks: boolean;
}

/** Kinds whose outcome is told below the buttons; an open form tells its own. */
const TOLD = [
  "start",
  "cancel",
  "delete",
  "update",
  "duplicate",
  "notify",
  "copy_python",
  "web_editor",
];

/** What has a button now: what is possible and makes sense, and an action that is under way. */
function offers(state: JobState, commands: Commands<JobState>): Offer[] {
  const underWay = (kind: Steering) => state.pending === kind || commands.slot(kind).busy;
  const can = (kind: Steering) => state.actions.includes(kind) || underWay(kind);
  const again = ended(state.status);
  const failed = state.status === "error";
  const list: (Offer | false)[] = [
    failed &&
      can("duplicate") && {
        kind: "duplicate",
        label: "Duplicate…",
        icon: "duplicate",
        primary: true,
        asks: true,
      },
    can("start") && {
      kind: "start",
      label: underWay("start") ? "Starting…" : again ? "Start again" : "Start",
      icon: again ? "refresh" : "play",
      primary: !again,
      asks: startQuestion(state) !== "",
    },
    can("cancel") && {
      kind: "cancel",
      label: underWay("cancel") ? "Canceling…" : "Cancel",
      icon: "stop",
      primary: false,
      asks: true,
    },
    underWay("delete") && {
      kind: "delete",
      label: "Deleting…",
      icon: "trash",
      primary: false,
      asks: true,
    },
  ];
  return list.filter((offer) => offer !== false);
}

/** The question or form that is open; it closes by itself when there is nothing left to decide. */
function useQuestion(state: JobState, commands: Commands<JobState>) {
  const [asked, ask] = useState<Steering | null>(null);
  const free = asked !== null && !state.pending && state.actions.includes(asked);
  // A form waits for its answer, and shows it; a question has had its answer.
  const form = asked === "update" || asked === "duplicate";
  const decided = asked !== null && !form && commands.slot(asked).busy;
  const open = free && !decided && (asked !== "start" || startQuestion(state)) ? asked : null;
  useEffect(() => {
    if (open === null) ask(null);
  }, [open]);
  return { open, ask };
}

/**
 * A person at the keyboard stays where they were: when the button or the question that had the
 * focus goes away, the focus goes to the first button that is there instead.
 */
function useKeptFocus(root: RefObject<HTMLElement | null>): void {
  const before = root.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    const lost = !document.activeElement || document.activeElement === document.body;
    if (!before || !lost) return;
    root.current
      ?.querySelector<HTMLElement>(".oew-action-row button")
      ?.focus({ preventScroll: true });
  });
}

/** A sentence that is said, and gone after a while. */
function useSaid() {
  const [said, say] = useState("");
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => say(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return { said, say };
}

const SAID_MS = 5000;
const DOUBLE_MS = 600;

/** What is open, what opens and closes it, and where the focus goes then. */
function useSteering(
  state: JobState,
  commands: Commands<JobState>,
  menu: RefObject<HTMLElement | null>,
) {
  const opener = useRef<Element | null>(null);
  const opened_ms = useRef(0);
  const { open, ask } = useQuestion(state, commands);
  const forget = () => {
    for (const kind of TOLD) commands.dismiss(kind);
  };
  const show = (kind: Steering) => {
    opener.current = document.activeElement;
    opened_ms.current = performance.now();
    forget();
    ask(kind);
    if (kind === "start" && !state.preflight && state.actions.includes("preflight")) {
      commands.tell({ kind: "preflight" });
    }
  };
  const close = () => {
    const back = opener.current?.isConnected ? opener.current : menu.current;
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    ask(null);
  };
  const press = ({ kind, asks }: Offer) => {
    // The second click of a double click is no answer to a question that was hardly seen.
    if (open === kind)
      return performance.now() - opened_ms.current > DOUBLE_MS ? close() : undefined;
    if (asks) return show(kind);
    forget();
    commands.send({ kind });
  };
  return { open, show, close, press };
}

export function Actions({ state, commands, children }: ActionsProps) {
  const root = useRef<HTMLDivElement>(null);
  const menu = useRef<HTMLButtonElement>(null);
  useKeptFocus(root);
  usePreflight(root, state, commands);
  const { said, say } = useSaid();
  const { open, show, close, press } = useSteering(state, commands, menu);
  return (
    <div class="oew-actions" ref={root}>
      <PreflightLines state={state} commands={commands} />
      <div class="oew-row oew-pad oew-action-row">
        {offers(state, commands).map((offer) => (
          <Button
            key={offer.kind}
            icon={offer.icon}
            kind={offer.primary ? "primary" : "plain"}
            disabled={state.pending !== "" || commands.slot(offer.kind).busy}
            onClick={() => press(offer)}
            {...(offer.asks ? { expanded: open === offer.kind } : {})}
          >
            {offer.label}
          </Button>
        ))}
        <Menu
          label="More actions"
          items={menuItems({ state, commands, open: show, say })}
          buttonRef={menu}
        />
        <span class="oew-sub" role="status">
          {said}
        </span>
        <span class="oew-grow" />
        {children}
      </div>
      <Opened open={open} state={state} commands={commands} onClose={close} />
      {TOLD.filter((kind) => kind !== open).map((kind) => (
        <SlotMessage key={kind} slot={commands.slot(kind)} />
      ))}
    </div>
  );
}

interface OpenedProps {
  open: Steering | null;
  state: JobState;
  commands: Commands<JobState>;
  onClose: () => void;
}

/** The question or the form below the buttons. */
function Opened({ open, state, commands, onClose }: OpenedProps) {
  if (open === null) return null;
  if (open === "update") return <EditForm commands={commands} onClose={onClose} />;
  if (open === "duplicate") return <CopyForm commands={commands} onClose={onClose} />;
  const [question, yes] = {
    start: [startQuestion(state), ended(state.status) ? "Yes, start again" : "Yes, start"],
    cancel: ["Cancel this job? What it has computed so far may be lost.", "Yes, cancel"],
    delete: ["Deleting removes the job, its logs and its results, for good.", "Yes, delete"],
  }[open] as [string, string];
  return (
    <Confirm
      key={open}
      question={question}
      yes={yes}
      onYes={() => {
        onClose();
        commands.send({ kind: open });
      }}
      onKeep={onClose}
    />
  );
}
