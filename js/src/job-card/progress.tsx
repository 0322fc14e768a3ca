import type { JobState } from "../protocol";
import { active } from "./status";

/** How far the job is, where the back-end says so; else that it is under way, no more. */
export function ProgressBar({ state }: { state: JobState }) {
  const { progress, status } = state;
  if (progress === null) {
    const moving = state.freshness.state === "live";
    return (
      <div class="oew-row oew-progress" data-progress="">
        <div class="oew-bar" role="progressbar" aria-label={`Progress: not reported, ${status}`}>
          <span class={`oew-indeterminate${moving ? " oew-moving" : ""}`} />
        </div>
      </div>
    );
  }
  const percent = Math.min(100, Math.max(0, progress));
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
