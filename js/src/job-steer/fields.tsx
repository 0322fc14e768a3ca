/** What the forms are made of: the draft that they begin with, fields with their names, buttons. */

import { type ComponentChildren, createContext, type RefObject } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { type Command, type Commands, Refusal } from "../lib/commands";
import { useUniqueId } from "../lib/id";
import { ErrorText, SlotMessage } from "../lib/messages";
import type { Draft, ErrorInfo, JobState } from "../protocol";

interface Asked {
  draft: Draft | null;
  error: ErrorInfo | null;
}

/** Asks for what the form begins with. */
export function useDraft(commands: Commands<JobState>, copy: boolean): Asked {
  const [asked, hear] = useState<Asked>({ draft: null, error: null });
  useEffect(() => {
    let there = true;
    commands.query({ kind: "draft", copy }).then(
      (draft) => there && hear({ draft: draft as Draft, error: null }),
      (error) => {
        if (there && error instanceof Refusal) hear({ draft: null, error: error.info });
      },
    );
    return () => {
      there = false;
    };
  }, [commands, copy]);
  return asked;
}

/** What leaving a form would lose: nothing, what is typed, or what is sent and not yet taken. */
export type Unsaved = "" | "typed" | "sent";

/** What a form and the card around it have to tell each other. */
export interface Door {
  /** Why it cannot be submitted now, or "". */
  hindrance: string;
  /** Whether the person is asked about what would be lost. */
  asking: boolean;
  /** The form keeps this up to date. */
  unsaved: RefObject<Unsaved>;
  /** The person wants to leave it. */
  onLeave: () => void;
  /** What it was for is done. */
  onDone: () => void;
}

/** Sends what is typed. The answer closes this very form, and only if that is all there is in it. */
export function useSubmit(commands: Commands<JobState>, typed: unknown, onDone: () => void) {
  const [sending, setSending] = useState(false);
  const latest = useRef({ there: true, typed, onDone });
  latest.current = { there: true, typed, onDone };
  useEffect(
    () => () => {
      latest.current.there = false;
    },
    [],
  );
  const submit = async (command: Command<JobState>) => {
    setSending(true);
    await commands.ask(command);
    if (!latest.current.there) return;
    setSending(false);
    const taken = !commands.slot(command.kind).error;
    if (taken && latest.current.typed === typed) latest.current.onDone();
  };
  return { sending, submit };
}

/** Whether what the fields hold is on its way. */
const Sending = createContext(false);

interface FieldIds {
  id: string;
  "aria-describedby": string | undefined;
  readOnly: boolean;
}

interface FieldProps {
  label: string;
  /** Stands behind the name, such as a unit. */
  note?: string;
  /** What is wrong with it, or "". */
  wrong?: string;
  wide?: boolean;
  children: (ids: FieldIds) => ComponentChildren;
}

/** A field with its name, and with what is wrong with it. */
export function Field({ label, note, wrong = "", wide = false, children }: FieldProps) {
  const id = useUniqueId();
  const readOnly = useContext(Sending);
  const about = `${id}-about`;
  return (
    <div class={`oew-field${wide ? " oew-field-wide" : ""}`}>
      <label for={id}>
        {label}
        {note && <span class="oew-dim"> ({note})</span>}
      </label>
      {children({ id, "aria-describedby": wrong ? about : undefined, readOnly })}
      {wrong && (
        <p class="oew-wrong" id={about}>
          {wrong}
        </p>
      )}
    </div>
  );
}

interface FormProps {
  label: string;
  asked: Asked;
  submit: string;
  /** While it is under way. */
  submitting: string;
  commands: Commands<JobState>;
  kind: "update" | "duplicate";
  /** Whether this form waits for its answer. */
  sending: boolean;
  /** Whether it can be submitted as it is. */
  ready: boolean;
  /** Whether something was typed that would be lost. */
  changed: boolean;
  door: Door;
  onSubmit: () => void;
  children: ComponentChildren;
}

/**
 * Once the fields are there, the first of them has the focus; before that, the form. Who has gone
 * on meanwhile, to "Discard" or out of the card, stays there.
 */
function useFirstFocus(form: RefObject<HTMLElement | null>, loaded: boolean): void {
  useLayoutEffect(() => form.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    if (!loaded || document.activeElement !== form.current) return;
    const field = form.current?.querySelector<HTMLElement>("input, textarea");
    field?.focus({ preventScroll: true });
  }, [loaded]);
}

function useUnsaved({ door, changed, sending }: FormProps): void {
  const { unsaved } = door;
  useLayoutEffect(() => {
    unsaved.current = !changed ? "" : sending ? "sent" : "typed";
  }, [unsaved, changed, sending]);
  useLayoutEffect(
    () => () => {
      unsaved.current = "";
    },
    [unsaved],
  );
}

/** A form in place, below the buttons. */
export function Form(props: FormProps) {
  const { asked, commands, kind, door, onSubmit } = props;
  const form = useRef<HTMLFormElement>(null);
  const slot = commands.slot(kind);
  const loaded = asked.draft !== null;
  useFirstFocus(form, loaded);
  useUnsaved(props);
  const can = loaded && props.ready && !slot.busy && !door.hindrance;
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape") door.onLeave();
    else if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    else if (can) onSubmit();
    event.preventDefault();
  };
  return (
    <form class="oew-form" aria-label={props.label} tabIndex={-1} ref={form} onKeyDown={pressed}>
      <Sending.Provider value={props.sending}>{loaded && props.children}</Sending.Provider>
      {!loaded && !asked.error && <p class="oew-dim">Asking the back-end…</p>}
      {asked.error && <ErrorText error={asked.error} alert />}
      <SlotMessage slot={slot} />
      <div class="oew-row oew-form-buttons">
        {!asked.error && !door.asking && (
          <Button kind="primary" onClick={onSubmit} disabled={!can}>
            {slot.busy ? props.submitting : props.submit}
          </Button>
        )}
        {!door.asking && <Button onClick={door.onLeave}>Discard</Button>}
        <span class="oew-sub oew-grow" role="status">
          {door.hindrance}
        </span>
      </div>
    </form>
  );
}
