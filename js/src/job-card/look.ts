/** Tells the kernel whether somebody can see the card: it asks the back-end accordingly. */

import { useEffect } from "preact/hooks";
import type { Commands } from "../lib/commands";
import type { JobState } from "../protocol";

/** The kernel forgets after ten minutes that somebody looks: a closed page cannot say so. */
export const LOOK_AGAIN_MS = 240_000;

/** `wanted`: whether there is anything to look at that may still change. */
export function useLook(commands: Commands<JobState>, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return undefined;
    const tell = () => commands.tell({ kind: "look", visible: !document.hidden });
    const again = setInterval(() => {
      if (!document.hidden) tell();
    }, LOOK_AGAIN_MS);
    document.addEventListener("visibilitychange", tell);
    tell();
    return () => {
      clearInterval(again);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [commands, wanted]);
}
