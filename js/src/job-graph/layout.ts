/** Where nodes and edges go: dagre's work, with what it cannot take taken care of. */

import { Graph as DagreGraph, layout as dagre } from "@dagrejs/dagre";
import { type Line, title } from "./labels";
import type { Edge, Graph, GraphNode } from "./model";
import { childLabel } from "./model";

/** Down where there is little room, to the right where there is more. */
export type Direction = "down" | "right";

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Its upper left corner, and its size, in px at a scale of 1. */
export interface Box extends Point, Size {
  key: string;
}

export interface Route {
  edge: Edge;
  points: readonly Point[];
  /** Centre of the label, or null where there is none. */
  label: Point | null;
}

export interface Drawing extends Size {
  direction: Direction;
  boxes: ReadonlyMap<string, Box>;
  routes: readonly Route[];
}

export interface Face {
  lines: readonly Line[];
  /** Whether the node's id is shown. */
  id: boolean;
  /** Whether it has a line of marks. */
  flags: boolean;
}

/** As in panel.css. */
const PADDING = 18;
const TITLE = 20;
const LINE = 17;
const FLAGS = 22;
const CHILD = 30;
const NARROWEST = 120;
const WIDEST = 224;
/** Px of a letter, on the wide side: what is longer ends in an ellipsis. */
const LETTER = 6.9;
const TITLE_LETTER = 7.9;
/** Px of the word "parameter" behind a name. */
const PARAMETER = 72;
/** How far an edge of a node to itself reaches out of it, and where. */
const LOOP = { height: 12, from: 46, to: 16 };

/** dagre takes ever longer, and its recursion has an end. */
const MOST_FOR_DAGRE = 1000;
const BETWEEN = 26;
const BETWEEN_RANKS = 38;
const MARGIN = 14;

export function sizeOf(node: GraphNode, { lines, id, flags }: Face): Size {
  const widths = [
    title(node).length * TITLE_LETTER + (node.kind === "parameter" ? PARAMETER : 0),
    id ? node.id.length * LETTER : 0,
    ...lines.map(({ name, value }) => (name.length + value.length + 2) * LETTER),
    ...node.children.map((child) => childLabel(child).length * LETTER + 26),
    flags ? 150 : 0,
  ];
  const rows = (id ? LINE : 0) + lines.length * LINE + (flags ? FLAGS : 0);
  const least = node.kind === "parameter" ? 60 : NARROWEST;
  return {
    width: Math.round(Math.min(WIDEST, Math.max(least, Math.max(...widths) + PADDING + 4))),
    height: PADDING + TITLE + rows + node.children.length * CHILD,
  };
}

function labelSize(label: string): Size {
  return label ? { width: Math.min(140, label.length * 6.4 + 8), height: 18 } : FLAT;
}

const FLAT: Size = { width: 0, height: 0 };

/** Lays a graph out. Cycles and edges of a node to itself are drawn as what they are. */
export function layOut(
  graph: Graph,
  sizes: ReadonlyMap<string, Size>,
  direction: Direction,
): Drawing {
  if (graph.nodes.length <= MOST_FOR_DAGRE) {
    try {
      return withDagre(graph, sizes, direction);
    } catch {
      // A long chain is deeper than the stack; rows need none.
    }
  }
  return inRows(graph, sizes, direction);
}

