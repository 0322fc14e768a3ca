/** A text for the person to copy, where the browser lets no page do it. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "./button";
import { useUniqueId } from "./id";
import { place } from "./place";

interface ByHandProps {
  text: string;
  onCopied: () => void;
  onClose: () => void;
}

const MOST_LINES = 4;

function keys(): string {
  return /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘C" : "Ctrl+C";
}

/** Over everything else, below what it belongs to; where there is no popover, in the flow. */
function show(box: HTMLElement): void {
  const anchor = box.parentElement;
  if (!anchor || typeof box.showPopover !== "function") return;
  box.showPopover();
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  const at = place(anchor.getBoundingClientRect(), box.getBoundingClientRect(), view);
  box.style.left = `${at.left}px`;
  box.style.top = `${at.top}px`;
}

export function ByHand({ text, onCopied, onClose }: ByHandProps) {
  const id = useUniqueId();
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const before = useRef<Element | null>(null);
  useLayoutEffect(() => {
    before.current = document.activeElement;
    if (box.current) show(box.current);
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, [text]);
  const close = () => {
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
    onClose();
  };
  const copied = () => {
    close();
    onCopied();
  };
  return (
    <div
      class="oew-by-hand"
      role="dialog"
      aria-label="Copy by hand"
      popover="auto"
      ref={box}
      onToggle={(event) => {
        // A press anywhere else closes it, and says where the focus goes.
        if (event.newState === "closed") onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        event.preventDefault();
        close();
      }}
    >
      <label for={id}>This page may not copy. Press {keys()}:</label>
      <textarea
        id={id}
        class="oew-mono"
        readOnly
        rows={Math.min(MOST_LINES, text.split("\n").length)}
        value={text}
        ref={field}
        onFocus={(event) => event.currentTarget.select()}
        // The browser reads the selection when this event is over.
        onCopy={() => setTimeout(copied)}
      />
      <Button kind="quiet" icon="close" label="Close" onClick={close} />
    </div>
  );
}
