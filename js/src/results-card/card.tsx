import { useEffect, useMemo, useState } from "preact/hooks";
import { useNow } from "../lib/clock";
import type { Commands } from "../lib/commands";
import { plural } from "../lib/format";
import { GoneLine } from "../lib/gone-line";
import { LiveRegion } from "../lib/live";
import type { ViewProps } from "../lib/mount";
import { PreviewPanel } from "../preview/panel";
import type { ResultsState } from "../protocol";
import { Rasters, rasterAnnouncement } from "../results-raster/panel";
import { Comparison } from "./comparison";
import { FileList } from "./file-list";
import { arrived, atRest } from "./files";
import { Failed, Loading, NoFiles, NotYet, ResultsHead } from "./head";
import { MapPane } from "./map-pane";
import { Saves } from "./saves";
import type { Picked } from "./selection";

/** Links expire in hours: no need to count seconds. */
const CLOCK_MS = 30_000;

function announcement(state: ResultsState, gone: boolean): string {
  if (gone) return "Results: the kernel is gone";
  if (state.state === "loading") return "Loading the results";
  if (state.state === "waiting") return "No results yet";
  if (state.state === "error") return `Results: ${state.error?.message ?? "not available"}`;
  const states = Object.values(state.downloads);
  const done = states.filter(arrived).length;
  const failed = states.filter((download) => download.state === "failed").length;
  const downloads = done > 0 ? `, ${done} downloaded` : "";
  return `Results: ${plural(state.assets.length, "file")}${downloads}${failed > 0 ? `, ${failed} failed` : ""}${rasterAnnouncement(state)}`;
}

/** What this view saves to the person's computer; it ends with the view. */
function useSaves(commands: Commands<ResultsState>): Saves {
  const [, redraw] = useState(0);
  const saves = useMemo(() => new Saves(commands, () => redraw((count) => count + 1)), [commands]);
  useEffect(() => () => saves.stop(), [saves]);
  return saves;
}

export function ResultsCard({ state: told, model, commands }: ViewProps<ResultsState>) {
  const state = commands.gone ? atRest(told) : told;
  const now = useNow(state.state === "ready" && state.expires_ms !== null, CLOCK_MS);
  const saves = useSaves(commands);
  const [picked, pick] = useState<Picked>(new Set());
  const keys = state.assets.flatMap(({ key }) => (picked.has(key) ? [key] : []));
  const withMap = state.map !== null && (state.state === "loading" || state.state === "ready");
  return (
    <section
      class="oew oew-card oew-results"
      data-state={state.state}
      data-partial={state.partial}
      aria-label={`Results of ${state.title || state.job_id}`}
    >
      {commands.gone && (
        <GoneLine line={`ResultsWidget(connection.job(${JSON.stringify(state.job_id)}))`} />
      )}
      <div class={`oew-columns${withMap ? " oew-with-map" : ""}`}>
        {withMap && state.map !== null && (
          <MapPane state={state} reference={state.map} model={model} commands={commands} />
        )}
        <div class="oew-list">
          <ResultsHead state={state} now_ms={now} commands={commands} saves={saves} picked={keys} />
          {state.state === "ready" && <Comparison rows={state.comparison} />}
          {state.state === "loading" && !commands.gone && <Loading />}
          {state.state === "waiting" && <NotYet state={state} commands={commands} />}
          {state.state === "error" && <Failed state={state} commands={commands} />}
          {state.state === "ready" && state.assets.length === 0 && (
            <NoFiles state={state} commands={commands} />
          )}
          {state.state === "ready" && state.assets.length > 0 && (
            <FileList
              state={state}
              commands={commands}
              saves={saves}
              picked={picked}
              onPick={pick}
            />
          )}
        </div>
      </div>
      <Rasters state={state} commands={commands} />
      {state.preview && (
        <PreviewPanel
          key={state.preview.key}
          preview={state.preview}
          onMap={state}
          commands={commands}
        />
      )}
      <LiveRegion text={announcement(state, commands.gone)} />
    </section>
  );
}
