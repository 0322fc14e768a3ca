import { localTime, utcTime } from "../lib/format";
import { Text } from "../lib/messages";
import type { JobState } from "../protocol";
import { timeLeft } from "./eta";
import { active, stale } from "./status";

interface ProgressProps {
  state: JobState;
  now_ms: number;
}

/** How far the job is, where the back-end says so; else that it is under way, no more. */
export function ProgressBar({ state, now_ms }: ProgressProps) {
  return (
    <>
      {state.progress === null ? <Moving state={state} /> : <Share state={state} />}
      <TimeLeft state={state} now_ms={now_ms} />
    </>
  );
}

function Moving({ state }: { state: JobState }) {
  const moving = state.freshness.state === "live";
  return (
    <div class="oew-row oew-progress" data-progress="">
      <div
        class="oew-bar"
        role="progressbar"
        aria-label={`Progress: not reported, ${state.status}`}
      >
        <span class={`oew-indeterminate${moving ? " oew-moving" : ""}`} />
      </div>
    </div>
  );
}

function Share({ state }: { state: JobState }) {
  const { progress, status } = state;
  const percent = Math.min(100, Math.max(0, progress ?? 0));
  const text = `${Math.floor(percent)} %`;
  const stopped = !active(status) && status !== "finished";
  return (
    <div class="oew-row oew-progress" data-progress={percent}>
      <div
        class={`oew-bar${stopped ? " oew-bar-stopped" : ""}`}
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <span class="oew-num">{stopped ? `stopped at ${text}` : text}</span>
    </div>
  );
}

/** When it will end, and from what that is known; nothing where nobody can tell. */
function TimeLeft({ state, now_ms }: ProgressProps) {
  const { eta, status } = state;
  if (!eta || status !== "running" || stale(state, now_ms)) return null;
  const { ends_ms, basis } = eta;
  return (
    <p
      class="oew-sub oew-num oew-eta"
      title={`expected to end at ${localTime(ends_ms)} (${utcTime(ends_ms)}), ${basis}`}
    >
      {timeLeft(eta, now_ms)} · <Text>{basis}</Text>
    </p>
  );
}
