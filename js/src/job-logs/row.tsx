/** One row of the log: an option of the list. */

import { utcTime } from "../lib/format";
import { Text } from "../lib/messages";
import type { LogRow } from "../protocol";
import { clockTime, day, oneLine } from "./plain";

const LOOKS: Record<string, string> = { error: "bad", warning: "wait" };

/** The day, where it is another one than in the row above. */
function newDay(row: LogRow, above: LogRow | undefined, position: number): string {
  if (row.time_ms === null) return "";
  const own = day(row.time_ms);
  if (position === 0) return own === day(Date.now()) ? "" : own;
  return above && above.time_ms !== null && day(above.time_ms) !== own ? own : "";
}

function Time({ row, date }: { row: LogRow; date: string }) {
  if (row.time_ms === null) return <span class="oew-log-time" />;
  return (
    <time class="oew-log-time" title={utcTime(row.time_ms)}>
      {date && <b>{`${date} `}</b>}
      {clockTime(row.time_ms)}
    </time>
  );
}

function Cells({ row, date }: { row: LogRow; date: string }) {
  return (
    <>
      <Time row={row} date={date} />
      <span class={`oew-log-level oew-log-${LOOKS[row.level] ?? "plain"}`}>
        <Text>{row.level}</Text>
      </span>
      <span class="oew-log-message">
        <Text>{oneLine(row.message)}</Text>
      </span>
      {row.count > 1 && (
        <span class="oew-log-count" title={`${row.count.toLocaleString("en")} times in a row`}>
          ×{row.count.toLocaleString("en")}
        </span>
      )}
      {row.node && (
        <span class="oew-log-node">
          <Text>{row.node}</Text>
        </span>
      )}
    </>
  );
}

interface OptionProps {
  id: string;
  position: number;
  count: number;
  /** undefined while it is on its way. */
  row: LogRow | undefined;
  above: LogRow | undefined;
  selected: boolean;
  top: number;
  onClick: () => void;
}

export function Option({ id, position, count, row, above, selected, top, onClick }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says where it is
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the list
    <div
      id={id}
      class="oew-log-row"
      role="option"
      aria-selected={selected}
      aria-posinset={position + 1}
      aria-setsize={count}
      data-index={row?.index}
      data-level={row?.level}
      style={{ top: `${top}px` }}
      onClick={onClick}
    >
      {row && <Cells row={row} date={newDay(row, above, position)} />}
    </div>
  );
}
