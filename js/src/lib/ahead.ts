import { useEffect, useState } from "preact/hooks";

/**
 * A value that the person moves ahead of the kernel: what they chose, until the kernel says so too.
 *
 * @param told What the kernel says.
 * @returns What is shown, and what sets it.
 */
export function useAhead(told: number): [number, (wanted: number) => void] {
  const [wanted, want] = useState<number | null>(null);
  useEffect(() => {
    // Only what the kernel says: the effect may run late, when the person has gone on.
    want((now) => (now === told ? null : now));
  }, [told, wanted]);
  return [wanted ?? told, want];
}
