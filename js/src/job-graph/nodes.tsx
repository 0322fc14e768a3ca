/** The nodes of a drawing, as buttons: one of them is a stop of the Tab key, arrows lead on. */

import { useMemo } from "preact/hooks";
import { Icon } from "../lib/icons";
import { useUniqueId } from "../lib/id";
import { Text } from "../lib/messages";
import { connections, nameOf, title } from "./labels";
import { type Box, css, type Drawing, type Face } from "./layout";
import { type Mark, type Marked, marksInside } from "./marks";
import { childLabel, type Graph, type GraphNode } from "./model";
import { neighbour } from "./walk";

interface NodesProps {
  graph: Graph;
  drawing: Drawing;
  faces: ReadonlyMap<string, Face>;
  marks: ReadonlyMap<string, Mark>;
  marked: Marked;
  path: readonly string[];
  /** Keys, as one reads the drawing. */
  order: readonly string[];
  selected: string | null;
  /** Key of the node that the Tab key stops at. */
  tabbed: string | null;
  onFocus: (key: string) => void;
  onSelect: (key: string) => void;
  onOpen: (id: string, child: string) => void;
}

export function Nodes(props: NodesProps) {
  const { graph, drawing, order } = props;
  const prefix = useUniqueId();
  const said = useMemo(() => connections(graph), [graph]);
  const byKey = useMemo(() => new Map(graph.nodes.map((node) => [node.key, node])), [graph]);
  const walk = (event: KeyboardEvent) => {
    const here = (event.target as Element).closest<HTMLElement>("[data-key]");
    if (event.ctrlKey || event.altKey || event.metaKey || !here) return;
    const next = neighbour(drawing, here.dataset.key ?? "", event.key);
    if (!next) return;
    event.preventDefault();
    const list = event.currentTarget as Element;
    list.querySelector<HTMLElement>(`[data-key="${next}"] > .oew-node-main`)?.focus();
  };
  return (
    // biome-ignore lint/a11y/noRedundantRoles: without bullets Safari takes it for no list
    <ul role="list" aria-label="Nodes of the graph" onKeyDown={walk}>
      {order.map((key) => {
        const [node, box] = [byKey.get(key), drawing.boxes.get(key)];
        return (
          node &&
          box && <NodeBox {...props} {...{ node, box, prefix }} said={said.get(key) ?? ""} />
        );
      })}
    </ul>
  );
}

interface NodeBoxProps extends NodesProps {
  node: GraphNode;
  box: Box;
  said: string;
  prefix: string;
}

function NodeBox(props: NodeBoxProps) {
  const { node, box, said, selected, tabbed, onSelect, onFocus, onOpen } = props;
  const { key } = node;
  const mark = props.marks.get(key) ?? null;
  const face = props.faces.get(key);
  const described = [
    said,
    ...(face?.lines ?? []).map(({ name, value }) => `${name} ${value}`.trim()),
  ];
  const stop = key === tabbed ? 0 : -1;
  return (
    <li
      key={key}
      class="oew-node"
      data-key={key}
      data-kind={node.kind}
      data-mark={mark?.split(" ")[0]}
      data-selected={key === selected ? "" : undefined}
      style={css({ left: box.x, top: box.y, width: box.width, height: box.height })}
    >
      <button
        type="button"
        class="oew-node-main"
        tabIndex={stop}
        aria-pressed={key === selected}
        aria-label={nameOf(node, mark)}
        aria-describedby={`${props.prefix}-${key}`}
        onClick={() => onSelect(key)}
        onFocus={() => onFocus(key)}
      >
        <FaceView node={node} face={face} mark={mark} />
      </button>
      {node.children.map((child) => {
        const inside = marksInside(props.marked, [...props.path, node.id, child.name]);
        return (
          <button
            type="button"
            key={child.name}
            class="oew-node-child"
            tabIndex={stop}
            title={`Open ${child.name} of ${node.id}`}
            onClick={() => onOpen(node.id, child.name)}
          >
            {inside && <Icon name="error" label={inside} />}
            <Text>{childLabel(child)}</Text>
          </button>
        );
      })}
      <span class="oew-sr" id={`${props.prefix}-${key}`}>
        {described.filter(Boolean).join("; ")}
      </span>
    </li>
  );
}

function FaceView(props: { node: GraphNode; face: Face | undefined; mark: Mark | null }) {
  const { node, face, mark } = props;
  return (
    <>
      <span class="oew-node-title">
        <Text>{title(node)}</Text>
        {node.kind === "parameter" && <span class="oew-sub"> parameter</span>}
      </span>
      {face?.id && (
        <span class="oew-node-line oew-dim">
          <Text>{node.id}</Text>
        </span>
      )}
      {face?.lines.map(({ name, value }) => (
        <span class="oew-node-line" key={name + value} title={value}>
          {name && (
            <span class="oew-dim">
              <Text>{name}</Text>{" "}
            </span>
          )}
          <Text>{value}</Text>
        </span>
      ))}
      {face?.flags && (
        <span class="oew-node-flags">
          {mark && (
            <span class={`oew-node-flag oew-tone-${mark.startsWith("failed") ? "bad" : "wait"}`}>
              <Icon name="error" />
              {mark}
            </span>
          )}
          {node.result && (
            <span class="oew-node-flag oew-tone-run">
              <Icon name="finished" />
              result
            </span>
          )}
        </span>
      )}
    </>
  );
}
