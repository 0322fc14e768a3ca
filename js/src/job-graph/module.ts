/** What the tab and the module that it loads for drawing say to each other. */

/** A node to be shown: another object each time that somebody wants to see it. */
export interface Sought {
  node: string;
}

export interface GraphProps {
  /** The process, as the back-end sent it. */
  process: unknown;
  /** A word about a node, by its id: "failed", "failed inside", "problem". */
  marks: Readonly<Record<string, string>>;
  sought: Sought | null;
}

/** More nodes than this are drawn only when that was asked for: it takes seconds. */
export const MANY_NODES = 400;

/** How many nodes the outermost graph of a process has. */
export function nodeCount(process: unknown): number {
  const graph = (process as { process_graph?: unknown } | null)?.process_graph;
  return typeof graph === "object" && graph !== null ? Object.keys(graph).length : 0;
}
