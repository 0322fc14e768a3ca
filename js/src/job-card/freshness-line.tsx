import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { localTime, utcTime } from "../lib/format";
import { SlotMessage, Text } from "../lib/messages";
import type { JobState } from "../protocol";
import { freshnessParts, silent } from "./freshness";

interface FreshnessLineProps {
  state: JobState;
  now_ms: number;
  commands: Commands<JobState>;
}

/** How fresh the state is, always visible, and the way to ask at once. */
export function FreshnessLine({ state, now_ms, commands }: FreshnessLineProps) {
  const { freshness, actions } = state;
  const live = freshness.state === "live" && !silent(freshness, now_ms);
  const calm = live || freshness.state === "resting";
  const slot = commands.slot("refresh");
  const asked = freshness.asked_ms;
  const busy = slot.busy && !slot.late;
  return (
    <div class="oew-freshness">
      <div class="oew-row oew-freshness-line">
        <span
          class="oew-sub oew-num oew-freshness-text"
          title={asked === null ? undefined : `asked ${localTime(asked)} (${utcTime(asked)})`}
        >
          {live && <span class="oew-live-dot" aria-hidden="true" />}
          {freshnessParts(freshness, now_ms).join(" · ")}
        </span>
        {actions.includes("refresh") && (
          <Button
            onClick={() => commands.send({ kind: "refresh" })}
            disabled={busy || commands.gone}
            kind={calm ? "quiet" : "plain"}
            {...(calm ? { icon: "refresh", label: "Ask now" } : {})}
          >
            {calm ? undefined : busy ? "Asking…" : "Ask now"}
          </Button>
        )}
      </div>
      {freshness.reason && (
        <p class="oew-sub oew-reason">
          <Text>{freshness.reason}</Text>
        </p>
      )}
      <SlotMessage slot={slot} />
    </div>
  );
}
