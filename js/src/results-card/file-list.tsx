import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { plural } from "../lib/format";
import type { ResultsState } from "../protocol";
import { FileRow } from "./file-row";
import { downloadOf } from "./files";
import { usePointedFile, useSelectedInView } from "./pointing";
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
  const list = useRef<HTMLDivElement>(null);
  const place = state.assets.findIndex(({ key }) => key === state.selected);
  // Selected on the map, it may be one of those that are not shown yet.
  const reach = Math.ceil((place + 1) / CHUNK) * CHUNK;
  useEffect(() => show((count) => Math.max(count, reach)), [reach]);
  usePointedFile(list, commands, state.map !== null);
  useSelectedInView(list, place < shown ? state.selected : "");
  return (
    <div class="oew-files" ref={list}>
      {several && <SelectAll assets={state.assets} picked={picked} onPick={onPick} />}
      <ul aria-label="Files">
        {state.assets.slice(0, shown).map((asset) => (
          <FileRow
            key={asset.key}
            asset={asset}
            download={downloadOf(state, asset.key)}
            selected={state.selected === asset.key}
            deleted={state.deleted}
            previewed={state.preview?.key === asset.key}
            onMap={state.map === null ? null : state.raster?.key === asset.key}
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
