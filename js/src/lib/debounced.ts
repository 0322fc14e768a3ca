import { useEffect, useState } from "preact/hooks";

export const DEBOUNCE_MS = 200;

/** A text that is typed, and what it is once the typing pauses. */
export function useDebounced(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    if (text === settled) return undefined;
    const timer = setTimeout(() => settle(text), text === "" ? 0 : DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, settled]);
  return settled;
}
