/** Which nodes are marked, in sub-graphs too, and the way there: pure. */

import { type GraphNode, isFields, readGraph, type Step } from "./model";

export type Mark = "failed" | "failed inside" | "problem" | "problem inside";

/** Node ids and names of sub-graphs by turns, from outside: ["reduce1", "reducer", "mean1"]. */
export type Path = readonly string[];

/** Deeper ones are not looked for: nobody finds the way there. */
const DEEPEST = 40;

const INSIDE = " inside";

/** Marks by place, found with `markAt`. */
export type Marked = ReadonlyMap<string, Mark>;

interface Place {
  path: Path;
  mark: string;
  /** How many of the nodes around it are said to hold it. */
  backed: number;
}

const keyOf = (path: Path) => JSON.stringify(path);

export function markAt(marked: Marked, path: Path, node: GraphNode): Mark | null {
  return node.kind === "process" ? (marked.get(keyOf([...path, node.id])) ?? null) : null;
}

/**
 * Finds the places of the marks. A mark names a node by its id alone, and a sub-graph may use an
 * id again: where nodes around it are marked as holding it, only that place is meant.
 */
export function findMarks(graph: unknown, marks: Readonly<Record<string, string>>): Marked {
  const wanted = new Map(Object.entries(marks).filter(([, mark]) => typeof mark === "string"));
  const marked = new Map<string, Mark>();
  if (wanted.size === 0) return marked;
  const places = placesOf(graph, wanted);
  for (const [id, mark] of wanted) {
    if (mark.endsWith(INSIDE)) continue;
    const all = places.filter(({ path }) => path.at(-1) === id);
    const best = Math.max(...all.map(({ backed }) => backed));
    for (const place of all) if (place.backed === best) put(marked, place);
  }
  // Told to hold a node that is not found: then it is as near as one gets.
  for (const { path, mark } of places) {
    if (mark.endsWith(INSIDE) && !marked.has(keyOf(path))) set(marked, path, asMark(mark));
  }
  return marked;
}

function asMark(word: string): Mark {
  const kind = word.startsWith("failed") ? "failed" : "problem";
  return word.endsWith(INSIDE) ? `${kind}${INSIDE}` : kind;
}

/** Marks a node, and the nodes around it as holding it. */
function put(marked: Map<string, Mark>, { path, mark }: Place): void {
  const word = asMark(mark);
  set(marked, path, word);
  for (let length = path.length - 2; length > 0; length -= 2) {
    set(marked, path.slice(0, length), word === "failed" ? "failed inside" : "problem inside");
  }
}

const WEIGHT: readonly Mark[] = ["problem inside", "problem", "failed inside", "failed"];

/** The weightier of two marks stays. */
function set(marked: Map<string, Mark>, path: Path, mark: Mark): void {
  const key = keyOf(path);
  const before = marked.get(key);
  if (!before || WEIGHT.indexOf(mark) > WEIGHT.indexOf(before)) marked.set(key, mark);
}

function placesOf(graph: unknown, wanted: ReadonlyMap<string, string>): Place[] {
  const places: Place[] = [];
  const waiting: { value: unknown; path: Path; backed: number }[] = [
    { value: graph, path: [], backed: 0 },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, backed } = next;
    if (!isFields(value) || path.length > 2 * DEEPEST) continue;
    for (const node of readGraph(value).nodes) {
      if (node.kind === "parameter") continue;
      const here = [...path, node.id];
      const mark = wanted.get(node.id);
      if (mark !== undefined) places.push({ path: here, mark, backed });
      const inside = backed + (mark?.endsWith(INSIDE) ? 1 : 0);
      for (const { name, value: graphInside } of node.children) {
        waiting.push({ value: graphInside, path: [...here, name], backed: inside });
      }
    }
  }
  return places;
}

/** The weightiest mark in a sub-graph, whose path is given: "failed", "problem", or null. */
export function marksInside(marked: Marked, path: Path): Mark | null {
  const start = `${JSON.stringify(path).slice(0, -1)},`;
  let found: Mark | null = null;
  for (const [key, mark] of marked) {
    if (key.startsWith(start) && !mark.endsWith(INSIDE) && found !== "failed") found = mark;
  }
  return found;
}

/** The way to the graph that holds a marked node, given its id; none where it is not found. */
export function stepsTo(marked: Marked, id: string): Step[] {
  for (const [key, mark] of marked) {
    const path = JSON.parse(key) as string[];
    if (path.at(-1) !== id || mark.endsWith(INSIDE)) continue;
    return path.flatMap((node, index) => {
      const child = path[index + 1];
      return index % 2 === 0 && child !== undefined ? [{ node, child }] : [];
    });
  }
  return [];
}
