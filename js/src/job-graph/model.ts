/**
 * A process graph as nodes and edges: pure. Nothing that a back-end sends makes it fail: what can
 * be drawn is drawn, and `notes` say what cannot.
 */

import { plural } from "../lib/format";

type Fields = Readonly<Record<string, unknown>>;

export interface SubGraph {
  /** Name of the argument that holds it: "reducer". */
  name: string;
  /** The process graph, not read yet. */
  value: unknown;
  /** How many nodes it has. */
  count: number;
}

export interface GraphNode {
  /** Unique in its graph, and harmless wherever it is used as a name. */
  key: string;
  kind: "process" | "parameter";
  /** The node's id, or the parameter's name. */
  id: string;
  /** Name of the process, "" for none. */
  process: string;
  namespace: string;
  description: string;
  arguments: Fields;
  result: boolean;
  children: readonly SubGraph[];
}

export interface Edge {
  /** Keys of nodes. */
  from: string;
  to: string;
  /** Names of the arguments that take it, without those that are called "data". */
  label: string;
}

export interface Graph {
  nodes: readonly GraphNode[];
  edges: readonly Edge[];
  notes: readonly string[];
}

/** What the arguments of a node refer to. */
interface References {
  /** Pairs of argument and node id. */
  nodes: [string, string][];
  /** Pairs of argument and parameter. */
  parameters: [string, string][];
  children: SubGraph[];
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The outermost graph of a process, with a note where there is none. */
export function readProcess(process: unknown): Graph {
  if (!isFields(process)) return nothing("The back-end sends no process of this job.");
  return readGraph(process.process_graph);
}

function nothing(note: string): Graph {
  return { nodes: [], edges: [], notes: [note] };
}

export function readGraph(value: unknown): Graph {
  if (value === undefined || value === null) return nothing("The process has no graph.");
  if (!isFields(value)) return nothing("The process graph is no object with nodes.");
  const notes: string[] = [];
  const nodes: GraphNode[] = [];
  const references: References[] = [];
  for (const [id, fields] of Object.entries(value)) {
    if (!isFields(fields)) {
      notes.push(`“${id}” is no node.`);
      continue;
    }
    const found = referencesIn(fields.arguments);
    nodes.push(readNode(`n${nodes.length}`, id, fields, found.children));
    references.push(found);
  }
  if (nodes.length === 0 && notes.length === 0) notes.push("The process graph has no nodes.");
  if (nodes.length > 0 && !nodes.some((node) => node.result)) {
    notes.push("No node is marked as the result.");
  }
  return connect(nodes, references, notes);
}

function readNode(
  key: string,
  id: string,
  fields: Fields,
  children: readonly SubGraph[],
): GraphNode {
  return {
    key,
    kind: "process",
    id,
    process: text(fields.process_id),
    namespace: text(fields.namespace),
    description: text(fields.description),
    arguments: isFields(fields.arguments) ? fields.arguments : {},
    result: fields.result === true,
    children,
  };
}

/** Edges between the nodes, and a node for each parameter that they take. */
function connect(nodes: GraphNode[], references: References[], notes: string[]): Graph {
  // Maps, not objects: a node may be called "__proto__".
  const byId = new Map(nodes.map((node) => [node.id, node.key]));
  const parameters = new Map<string, GraphNode>();
  const edges = new Map<string, { from: string; to: string; labels: Set<string> }>();
  const add = (from: string, to: string, label: string) => {
    const name = `${from} ${to}`;
    const edge = edges.get(name) ?? { from, to, labels: new Set() };
    edges.set(name, edge);
    if (label !== "data") edge.labels.add(label);
  };
  for (const [index, node] of nodes.entries()) {
    for (const [label, id] of references[index]?.nodes ?? []) {
      const from = byId.get(id);
      if (from !== undefined) add(from, node.key, label);
      else notes.push(`“${node.id}” takes its ${label} from “${id}”, which is not there.`);
    }
    for (const [label, name] of references[index]?.parameters ?? []) {
      const made = parameters.get(name) ?? parameterNode(`p${parameters.size}`, name);
      parameters.set(name, made);
      add(made.key, node.key, label === name ? "data" : label);
    }
  }
  return {
    nodes: [...parameters.values(), ...nodes],
    edges: [...edges.values()].map(({ from, to, labels }) => {
      return { from, to, label: [...labels].join(", ") };
    }),
    notes,
  };
}

function parameterNode(key: string, name: string): GraphNode {
  return {
    key,
    kind: "parameter",
    id: name,
    process: "",
    namespace: "",
    description: "",
    arguments: {},
    result: false,
    children: [],
  };
}

/** Looks through the arguments with a list of its own: a stack may not be as deep as they are. */
function referencesIn(args: unknown): References {
  const found: References = { nodes: [], parameters: [], children: [] };
  if (!isFields(args)) return found;
  for (const [name, argument] of Object.entries(args)) {
    const waiting: unknown[] = [argument];
    while (waiting.length > 0) {
      const value = waiting.pop();
      if (typeof value !== "object" || value === null) continue;
      const { from_node, from_parameter, process_graph } = value as Fields;
      if (typeof from_node === "string") found.nodes.push([name, from_node]);
      else if (typeof from_parameter === "string") found.parameters.push([name, from_parameter]);
      else if (isFields(process_graph)) found.children.push(child(name, process_graph, found));
      else for (const part of Object.values(value).reverse()) waiting.push(part);
    }
  }
  return found;
}

function child(name: string, value: Fields, { children }: References): SubGraph {
  const before = children.filter((other) => other.name.replace(/ \d+$/, "") === name).length;
  return {
    name: before > 0 ? `${name} ${before + 1}` : name,
    value,
    count: Object.keys(value).length,
  };
}

/** How many nodes it has, without the parameters that they take. */
export function countOf({ nodes }: Graph): number {
  return nodes.filter(({ kind }) => kind === "process").length;
}

/** Which node, and which of its sub-graphs. */
export interface Step {
  node: string;
  child: string;
}

/** The graph that the steps lead to, as far as they lead anywhere. */
export function descend(outermost: Graph, steps: readonly Step[]) {
  let graph = outermost;
  const taken: Step[] = [];
  for (const step of steps) {
    const node = graph.nodes.find(({ id, kind }) => id === step.node && kind === "process");
    const inside = node?.children.find(({ name }) => name === step.child);
    if (!inside) break;
    graph = readGraph(inside.value);
    taken.push(step);
  }
  return { graph, taken };
}

/** "reducer ▸ 3 nodes" */
export function childLabel({ name, count }: SubGraph): string {
  return `${name} ▸ ${plural(count, "node")}`;
}
