import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "./button";
import type { IconName } from "./icons";
import { LiveRegion } from "./live";

/** Without a secure context (a hub over plain http) there is no clipboard API. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "oew-sr";
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}

const SHOWN_MS = 2000;

interface CopyProps {
  /** What is copied, or what asks for it; null where that was refused. */
  text: string | (() => Promise<string | null>);
  label: string;
  icon?: IconName;
  children?: ComponentChildren;
}

export function CopyButton({ text, label, icon = "copy", children }: CopyProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const found = typeof text === "string" ? text : await text();
    if (found === null) return;
    await copyText(found);
    setCopied(true);
  };
  return (
    <>
      <Button kind="quiet" icon={copied ? "check" : icon} label={label} onClick={() => void copy()}>
        {children}
      </Button>
      <LiveRegion text={copied ? "Copied" : ""} />
    </>
  );
}
