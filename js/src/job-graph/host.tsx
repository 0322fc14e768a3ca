/** The place that the drawing is put into, once the module that draws it has come. */

import { useCallback, useMemo } from "preact/hooks";
import { Button } from "../lib/button";
import { ChunkError, loadChunk, sourceOf } from "../lib/chunk";
import { type Commands, LATE_TEXT } from "../lib/commands";
import { isDrawingModule, useDrawing } from "../lib/drawing";
import { ErrorText } from "../lib/messages";
import { infoOf } from "../lib/reason";
import type { ErrorInfo, JobState } from "../protocol";
import type { Process } from "./answer";
import { Json } from "./json";
import type { GraphProps, Sought } from "./module";

/** A hash of the module that was built with this card: see scripts/build.mjs. */
declare const GRAPH_VERSION: string;

function explained(error: unknown): ErrorInfo {
  if (!(error instanceof ChunkError)) return infoOf(error);
  return {
    message: "The graph cannot be drawn here: this page does not let a module be loaded.",
    code: "",
    id: "",
    hint: "This is the process as JSON.",
  };
}

interface HostProps {
  process: Process;
  sought: Sought | null;
  commands: Commands<JobState>;
}

export function DrawingHost({ process, sought, commands }: HostProps) {
  const shown = useMemo(
    () => ({ process: process.value, marks: process.marks, sought }),
    [process.value, process.marks, sought],
  );
  const load = useCallback(
    () =>
      loadChunk("graph", GRAPH_VERSION, isDrawingModule<GraphProps>, async () =>
        sourceOf(await commands.query({ kind: "chunk", name: "graph" })),
      ),
    [commands],
  );
  const { place, state, again } = useDrawing(shown, load, explained);
  const failed = typeof state === "object";
  return (
    <>
      {state === "loading" && <p class="oew-note">Loading the drawing…</p>}
      {state === "late" && (
        <p class="oew-note oew-late" role="status">
          {LATE_TEXT}
        </p>
      )}
      {failed && (
        <div class="oew-graph-trouble">
          <ErrorText error={state} />
          <Button icon="refresh" onClick={again}>
            Try again
          </Button>
        </div>
      )}
      <div ref={place} />
      {failed && <Json process={process} />}
    </>
  );
}
