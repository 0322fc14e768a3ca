import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { useCopy } from "../lib/copy";
import { localTime, plural, utcTime } from "../lib/format";
import { LiveRegion } from "../lib/live";
import { Text } from "../lib/messages";
import type { ViewProps } from "../lib/mount";
import type { JobState, RequestRow } from "../protocol";
import { clock, joined, MOST_ROWS, outcome, rowsOf, shortPath, took } from "./rows";

/** The requests that the kernel knows, asked for when there are new ones. */
function useRequests(commands: Commands<JobState>, count: number): RequestRow[] {
  const [rows, setRows] = useState<RequestRow[]>([]);
  const last = useRef(0);
  useEffect(() => {
    if (count <= last.current) return;
    commands.query({ kind: "requests", since: last.current }).then(
      (answer) => {
        const came = rowsOf(answer);
        last.current = Math.max(last.current, ...came.map((row) => row.number));
        setRows((shown) => joined(shown, came));
      },
      () => undefined, // the next request asks again
    );
  }, [commands, count]);
  return rows;
}

/** Stays at the newest row, unless the person scrolled away from it. */
function useFollow(rows: readonly RequestRow[]): {
  box: RefObject<HTMLElement | null>;
  onScroll: () => void;
} {
  const box = useRef<HTMLElement>(null);
  const following = useRef(true);
  useLayoutEffect(() => {
    if (box.current && following.current) box.current.scrollTop = box.current.scrollHeight;
  }, [rows]);
  const onScroll = () => {
    const at = box.current;
    if (at) following.current = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
  };
  return { box, onScroll };
}

/** Which line was copied last, for a moment. */
function useCopied() {
  const [copied, setCopied] = useState<number | null>(null);
  useEffect(() => {
    if (copied === null) return undefined;
    const timer = setTimeout(() => setCopied(null), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const { copy, byHand } = useCopy();
  return {
    copied,
    copy: (row: RequestRow) => void copy(row.python, () => setCopied(row.number)),
    byHand,
  };
}

/** The tab "Requests". */
export function RequestsPanel({ state, commands }: ViewProps<JobState>) {
  const rows = useRequests(commands, state.request_count);
  const { box, onScroll } = useFollow(rows);
  const { copied, copy, byHand } = useCopied();
  // The card is drawn anew each second; 500 rows need not be.
  const table = useMemo(
    () => <Rows rows={rows} jobId={state.job_id} copied={copied} copy={copy} />,
    [rows, state.job_id, copied],
  );
  if (state.request_count === 0) {
    return <p class="oew-note">No request was made for this job yet.</p>;
  }
  const hidden = (rows[0]?.number ?? 1) - 1;
  return (
    <div class="oew-requests">
      <p class="oew-sub oew-requests-about">
        The HTTP requests for this job, and the line of Python that does the same.
        {hidden > 0 && ` The last ${MOST_ROWS} of ${plural(state.request_count, "request")}.`}
      </p>
      <section
        class="oew-requests-box"
        aria-label="Requests"
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
      >
        {table}
      </section>
      {byHand}
      <LiveRegion text={copied === null ? "" : "Copied"} />
    </div>
  );
}

interface RowsProps {
  rows: readonly RequestRow[];
  jobId: string;
  copied: number | null;
  copy: (row: RequestRow) => void;
}

/** The roles that the elements have by themselves: stacked on a narrow card they would lose them. */
const AS = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  head: { role: "columnheader" },
  cell: { role: "cell" },
} as const;

function Rows({ rows, jobId, copied, copy }: RowsProps) {
  return (
    <table class="oew-request-table" {...AS.table}>
      <caption class="oew-sr">Requests, oldest first</caption>
      <thead {...AS.group}>
        <tr {...AS.row}>
          {["Time", "Request", "Status", "Took", "Python"].map((name) => (
            <th key={name} scope="col" {...AS.head}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...AS.group}>
        {rows.map((row) => (
          <Row
            key={row.number}
            row={row}
            jobId={jobId}
            copied={copied === row.number}
            copy={copy}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  row: RequestRow;
  jobId: string;
  copied: boolean;
  copy: (row: RequestRow) => void;
}

function Row({ row, jobId, copied, copy }: RowProps) {
  const { text, good } = outcome(row.status);
  return (
    <tr {...AS.row} data-number={row.number}>
      <td
        {...AS.cell}
        class="oew-num oew-dim oew-request-time"
        title={`${localTime(row.at_ms)} (${utcTime(row.at_ms)})`}
      >
        {clock(row.at_ms)}
      </td>
      <td {...AS.cell} class="oew-mono oew-request-path" title={row.path}>
        <b>{row.method}</b> <Text>{shortPath(row.path, jobId)}</Text>
      </td>
      <td {...AS.cell} class={`oew-num oew-request-status${good ? "" : " oew-request-bad"}`}>
        {text}
      </td>
      <td {...AS.cell} class="oew-num oew-dim oew-request-took">
        {took(row.ms)}
      </td>
      <td {...AS.cell} class="oew-request-python">
        <code class="oew-mono">
          <Text>{row.python}</Text>
        </code>
        <Button
          kind="quiet"
          icon={copied ? "check" : "copy"}
          label={`Copy ${row.python}`}
          onClick={() => copy(row)}
        />
      </td>
    </tr>
  );
}
