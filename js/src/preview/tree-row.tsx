/** One row of a tree. */

import { plural } from "../lib/format";
import { Icon } from "../lib/icons";
import { ErrorText, Text } from "../lib/messages";
import type { TreeRow } from "./branches";

interface RowProps {
  id: string;
  row: TreeRow;
  /** Whether the cursor is here. */
  at: boolean;
  /** Whether it is what was looked for. */
  found: boolean;
  onPress: () => void;
}

export const rowId = (id: string, index: number) => `${id}-node-${index}`;

export function RowView({ id, row, at, found, onPress }: RowProps) {
  const node = row.kind === "node" ? row : null;
  const open = node?.open ?? null;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and says where it is
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the tree
    <div
      id={id}
      class={`oew-tree-row${at ? " oew-tree-at" : ""}${found ? " oew-tree-found" : ""}`}
      role="treeitem"
      aria-level={row.level}
      aria-setsize={node?.of}
      aria-posinset={node ? node.index + 1 : undefined}
      aria-expanded={open === null ? undefined : open}
      aria-selected={at}
      data-at={at}
      data-path={node?.node.path}
      style={{ paddingInlineStart: `${(row.level - 1) * 16 + 10}px` }}
      onClick={onPress}
    >
      <Content row={row} />
    </div>
  );
}

function Content({ row }: { row: TreeRow }) {
  if (row.kind === "error") return <ErrorText error={row.error} />;
  if (row.kind === "more") {
    const all = row.of.toLocaleString("en");
    return (
      <span class="oew-tree-more">{`Show more: ${plural(row.count, "entry", "entries")} of ${all} not loaded`}</span>
    );
  }
  const { node, open } = row;
  return (
    <>
      {open === null ? <span class="oew-tree-gap" /> : <Icon name="chevron" />}
      {node.name !== "" && (
        <span class="oew-key">
          <Text>{node.name}</Text>
          {open === null && ":"}
        </span>
      )}
      <span class={open === null ? `oew-value oew-value-${node.type}` : "oew-sub"}>
        <Text>{node.text}</Text>
      </span>
    </>
  );
}
