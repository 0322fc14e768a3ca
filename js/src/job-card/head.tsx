import { CopyButton } from "../lib/copy";
import { duration, localTime, shortId, utcTime } from "../lib/format";
import { Icon } from "../lib/icons";
import { Text } from "../lib/messages";
import type { Details, JobState } from "../protocol";
import { costs } from "./costs";
import { ago } from "./freshness";
import { active, ended, look, stale, word } from "./status";
import { elapsed } from "./timeline";

interface HeadProps {
  state: JobState;
  now_ms: number;
  /** The time up to which the state is known. */
  known_ms: number;
}

export function Head({ state, now_ms, known_ms }: HeadProps) {
  const title = state.title || "Batch job without a title";
  return (
    <div class="oew-row oew-head">
      <div class="oew-grow">
        <div class={`oew-title${state.title ? "" : " oew-untitled"}`} title={title}>
          <Text>{title}</Text>
        </div>
        <div class="oew-sub">
          <span class="oew-mono oew-id" title={state.job_id}>
            <span class="oew-sr">Job {state.job_id}</span>
            <span aria-hidden="true">
              <Text>{shortId(state.job_id)}</Text>
            </span>
          </span>
          <CopyButton text={state.job_id} label="Copy job id" />
          <span class="oew-backend" title={state.backend}>
            <Text>{state.backend}</Text>
          </span>
        </div>
      </div>
      <div class="oew-row oew-state">
        <Pill state={state} now_ms={now_ms} />
        <Elapsed state={state} now_ms={now_ms} known_ms={known_ms} />
      </div>
    </div>
  );
}

const DELETED = { tone: "plain", icon: "trash" } as const;

/** The state: a shape and a word, and its age where it may be out of date. */
function Pill({ state, now_ms }: { state: JobState; now_ms: number }) {
  const { status, freshness } = state;
  const deleted = freshness.state === "deleted";
  const { tone, icon } = deleted ? DELETED : look(status);
  const old = !deleted && stale(state, now_ms);
  const age = old && status && freshness.asked_ms !== null ? ago(freshness.asked_ms, now_ms) : "";
  return (
    <span class={`oew-pill oew-tone-${old ? "wait" : tone}`}>
      <Icon name={icon} />
      <span class="oew-status">
        <Text>{word(status, freshness)}</Text>
        {age && <span class="oew-num">, {age}</span>}
      </span>
    </span>
  );
}

/** "14 credits", "costs 14", "no costs", or "". */
function costsInHead(details: Details | null): string {
  const told = costs(details);
  if (told === null) return "";
  if (told === 0) return "no costs";
  return details?.currency ? told : `costs ${told}`;
}

function Elapsed({ state, now_ms, known_ms }: HeadProps) {
  const ms = elapsed(state.steps, known_ms);
  if (ms === null || stale(state, now_ms)) return null;
  const end = state.steps[state.steps.length - 1]?.at_ms;
  if (ended(state.status)) {
    const title = typeof end === "number" ? `${localTime(end)} (${utcTime(end)})` : "";
    const cost = costsInHead(state.details);
    return (
      <span class="oew-sub oew-num oew-elapsed" title={title}>
        {ms < 1000 ? "in under 1 s" : `after ${duration(ms)}`}
        {cost && (
          <span class="oew-costs">
            {" · "}
            <Text>{cost}</Text>
          </span>
        )}
      </span>
    );
  }
  const loud = active(state.status) ? " oew-elapsed-running" : " oew-sub";
  return (
    <span class={`oew-num oew-elapsed${loud}`} role="timer" aria-live="off">
      {duration(ms)}
    </span>
  );
}
