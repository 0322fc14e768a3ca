/** Downloading all files, or those that are selected, and one progress for all of them. */

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { Confirm } from "../lib/confirm";
import { plural } from "../lib/format";
import { Menu, type MenuItem } from "../lib/menu";
import { SlotMessage, Text } from "../lib/messages";
import type { ResultsState } from "../protocol";
import { Bar } from "./download-line";
import { downloadOf, downloadSummary } from "./files";
import { SaveLine } from "./save-line";
import { type Saves, saving, ZIP } from "./saves";
import { Pace, totalPercent, totals, totalText } from "./totals";

interface DownloadAllProps {
  state: ResultsState;
  commands: Commands<ResultsState>;
  saves: Saves;
  /** Keys of the selected files, in the order of the list. */
  picked: string[];
  children: ComponentChildren;
}

const COMMANDS = ["download_all", "download_some", "pause_all", "resume_all", "cancel_all"];

export function DownloadAll({ state, commands, saves, picked, children }: DownloadAllProps) {
  const [asked, ask] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const differ = differing(state);
  const done = downloadSummary(state);
  return (
    <>
      <div class="oew-row oew-download-all">
        <Button
          kind="primary"
          icon="download"
          disabled={state.deleted || commands.blocked("download_all")}
          onClick={() => commands.send({ kind: "download_all" })}
        >
          Download all
        </Button>
        {picked.length > 0 && (
          <Button
            icon="download"
            disabled={state.deleted || commands.blocked("download_some")}
            onClick={() => commands.send({ kind: "download_some", keys: picked })}
          >
            {`Download ${picked.length.toLocaleString("en")} selected`}
          </Button>
        )}
        {children}
        <Menu
          label="More downloads"
          buttonRef={more}
          disabled={state.deleted || commands.gone}
          items={items(saves, picked, differ.length, () => ask(true))}
        />
        <span class="oew-sub oew-target" title={state.target}>
          to{" "}
          <span class="oew-mono">
            <Text>{state.target}</Text>
          </span>{" "}
          on the Jupyter server
          {done && <span class="oew-num oew-done-count"> · {done}</span>}
        </span>
      </div>
      {asked && !commands.gone && (
        <Confirm
          question={`Replace ${plural(differ.length, "other file")} of the same name on the Jupyter server? What is in them is lost then.`}
          yes="Yes, overwrite"
          onYes={() => {
            close();
            commands.send({ kind: "download_some", keys: differ, overwrite: true });
          }}
          onKeep={close}
        />
      )}
      <AllProgress state={state} commands={commands} />
      {state.stac_note && (
        <p class="oew-late oew-stac-note" role="status">
          <Text>{state.stac_note}</Text>
        </p>
      )}
      <SaveLine id={ZIP} name="the zip" saves={saves} />
      {COMMANDS.map((kind) => (
        <SlotMessage key={kind} slot={commands.slot(kind)} />
      ))}
    </>
  );

  function close() {
    ask(false);
    more.current?.focus({ preventScroll: true });
  }
}

/** Keys of the files in whose place there is another one. */
function differing(state: ResultsState): string[] {
  return state.assets.flatMap(({ key }) => (downloadOf(state, key)?.exists ? [key] : []));
}

function items(saves: Saves, picked: string[], differ: number, onOverwrite: () => void) {
  const found: MenuItem[] = [];
  if (!saving(saves.get(ZIP))) {
    found.push({
      label: "Save all to this computer as zip",
      icon: "computer",
      onPick: () => saves.zip(null),
    });
  }
  if (picked.length > 0 && !saving(saves.get(ZIP))) {
    found.push({
      label: `Save ${picked.length.toLocaleString("en")} selected to this computer as zip`,
      icon: "computer",
      onPick: () => saves.zip(picked),
    });
  }
  if (saving(saves.get(ZIP))) {
    found.push({ label: "Cancel saving the zip", icon: "close", onPick: () => saves.cancel(ZIP) });
  }
  if (differ > 0) {
    const label = "Overwrite files that differ…";
    found.push({ label, danger: true, apart: true, onPick: onOverwrite });
  }
  return found;
}

function AllProgress({ state, commands }: Pick<DownloadAllProps, "state" | "commands">) {
  const pace = useRef(new Pace());
  const sum = totals(state);
  const seen = pace.current.mark(Date.now(), sum.done);
  if (sum.moving === 0) return null;
  const paused = sum.paused === sum.moving;
  const text = totalText(sum, seen ?? sum.bytes_per_s);
  const pausing = paused ? "resume_all" : "pause_all";
  return (
    <div class="oew-file-line oew-all-progress" data-paused={paused}>
      <Bar label="All downloads" percent={totalPercent(sum)} text={text} running={!paused} />
      <span class="oew-sub oew-num">{text}</span>
      <span class="oew-line-buttons">
        <Button
          kind="quiet"
          icon={paused ? "play" : "pause"}
          label={paused ? "Go on with all downloads" : "Pause all downloads"}
          disabled={commands.blocked(pausing)}
          onClick={() => commands.send({ kind: pausing })}
        />
        <Button
          kind="quiet"
          icon="close"
          label="Cancel all downloads"
          disabled={commands.blocked("cancel_all")}
          onClick={() => commands.send({ kind: "cancel_all" })}
        />
      </span>
    </div>
  );
}
