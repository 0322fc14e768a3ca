/** The place that the views of a file are put into, once the module that draws them has come. */

import { useCallback, useMemo } from "preact/hooks";
import { Button } from "../lib/button";
import { ChunkError, loadChunk, sourceOf } from "../lib/chunk";
import { type Commands, LATE_TEXT } from "../lib/commands";
import { isDrawingModule, useDrawing } from "../lib/drawing";
import { ErrorText } from "../lib/messages";
import { infoOf } from "../lib/reason";
import type { ErrorInfo, PreviewView, ResultsState } from "../protocol";
import type { ViewsProps } from "./module";

/** A hash of the module that was built with this card: see scripts/build.mjs. */
declare const PREVIEW_VERSION: string;

function explained(error: unknown): ErrorInfo {
  if (!(error instanceof ChunkError)) return infoOf(error);
  return {
    message: "It cannot be shown here: this page does not let a module be loaded.",
    code: "",
    id: "",
    hint: "Download the file instead.",
  };
}

interface HostProps {
  name: string;
  views: readonly PreviewView[];
  index: number;
  commands: Commands<ResultsState>;
}

export function ViewsHost({ name, views, index, commands }: HostProps) {
  const props: ViewsProps = useMemo(
    () => ({ name, views, index, kernel: commands }),
    [name, views, index, commands],
  );
  const load = useCallback(
    () =>
      loadChunk("preview", PREVIEW_VERSION, isDrawingModule<ViewsProps>, async () =>
        sourceOf(await commands.query({ kind: "chunk", name: "preview" })),
      ),
    [commands],
  );
  const { place, state, again } = useDrawing(props, load, explained);
  return (
    <>
      {state === "loading" && <p class="oew-note">Loading the view…</p>}
      {state === "late" && (
        <p class="oew-note oew-late" role="status">
          {LATE_TEXT}
        </p>
      )}
      {typeof state === "object" && (
        <div class="oew-pad oew-empty">
          <ErrorText error={state} />
          <Button icon="refresh" onClick={again}>
            Try again
          </Button>
        </div>
      )}
      <div ref={place} />
    </>
  );
}
