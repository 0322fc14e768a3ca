/** Draws the views of a file: a module of its own, which a card loads when one is first opened. */

import { showing } from "./lib/drawing";
import { Views } from "./preview/views";

export const show = showing(Views);
