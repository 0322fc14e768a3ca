/**
 * Rows and columns of which only what is in sight is in the page. The grid has the focus, and says
 * in which cell the cursor is.
 */

import { useEffect } from "preact/hooks";
import { Icon } from "../lib/icons";
import { Text } from "../lib/messages";
import type { TableView } from "../protocol";
import { asText, type Box, boxOf, type Cell, holds, type Marked, target } from "./cells";
import type { Order, Row, TableRows } from "./rows";
import { useSheet } from "./sheet";

export interface GridProps {
  id: string;
  /** Accessible name. */
  label: string;
  columns: TableView["columns"];
  /** In characters, column by column. */
  widths: readonly number[];
  rows: TableRows;
  order: Order;
  marked: Marked | null;
  /** A cell that is to be seen, found elsewhere; another object each time. */
  chosen: Cell | null;
  onMark: (marked: Marked) => void;
  onSort: (column: string) => void;
}

export function Grid(props: GridProps) {
  const { id, label, columns, widths, rows, marked, chosen, onMark } = props;
  const sheet = useSheet(rows.total);
  rows.want(sheet.first, sheet.last);
  useEffect(() => {
    if (chosen) sheet.reveal(chosen);
  }, [chosen]);
  const at = marked?.to ?? null;
  const box = marked && boxOf(marked);
  const keys = useKeys(props, sheet);
  const choose = (to: Cell, extend: boolean) =>
    onMark({ from: extend && marked ? marked.from : to, to });
  const template = widths.map((width) => `${width}ch`).join(" ");
  return (
    <div
      class="oew-grid"
      role="grid"
      aria-label={label}
      aria-rowcount={rows.known ? rows.total + 1 : -1}
      aria-colcount={columns.length}
      aria-multiselectable={true}
      aria-activedescendant={at ? cellId(id, at) : undefined}
      tabIndex={0}
      ref={sheet.box}
      style={{ height: `${sheet.seen + sheet.head}px` }}
      onScroll={sheet.heed}
      onKeyDown={keys.press}
      onCopy={keys.copy}
    >
      <div class="oew-grid-space" role="presentation" style={{ height: `${sheet.height}px` }}>
        <div class="oew-grid-sight" role="presentation" style={{ "--oew-columns": template }}>
          <Head {...props} at={at} choose={choose} />
          <div class="oew-grid-rows" role="rowgroup" style={{ height: `${sheet.seen}px` }}>
            {drawn(sheet.first, sheet.last, at?.row ?? -1, rows.total).map((position) => (
              <RowView
                key={position}
                id={id}
                position={position}
                row={rows.row(position)}
                columns={columns}
                top={position * sheet.row - sheet.top}
                at={at?.row === position ? at.column : null}
                box={box}
                choose={choose}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

const cellId = (id: string, { row, column }: Cell) => `${id}-${row}-${column}`;

/** Those in sight, and the one with the cursor: the grid names a cell of it as the active one. */
function drawn(first: number, last: number, at: number, count: number): number[] {
  const found = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  if (at >= 0 && at < first) found.unshift(at);
  if (at > last && at < count) found.push(at);
  return found;
}

type Choose = (cell: Cell, extend: boolean) => void;

function Head(props: GridProps & { at: Cell | null; choose: Choose }) {
  const { id, columns, order, at, onSort, choose } = props;
  return (
    <div class="oew-grid-head" role="rowgroup">
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div class="oew-grid-row" role="row" aria-rowindex={1}>
        {columns.map(({ name, type, numeric }, column) => {
          const sorted = name !== "" && order.sort === name;
          const active = at?.row === -1 && at.column === column;
          const direction = order.descending ? "descending" : "ascending";
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid
            <div
              key={column}
              id={cellId(id, { row: -1, column })}
              class={`oew-cell${numeric ? " oew-cell-number" : ""}${active ? " oew-cell-at" : ""}`}
              role="columnheader"
              aria-colindex={column + 1}
              aria-sort={sorted ? direction : "none"}
              title={`Sort by ${name}`}
              data-column={column}
              onClick={() => {
                choose({ row: -1, column }, false);
                onSort(name);
              }}
            >
              <span class="oew-column-name">
                <Text>{name}</Text>
                {sorted && <Icon name={order.descending ? "down" : "up"} />}
              </span>
              <span class="oew-column-type">
                <Text>{type}</Text>
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  id: string;
  position: number;
  /** undefined while it is on its way. */
  row: Row | undefined;
  columns: TableView["columns"];
  top: number;
  /** Column of the cursor, where it is in this row. */
  at: number | null;
  box: Box | null;
  choose: Choose;
}

function RowView({ id, position, row, columns, top, at, box, choose }: RowProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    <div
      class="oew-grid-row"
      role="row"
      aria-rowindex={position + 2}
      data-row={position}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map(({ numeric }, column) => {
        const text = row?.[column];
        const cell = { row: position, column };
        const marked = box !== null && holds(box, cell);
        return (
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid
          <div
            key={column}
            id={cellId(id, cell)}
            class={`oew-cell${numeric ? " oew-cell-number" : ""}${at === column ? " oew-cell-at" : ""}`}
            role="gridcell"
            aria-colindex={column + 1}
            aria-selected={marked}
            onClick={(event) => choose(cell, event.shiftKey)}
          >
            {text === null ? <span class="oew-sub">no value</span> : text && <Text>{text}</Text>}
          </div>
        );
      })}
    </div>
  );
}

/** Whether somebody has marked text in there. */
function marksText(box: HTMLElement | null): boolean {
  const selection = document.getSelection();
  return !!box && !!selection && !selection.isCollapsed && box.contains(selection.anchorNode);
}

function useKeys(props: GridProps, sheet: ReturnType<typeof useSheet>) {
  const { columns, rows, marked, onMark, onSort } = props;
  const size = { rows: rows.total, columns: columns.length, page: sheet.page };
  const press = (event: KeyboardEvent) => {
    if (event.altKey) return;
    const at = marked?.to ?? { row: -1, column: 0 };
    const to = marked ? target(event, at, size) : target(event, at, size) && first(rows.total);
    if (to) {
      onMark({ from: event.shiftKey && marked && to.row >= 0 ? marked.from : to, to });
      sheet.reveal(to);
    } else if ((event.key === "Enter" || event.key === " ") && at.row === -1 && marked) {
      onSort(columns[at.column]?.name ?? "");
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  /** What is here is copied at once; for the rest there is the button. */
  const copy = (event: ClipboardEvent) => {
    if (!marked || marksText(sheet.box.current)) return;
    const box = boxOf(marked);
    const held = Array.from({ length: box.rows }, (_, index) => rows.row(box.top + index));
    const there = held.filter((row) => row !== undefined);
    if (there.length < held.length) return;
    event.clipboardData?.setData("text/plain", asText(there, box));
    event.preventDefault();
  };
  return { press, copy };
}

/** The first key finds the first cell. */
function first(rows: number): Cell {
  return { row: rows > 0 ? 0 : -1, column: 0 };
}
