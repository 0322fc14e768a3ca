/** The tab "Logs". */

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { active } from "../job-card/status";
import { Button } from "../lib/button";
import { useDebounced } from "../lib/debounced";
import { plural } from "../lib/format";
import { useUniqueId } from "../lib/id";
import { LiveRegion } from "../lib/live";
import { ErrorText, Text } from "../lib/messages";
import type { ViewProps } from "../lib/mount";
import type { JobState, LogLevel } from "../protocol";
import { EntryDetails } from "./details";
import { useCursor, useNewErrors, useOpenLog, useRows } from "./hooks";
import { LogList } from "./list";
import { Tools } from "./tools";

/** Of fewer rows the newest are never far. */
const ROWS_IN_SIGHT = 10;

/** Which levels are shown: of a job that has failed the errors, until somebody chooses. */
function useLevel({ status, log_summary }: JobState) {
  const [chosen, choose] = useState<LogLevel | null>(null);
  // Not of one that fails while its log is read: that would take it out of sight.
  const [failed] = useState(status === "error");
  const first: LogLevel = failed && log_summary.errors > 0 ? "error" : "debug";
  return { level: chosen ?? first, byItself: chosen === null && first === "error", choose };
}

/** Where nothing is to be shown: why. */
function Nothing({ state }: { state: JobState }) {
  const { log_summary: logs, status } = state;
  if (logs.state === "error") return null;
  const none = active(status) ? "There are no log entries yet." : "This job has no log entries.";
  return <p class="oew-note">{logs.state === "ready" ? none : "Reading the logs…"}</p>;
}

interface TroubleProps extends ViewProps<JobState> {
  panel: { current: HTMLElement | null };
}

function Trouble({ state, commands, panel }: TroubleProps) {
  const { error } = state.log_summary;
  if (!error) return null;
  const again = () => {
    // The button goes, the focus stays.
    panel.current?.focus({ preventScroll: true });
    commands.send({ kind: "logs_open", wanted: true });
  };
  return (
    <div class="oew-strip-bad oew-log-error oew-row">
      <span class="oew-grow">
        <ErrorText error={error} />
      </span>
      <Button onClick={again}>Try again</Button>
    </div>
  );
}

function Foot({ state, children }: { state: JobState; children: ComponentChildren }) {
  const { total, following, note } = state.log_summary;
  if (total === 0 && !note) return null;
  return (
    <div class="oew-sub oew-log-foot">
      {total > 0 && (
        <span class="oew-num">
          {plural(total, "entry", "entries")}
          {following ? ", new ones appear by themselves" : ""}
        </span>
      )}
      {note && <Text>{note}</Text>}
      {children}
    </div>
  );
}

/** The log itself: there is at least one entry. */
function Log({ state, commands }: ViewProps<JobState>) {
  const { log_summary: logs } = state;
  const id = useUniqueId();
  const frame = useRef<HTMLDivElement>(null);
  const { level, byItself, choose } = useLevel(state);
  const [search, type] = useState("");
  const filter = { level, search: useDebounced(search) };
  const cursor = useCursor(frame);
  const rows = useRows(commands, filter, `${logs.total} ${logs.dropped}`, cursor.shift);
  const change = (chosen: LogLevel, text: string) => {
    choose(chosen);
    type(text);
    cursor.begin();
  };
  const showAll = () => {
    change("debug", "");
    cursor.newest();
  };
  return (
    <>
      <Tools
        commands={commands}
        filter={filter}
        search={search}
        rows={rows}
        onLevel={(chosen) => change(chosen, search)}
        onSearch={(text) => change(level, text)}
      />
      {rows.error && <ErrorText error={rows.error} />}
      <div class="oew-log-frame" ref={frame} tabIndex={-1} data-follow={cursor.follow}>
        {rows.known && rows.matching === 0 && <p class="oew-note">No entry matches.</p>}
        {rows.matching > 0 && <LogList id={id} rows={rows} {...cursor.list(rows)} />}
      </div>
      {cursor.open !== null && (
        <EntryDetails
          index={cursor.open}
          filter={filter}
          commands={commands}
          onClose={cursor.close}
          onLost={cursor.lose}
        />
      )}
      <Foot state={state}>
        {(byItself || (rows.known && rows.matching === 0)) && (
          <Button onClick={showAll}>
            {byItself ? "Only errors are shown: show all" : "Show all"}
          </Button>
        )}
        {rows.matching > ROWS_IN_SIGHT && !cursor.follow && (
          <span class="oew-log-newest">
            <Button onClick={cursor.newest}>Newest</Button>
          </span>
        )}
      </Foot>
    </>
  );
}

export function LogsPanel(props: ViewProps<JobState>) {
  const { state, commands } = props;
  const { log_summary: logs } = state;
  const panel = useRef<HTMLDivElement>(null);
  useOpenLog(commands, state);
  const errors = useNewErrors(logs);
  return (
    <div class="oew-logs" data-state={logs.state} tabIndex={-1} ref={panel}>
      <Trouble {...props} panel={panel} />
      {logs.total > 0 ? (
        <Log {...props} />
      ) : (
        <>
          <Nothing state={state} />
          <Foot state={state}>{null}</Foot>
        </>
      )}
      <LiveRegion text={errors} />
    </div>
  );
}
