import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "./button";
import { ByHand } from "./by-hand";
import type { IconName } from "./icons";
import { LiveRegion } from "./live";

/** Whether it is in the clipboard now: a browser or a frame may forbid that. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without a secure context (a hub over plain http) there is no clipboard API.
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "oew-sr";
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}

/** Copies and says so; where that is forbidden, `byHand` is where the person does it. */
export function useCopy() {
  const [left, leave] = useState<{ text: string; copied: () => void } | null>(null);
  const copy = async (text: string, copied: () => void) => {
    const done = await copyText(text);
    leave(done ? null : { text, copied });
    if (done) copied();
  };
  const byHand = left && (
    <ByHand text={left.text} onCopied={left.copied} onClose={() => leave(null)} />
  );
  return { copy, byHand };
}

const SHOWN_MS = 2000;

interface CopyProps {
  /** What is copied, or what asks for it; null where that was refused. */
  text: string | (() => Promise<string | null>);
  label: string;
  icon?: IconName;
  disabled?: boolean;
  children?: ComponentChildren;
}

export function CopyButton(props: CopyProps) {
  const { text, label, icon = "copy", disabled = false, children } = props;
  const [copied, setCopied] = useState(false);
  const { copy, byHand } = useCopy();
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const press = async () => {
    const found = typeof text === "string" ? text : await text();
    if (found !== null) await copy(found, () => setCopied(true));
  };
  return (
    <>
      <Button
        kind="quiet"
        icon={copied ? "check" : icon}
        label={label}
        disabled={disabled}
        onClick={() => void press()}
      >
        {children}
      </Button>
      {byHand}
      <LiveRegion text={copied ? "Copied" : ""} />
    </>
  );
}
