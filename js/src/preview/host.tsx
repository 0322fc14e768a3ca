/** The place that the views of a file are put into, once the module that draws them has come. */

import { useCallback, useMemo } from "preact/hooks";
import { loadChunk, sourceOf } from "../lib/chunk";
import type { Commands } from "../lib/commands";
import { isDrawingModule, useDrawing } from "../lib/drawing";
import { DrawingPlace, explaining } from "../lib/drawing-place";
import type { PreviewView, ResultsState } from "../protocol";
import type { OnMap, ViewsProps } from "./module";

/** A hash of the module that was built with this card: see scripts/build.mjs. */
declare const PREVIEW_VERSION: string;

const explained = explaining(
  "It cannot be shown here: this page does not let a module be loaded.",
  "Download the file instead.",
);

interface HostProps {
  name: string;
  views: readonly PreviewView[];
  index: number;
  /** Absent for lines that are not of a file. */
  onMap?: OnMap;
  commands: Commands<ResultsState>;
}

export function ViewsHost({ name, views, index, onMap, commands }: HostProps) {
  const { shapes = null, shape = null } = onMap ?? {};
  const props: ViewsProps = useMemo(
    () => ({ name, views, index, onMap: { shapes, shape }, kernel: commands }),
    [name, views, index, shapes, shape, commands],
  );
  const load = useCallback(
    () =>
      loadChunk("preview", PREVIEW_VERSION, isDrawingModule<ViewsProps>, async () =>
        sourceOf(await commands.query({ kind: "chunk", name: "preview" })),
      ),
    [commands],
  );
  const drawing = useDrawing(props, load, explained);
  return <DrawingPlace drawing={drawing} loading="Loading the view…" trouble="oew-pad oew-empty" />;
}
