/** What is in the menu of a card. */

import { toggleNotify } from "../job-card/notify";
import { ended } from "../job-card/status";
import type { Commands } from "../lib/commands";
import type { MenuItem } from "../lib/menu";
import { openAnswer } from "../lib/open";
import type { JobState } from "../protocol";

/** What asks or needs a form first. */
export type Asking = "update" | "duplicate" | "delete";

interface Doing {
  state: JobState;
  commands: Commands<JobState>;
  /** Opens the form or the question. */
  open: (what: Asking) => void;
  /** Says that something was done that cannot be seen. */
  say: (text: string) => void;
  /** Copies, and says so. */
  copy: (text: string, said: string) => void;
}

function field(data: unknown, name: string): string {
  const value = typeof data === "object" && data !== null ? Reflect.get(data, name) : "";
  return typeof value === "string" ? value : "";
}

async function copyPython({ commands, copy }: Doing): Promise<void> {
  const text = field(await commands.ask({ kind: "copy_python" }), "text");
  if (text) copy(text, "Copied the Python.");
}

async function openEditor({ commands }: Doing): Promise<void> {
  openAnswer(await commands.ask({ kind: "web_editor" }));
}

export function menuItems(doing: Doing): MenuItem[] {
  const { state, commands, open, say, copy } = doing;
  const { actions, freshness, status, notify } = state;
  const can = (action: JobState["actions"][number]) => actions.includes(action);
  const over = ended(status) || freshness.state === "gone" || freshness.state === "deleted";
  const idle = state.pending === "";
  const items: (MenuItem | false)[] = [
    can("refresh") && {
      label: "Refresh",
      icon: "refresh",
      onPick: () => commands.send({ kind: "refresh" }),
    },
    !over && {
      label: "Notify me when it ends",
      checked: notify,
      onPick: () => void toggleNotify(state, commands).then(say),
    },
    can("update") &&
      idle && { label: "Edit title and description…", icon: "edit", onPick: () => open("update") },
    can("duplicate") && {
      label: "Duplicate…",
      icon: "duplicate",
      onPick: () => open("duplicate"),
    },
    {
      label: "Copy id",
      icon: "copy",
      apart: true,
      onPick: () => copy(state.job_id, "Copied the id."),
    },
    { label: "Copy Python", icon: "code", onPick: () => void copyPython(doing) },
    can("web_editor") && {
      label: "Open in the web editor",
      icon: "open",
      onPick: () => void openEditor(doing),
    },
    can("delete") &&
      idle && {
        label: "Delete…",
        icon: "trash",
        danger: true,
        apart: true,
        onPick: () => open("delete"),
      },
  ];
  return items.filter((item) => item !== false);
}
