/** What the keys do in a tree: as the ARIA practices have it. Pure. */

import type { TreeRow } from "./branches";

const PAGE = 10;

/** Where to, and whether the row there is opened or closed; null where the key means nothing. */
export function step(
  key: string,
  rows: readonly TreeRow[],
  at: number,
): { to: number; toggle: boolean } | null {
  const row = rows[at];
  const open = row?.kind === "node" ? row.open : null;
  const go = (to: number) => ({ to: Math.max(0, Math.min(rows.length - 1, to)), toggle: false });
  switch (key) {
    case "ArrowDown":
      return go(at + 1);
    case "ArrowUp":
      return go(at - 1);
    case "PageDown":
      return go(at + PAGE);
    case "PageUp":
      return go(at - PAGE);
    case "Home":
      return go(0);
    case "End":
      return go(rows.length - 1);
    case "ArrowRight":
      return open === false ? { to: at, toggle: true } : go(open ? at + 1 : at);
    case "ArrowLeft":
      return open ? { to: at, toggle: true } : go(parentOf(rows, at));
    case "Enter":
    case " ":
      return { to: at, toggle: true };
    default:
      return key.length === 1 ? typed(key, rows, at) : null;
  }
}

function parentOf(rows: readonly TreeRow[], at: number): number {
  const level = rows[at]?.level ?? 1;
  for (let index = at - 1; index >= 0; index -= 1) {
    if ((rows[index]?.level ?? 1) < level) return index;
  }
  return at;
}

/** The next node whose name begins with a letter. */
function typed(letter: string, rows: readonly TreeRow[], at: number) {
  const wanted = letter.toLowerCase();
  for (let way = 1; way <= rows.length; way += 1) {
    const to = (at + way) % rows.length;
    const row = rows[to];
    if (row?.kind === "node" && row.node.name.toLowerCase().startsWith(wanted)) {
      return { to, toggle: false };
    }
  }
  return null;
}
