import { ChildWidget } from "../lib/child";
import type { Model } from "../lib/model";

interface CopiesProps<State> {
  model: Model<State>;
  references: string[];
}

/** The cards of the copies that were made here, below the card. */
export function Copies<State>({ model, references }: CopiesProps<State>) {
  if (references.length === 0) return null;
  return (
    <section class="oew oew-copies" aria-label="Copies of this job">
      {references.map((reference) => (
        <ChildWidget key={reference} model={model} reference={reference} what="A copy of the job" />
      ))}
    </section>
  );
}
