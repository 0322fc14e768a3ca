/** Where in a table somebody is, what they have marked, and how it is copied: pure. */

import type { Row } from "./rows";

/** `row` -1 is the head. */
export interface Cell {
  row: number;
  column: number;
}

/** From the one where marking began to the one with the cursor. */
export interface Marked {
  from: Cell;
  to: Cell;
}

/** Where a key takes the cursor, or null for other keys. */
export function target(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">,
  at: Cell,
  size: { rows: number; columns: number; page: number },
): Cell | null {
  const far = event.ctrlKey || event.metaKey;
  const { row, column } = at;
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const places: Record<string, Cell> = {
    ArrowUp: { row: far ? 0 : row - 1, column },
    ArrowDown: { row: far ? last.row : row + 1, column },
    ArrowLeft: { row, column: far ? 0 : column - 1 },
    ArrowRight: { row, column: far ? last.column : column + 1 },
    PageUp: { row: Math.max(0, row - size.page), column },
    PageDown: { row: row + size.page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? last.row : row, column: last.column },
  };
  const place = Object.hasOwn(places, event.key) ? places[event.key] : undefined;
  if (!place) return null;
  return {
    row: Math.max(-1, Math.min(last.row, place.row)),
    column: Math.max(0, Math.min(last.column, place.column)),
  };
}

export interface Box {
  top: number;
  left: number;
  rows: number;
  columns: number;
}

export function boxOf({ from, to }: Marked): Box {
  const top = Math.max(0, Math.min(from.row, to.row));
  const left = Math.min(from.column, to.column);
  return {
    top,
    left,
    rows: Math.max(from.row, to.row) - top + 1,
    columns: Math.abs(from.column - to.column) + 1,
  };
}

export function holds({ top, left, rows, columns }: Box, { row, column }: Cell): boolean {
  return row >= top && row < top + rows && column >= left && column < left + columns;
}

/** As spreadsheets take it; a value with a tab or a line's end in it is quoted. */
export function asText(rows: readonly Row[], { left, columns }: Box): string {
  return rows
    .map((row) => Array.from({ length: columns }, (_, i) => quoted(row[left + i] ?? "")).join("\t"))
    .join("\n");
}

function quoted(text: string): string {
  return /[\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const WIDEST = 36;
const NARROWEST = 6;

/** Widths in characters: of the heads, and of the first rows. */
export function widthsOf(
  columns: readonly { name: string; type: string }[],
  rows: readonly Row[],
): number[] {
  return columns.map(({ name, type }, index) => {
    const longest = Math.max(0, ...rows.map((row) => row[index]?.length ?? 0));
    const head = Math.max(name.length + 2, type.length);
    return Math.min(WIDEST, Math.max(NARROWEST, longest, Math.min(head, WIDEST / 2))) + 3;
  });
}
