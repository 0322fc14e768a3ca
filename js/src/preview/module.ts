/** What the panel and the module that it loads for the views say to each other. */

import type { Commands } from "../lib/commands";
import type { PreviewView, ResultsState } from "../protocol";

export interface ViewsProps {
  /** Of the file. */
  name: string;
  views: readonly PreviewView[];
  /** Index of the one that is shown: by it the kernel knows which is meant. */
  index: number;
  onMap: OnMap;
  kernel: Kernel;
}

/** What of the file is on the map, and chosen. */
export type OnMap = Pick<ResultsState, "shapes" | "shape">;

/** Who answers questions about the file. */
export type Kernel = Pick<Commands<ResultsState>, "query" | "queryBytes" | "tell">;

const KINDS = new Set<string>(["chart", "table", "tree", "text", "image", "facts", "html"]);

export interface Tab {
  /** Differs from those of the others. */
  name: string;
  /** Index of its view. */
  index: number;
}

/** A tab for each view that can be shown: of other kinds nothing is known here. */
export function tabsOf(views: readonly PreviewView[]): Tab[] {
  const taken = new Map<string, number>();
  return views.flatMap(({ kind, label }, index) => {
    if (!KINDS.has(kind)) return [];
    const wanted = label || kind;
    const count = (taken.get(wanted) ?? 0) + 1;
    taken.set(wanted, count);
    return [{ name: count > 1 ? `${wanted} ${count}` : wanted, index }];
  });
}
