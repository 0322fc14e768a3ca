import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { localTime, utcTime } from "../lib/format";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import type { ResultsState } from "../protocol";
import { DownloadAll } from "./download-all";
import { expiry, summary } from "./files";
import { Notes } from "./notes";
import type { Saves } from "./saves";

interface PartProps {
  state: ResultsState;
  commands: Commands<ResultsState>;
}

function RefreshButton({ state, commands }: PartProps) {
  const slot = commands.slot("refresh");
  const busy = slot.busy && !slot.late;
  return (
    <Button
      icon="refresh"
      disabled={busy || commands.gone}
      onClick={() => commands.send({ kind: "refresh" })}
    >
      {busy ? "Asking…" : state.state === "error" ? "Try again" : "Ask now"}
    </Button>
  );
}

/** Dates with the zone in which they are exact. */
function intervalTitle([start, end]: [string, string]): string {
  return start || end ? `Time of the data: ${start || "open"} to ${end || "open"} (UTC)` : "";
}

function expiryTitle({ expires_ms }: ResultsState): string {
  if (expires_ms === null) return "";
  return `Links expire at ${localTime(expires_ms)} (${utcTime(expires_ms)})`;
}

/** Of a job that has not finished, or failed, what there is may still be worth seeing. */
function PartialButton({ state, commands }: PartProps) {
  if (state.error?.code !== "JobNotFinished") return null;
  const busy = commands.slot("refresh").busy;
  return (
    <Button
      icon="preview"
      disabled={busy}
      onClick={() => commands.send({ kind: "refresh", partial: true })}
    >
      Show what there is so far
    </Button>
  );
}

interface HeadProps extends PartProps {
  now_ms: number;
  saves: Saves;
  picked: string[];
}

export function ResultsHead({ state, now_ms, commands, saves, picked }: HeadProps) {
  const title = state.title || "Results";
  const hover = [intervalTitle(state.interval), expiryTitle(state)].filter(Boolean).join("\n");
  const expired = state.expires_ms !== null && expiry(state.expires_ms, now_ms).includes("have");
  const ready = state.state === "ready";
  return (
    <div class="oew-pad oew-results-head">
      <div class="oew-row oew-results-title">
        <div class="oew-title" title={title}>
          <Text>{title}</Text>
        </div>
        {state.stac_type && <span class="oew-sub oew-stac">STAC {state.stac_type}</span>}
        {state.partial && (
          <span
            class="oew-pill oew-tone-wait oew-partial"
            title="The job is not finished, or did not finish: there may be more to come, or files may be missing."
          >
            partial
          </span>
        )}
      </div>
      {ready && (
        <div class="oew-sub oew-num oew-summary" title={hover}>
          {summary(state, now_ms).map((part, index) => (
            <span key={part}>
              {index > 0 && " · "}
              <span class="oew-part">{part}</span>
            </span>
          ))}
        </div>
      )}
      {ready && <Notes state={state} commands={commands} />}
      {ready && state.assets.length > 0 && (
        <DownloadAll state={state} commands={commands} saves={saves} picked={picked}>
          {(expired || state.partial) && <RefreshButton state={state} commands={commands} />}
        </DownloadAll>
      )}
      {state.deleted && (
        <p class="oew-sub oew-deleted">
          The job was deleted, and its results with it. What was downloaded is still there.
        </p>
      )}
      <SlotMessage slot={commands.slot("refresh")} />
    </div>
  );
}

export function Loading() {
  return (
    <div class="oew-pad oew-empty">
      <div class="oew-bar">
        <span class="oew-indeterminate oew-moving" />
      </div>
      <p class="oew-sub">Asking the back-end for the results…</p>
    </div>
  );
}

export function NotYet({ state, commands }: PartProps) {
  return (
    <div class="oew-pad oew-empty">
      <p>No results yet: they appear here when the job has finished.</p>
      {state.error && (
        <p class="oew-sub">
          {state.backend}: <Text>{state.error.message}</Text>
        </p>
      )}
      <div class="oew-row oew-wrap">
        <RefreshButton state={state} commands={commands} />
        <PartialButton state={state} commands={commands} />
      </div>
    </div>
  );
}

const NOT_TOLD = { message: "The results cannot be shown.", code: "", id: "", hint: "" };

export function Failed({ state, commands }: PartProps) {
  return (
    <>
      <div class="oew-strip oew-strip-bad">
        <ErrorText error={state.error ?? NOT_TOLD} />
      </div>
      <div class="oew-pad oew-row oew-wrap">
        <RefreshButton state={state} commands={commands} />
        <PartialButton state={state} commands={commands} />
      </div>
    </>
  );
}

export function NoFiles({ state, commands }: PartProps) {
  return (
    <div class="oew-pad oew-empty">
      <p>No files. The back-end lists none for this job{state.partial ? " yet" : ""}.</p>
      <RefreshButton state={state} commands={commands} />
    </div>
  );
}
