/** The preview of a file: below the map and the list. */

import type { RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { CopyButton } from "../lib/copy";
import { useKeptFocus } from "../lib/focus";
import { useUniqueId } from "../lib/id";
import { LiveRegion } from "../lib/live";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import { panelId, Tabs, tabId } from "../lib/tabs";
import type { Preview, ResultsState } from "../protocol";
import { ShapesPanel } from "../results-shapes/panel";
import { ViewsHost } from "./host";
import { type OnMap, type Tab, tabsOf } from "./module";

interface PanelProps {
  preview: Preview;
  commands: Commands<ResultsState>;
}

interface WithMap extends PanelProps {
  onMap: OnMap;
}

function announcement({ state, name, error, question }: Preview, tabs: readonly Tab[]): string {
  if (state === "loading") return `Reading ${name}`;
  if (state === "ask") return question;
  if (state === "error") return `${name}: ${error?.message ?? "it cannot be shown"}`;
  return `Preview of ${name}: ${tabs.map((tab) => tab.name).join(", ")}`;
}

/** What somebody opens below what is in sight is brought there; what was open stays where it is. */
function useInSight(root: RefObject<HTMLElement | null>, state: Preview["state"]): void {
  useEffect(() => {
    const card = root.current?.closest(".oew-results");
    if (card?.contains(document.activeElement)) root.current?.scrollIntoView({ block: "nearest" });
  }, [state]);
}

export function PreviewPanel({ preview, onMap, commands }: WithMap) {
  const { name, state, views } = preview;
  const id = useUniqueId();
  const root = useRef<HTMLElement>(null);
  // What was pressed may go with what it was about.
  useInSight(root, state);
  useKeptFocus(root, ".oew-preview-head > .oew-button");
  const tabs = useMemo(() => tabsOf(views), [views]);
  const [wanted, want] = useState<string | null>(null);
  const tab = tabs.find((candidate) => candidate.name === wanted) ?? tabs[0] ?? null;
  const shown = state === "ready" ? tab : null;
  const asks = state === "ask" || (state === "ready" && preview.question !== "");
  const isPanel = shown && { role: "tabpanel" as const, id: panelId(id) };
  return (
    <section ref={root} class="oew-preview" data-preview={state} aria-label={`Preview of ${name}`}>
      <div class="oew-tabbar oew-preview-head">
        <span class="oew-tab-title" title={name}>
          <Text>{name}</Text>
        </span>
        {shown && (
          <Tabs
            id={id}
            label="Views"
            tabs={tabs.map((one) => one.name)}
            tab={shown.name}
            onTab={want}
          />
        )}
        <ClosePreview preview={preview} commands={commands} />
      </div>
      <SlotMessage slot={commands.slot("close_preview")} />
      {preview.note && (
        <p class="oew-strip oew-preview-note">
          <Text>{preview.note}</Text>
        </p>
      )}
      {asks && <Question preview={preview} commands={commands} />}
      {shown && onMap.shapes && (
        <ShapesPanel shapes={onMap.shapes} shape={onMap.shape} commands={commands} />
      )}
      <div {...(isPanel ? { ...isPanel, "aria-labelledby": tabId(id, shown.name) } : {})}>
        <Body preview={preview} onMap={onMap} tab={shown} commands={commands} />
      </div>
      {state === "ready" && preview.python && <Python line={preview.python} />}
      <LiveRegion text={announcement(preview, tabs)} />
    </section>
  );
}

function Body({ preview, onMap, tab, commands }: WithMap & { tab: Tab | null }) {
  if (preview.state === "loading") return <Loading />;
  if (preview.state === "ask") return null;
  if (preview.state === "error") return <Failure preview={preview} commands={commands} />;
  if (!tab) return <p class="oew-note">There is nothing to show of this file.</p>;
  return (
    <ViewsHost
      name={preview.name}
      views={preview.views}
      index={tab.index}
      onMap={onMap}
      commands={commands}
      key={preview.key}
    />
  );
}

function Loading() {
  return (
    <div class="oew-pad oew-empty">
      <div class="oew-bar">
        <span class="oew-indeterminate oew-moving" />
      </div>
      <p class="oew-sub">Reading the file…</p>
    </div>
  );
}

/** What all of it would cost; where a part is shown, that stays below. */
function Question({ preview, commands }: PanelProps) {
  const slot = commands.slot("preview", preview.key);
  return (
    <>
      <div class="oew-confirm oew-question">
        <p class="oew-grow">
          <Text>{preview.question || "Reading this file takes long."}</Text>
        </p>
        <Button
          kind="primary"
          disabled={commands.blocked("preview", preview.key)}
          onClick={() => commands.send({ kind: "preview", key: preview.key, whole: true })}
        >
          Read it
        </Button>
      </div>
      <SlotMessage slot={slot} />
    </>
  );
}

function Failure({ preview, commands }: PanelProps) {
  const slot = commands.slot("preview", preview.key);
  return (
    <div class="oew-pad oew-empty">
      {preview.error ? <ErrorText error={preview.error} /> : <p>It cannot be shown.</p>}
      <Button
        icon="refresh"
        disabled={commands.blocked("preview", preview.key)}
        onClick={() => commands.send({ kind: "preview", key: preview.key })}
      >
        Try again
      </Button>
      <SlotMessage slot={slot} />
    </div>
  );
}

/** The line that loads the same in a cell. */
function Python({ line }: { line: string }) {
  return (
    <div class="oew-python">
      <code class="oew-mono" title={line}>
        <Text>{line}</Text>
      </code>
      <CopyButton text={line} label="Copy Python that reads this file" />
    </div>
  );
}

function ClosePreview({ preview, commands }: PanelProps) {
  return (
    <Button
      kind="quiet"
      icon="close"
      label="Close preview"
      disabled={commands.blocked("close_preview")}
      onClick={() => {
        focusOpener(preview.key);
        commands.send({ kind: "close_preview" });
      }}
    />
  );

  /** The panel goes away with the button in it: the focus returns to where it was opened. */
  function focusOpener(key: string) {
    const root = document.activeElement?.closest(".oew-results");
    const row = root?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    row?.querySelector<HTMLElement>('[aria-expanded="true"]')?.focus({ preventScroll: true });
  }
}
