import { useMemo, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { useUniqueId } from "../lib/id";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import { Tabs } from "../lib/tabs";
import { JsonTree } from "../lib/tree-view";
import type { Preview, ResultsState } from "../protocol";
import { Chart } from "./chart-view";
import { Raw } from "./raw";

interface PreviewPanelProps {
  preview: Preview;
  commands: Commands<ResultsState>;
}

type Tab = "Chart" | "Tree" | "Raw";

/** JSON that came whole, or nothing. */
function parse({ complete, text }: Preview): { value: unknown } | null {
  if (!complete) return null;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

export function PreviewPanel({ preview, commands }: PreviewPanelProps) {
  const { name, state, note } = preview;
  const id = useUniqueId();
  const parsed = useMemo(() => parse(preview), [preview.complete, preview.text]);
  const hasChart = preview.series.some(({ x }) => x.length > 0);
  const tabs: Tab[] = [];
  if (hasChart) tabs.push("Chart");
  if (parsed) tabs.push("Tree");
  if (preview.text) tabs.push("Raw");
  const [wanted, want] = useState<Tab | null>(null);
  const tab = wanted && tabs.includes(wanted) ? wanted : (tabs[0] ?? null);
  return (
    <section class="oew-preview" data-preview={state} aria-label={`Preview of ${name}`}>
      <div class="oew-tabbar">
        <span class="oew-tab-title" title={name}>
          <Text>{name}</Text>
        </span>
        <span class="oew-grow" />
        {state === "ready" && <Tabs id={id} label="Views" tabs={tabs} tab={tab} onTab={want} />}
        <ClosePreview preview={preview} commands={commands} />
      </div>
      <SlotMessage slot={commands.slot("close_preview")} />
      {note && (
        <p class="oew-strip oew-preview-note">
          <Text>{note}</Text>
        </p>
      )}
      <div
        class="oew-pad oew-preview-body"
        {...(tab ? { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": `${id}-${tab}` } : {})}
      >
        <Body preview={preview} tab={state === "ready" ? tab : null} parsed={parsed} />
      </div>
    </section>
  );
}

interface BodyProps {
  preview: Preview;
  tab: Tab | null;
  parsed: { value: unknown } | null;
}

function Body({ preview, tab, parsed }: BodyProps) {
  if (preview.state === "error") {
    return preview.error ? <ErrorText error={preview.error} /> : <p>It cannot be shown.</p>;
  }
  if (preview.state === "loading") {
    return (
      <div class="oew-empty">
        <div class="oew-bar">
          <span class="oew-indeterminate oew-moving" />
        </div>
        <p class="oew-sub">Reading the file…</p>
      </div>
    );
  }
  if (tab === "Chart") return <Chart series={preview.series} name={preview.name} />;
  if (tab === "Tree" && parsed) return <JsonTree value={parsed.value} />;
  if (tab === "Raw") return <Raw text={preview.text} name={preview.name} />;
  return <p class="oew-sub">The file is empty.</p>;
}

function ClosePreview({ preview, commands }: PreviewPanelProps) {
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
