/** A desktop notification when the job ends, if the person switched that on. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { duration } from "../lib/format";
import { SlotMessage } from "../lib/messages";
import type { JobState } from "../protocol";
import { ended } from "./status";
import { elapsed } from "./timeline";

const NONE = "This browser has no notifications on this page.";
const REFUSED =
  "The browser refuses notifications of this page. Allow them in its settings for this site; " +
  "it needs https, or this computer as the server.";
const UNASKED = "The browser has not been asked yet whether this page may notify you.";

/** "" where notifications may be shown. */
function refusal(permission: NotificationPermission): string {
  if (permission === "denied") return REFUSED;
  return permission === "granted" ? "" : UNASKED;
}

/** Why a notification would not be shown, in words, or "". */
export function notifyProblem(): string {
  return "Notification" in window ? refusal(Notification.permission) : NONE;
}

/** Asks the browser; to be called in a click. Resolves to why not, in words, or to "". */
async function allowed(): Promise<string> {
  if (!("Notification" in window)) return NONE;
  return refusal(await Notification.requestPermission());
}

/**
 * Switches the notification on or off; to be called in a click. Resolves to why it cannot be
 * switched on, in words, or to "".
 */
export async function toggleNotify(
  state: Pick<JobState, "notify">,
  commands: Commands<JobState>,
): Promise<string> {
  const on = !state.notify;
  const problem = on ? await allowed() : "";
  if (!problem) commands.send({ kind: "notify", on });
  return problem;
}

/** For a menu item or a box: what it is, what to do on a click, and what to say below it. */
export function useNotify(state: JobState, commands: Commands<JobState>) {
  const [answer, tell] = useState<string | null>(null);
  // Switched on in Python, nobody has asked the browser.
  const problem = answer ?? (state.notify ? notifyProblem() : "");
  return {
    on: state.notify,
    problem,
    toggle: () => void toggleNotify(state, commands).then(tell),
    /** Asks the browser, where the notification is on and that is missing; else null. */
    allow: state.notify && problem === UNASKED ? () => void allowed().then(tell) : null,
  };
}

/** A box to tick, which says what stands in the way. */
export function NotifyBox({ state, commands }: { state: JobState; commands: Commands<JobState> }) {
  const { on, problem, toggle, allow } = useNotify(state, commands);
  return (
    <div class="oew-notify">
      <label class="oew-check">
        {/* What the kernel says is shown, not what was clicked. */}
        <input
          type="checkbox"
          checked={on}
          onClick={(event) => {
            event.preventDefault();
            toggle();
          }}
        />
        <span>Notify me on the desktop when the job ends</span>
      </label>
      {problem && (
        <p class="oew-late" role="status">
          {problem} {allow && <Button onClick={allow}>Ask the browser</Button>}
        </p>
      )}
      <SlotMessage slot={commands.slot("notify")} />
    </div>
  );
}

function looksHere(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

function show(state: JobState): void {
  if (notifyProblem()) return;
  const ms = elapsed(state.steps, Date.now());
  const body = ms === null || ms < 1000 ? "" : `after ${duration(ms)}`;
  try {
    // Two views of one job, or two cards, make one notification: they have the same tag.
    const made = new Notification(`${state.title || "Batch job"}: ${state.status}`, {
      body,
      tag: state.job_id,
    });
    made.onclick = () => {
      window.focus();
      made.close();
    };
  } catch {
    // Some browsers have the constructor and refuse it: then the card alone tells.
  }
}

/** Notifies once when the job ends, unless somebody is at the page. An end of before is no news. */
export function useEndNotice(state: JobState): void {
  const before = useRef(state.status);
  const { status } = state;
  useEffect(() => {
    const was = before.current;
    before.current = status;
    const isEnd = ended(status) && was !== "" && !ended(was);
    if (isEnd && state.notify && !looksHere()) show(state);
  }, [status]);
}
