/** What the forms are made of: the draft that they begin with, fields with their names, buttons. */

import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { type Commands, Refusal, type SlotState } from "../lib/commands";
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

interface FieldProps {
  label: string;
  /** Stands behind the name, such as a unit. */
  note?: string;
  /** What is wrong with it, or "". */
  wrong?: string;
  wide?: boolean;
  children: (ids: { id: string; "aria-describedby": string | undefined }) => ComponentChildren;
}

/** A field with its name, and with what is wrong with it. */
export function Field({ label, note, wrong = "", wide = false, children }: FieldProps) {
  const id = useUniqueId();
  const about = `${id}-about`;
  return (
    <div class={`oew-field${wide ? " oew-field-wide" : ""}`}>
      <label for={id}>
        {label}
        {note && <span class="oew-dim"> ({note})</span>}
      </label>
      {children({ id, "aria-describedby": wrong ? about : undefined })}
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
  slot: SlotState;
  /** Whether it can be submitted as it is. */
  ready: boolean;
  /** Whether something was typed that would be lost. */
  changed: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ComponentChildren;
}

/** Once the fields are there, the first of them has the focus; before that, the form. */
function useFirstFocus(form: RefObject<HTMLElement | null>, loaded: boolean): void {
  useEffect(() => {
    const field = loaded ? form.current?.querySelector<HTMLElement>("input, textarea") : null;
    (field ?? form.current)?.focus({ preventScroll: true });
  }, [loaded]);
}

/** A form in place, below the buttons. Escape closes it while nothing would be lost. */
export function Form(props: FormProps) {
  const { asked, slot, onSubmit, onClose } = props;
  const form = useRef<HTMLFormElement>(null);
  const loaded = asked.draft !== null;
  useFirstFocus(form, loaded);
  const can = loaded && props.ready && !slot.busy;
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !props.changed) onClose();
    else if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    else if (can) onSubmit();
    event.preventDefault();
  };
  return (
    <form class="oew-form" aria-label={props.label} tabIndex={-1} ref={form} onKeyDown={pressed}>
      {loaded && props.children}
      {!loaded && !asked.error && <p class="oew-dim">Asking the back-end…</p>}
      {asked.error && <ErrorText error={asked.error} alert />}
      <SlotMessage slot={slot} />
      <div class="oew-row oew-form-buttons">
        {!asked.error && (
          <Button kind="primary" onClick={onSubmit} disabled={!can}>
            {slot.busy ? props.submitting : props.submit}
          </Button>
        )}
        <Button onClick={onClose}>Discard</Button>
      </div>
    </form>
  );
}
