import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { CopyForm } from "../job-steer/copy-form";
import { EditForm } from "../job-steer/edit-form";
import type { Door } from "../job-steer/fields";
import { hindrance } from "../job-steer/hindrance";
import { menuItems } from "../job-steer/items";
import { startQuestion } from "../job-steer/preflight";
import { PreflightLines, usePreflight } from "../job-steer/preflight-lines";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { Confirm } from "../lib/confirm";
import { useCopy } from "../lib/copy";
import type { IconName } from "../lib/icons";
import { Menu } from "../lib/menu";
import { SlotMessage } from "../lib/messages";
import type { JobState } from "../protocol";
import { ended } from "./status";
import { type Steering, TOLD, useSteering } from "./steering";

interface ActionsProps {
  state: JobState;
  commands: Commands<JobState>;
  /** Somebody wants to see a node of the process. */
  onNode: (node: string) => void;
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

export function Actions({ state, commands, onNode, children }: ActionsProps) {
  const root = useRef<HTMLDivElement>(null);
  const menu = useRef<HTMLButtonElement>(null);
  useKeptFocus(root);
  usePreflight(root, state, commands);
  const { said, say } = useSaid();
  const { copy, byHand } = useCopy();
  const copyAndSay = (text: string, words: string) => void copy(text, () => say(words));
  const steering = useSteering(state, commands, { root, menu });
  const { open, show, press } = steering;
  return (
    <div class="oew-actions" ref={root}>
      <PreflightLines state={state} commands={commands} onNode={onNode} />
      <div class="oew-row oew-pad oew-action-row">
        {offers(state, commands).map((offer) => (
          <Button
            key={offer.kind}
            icon={offer.icon}
            kind={offer.primary ? "primary" : "plain"}
            disabled={state.pending !== "" || commands.blocked(offer.kind)}
            onClick={() => press(offer)}
            {...(offer.asks ? { expanded: open === offer.kind } : {})}
          >
            {offer.label}
          </Button>
        ))}
        {state.actions.includes("remove") && (
          <Button
            kind="quiet"
            icon="close"
            disabled={commands.blocked("remove")}
            onClick={() => commands.send({ kind: "remove" })}
          >
            Remove from here
          </Button>
        )}
        <Menu
          label="More actions"
          items={menuItems({ state, commands, open: show, say, copy: copyAndSay })}
          buttonRef={menu}
          disabled={commands.gone}
        />
        <span class="oew-sub" role="status">
          {said}
        </span>
        {byHand}
        <span class="oew-grow" />
        {children}
      </div>
      <Opened steering={steering} state={state} commands={commands} />
      {TOLD.filter((kind) => kind !== open).map((kind) => (
        <SlotMessage key={kind} slot={commands.slot(kind)} />
      ))}
    </div>
  );
}

interface OpenedProps {
  steering: ReturnType<typeof useSteering>;
  state: JobState;
  commands: Commands<JobState>;
}

/** The question or the form below the buttons. */
function Opened({ steering, state, commands }: OpenedProps) {
  const { open, close } = steering;
  if (open === null) return null;
  if (open === "update" || open === "duplicate") {
    return <OpenForm kind={open} steering={steering} state={state} commands={commands} />;
  }
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
        close();
        commands.send({ kind: open });
      }}
      onKeep={close}
    />
  );
}

/** A form, and below it the question whether what is in it may be lost. */
function OpenForm(props: OpenedProps & { kind: "update" | "duplicate" }) {
  const { kind, steering, state, commands } = props;
  const { leaving } = steering;
  const door: Door = {
    hindrance: hindrance(kind, state),
    asking: leaving !== null,
    unsaved: steering.unsaved,
    onLeave: steering.close,
    onDone: steering.go,
  };
  const sent = leaving?.unsaved === "sent";
  const AnyForm = kind === "update" ? EditForm : CopyForm;
  return (
    <>
      <AnyForm commands={commands} door={door} />
      {leaving && (
        <Confirm
          question={
            sent
              ? "What you wrote is not saved yet. Close all the same?"
              : "Discard what you wrote?"
          }
          yes={sent ? "Yes, close" : "Yes, discard"}
          keep={sent ? "Wait" : "Keep writing"}
          onYes={steering.go}
          onKeep={steering.stay}
        />
      )}
    </>
  );
}
