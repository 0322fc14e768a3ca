/** What stands around a drawing: the way back, and what could not be drawn. */

import { plural } from "../lib/format";
import { Text } from "../lib/messages";
import type { Step } from "./model";

/** "process › reduce1 › reducer" */
export function Breadcrumb(props: {
  steps: readonly Step[];
  count: number;
  onGo: (steps: readonly Step[]) => void;
}) {
  const { steps, count, onGo } = props;
  return (
    <nav class="oew-crumbs" aria-label="Place in the process">
      <ol>
        <li>
          {steps.length > 0 ? (
            <button type="button" class="oew-crumb" onClick={() => onGo([])}>
              process
            </button>
          ) : (
            <b aria-current="true">process</b>
          )}
        </li>
        {steps.map(({ node, child }, index) => (
          <li key={JSON.stringify([index, node, child])}>
            <span class="oew-dim">
              <Text>{node}</Text>
            </span>
            <span class="oew-crumb-mark" aria-hidden="true" />
            {index === steps.length - 1 ? (
              <b aria-current="true">
                <Text>{child}</Text>
              </b>
            ) : (
              <button
                type="button"
                class="oew-crumb"
                onClick={() => onGo(steps.slice(0, index + 1))}
              >
                <Text>{child}</Text>
              </button>
            )}
          </li>
        ))}
      </ol>
      {steps.length === 0 && <span class="oew-sub">{plural(count, "node")}</span>}
    </nav>
  );
}

const SHOWN = 5;

export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  const rest = notes.length - SHOWN;
  return (
    <ul class="oew-graph-notes">
      {notes.slice(0, SHOWN).map((note) => (
        <li key={note}>
          <Text>{note}</Text>
        </li>
      ))}
      {rest > 0 && <li>{`And ${rest.toLocaleString("en")} more like these.`}</li>}
    </ul>
  );
}