function withDagre(graph: Graph, sizes: ReadonlyMap<string, Size>, direction: Direction): Drawing {
  const drawn = new DagreGraph<
    object,
    Partial<Box>,
    Partial<Size & Point> & { points?: Point[] }
  >();
  drawn.setGraph({
    rankdir: direction === "down" ? "TB" : "LR",
    nodesep: BETWEEN,
    ranksep: BETWEEN_RANKS,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  for (const { key } of graph.nodes) drawn.setNode(key, { ...(sizes.get(key) ?? FLAT) });
  for (const { from, to, label } of graph.edges) {
    if (from === to) continue;
    drawn.setEdge(from, to, { ...labelSize(label), ...({ labelpos: "c" } as object) });
  }
  dagre(drawn);
  const boxes = graph.nodes.map(({ key }) => cornered(key, drawn.node(key)));
  const byKey = new Map(boxes.map((box) => [box.key, box]));
  const routes = graph.edges.map((edge): Route => {
    const box = byKey.get(edge.from);
    if (box && edge.from === edge.to) return loop(edge, box);
    const { points = [], x = 0, y = 0 } = drawn.edge(edge.from, edge.to) ?? {};
    return { edge, points, label: edge.label ? { x, y } : null };
  });
  return bounded(direction, boxes, routes);
}

/** dagre tells of the centre. */
function cornered(key: string, node: Partial<Box> | undefined): Box {
  const { x = 0, y = 0, width = 0, height = 0 } = node ?? {};
  return { key, x: x - width / 2, y: y - height / 2, width, height };
}

function bounded(direction: Direction, boxes: readonly Box[], routes: readonly Route[]): Drawing {
  let [width, height] = [2 * MARGIN, 2 * MARGIN];
  const reach = (x: number, y: number) => {
    width = Math.max(width, x + MARGIN);
    height = Math.max(height, y + MARGIN);
  };
  for (const box of boxes) reach(box.x + box.width, box.y + box.height);
  for (const { points } of routes) for (const { x, y } of points) reach(x, y);
  return { direction, width, height, boxes: new Map(boxes.map((box) => [box.key, box])), routes };
}

/** Nodes in rows, each below those that it takes something from; edges straight. */
function inRows(graph: Graph, sizes: ReadonlyMap<string, Size>, direction: Direction): Drawing {
  const boxes = new Map<string, Box>();
  const down = direction === "down";
  let along = MARGIN;
  for (const row of rowsOf(graph)) {
    let across = MARGIN;
    let deepest = 0;
    for (const key of row) {
      const size = sizes.get(key) ?? FLAT;
      const place = down ? { x: across, y: along } : { x: along, y: across };
      boxes.set(key, { key, ...place, ...size });
      across += (down ? size.width : size.height) + BETWEEN;
      deepest = Math.max(deepest, down ? size.height : size.width);
    }
    along += deepest + BETWEEN_RANKS;
  }
  const routes = graph.edges.flatMap((edge): Route[] => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (!from || !to) return [];
    return [from === to ? loop(edge, from) : straight(edge, from, to, down)];
  });
  return bounded(direction, [...boxes.values()], routes);
}

/** From a node to itself: a small arch on top of it, which needs no more room. */
function loop(edge: Edge, { x, y, width }: Box): Route {
  const [left, right, top] = [x + width - LOOP.from, x + width - LOOP.to, y - LOOP.height];
  const points = [
    { x: left, y },
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y },
  ];
  return { edge, points, label: null };
}

function straight(edge: Edge, from: Box, to: Box, down: boolean): Route {
  const leave = down
    ? { x: from.x + from.width / 2, y: from.y + from.height }
    : { x: from.x + from.width, y: from.y + from.height / 2 };
  const arrive = down ? { x: to.x + to.width / 2, y: to.y } : { x: to.x, y: to.y + to.height / 2 };
  const middle = { x: (leave.x + arrive.x) / 2, y: (leave.y + arrive.y) / 2 };
  return { edge, points: [leave, arrive], label: edge.label ? middle : null };
}

/** Keys by the longest way to them; what is in a cycle, or behind one, comes last. */
function rowsOf(graph: Graph): string[][] {
  const waiting = new Map(graph.nodes.map(({ key }) => [key, 0]));
  const next = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const rows: string[][] = [];
  let row = graph.nodes.map(({ key }) => key).filter((key) => waiting.get(key) === 0);
  while (row.length > 0) {
    rows.push(row);
    for (const key of row) waiting.delete(key);
    const reached = new Set<string>();
    for (const to of row.flatMap((key) => next.get(key) ?? [])) {
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) reached.add(to);
    }
    row = [...reached];
  }
  if (waiting.size > 0) rows.push([...waiting.keys()]);
  return rows;
}

/** A place as CSS has it. */
export function css(sizes: Partial<Record<"left" | "top" | "width" | "height", number>>) {
  return Object.fromEntries(Object.entries(sizes).map(([name, px]) => [name, `${px}px`]));
}

/** A route as an SVG path: its corners are rounded. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (!first || !last) return "";
  const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const curves = rest.map((corner, index) => {
    const next = rest[index + 1];
    const end = next ? { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 } : last;
    return `Q${at(corner)} ${at(end)}`;
  });
  return curves.length > 0 ? `M${at(first)} ${curves.join(" ")}` : `M${at(first)} L${at(last)}`;
}
