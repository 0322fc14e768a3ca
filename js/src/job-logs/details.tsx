/** One log entry, in full. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { type Commands, Refusal } from "../lib/commands";
import { CopyButton } from "../lib/copy";
import { utcTime } from "../lib/format";
import { useUniqueId } from "../lib/id";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import { openAnswer } from "../lib/open";
import { JsonTree } from "../lib/tree-view";
import type { ErrorInfo, JobState, LogDetails } from "../protocol";
import type { Filter } from "./hooks";
import { fullTime, plain } from "./plain";

type Told = LogDetails | ErrorInfo | null;

const isError = (told: LogDetails | ErrorInfo): told is ErrorInfo => !("index" in told);

/** What the kernel holds of an entry. What was told of another one stays until then. */
function useDetails(commands: Commands<JobState>, index: number, { level, search }: Filter): Told {
  const [told, tell] = useState<Told>(null);
  useEffect(() => {
    let wanted = true;
    commands.query({ kind: "log_details", index, level, search }).then(
      (found) => wanted && tell(found as LogDetails),
      (refusal) => {
        if (wanted && refusal instanceof Refusal) tell(refusal.info);
      },
    );
    return () => {
      wanted = false;
    };
  }, [commands, index, level, search]);
  return told;
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** As one would write it into a mail. */
function asText(entry: LogDetails): string {
  const parts = [
    [entry.time, entry.level.toUpperCase(), entry.code].filter(Boolean).join(" "),
    entry.message,
    entry.id && `id: ${entry.id}`,
    entry.path.length > 0 && `path: ${entry.path.map(({ node_id }) => node_id).join(" < ")}`,
    entry.data !== null && `data: ${entry.data}`,
    entry.stacktrace,
  ];
  return parts.filter(Boolean).join("\n");
}

function Data({ text }: { text: string }) {
  const found = parsed(text);
  if (found && typeof found.value === "object" && found.value !== null) {
    return <JsonTree value={found.value} />;
  }
  return (
    <pre class="oew-log-pre">
      <Text>{plain(text)}</Text>
    </pre>
  );
}

function Field({ name, value }: { name: string; value: string }) {
  if (!value) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Text>{value}</Text>
      </dd>
    </div>
  );
}

function Fields({ entry }: { entry: LogDetails }) {
  const { code, id, time, time_ms, path, usage } = entry;
  const when = time_ms === null ? time : fullTime(time_ms);
  return (
    <dl class="oew-log-fields">
      <div title={time_ms === null ? "" : utcTime(time_ms)}>
        <dt>Time</dt>
        <dd>
          <Text>{when || "not told"}</Text>
        </dd>
      </div>
      <Field name="Code" value={code} />
      <Field name="Id" value={id} />
      <Field
        name="Node"
        value={path.map((step) => [step.node_id, step.process_id].join(" ").trim()).join(" in ")}
      />
      <Field
        name="Usage"
        value={usage.map(({ name, value, unit }) => `${name} ${value} ${unit}`.trim()).join(", ")}
      />
    </dl>
  );
}

function Links({ entry, commands }: { entry: LogDetails; commands: Commands<JobState> }) {
  const { index, links } = entry;
  if (links.length === 0) return null;
  const open = async (link: number) =>
    openAnswer(await commands.ask({ kind: "log_link", index, link }));
  return (
    <div class="oew-row oew-log-links">
      {links.map(({ title, rel }, link) => (
        <Button key={`${link} ${title}`} onClick={() => void open(link)}>
          {title || rel || "Link"}
        </Button>
      ))}
      <SlotMessage slot={commands.slot("log_link")} />
    </div>
  );
}

function Entry({ entry, commands }: { entry: LogDetails; commands: Commands<JobState> }) {
  return (
    <>
      <pre class="oew-log-pre">
        <Text>{plain(entry.message) || "(no message)"}</Text>
      </pre>
      {entry.note && <p class="oew-sub">{entry.note}</p>}
      <Fields entry={entry} />
      {entry.data !== null && (
        <section aria-label="Data">
          <Data text={entry.data} />
        </section>
      )}
      {entry.stacktrace && (
        <section aria-label="Stack trace">
          <pre class="oew-log-pre">
            <Text>{plain(entry.stacktrace)}</Text>
          </pre>
        </section>
      )}
      <Links entry={entry} commands={commands} />
    </>
  );
}

/** An entry that the list does not show any more does not stay open below it. */
function useFilteredOut(
  entry: LogDetails | null,
  index: number,
  onLost: (within: boolean) => void,
) {
  const root = useRef<HTMLElement>(null);
  const lost = entry?.index === index && !entry.matches;
  useEffect(() => {
    if (lost) onLost(root.current?.contains(document.activeElement) ?? false);
  }, [lost]);
  return root;
}

interface DetailsProps {
  index: number;
  filter: Filter;
  commands: Commands<JobState>;
  onClose: () => void;
  /** It matches no more; `within`: whether it has the focus. */
  onLost: (within: boolean) => void;
}

export function EntryDetails({ index, filter, commands, onClose, onLost }: DetailsProps) {
  const told = useDetails(commands, index, filter);
  const id = useUniqueId();
  const entry = told && !isError(told) ? told : null;
  const root = useFilteredOut(entry, index, onLost);
  return (
    <section
      ref={root}
      class="oew-log-details"
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div class="oew-row oew-log-head">
        <b id={id} class="oew-grow">
          {entry ? `Log entry, ${entry.level}` : "Log entry"}
        </b>
        {entry && <CopyButton text={asText(entry)} label="Copy this entry" />}
        <Button kind="quiet" icon="close" label="Close the entry" onClick={onClose} />
      </div>
      <div class="oew-log-body">
        {told === null && <p class="oew-sub">…</p>}
        {told && isError(told) && <ErrorText error={told} />}
        {entry && <Entry key={entry.index} entry={entry} commands={commands} />}
      </div>
    </section>
  );
}
