/** The place that the drawing is put into, once the module that draws it has come. */

import { useCallback, useMemo } from "preact/hooks";
import { loadChunk, sourceOf } from "../lib/chunk";
import type { Commands } from "../lib/commands";
import { isDrawingModule, useDrawing } from "../lib/drawing";
import { DrawingPlace, explaining } from "../lib/drawing-place";
import type { JobState } from "../protocol";
import type { Process } from "./answer";
import { Json } from "./json";
import type { GraphProps, Sought } from "./module";

/** A hash of the module that was built with this card: see scripts/build.mjs. */
declare const GRAPH_VERSION: string;

const explained = explaining(
  "The graph cannot be drawn here: this page does not let a module be loaded.",
  "This is the process as JSON.",
);

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
  const drawing = useDrawing(shown, load, explained);
  return (
    <>
      <DrawingPlace drawing={drawing} loading="Loading the drawing…" trouble="oew-graph-trouble" />
      {typeof drawing.state === "object" && <Json process={process} />}
    </>
  );
}
