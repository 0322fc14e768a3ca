/** The tab "Process": the graph of the job, drawn, and as JSON. */

import { useEffect, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { LATE_TEXT } from "../lib/commands";
import { CopyButton } from "../lib/copy";
import { useUniqueId } from "../lib/id";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import type { ViewProps } from "../lib/mount";
import { panelId, Tabs, tabId } from "../lib/tabs";
import type { JobState } from "../protocol";
import { type Asked, type Process, useAnswer, useProcess } from "./answer";
import { DrawingHost } from "./host";
import { Json } from "./json";
import { MANY_NODES, nodeCount, type Sought } from "./module";

const TABS = ["Graph", "JSON"] as const;

type Tab = (typeof TABS)[number];

/** What the marks depend on: when it changes, they are asked for anew. */
function reasons({ failed_nodes, preflight }: JobState): string {
  return JSON.stringify([failed_nodes, preflight?.problems.map(({ node }) => node)]);
}

interface PanelProps extends ViewProps<JobState> {
  /** The node that somebody wants to see, or null. */
  sought?: Sought | null;
}

export function ProcessPanel({ state, commands, sought = null }: PanelProps) {
  const asked = useAnswer(commands, "graph", reasons(state));
  const process = useProcess(asked.data);
  return (
    <>
      <Trouble asked={asked} />
      {process ? (
        <Both process={process} sought={sought} commands={commands} />
      ) : (
        !asked.error && !asked.late && <p class="oew-note">Loading the process…</p>
      )}
    </>
  );
}

function Trouble({ asked: { error, late, again } }: { asked: Asked<unknown> }) {
  if (late) {
    return (
      <p class="oew-note oew-late" role="status">
        {LATE_TEXT}
      </p>
    );
  }
  if (!error) return null;
  return (
    <div class="oew-graph-trouble">
      <ErrorText error={error} />
      <Button icon="refresh" onClick={again}>
        Try again
      </Button>
    </div>
  );
}

interface BothProps {
  process: Process;
  sought: Sought | null;
  commands: ViewProps<JobState>["commands"];
}

function Both({ process, sought, commands }: BothProps) {
  const id = useUniqueId();
  // Chosen once: an answer that comes later moves nobody to another tab.
  const [tab, setTab] = useState<Tab>(nodeCount(process.value) > MANY_NODES ? "JSON" : "Graph");
  useEffect(() => {
    if (sought) setTab("Graph");
  }, [sought]);
  return (
    <>
      <div class="oew-tabbar oew-graph-bar">
        <Tabs id={id} label="The process as" tabs={TABS} tab={tab} onTab={setTab} />
        <span class="oew-grow" />
        <CopyButton text={() => askText(commands)} label="Copy JSON">
          Copy JSON
        </CopyButton>
      </div>
      <SlotMessage slot={commands.slot("copy_graph")} />
      <div role="tabpanel" id={panelId(id)} aria-labelledby={tabId(id, tab)}>
        {process.note && (
          <p class="oew-note">
            <Text>{process.note}</Text>
          </p>
        )}
        {tab === "Graph" ? (
          <DrawingHost process={process} sought={sought} commands={commands} />
        ) : (
          <Json process={process} />
        )}
      </div>
    </>
  );
}

async function askText(commands: ViewProps<JobState>["commands"]): Promise<string | null> {
  const answer = (await commands.ask({ kind: "copy_graph" })) as { text?: unknown } | null;
  return typeof answer?.text === "string" ? answer.text : null;
}
