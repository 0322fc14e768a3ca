import { useRef, useState } from "preact/hooks";
import type { Sought } from "../job-graph/module";
import { Copies } from "../job-steer/copies";
import { ChildWidget } from "../lib/child";
import { useNow } from "../lib/clock";
import { GoneLine } from "../lib/gone-line";
import { LiveRegion } from "../lib/live";
import { ErrorText, Text } from "../lib/messages";
import type { ViewProps } from "../lib/mount";
import type { JobState } from "../protocol";
import { Actions } from "./actions";
import { EndLine } from "./end-line";
import { clockAhead, cutOff, ticks } from "./freshness";
import { FreshnessLine } from "./freshness-line";
import { Head } from "./head";
import { useLook } from "./look";
import { useEndNotice } from "./notify";
import { Panels } from "./panels";
import { ProgressBar } from "./progress";
import { active, ended, knownUntil, word } from "./status";
import { TimelineView } from "./timeline-view";

/** The time as the kernel's clock has it. */
function useKernelNow({ freshness, status }: JobState): number {
  const now = useNow(ticks(freshness) || (status !== "" && !ended(status)));
  const seen = useRef({ asked_ms: freshness.asked_ms, ahead: 0 });
  if (seen.current.asked_ms !== freshness.asked_ms) {
    const ahead = clockAhead(freshness, now, seen.current.ahead);
    seen.current = { asked_ms: freshness.asked_ms, ahead };
  }
  return now - seen.current.ahead;
}

const BROKEN = new Map([
  ["lost", "connection lost"],
  ["cut_off", "the kernel is gone"],
]);

/** What a screen reader hears when it changes. */
function announcement(state: JobState): string {
  const status = word(state.status, state.freshness);
  const broken = BROKEN.get(state.freshness.state);
  return `${state.title || "Batch job"}: ${status}${broken ? `, ${broken}` : ""}`;
}

/** A full bar says no more than "finished"; where a job failed or was canceled it says how far. */
function showsProgress({ status, progress }: JobState): boolean {
  return active(status) || (progress !== null && status !== "finished");
}

export function JobCard(given: ViewProps<JobState>) {
  const { model, commands } = given;
  const state = commands.gone ? cutOff(given.state) : given.state;
  const props = { ...given, state };
  const now = useKernelNow(state);
  const known = knownUntil(state, now);
  useLook(commands, !ended(state.status));
  useEndNotice(state);
  const [sought, seek] = useState<Sought | null>(null);
  const card = (
    <section
      class="oew oew-card oew-job"
      data-status={state.status}
      data-freshness={state.freshness.state}
      data-pending={state.pending}
      aria-label={`Batch job ${state.title || state.job_id}`}
    >
      <div class="oew-pad">
        <Head state={state} now_ms={now} known_ms={known} />
        <TimelineView steps={state.steps} now_ms={known} />
        {showsProgress(state) && <ProgressBar state={state} now_ms={now} />}
        <EndLine state={state} />
      </div>
      {commands.gone && (
        <GoneLine line={`JobWidget.from_id(${JSON.stringify(state.job_id)}, connection)`} />
      )}
      {state.error && (
        <div class="oew-strip oew-strip-bad oew-job-error">
          <ErrorText error={state.error} />
        </div>
      )}
      <Actions state={state} commands={commands} onNode={(node) => seek({ node })}>
        <FreshnessLine state={state} now_ms={now} commands={commands} />
      </Actions>
      {state.notice && (
        <p class="oew-strip oew-notice" role="status">
          <Text>{state.notice}</Text>
        </p>
      )}
      <Panels {...props} sought={sought} />
      {state.results !== null && (
        <div class="oew-slot">
          <ChildWidget model={model} reference={state.results} what="The results" />
        </div>
      )}
      <LiveRegion text={announcement(state)} />
    </section>
  );
  return (
    <>
      {card}
      <Copies model={model} references={state.copies} />
    </>
  );
}
