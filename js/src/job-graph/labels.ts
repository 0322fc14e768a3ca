/** What a node says of itself, in few words: pure. */

import { type Graph, type GraphNode, isFields } from "./model";

export interface Line {
  /** "" where the value says it all. */
  name: string;
  value: string;
}

/** No node has more lines than these; the rest is shown when it is selected. */
const MOST_LINES = 3;
/** Letters of a value: the drawing clips it anyway. */
const LONGEST = 60;

/** What tells most about a node, in this order, where it is there. */
const TELLING = [
  "id",
  "temporal_extent",
  "extent",
  "bands",
  "spatial_extent",
  "dimension",
  "period",
  "format",
  "geometries",
  "resolution",
  "projection",
  "index",
  "label",
];

/** Their values are known for what they are. */
const PLAIN = new Set(["id", "temporal_extent", "extent", "spatial_extent"]);

/** Letters and digits only, without the number that makes an id unique. */
function essence(name: string): string {
  return name
    .toLowerCase()
    .replace(/\d+$/, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** Node ids that say more than the name of their process: another name, or which of several. */
export function tellingIds(graph: Graph): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { process } of graph.nodes) counts.set(process, (counts.get(process) ?? 0) + 1);
  const telling = graph.nodes.filter(({ id, process }) => {
    return (counts.get(process) ?? 0) > 1 ? id !== process : essence(id) !== essence(process);
  });
  return new Set(telling.map(({ key }) => key));
}

/** The most telling arguments: those that are no edges, no sub-graphs and not empty. */
export function linesOf(node: GraphNode): Line[] {
  const names = Object.keys(node.arguments);
  const rank = (name: string) => {
    const index = TELLING.indexOf(name);
    return index < 0 ? TELLING.length : index;
  };
  const ordered = names.sort((one, other) => rank(one) - rank(other));
  const lines: Line[] = [];
  for (const name of ordered) {
    const value = short(node.arguments[name]);
    if (value) lines.push({ name: PLAIN.has(name) ? "" : name, value });
    if (lines.length === MOST_LINES) break;
  }
  return lines;
}

/** A value on one line, or "" for what a drawing says better or not at all. */
export function short(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "string") return clipped(plainDate(value));
  if (Array.isArray(value)) return list(value);
  if (isFields(value)) return object(value);
  return String(value);
}

function clipped(text: string): string {
  const line = text.slice(0, 4 * LONGEST).replace(/\s+/g, " ");
  const letters = Array.from(line);
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : line;
}

/** "2022-07-01T00:00:00Z" is a day. */
function plainDate(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?Z?$/, "$1");
}

const isDate = (value: unknown) => typeof value === "string" && /^\d{4}-\d\d/.test(value);

function list(values: readonly unknown[]): string {
  if (values.length === 0) return "none";
  if (values.length === 2 && values.some(isDate)) {
    return values.map((value) => (value === null ? "…" : short(value))).join(" – ");
  }
  const scalars = values.slice(0, 12).filter((value) => typeof value !== "object");
  // References among them are edges.
  if (scalars.length === 0) return values.every(isReference) ? "" : `${values.length} values`;
  const more = values.length > 12 ? ", …" : "";
  return clipped(`${scalars.map(short).filter(Boolean).join(", ")}${more}`);
}

function isReference(value: unknown): boolean {
  return (
    isFields(value) &&
    ("from_node" in value || "from_parameter" in value || "process_graph" in value)
  );
}

function object(value: Readonly<Record<string, unknown>>): string {
  if (isReference(value)) return "";
  const { west, south, east, north, type, features } = value;
  const sides = [west, south, east, north];
  if (sides.every((side) => typeof side === "number")) {
    const [w, s, e, n] = sides.map((side) => String(Math.round(Number(side) * 1000) / 1000));
    return `${w}, ${s} – ${e}, ${n}`;
  }
  if (typeof type === "string" && Array.isArray(features)) {
    return clipped(`${type}, ${features.length.toLocaleString("en")}`);
  }
  if (typeof type === "string" && "coordinates" in value) return clipped(type);
  const parts = Object.entries(value)
    .slice(0, 4)
    .filter(([, part]) => typeof part !== "object")
    .map(([name, part]) => `${name}: ${short(part)}`);
  return clipped(parts.join(", "));
}

/** "reduce1: reduce_dimension, failed", as a screen reader says it. */
export function nameOf(node: GraphNode, mark: string | null): string {
  const what = node.kind === "parameter" ? `${node.id}: parameter` : `${node.id}: ${title(node)}`;
  return [what, node.result ? "result" : "", mark ?? ""].filter(Boolean).join(", ");
}

export function title(node: GraphNode): string {
  if (node.kind === "parameter") return node.id;
  return node.process || "no process";
}

/** What goes in and out of each node, by its key, as a screen reader says it. */
export function connections(graph: Graph): ReadonlyMap<string, string> {
  const ids = new Map(graph.nodes.map(({ key, id }) => [key, id]));
  const parts = new Map<string, { from: string[]; to: string[] }>();
  const of = (key: string) => {
    const found = parts.get(key) ?? { from: [], to: [] };
    parts.set(key, found);
    return found;
  };
  for (const { from, to } of graph.edges) {
    of(to).from.push(ids.get(from) ?? "");
    of(from).to.push(ids.get(to) ?? "");
  }
  const said = (word: string, names: string[]) =>
    names.length > 0 ? `${word} ${names.join(", ")}` : "";
  return new Map(
    [...parts].map(([key, { from, to }]) => {
      return [key, [said("from", from), said("to", to)].filter(Boolean).join("; ")];
    }),
  );
}
