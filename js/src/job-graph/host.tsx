/** The place that the drawing is put into, once the module that draws it has come. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { ChunkError, loadChunk } from "../lib/chunk";
import { type Commands, LATE_MS, LATE_TEXT } from "../lib/commands";
import { ErrorText } from "../lib/messages";
import type { ErrorInfo, JobState } from "../protocol";
import { infoOf, type Process } from "./answer";
import { Json } from "./json";
import { type GraphHandle, type GraphProps, isGraphModule, type Sought } from "./module";

/** A hash of the module that was built with this card: see scripts/build.mjs. */
declare const GRAPH_VERSION: string;

async function load(commands: Commands<JobState>) {
  return loadChunk("graph", GRAPH_VERSION, isGraphModule, async () => {
    const answer = await commands.query({ kind: "chunk", name: "graph" });
    const { source } = (answer ?? {}) as { source?: unknown };
    if (typeof source !== "string") throw new Error("The kernel sent no module for the drawing.");
    return source;
  });
}

function explained(error: unknown): ErrorInfo {
  if (!(error instanceof ChunkError)) return infoOf(error);
  return {
    message: "The graph cannot be drawn here: this page does not let a module be loaded.",
    code: "",
    id: "",
    hint: "This is the process as JSON.",
  };
}

/** Draws into `place` what `props` tell; returns why it cannot, or null. */
function useGraph(props: GraphProps, commands: Commands<JobState>, attempt: number) {
  const place = useRef<HTMLDivElement>(null);
  const handle = useRef<GraphHandle | null>(null);
  const latest = useRef(props);
  const [state, setState] = useState<"loading" | "late" | "drawn" | ErrorInfo>("loading");
  useEffect(() => {
    let current = true;
    setState("loading");
    const timer = setTimeout(() => setState("late"), LATE_MS);
    load(commands)
      .then((module) => {
        if (!current || !place.current) return;
        handle.current = module.show(place.current, latest.current);
        setState("drawn");
      })
      .catch((error: unknown) => current && setState(explained(error)))
      .finally(() => clearTimeout(timer));
    return () => {
      current = false;
      clearTimeout(timer);
      handle.current?.stop();
      handle.current = null;
    };
  }, [commands, attempt]);
  const { process, marks, sought } = props;
  useEffect(() => {
    latest.current = { process, marks, sought };
    handle.current?.update(latest.current);
  }, [process, marks, sought]);
  return { place, state };
}

interface HostProps {
  process: Process;
  sought: Sought | null;
  commands: Commands<JobState>;
}

export function DrawingHost({ process, sought, commands }: HostProps) {
  const [attempt, setAttempt] = useState(0);
  const shown = { process: process.value, marks: process.marks, sought };
  const { place, state } = useGraph(shown, commands, attempt);
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
          <Button icon="refresh" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </Button>
        </div>
      )}
      {/* Preact draws nothing in here: the module does. */}
      <div ref={place} />
      {failed && <Json process={process} />}
    </>
  );
}
