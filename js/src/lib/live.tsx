import { useEffect, useRef, useState } from "preact/hooks";

/**
 * Says `text` to a screen reader when it changes, and not when the view appears: what the card
 * says on its own is read like any text.
 */
export function LiveRegion({ text }: { text: string }) {
  const [said, say] = useState("");
  const before = useRef(text);
  useEffect(() => {
    if (text === before.current) return;
    before.current = text;
    say(text);
  }, [text]);
  return (
    <div class="oew-sr" role="status" aria-live="polite">
      {said}
    </div>
  );
}
