import { useEffect, useState } from "preact/hooks";

/** The time in ms since the epoch, drawn again every `period_ms` while `active`. */
export function useNow(active: boolean, period_ms = 1000): number {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), period_ms);
    return () => clearInterval(timer);
  }, [active, period_ms]);
  // Not the time of the last tick: a change in between must not show a time that is behind it.
  return Date.now();
}
