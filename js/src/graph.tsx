/** Draws process graphs: a module of its own, which a card loads when it is first needed. */

import { render } from "preact";
import type { GraphHandle, GraphProps } from "./job-graph/module";
import { GraphView } from "./job-graph/view";

export function show(host: HTMLElement, props: GraphProps): GraphHandle {
  const root = document.createElement("div");
  host.append(root);
  const update = (next: GraphProps) => render(<GraphView {...next} />, root);
  update(props);
  return {
    update,
    stop: () => {
      render(null, root);
      root.remove();
    },
  };
}
