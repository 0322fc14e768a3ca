/** What is said where a module is to draw, while it comes and when it does not. */

import { Button } from "./button";
import { ChunkError } from "./chunk";
import { LATE_TEXT } from "./commands";
import type { Drawing } from "./drawing";
import { ErrorText } from "./messages";
import { infoOf } from "./reason";

/** Says what failed: that the page takes no modules, in the words of who shows it, or the reason. */
export function explaining(message: string, hint: string) {
  return (error: unknown) =>
    error instanceof ChunkError ? { message, code: "", id: "", hint } : infoOf(error);
}

interface DrawingPlaceProps {
  drawing: Drawing;
  /** Said while the module comes. */
  loading: string;
  /** Class of what is around a failure. */
  trouble: string;
}

export function DrawingPlace({ drawing, loading, trouble }: DrawingPlaceProps) {
  const { place, state, again } = drawing;
  return (
    <>
      {state === "loading" && <p class="oew-note">{loading}</p>}
      {state === "late" && (
        <p class="oew-note oew-late" role="status">
          {LATE_TEXT}
        </p>
      )}
      {typeof state === "object" && (
        <div class={trouble}>
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
