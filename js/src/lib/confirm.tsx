import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "./button";
import { useUniqueId } from "./id";
import { Text } from "./messages";

interface ConfirmProps {
  question: string;
  yes: string;
  /** The safe answer. */
  keep?: string;
  onYes: () => void;
  onKeep: () => void;
}

/** Asks in place before something is lost. The safe answer has the focus. */
export function Confirm({ question, yes, keep = "Keep", onYes, onKeep }: ConfirmProps) {
  const id = useUniqueId();
  const safe = useRef<HTMLButtonElement>(null);
  // At once: a key that is pressed meanwhile would lead elsewhere, and be overtaken.
  useLayoutEffect(() => {
    safe.current?.focus({ preventScroll: true });
    // What the person pressed may stand far above it; only as far as is needed.
    safe.current?.closest(".oew-confirm")?.scrollIntoView?.({ block: "nearest" });
  }, []);
  return (
    <div
      class="oew-confirm"
      role="group"
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key === "Escape") onKeep();
      }}
    >
      <span id={id} class="oew-grow">
        <Text>{question}</Text>
      </span>
      <span class="oew-row">
        <Button onClick={onKeep} buttonRef={safe}>
          {keep}
        </Button>
        <Button onClick={onYes} kind="primary">
          {yes}
        </Button>
      </span>
    </div>
  );
}
