import { JsonTree } from "../lib/tree-view";
import type { Process } from "./answer";

/** The process as JSON: to be unfolded, or as text where it is none. */
export function Json({ process }: { process: Process }) {
  return (
    <div class="oew-graph-json">
      {process.value === undefined ? (
        <pre class="oew-raw oew-scroll">{process.text}</pre>
      ) : (
        <JsonTree value={process.value} />
      )}
    </div>
  );
}
