/** Changing title and description, in place. */

import { useState } from "preact/hooks";
import type { Commands } from "../lib/commands";
import type { Draft, JobState } from "../protocol";
import { type Door, Field, Form, useDraft, useSubmit } from "./fields";

interface FormProps {
  commands: Commands<JobState>;
  door: Door;
}

type Texts = Pick<Draft, "title" | "description">;

export function EditForm({ commands, door }: FormProps) {
  const asked = useDraft(commands, false);
  const [typed, type] = useState<Partial<Texts>>({});
  const begun = asked.draft ?? { title: "", description: "" };
  const { title = begun.title, description = begun.description } = typed;
  const changed = title !== begun.title || description !== begun.description;
  const { sending, submit } = useSubmit(commands, typed, door.onDone);
  return (
    <Form
      label="Edit title and description"
      asked={asked}
      submit="Save"
      submitting="Saving…"
      commands={commands}
      kind="update"
      sending={sending}
      ready={changed}
      changed={changed}
      door={door}
      onSubmit={() => void submit({ kind: "update", title, description })}
    >
      <TextFields
        title={title}
        description={description}
        onType={(more) => type({ ...typed, ...more })}
      />
    </Form>
  );
}

/** Title and description, as both forms have them. */
export function TextFields({
  title,
  description,
  onType,
}: Texts & { onType: (typed: Partial<Texts>) => void }) {
  return (
    <>
      <Field label="Title" wide>
        {(ids) => (
          <input
            {...ids}
            type="text"
            dir="auto"
            value={title}
            onInput={(event) => onType({ title: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Description" note="Markdown" wide>
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            dir="auto"
            value={description}
            onInput={(event) => onType({ description: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}
