import { useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { plural } from "../lib/format";
import type { ResultsState } from "../protocol";
import { FileRow } from "./file-row";
import { downloadOf } from "./files";

/** Thousands of rows at once would make every change slow. */
const CHUNK = 100;

interface FileListProps {
  state: ResultsState;
  commands: Commands<ResultsState>;
}

export function FileList({ state, commands }: FileListProps) {
  const [shown, show] = useState(CHUNK);
  const rest = state.assets.length - shown;
  return (
    <div class="oew-files">
      <ul aria-label="Files">
        {state.assets.slice(0, shown).map((asset) => (
          <FileRow
            key={asset.key}
            asset={asset}
            download={downloadOf(state, asset.key)}
            selected={state.selected === asset.key}
            previewed={state.preview?.key === asset.key}
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
