/** Making a copy of a job, with some things changed, in place. */

import { useState } from "preact/hooks";
import type { Commands } from "../lib/commands";
import type { Draft, JobState } from "../protocol";
import { TextFields } from "./edit-form";
import { type Door, Field, Form, useDraft, useSubmit } from "./fields";
import { ProcessField, processProblem } from "./process-field";

type Filled = Record<"title" | "description" | "plan" | "budget" | "options" | "process", string>;

/** What is wrong with the text of the options, or "". */
export function optionsProblem(text: string): string {
  if (!text.trim()) return "";
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? "" : 'This must be a JSON object, such as {"log_level": "debug"}.';
  } catch (error) {
    return `This is no JSON yet: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What is wrong with the text of the budget, or "". */
export function budgetProblem(text: string): string {
  const value = Number(text);
  return text.trim() === "" || (Number.isFinite(value) && value >= 0)
    ? ""
    : "A budget is a number, 0 or more; leave it empty for no limit.";
}

function begin(draft: Draft | null): Filled {
  const { title = "", description = "", plan = "", options = "{}" } = draft ?? {};
  const budget = draft?.budget ?? null;
  const process = draft?.process ?? "";
  return {
    ...{ title, description, plan, options, process },
    budget: budget === null ? "" : String(budget),
  };
}

interface FormProps {
  commands: Commands<JobState>;
  door: Door;
}

export function CopyForm({ commands, door }: FormProps) {
  const asked = useDraft(commands, true);
  const [typed, type] = useState<Partial<Filled>>({});
  const begun = begin(asked.draft);
  const filled = { ...begun, ...typed };
  const names = Object.keys(filled) as (keyof Filled)[];
  // As it was it is as the back-end has it: nobody here has a say in that.
  const process = filled.process === begun.process ? null : filled.process;
  const wrong = {
    budget: budgetProblem(filled.budget),
    options: optionsProblem(filled.options),
    process: process === null ? "" : processProblem(process, asked.draft?.process_most ?? 0),
  };
  const { sending, submit } = useSubmit(commands, typed, door.onDone);
  const budget = filled.budget.trim() === "" ? null : Number(filled.budget);
  return (
    <Form
      label="Duplicate this job"
      asked={asked}
      submit="Create copy"
      submitting="Creating…"
      commands={commands}
      kind="duplicate"
      sending={sending}
      ready={!wrong.budget && !wrong.options && !wrong.process}
      changed={names.some((name) => filled[name] !== begun[name])}
      door={door}
      onSubmit={() => void submit({ kind: "duplicate", ...filled, budget, process })}
    >
      <CopyFields
        filled={filled}
        draft={asked.draft}
        wrong={wrong}
        onType={(more) => type({ ...typed, ...more })}
      />
    </Form>
  );
}

interface CopyFieldsProps {
  filled: Filled;
  draft: Draft | null;
  wrong: Pick<Filled, "budget" | "options" | "process">;
  onType: (typed: Partial<Filled>) => void;
}

function CopyFields({ filled, draft, wrong, onType }: CopyFieldsProps) {
  const currency = draft?.currency ?? "";
  const budgeted = currency !== "" || filled.budget !== "" || wrong.budget !== "";
  return (
    <>
      <TextFields title={filled.title} description={filled.description} onType={onType} />
      <PlanField
        plans={draft?.plans ?? []}
        own={draft?.plan ?? ""}
        plan={filled.plan}
        onPlan={(plan) => onType({ plan })}
      />
      {budgeted && (
        <Field label="Budget" note={currency} wrong={wrong.budget}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              inputMode="decimal"
              placeholder="no limit"
              value={filled.budget}
              aria-invalid={wrong.budget !== ""}
              onInput={(event) => onType({ budget: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      <Field label="Options" note="JSON" wrong={wrong.options} wide>
        {(ids) => (
          <textarea
            {...ids}
            class="oew-mono"
            rows={Math.min(8, Math.max(2, filled.options.split("\n").length))}
            spellcheck={false}
            value={filled.options}
            aria-invalid={wrong.options !== ""}
            onInput={(event) => onType({ options: event.currentTarget.value })}
          />
        )}
      </Field>
      <ProcessField
        text={filled.process}
        wrong={wrong.process}
        editable={typeof draft?.process === "string"}
        onType={(process) => onType({ process })}
      />
    </>
  );
}

interface PlanFieldProps {
  plans: string[];
  /** The job's own plan, which the back-end may no longer list. */
  own: string;
  plan: string;
  onPlan: (plan: string) => void;
}

function PlanField({ plans, own, plan, onPlan }: PlanFieldProps) {
  const listed = [...new Set([...plans, own])].filter(Boolean);
  if (listed.length === 0) return null;
  return (
    <Field label="Plan">
      {({ readOnly, ...ids }) => (
        <select
          {...ids}
          disabled={readOnly}
          value={plan}
          onChange={(event) => onPlan(event.currentTarget.value)}
        >
          <option value="">that of my account</option>
          {listed.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
