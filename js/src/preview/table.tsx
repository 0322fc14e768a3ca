/** The view "Table": all rows of a file, sorted and searched by the kernel. */

import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { useDebounced } from "../lib/debounced";
import { plural } from "../lib/format";
import { useUniqueId } from "../lib/id";
import { LiveRegion } from "../lib/live";
import { ErrorText, Text } from "../lib/messages";
import type { TableView } from "../protocol";
import { asText, boxOf, type Marked, widthsOf } from "./cells";
import { useChosenRow } from "./chosen";
import { ColumnCharts } from "./column-chart";
import { Grid } from "./grid";
import type { Kernel, OnMap } from "./module";
import { type Order, type Row, TableRows } from "./rows";
import { TableFoot, TableTools } from "./table-tools";

/** More columns at once would make the page slow. */
const MOST_COLUMNS = 200;

/** The first rows tell how wide a column is. */
const MEASURED = 60;

interface TableProps extends TableView {
  name: string;
  index: number;
  onMap?: OnMap;
  kernel: Kernel;
}

/** The rows in this order; those of the order before, until these are known. */
function useRows({ index, kernel, rows: count }: TableProps, order: Order): TableRows {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const held = useRef<{ key: string; rows: TableRows; before: TableRows | null } | null>(null);
  const key = JSON.stringify(order);
  if (held.current?.key !== key) {
    const ask = (start: number, most: number) =>
      kernel.query({ kind: "preview_rows", view: index, start, count: most, ...order });
    const { rows = null, before = null } = held.current ?? {};
    const made = new TableRows(ask, () => redraw(0), order.search ? null : count);
    made.want(0, 0);
    held.current = { key, rows: made, before: rows?.ready ? rows : before };
  }
  const { rows, before } = held.current;
  useEffect(() => () => rows.close(), [rows]);
  return rows.ready || !before ? rows : before;
}

function useOrder() {
  const [sort, setSort] = useState({ sort: "", descending: false });
  const [search, setSearch] = useState("");
  const settled = useDebounced(search);
  const order = useMemo(() => ({ ...sort, search: settled }), [sort, settled]);
  /** Up, down, and as in the file. */
  const sortBy = (column: string) => {
    if (sort.sort !== column) setSort({ sort: column, descending: false });
    else if (!sort.descending) setSort({ sort: column, descending: true });
    else setSort({ sort: "", descending: false });
  };
  return { order, search, setSearch, sortBy };
}

/** The widths stay as they are when other rows come. */
function useWidths(columns: TableView["columns"], rows: TableRows): readonly number[] {
  const held = useRef<{ columns: TableView["columns"]; widths: number[] } | null>(null);
  if (held.current?.columns === columns) return held.current.widths;
  const first: Row[] = [];
  for (let position = 0; position < MEASURED; position += 1) {
    const row = rows.row(position);
    if (row) first.push(row);
  }
  const widths = widthsOf(columns, first);
  if (first.length > 0) held.current = { columns, widths };
  return widths;
}

export function Table(props: TableProps) {
  const { name, note, charts, index, kernel } = props;
  const id = useUniqueId();
  const { order, search, setSearch, sortBy } = useOrder();
  const rows = useRows(props, order);
  const [marked, mark] = useState<Marked | null>(null);
  const [drawing, draw] = useState(false);
  // At once: what is marked in the new rows is not to be forgotten with what was in the old ones.
  useLayoutEffect(() => mark(null), [rows]);
  const { moved, found: chosen } = useChosenRow({
    ...{ onMap: props.onMap, kernel, order, marked, mark },
    view: index,
  });
  const columns = useMemo(() => props.columns.slice(0, MOST_COLUMNS), [props.columns]);
  const widths = useWidths(columns, rows);
  const copy = async () => {
    if (!marked) return null;
    const box = boxOf(marked);
    return asText(await rows.fetch(box.top, box.rows), box);
  };
  const found = order.search && rows.known ? `${plural(rows.total, "row")} found` : "";
  return (
    <>
      <TableTools
        search={search}
        onSearch={setSearch}
        words={found || plural(props.rows, "row")}
        charts={charts ? { shown: drawing, show: () => draw(!drawing) } : null}
      />
      {drawing && <ColumnCharts columns={props.columns} {...{ name, index, kernel }} />}
      {note && (
        <p class="oew-note">
          <Text>{note}</Text>
        </p>
      )}
      {props.columns.length > columns.length && (
        <p class="oew-note">{`The first ${MOST_COLUMNS} of ${plural(props.columns.length, "column")} are shown.`}</p>
      )}
      <Grid
        {...{ id, columns, widths, rows, order, marked }}
        label={`Rows of ${name}`}
        onMark={moved}
        chosen={chosen}
        onSort={sortBy}
      />
      {rows.error && (
        <div class="oew-pad oew-empty">
          <ErrorText error={rows.error} />
          <Button icon="refresh" onClick={() => rows.again()}>
            Try again
          </Button>
        </div>
      )}
      {rows.ready && rows.total === 0 && !rows.error && (
        <p class="oew-note">{order.search ? "No row has that in it." : "There are no rows."}</p>
      )}
      <TableFoot columns={columns} rows={rows} marked={marked} copy={copy} />
      <LiveRegion text={sayOrder(order, found)} />
    </>
  );
}

function sayOrder({ sort, descending }: Order, found: string): string {
  const sorted = sort ? `sorted by ${sort}, ${descending ? "descending" : "ascending"}` : "";
  return [found, sorted].filter(Boolean).join(", ");
}
