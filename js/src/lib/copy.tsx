import { useEffect, useState } from "preact/hooks";
import { Button } from "./button";
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

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button
        kind="quiet"
        icon={copied ? "check" : "copy"}
        label={label}
        onClick={() => void copyText(text).then(() => setCopied(true))}
      />
      <LiveRegion text={copied ? "Copied" : ""} />
    </>
  );
}
