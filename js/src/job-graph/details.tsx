/** All that a node holds. */

import { Button } from "../lib/button";
import { useUniqueId } from "../lib/id";
import { Text } from "../lib/messages";
import { JsonTree } from "../lib/tree-view";
import { title } from "./labels";
import type { Mark } from "./marks";
import type { GraphNode } from "./model";

interface DetailsProps {
  node: GraphNode;
  mark: Mark | null;
  onClose: () => void;
}

export function Details({ node, mark, onClose }: DetailsProps) {
  const id = useUniqueId();
  return (
    <section class="oew-node-details" aria-labelledby={id}>
      <div class="oew-row">
        <b id={id} class="oew-grow">
          <Text>{node.kind === "parameter" ? `Parameter ${node.id}` : node.id}</Text>
        </b>
        <Button kind="quiet" icon="close" label="Close the details" onClick={onClose} />
      </div>
      {node.kind === "parameter" ? (
        <p class="oew-sub">It is given by the process around this graph.</p>
      ) : (
        <p class="oew-sub">
          <Text>{[title(node), node.namespace && `of ${node.namespace}`].join(" ").trim()}</Text>
          {mark && `, ${mark}`}
        </p>
      )}
      {node.description && (
        <p>
          <Text>{node.description}</Text>
        </p>
      )}
      {node.kind === "process" && <JsonTree value={node.arguments} />}
    </section>
  );
}
