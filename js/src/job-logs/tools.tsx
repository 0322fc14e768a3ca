/** What stands above the rows: filter, search, copy and save. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { CopyButton } from "../lib/copy";
import { plural } from "../lib/format";
import { LiveRegion } from "../lib/live";
import { SlotMessage } from "../lib/messages";
import { saveBlob } from "../lib/save";
import type { JobState, LogFile, LogLevel } from "../protocol";
import type { Filter } from "./hooks";
import type { LogRows } from "./rows";

const CHOICES: [LogLevel, string][] = [
  ["debug", "All levels"],
  ["info", "Info and above"],
  ["warning", "Warnings and errors"],
  ["error", "Errors"],
];

function saveFile({ name, text }: LogFile): void {
  saveBlob(new Blob([text], { type: "text/plain;charset=utf-8" }), name);
}

interface ToolsProps {
  commands: Commands<JobState>;
  /** What is shown. */
  filter: Filter;
  /** What is typed. */
  search: string;
  rows: LogRows;
  onLevel: (level: LogLevel) => void;
  onSearch: (search: string) => void;
}

/** How many rows a search found, said once for each search and not for each new entry. */
function useFound(rows: LogRows, search: string): string {
  const [said, say] = useState("");
  const known = rows.known;
  useEffect(() => {
    if (known) say(search ? `${plural(rows.matching, "row")} found` : "");
  }, [rows, known, search]);
  return said;
}

export function Tools(props: ToolsProps) {
  const { commands, filter, search, rows, onLevel, onSearch } = props;
  const field = useRef<HTMLInputElement>(null);
  const found = useFound(rows, filter.search);
  const fetchAll = async (form: "text" | "ndjson") =>
    (await commands.ask({ kind: "logs_save", form, ...filter })) as LogFile | null;
  const save = async (form: "text" | "ndjson") => {
    const file = await fetchAll(form);
    if (file) saveFile(file);
  };
  return (
    <>
      <div class="oew-row oew-log-tools">
        <select
          aria-label="Level"
          value={filter.level}
          onChange={(event) => onLevel(event.currentTarget.value as LogLevel)}
        >
          {CHOICES.map(([level, words]) => (
            <option key={level} value={level}>
              {words}
            </option>
          ))}
        </select>
        <span class="oew-log-search">
          <input
            type="search"
            aria-label="Search the logs"
            placeholder="Search"
            value={search}
            ref={field}
            onInput={(event) => onSearch(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || search === "") return;
              event.stopPropagation();
              onSearch("");
            }}
          />
        </span>
        <span class="oew-sub oew-grow oew-num">
          {filter.search && rows.known && `${plural(rows.matching, "row")} found`}
        </span>
        <CopyButton
          label="Copy these entries"
          text={async () => (await fetchAll("text"))?.text ?? null}
        />
        <Button
          kind="quiet"
          icon="download"
          label="Save these entries as text"
          onClick={() => void save("text")}
        />
        <Button
          kind="quiet"
          icon="json"
          label="Save these entries as JSON lines"
          onClick={() => void save("ndjson")}
        />
      </div>
      <SlotMessage slot={commands.slot("logs_save")} />
      <LiveRegion text={found} />
    </>
  );
}
