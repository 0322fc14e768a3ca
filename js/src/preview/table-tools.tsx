/** What stands above the rows of a table, and below them. */

import { Button } from "../lib/button";
import { CopyButton } from "../lib/copy";
import { plural } from "../lib/format";
import { Text } from "../lib/messages";
import type { TableView } from "../protocol";
import { boxOf, type Marked } from "./cells";
import type { TableRows } from "./rows";
import { SearchField } from "./search-field";

interface ToolsProps {
  search: string;
  onSearch: (search: string) => void;
  words: string;
  /** null where nothing of it can be drawn. */
  charts: { shown: boolean; show: () => void } | null;
}

export function TableTools({ search, onSearch, words, charts }: ToolsProps) {
  return (
    <div class="oew-view-tools">
      <SearchField label="Search the rows" value={search} onValue={onSearch} />
      <span class="oew-sub oew-grow oew-num">{words}</span>
      {charts && (
        <Button kind="quiet" icon="chart" expanded={charts.shown} onClick={charts.show}>
          Chart columns
        </Button>
      )}
    </div>
  );
}

interface FootProps {
  columns: TableView["columns"];
  rows: TableRows;
  marked: Marked | null;
  copy: () => Promise<string | null>;
}

/** What is in the cell with the cursor: all of it. */
export function TableFoot({ columns, rows, marked, copy }: FootProps) {
  if (!marked || marked.to.row < 0) {
    return (
      <p class="oew-view-foot oew-sub">
        Arrow keys or a click find a cell, Shift marks several, a column's head sorts.
      </p>
    );
  }
  const { rows: high, columns: wide } = boxOf(marked);
  const { row, column } = marked.to;
  const text = rows.row(row)?.[column];
  const one = high === 1 && wide === 1;
  return (
    <div class="oew-view-foot">
      <span class="oew-cell-text">
        {one ? (
          <>
            <span class="oew-sub">
              <Text>{columns[column]?.name ?? ""}</Text>, row {(row + 1).toLocaleString("en")}:
            </span>{" "}
            <Text>{text ?? (text === null ? "no value" : "…")}</Text>
          </>
        ) : (
          <span class="oew-sub">{`${plural(high, "row")}, ${plural(wide, "column")} marked`}</span>
        )}
      </span>
      <CopyButton text={copy} label={one ? "Copy this cell" : "Copy these cells"} />
    </div>
  );
}
