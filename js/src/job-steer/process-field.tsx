/** What a copy computes, as JSON: folded away, since few change it there. */

import { useState } from "preact/hooks";
import { Button } from "../lib/button";
import { figure } from "../lib/format";
import { Field } from "./fields";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether each entry is a node; of an empty graph there is none. */
function isGraph(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const nodes = Object.values(value);
  return nodes.length > 0 && nodes.every((node) => isRecord(node) && "process_id" in node);
}

/** What is wrong with the text of a process of `most` characters, or "". */
export function processProblem(text: string, most: number): string {
  if (text.length > most) return `This is too long: ${figure(most)} characters at most.`;
  try {
    const value: unknown = JSON.parse(text);
    const inner = isRecord(value) ? value.process_graph : undefined;
    const isProcess = isGraph(value) || isGraph(inner);
    return isProcess
      ? ""
      : 'This must be a JSON object with a "process_graph", in which every node has a "process_id".';
  } catch (error) {
    return `This is no JSON yet: ${error instanceof Error ? error.message : String(error)}`;
  }
}

interface ProcessFieldProps {
  text: string;
  wrong: string;
  /** Whether it can be edited here at all. */
  editable: boolean;
  onType: (text: string) => void;
}

export function ProcessField({ text, wrong, editable, onType }: ProcessFieldProps) {
  const [opened, open] = useState(false);
  if (!editable) {
    return (
      <p class="oew-sub">
        The process is copied as it is: it is too large to be edited here. In Python,
        widget.duplicate(process_graph=…) takes another one.
      </p>
    );
  }
  // What is wrong with it must not be out of sight.
  const shown = opened || wrong !== "";
  return (
    <div class={`oew-process${shown ? " oew-process-open" : ""}`}>
      <Button
        kind="quiet"
        icon="chevron"
        expanded={shown}
        disabled={wrong !== ""}
        onClick={() => open(!opened)}
      >
        Process (JSON)
      </Button>
      {shown && (
        <Field label="Process" note="JSON" wrong={wrong} wide>
          {(ids) => (
            <textarea
              {...ids}
              class="oew-mono"
              rows={Math.min(16, Math.max(4, text.split("\n", 17).length))}
              spellcheck={false}
              value={text}
              aria-invalid={wrong !== ""}
              onInput={(event) => onType(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
    </div>
  );
}
