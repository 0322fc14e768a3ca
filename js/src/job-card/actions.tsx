import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { Confirm } from "../lib/confirm";
import type { IconName } from "../lib/icons";
import { SlotMessage } from "../lib/messages";
import type { JobState } from "../protocol";
import { ended } from "./status";

type Steering = "start" | "cancel";

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
  /** The question to ask first, or "". */
  question: string;
  yes: string;
}

/** What the card offers now: what is possible, and an action that is under way. */
function offers(state: JobState, commands: Commands<JobState>): Offer[] {
  const underWay = (kind: Steering) => state.pending === kind || commands.slot(kind).busy;
  const can = (kind: Steering) => state.actions.includes(kind) || underWay(kind);
  const again = ended(state.status);
  const list: Offer[] = [];
  if (can("start")) {
    list.push({
      kind: "start",
      label: underWay("start") ? "Starting…" : again ? "Start again" : "Start",
      icon: again ? "refresh" : "play",
      primary: !again,
      question: state.start_warning,
      yes: "Yes, start again",
    });
  }
  if (can("cancel")) {
    list.push({
      kind: "cancel",
      label: underWay("cancel") ? "Canceling…" : "Cancel",
      icon: "stop",
      primary: false,
      question: "Cancel this job? What it has computed so far may be lost.",
      yes: "Yes, cancel",
    });
  }
  return list;
}

/** The question that is open, closed by itself when there is nothing left to decide. */
function useQuestion(list: Offer[]) {
  const [kind, ask] = useState<Steering | null>(null);
  const open = list.find((offer) => offer.kind === kind && offer.question) ?? null;
  const isOpen = open !== null;
  useEffect(() => {
    if (!isOpen) ask(null);
  }, [isOpen]);
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
    if (before && lost) root.current?.querySelector("button")?.focus({ preventScroll: true });
  });
}

export function Actions({ state, commands, children }: ActionsProps) {
  const root = useRef<HTMLDivElement>(null);
  useKeptFocus(root);
  const list = offers(state, commands);
  const idle = list.filter(({ kind }) => !state.pending && !commands.slot(kind).busy);
  const { open, ask } = useQuestion(idle);
  const press = (offer: Offer) => {
    commands.dismiss(offer.kind);
    if (!offer.question) commands.send({ kind: offer.kind });
    else ask(open?.kind === offer.kind ? null : offer.kind);
  };
  return (
    <div class="oew-actions" ref={root}>
      <div class="oew-row oew-pad oew-action-row">
        {list.map((offer) => (
          <Button
            key={offer.kind}
            icon={offer.icon}
            kind={offer.primary ? "primary" : "plain"}
            disabled={!idle.includes(offer)}
            onClick={() => press(offer)}
            {...(offer.question ? { expanded: open?.kind === offer.kind } : {})}
          >
            {offer.label}
          </Button>
        ))}
        <span class="oew-grow" />
        {children}
      </div>
      {open && (
        <Confirm
          key={open.kind}
          question={open.question}
          yes={open.yes}
          onYes={() => {
            commands.send({ kind: open.kind });
            ask(null);
          }}
          onKeep={() => ask(null)}
        />
      )}
      <SlotMessage slot={commands.slot("start")} />
      <SlotMessage slot={commands.slot("cancel")} />
    </div>
  );
}
