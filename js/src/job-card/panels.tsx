/** What lies below the card, one tab at a time: logs, details, process graph, requests. */

import { useEffect, useState } from "preact/hooks";
import { DetailsPanel } from "../job-details/panel";
import type { Sought } from "../job-graph/module";
import { ProcessPanel } from "../job-graph/panel";
import { LogsPanel } from "../job-logs/panel";
import { RequestsPanel } from "../job-requests/panel";
import { plural } from "../lib/format";
import { useUniqueId } from "../lib/id";
import type { ViewProps } from "../lib/mount";
import { panelId, Tabs, tabId } from "../lib/tabs";
import type { JobState } from "../protocol";

const PANELS = {
  Logs: LogsPanel,
  Details: DetailsPanel,
  Process: ProcessPanel,
  Requests: RequestsPanel,
} as const;

type Tab = keyof typeof PANELS;

const TABS = Object.keys(PANELS) as Tab[];

/** Opened by itself once: when the job fails while somebody looks, its logs say why. */
function useOpenTab({ status, actions }: JobState, sought: Sought | null) {
  const [tab, open] = useState<Tab | null>(null);
  const failed = status === "error" && actions.includes("logs");
  useEffect(() => {
    if (failed) open((now) => now ?? "Logs");
  }, [failed]);
  useEffect(() => {
    if (sought) open("Process");
  }, [sought]);
  return { tab, toggle: (next: Tab) => open(tab === next ? null : next) };
}

/** How many errors and warnings there are. */
function badge(tab: Tab, { log_summary }: JobState) {
  const { errors, warnings } = log_summary;
  if (tab !== "Logs" || errors + warnings === 0) return null;
  const said = `${plural(errors, "error")}, ${plural(warnings, "warning")}`;
  return (
    <span class={`oew-badge oew-tone-${errors > 0 ? "bad" : "wait"}`} title={said}>
      <span class="oew-sr">{said}</span>
      <span aria-hidden="true">{(errors || warnings).toLocaleString("en")}</span>
    </span>
  );
}

interface PanelsProps extends ViewProps<JobState> {
  /** The node of the process that somebody wants to see, or null. */
  sought: Sought | null;
}

export function Panels(props: PanelsProps) {
  const { state } = props;
  const id = useUniqueId();
  const { tab, toggle } = useOpenTab(state, props.sought);
  const Panel = tab && PANELS[tab];
  return (
    <>
      <div class="oew-tabbar oew-job-tabs">
        <Tabs
          id={id}
          label="About this job"
          tabs={TABS}
          tab={tab}
          onTab={toggle}
          badge={(name) => badge(name, state)}
        />
      </div>
      {Panel && tab && (
        <div
          class={`oew-panel oew-panel-${tab.toLowerCase()}`}
          role="tabpanel"
          id={panelId(id)}
          aria-labelledby={tabId(id, tab)}
        >
          <Panel {...props} />
        </div>
      )}
    </>
  );
}
