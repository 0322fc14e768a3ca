/** Draws process graphs: a module of its own, which a card loads when it is first needed. */

import { GraphView } from "./job-graph/view";
import { showing } from "./lib/drawing";

export const show = showing(GraphView);
