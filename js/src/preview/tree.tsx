/** The view "Tree": JSON, a branch at a time. */

import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { CopyButton } from "../lib/copy";
import { useUniqueId } from "../lib/id";
import { LiveRegion } from "../lib/live";
import { ErrorText, Text } from "../lib/messages";
import type { TreeView } from "../protocol";
import { Branches, type TreeRow } from "./branches";
import type { Kernel } from "./module";
import { FindBar, useFind } from "./tree-find";
import { RowView, rowId } from "./tree-row";
import { step } from "./tree-walk";

interface TreeProps extends TreeView {
  name: string;
  kernel: Kernel;
}

/** Far more rows at once would make the page slow: the rest is asked for by parts. */
function useBranches({ root, kernel }: TreeProps) {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const branches = useMemo(() => {
    const ask = (path: string, start: number, count: number) =>
      kernel.query({ kind: "preview_children", path, start, count });
    return new Branches(root, ask, () => redraw(0));
  }, [root, kernel]);
  useEffect(() => void branches.open(root), [branches, root]);
  return branches;
}

/** The row with the cursor: of a node by its path, which stays when others come. */
function useCursor(rows: readonly TreeRow[]) {
  const [key, moveTo] = useState<string | null>(null);
  const found = rows.findIndex((row) => keyOf(row) === key);
  return { at: Math.max(0, found), moveTo };
}

export function keyOf(row: TreeRow): string {
  return row.kind === "node" ? row.node.path : `${row.kind} ${row.path} ${row.level}`;
}

export function Tree(props: TreeProps) {
  const { name, note, kernel } = props;
  const id = useUniqueId();
  const branches = useBranches(props);
  const rows = branches.rows();
  const { at, moveTo } = useCursor(rows);
  const list = useRef<HTMLDivElement>(null);
  const [wanted, want] = useState<"near" | "middle" | null>(null);
  const find = useFind(kernel, async (path) => {
    if (!(await branches.reveal(path))) return false;
    moveTo(path);
    want("middle");
    return true;
  });
  // At once: late, it would forget where the next key led.
  useLayoutEffect(() => {
    if (wanted === null) return;
    inSight(list.current, list.current?.querySelector('[data-at="true"]'), wanted);
    want(null);
  });
  const press = usePress({ rows, at, branches, moveTo, want });
  const row = rows[at];
  const path = row?.kind === "node" ? row.node.path : "";
  return (
    <>
      <div class="oew-view-tools">
        <FindBar find={find} />
      </div>
      {note && (
        <p class="oew-note">
          <Text>{note}</Text>
        </p>
      )}
      {find.error && (
        <div class="oew-pad">
          <ErrorText error={find.error} />
        </div>
      )}
      <div
        class="oew-tree oew-json"
        role="tree"
        aria-label={`Contents of ${name}`}
        aria-activedescendant={row ? rowId(id, at) : undefined}
        tabIndex={0}
        ref={list}
        onKeyDown={press}
      >
        {rows.map((one, index) => (
          <RowView
            key={keyOf(one)}
            id={rowId(id, index)}
            row={one}
            at={index === at}
            found={one.kind === "node" && one.node.path === find.path}
            onPress={() => {
              moveTo(keyOf(one));
              toggle(branches, one);
            }}
          />
        ))}
      </div>
      <div class="oew-view-foot">
        <span class="oew-cell-text oew-mono">
          <Text>{path}</Text>
        </span>
        {path && <CopyButton text={path} label="Copy this path" />}
      </div>
      <LiveRegion text={find.words} />
    </>
  );
}

/** Opens or closes a branch, or asks for what is missing. */
function toggle(branches: Branches, row: TreeRow): void {
  if (row.kind === "more") void branches.load(row.path, row.part);
  else if (row.kind === "error") void branches.load(row.path, 0);
  else if (row.open === false) void branches.open(row.node);
  else if (row.open === true) branches.close(row.node.path);
}

/** Scrolls the tree alone: no more than is needed, or so that what is around it is seen, too. */
function inSight(
  box: HTMLElement | null,
  row: Element | null | undefined,
  where: "near" | "middle",
): void {
  if (!box || !row) return;
  const [outer, inner] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
  const out = inner.top < outer.top || inner.bottom > outer.bottom;
  if (where === "middle" && out) box.scrollTop += inner.top - outer.top - outer.height / 3;
  else if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
}

interface Pressing {
  rows: readonly TreeRow[];
  at: number;
  branches: Branches;
  moveTo: (key: string) => void;
  want: (where: "near") => void;
}

function usePress({ rows, at, branches, moveTo, want }: Pressing) {
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const done = step(event.key, rows, at);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
    const row = rows[done.to];
    if (!row) return;
    moveTo(keyOf(row));
    want("near");
    if (done.toggle) toggle(branches, row);
  };
}
