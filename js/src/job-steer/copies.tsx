import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ChildWidget } from "../lib/child";
import type { Model } from "../lib/model";

interface CopiesProps<State> {
  model: Model<State>;
  references: string[];
}

/** No button that does something at once: a second Enter must not start a job. */
const SAFE = '.oew-action-row [aria-haspopup="menu"]';

/**
 * A person at the keyboard who takes a copy off stays there: at the copy that stands in its place,
 * at the last one, or at the card itself.
 */
function useKeptPlace(section: RefObject<HTMLElement | null>): void {
  const before = section.current;
  const copies = [...(before?.children ?? [])];
  const at = copies.findIndex((copy) => copy.contains(document.activeElement));
  const around = before?.parentElement;
  useLayoutEffect(() => {
    const active = document.activeElement;
    if (at < 0 || (active !== null && active !== document.body)) return;
    const left = [...(section.current?.children ?? [])];
    const place = left[at] ?? left.at(-1) ?? around;
    place?.querySelector<HTMLElement>(SAFE)?.focus({ preventScroll: true });
  });
}

/** The cards of the copies that were made here, below the card. */
export function Copies<State>({ model, references }: CopiesProps<State>) {
  const section = useRef<HTMLElement>(null);
  useKeptPlace(section);
  if (references.length === 0) return null;
  return (
    <section class="oew oew-copies" aria-label="Copies of this job" ref={section}>
      {references.map((reference) => (
        <div key={reference}>
          <ChildWidget model={model} reference={reference} what="A copy of the job" />
        </div>
      ))}
    </section>
  );
}
