import { useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { plural } from "../lib/format";
import type { ResultsState } from "../protocol";
import { FileRow } from "./file-row";
import { downloadOf } from "./files";
import type { Saves } from "./saves";
import { type Picked, SelectAll, toggled } from "./selection";

/** Thousands of rows at once would make every change slow. */
const CHUNK = 100;

interface FileListProps {
  state: ResultsState;
  commands: Commands<ResultsState>;
  saves: Saves;
  picked: Picked;
  onPick: (picked: Picked) => void;
}

export function FileList({ state, commands, saves, picked, onPick }: FileListProps) {
  const [shown, show] = useState(CHUNK);
  const rest = state.assets.length - shown;
  const several = state.assets.length > 1;
  return (
    <div class="oew-files">
      {several && <SelectAll assets={state.assets} picked={picked} onPick={onPick} />}
      <ul aria-label="Files">
        {state.assets.slice(0, shown).map((asset) => (
          <FileRow
            key={asset.key}
            asset={asset}
            download={downloadOf(state, asset.key)}
            selected={state.selected === asset.key}
            previewed={state.preview?.key === asset.key}
            picked={several ? picked.has(asset.key) : null}
            onPick={() => onPick(toggled(picked, asset.key))}
            saves={saves}
            commands={commands}
          />
        ))}
      </ul>
      {rest > 0 && (
        <div class="oew-pad">
          <Button onClick={() => show(shown + CHUNK)}>
            {`Show more (${plural(rest, "file")} left)`}
          </Button>
        </div>
      )}
    </div>
  );
}
