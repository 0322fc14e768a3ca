import { useEffect, useRef } from "preact/hooks";
import { Button } from "./button";
import { useUniqueId } from "./id";
import { Text } from "./messages";

interface ConfirmProps {
  question: string;
  yes: string;
  onYes: () => void;
  onKeep: () => void;
}

/** Asks in place before something is lost. The safe answer has the focus. */
export function Confirm({ question, yes, onYes, onKeep }: ConfirmProps) {
  const id = useUniqueId();
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus({ preventScroll: true }), []);
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
        <Button onClick={onKeep} buttonRef={keep}>
          Keep
        </Button>
        <Button onClick={onYes} kind="primary">
          {yes}
        </Button>
      </span>
    </div>
  );
}
