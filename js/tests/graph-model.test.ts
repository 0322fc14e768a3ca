import { describe, expect, it } from "vitest";
import { connections, linesOf, nameOf, short, tellingIds } from "../src/job-graph/labels";
import { findMarks, type Mark, markAt, marksInside } from "../src/job-graph/marks";
import {
  childLabel,
  countOf,
  descend,
  type Graph,
  type GraphNode,
  readGraph,
  readProcess,
} from "../src/job-graph/model";
import { chain, hostile, node, of, parameter, seasons } from "./graphs";

function find(graph: Graph, id: string): GraphNode {
  const found = graph.nodes.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no node ${id}`);
  return found;
}

/** "load1 -> ndvi1", with the label where there is one. */
function arrows(graph: Graph): string[] {
  const ids = new Map(graph.nodes.map(({ key, id }) => [key, id]));
  return graph.edges.map(({ from, to, label }) => {
    return `${ids.get(from)} -> ${ids.get(to)}${label ? ` (${label})` : ""}`;
  });
}

/** A callback in a callback in a callback ... */
function nested(depth: number): unknown {
  let inner: Record<string, unknown> = { last: node("mean", {}, { result: true }) };
  for (let level = 0; level < depth; level += 1) {
    inner = { outer: node("apply", { process: { process_graph: inner } }, { result: true }) };
  }
  return inner;
}

describe("a process graph", () => {
  it("has nodes, and edges with the arguments that are not called data", () => {
    const graph = readProcess(seasons());
    expect(countOf(graph)).toBe(7);
    expect(arrows(graph)).toEqual([
      "loadcollection1 -> summer",
      "loadcollection2 -> winter",
      "summer -> mergecubes1 (cube1)",
      "winter -> mergecubes1 (cube2)",
      "mergecubes1 -> apply1",
      "apply1 -> saveresult1",
    ]);
    expect(find(graph, "saveresult1").result).toBe(true);
    expect(graph.notes).toEqual([]);
  });

  it("has one edge between two nodes, however many arguments it stands for", () => {
    const graph = readGraph({
      a: node("load_collection"),
      b: node("merge_cubes", { cube1: of("a"), cube2: of("a"), data: [of("a")] }, { result: true }),
    });
    expect(arrows(graph)).toEqual(["a -> b (cube1, cube2)"]);
  });

  it("holds sub-graphs, with the parameters that they take as nodes", () => {
    const outer = readProcess(seasons());
    expect(find(outer, "apply1").children.map(childLabel)).toEqual(["process ▸ 2 nodes"]);
    const { graph, taken } = descend(outer, [{ node: "apply1", child: "process" }]);
    expect(taken).toHaveLength(1);
    expect(arrows(graph)).toEqual(["x -> clip1", "clip1 -> linearscalerange1 (x)"]);
    expect(find(graph, "x").kind).toBe("parameter");
    expect(countOf(graph)).toBe(2);
  });

  it("tells several sub-graphs in one argument apart", () => {
    const inner = { process_graph: { a: node("mean") } };
    const graph = readGraph({ outer: node("apply", { steps: [inner, inner] }) });
    expect(find(graph, "outer").children.map(({ name }) => name)).toEqual(["steps", "steps 2"]);
  });

  it("is left where the steps into it lead nowhere", () => {
    const outer = readProcess(seasons());
    const { graph, taken } = descend(outer, [{ node: "apply1", child: "gone" }]);
    expect(graph).toBe(outer);
    expect(taken).toEqual([]);
  });

  it.each([
    [undefined, "The back-end sends no process of this job."],
    [[], "The back-end sends no process of this job."],
    [{}, "The process has no graph."],
    [{ process_graph: null }, "The process has no graph."],
    [{ process_graph: [1] }, "The process graph is no object with nodes."],
    [{ process_graph: "text" }, "The process graph is no object with nodes."],
    [{ process_graph: {} }, "The process graph has no nodes."],
  ])("of the form %j is told to be none", (process, note) => {
    expect(readProcess(process)).toEqual({ nodes: [], edges: [], notes: [note] });
  });

  it("is drawn as far as it can be, and the rest is told", () => {
    const graph = readProcess(hostile());
    expect(graph.nodes.map(({ id }) => id)).toEqual([
      "__proto__",
      "constructor",
      "one",
      "two",
      "bare",
      "arguments",
      "unbroken",
    ]);
    expect(graph.nodes.map(({ key }) => key)).toEqual(["n0", "n1", "n2", "n3", "n4", "n5", "n6"]);
    expect(arrows(graph)).toEqual([
      "__proto__ -> constructor",
      "constructor -> constructor (__proto__)",
      "two -> one (x)",
      "one -> two (x)",
    ]);
    expect(graph.notes).toContain("“two” takes its y from “gone”, which is not there.");
    expect(graph.notes).toContain("“text” is no node.");
  });

  it("may be nested ten thousand deep, and have thousands of nodes", () => {
    const deep = readGraph(nested(10_000));
    expect(find(deep, "outer").children).toHaveLength(1);
    let list: unknown = of("a");
    for (let level = 0; level < 10_000; level += 1) list = [list];
    expect(arrows(readGraph({ a: node("x"), b: node("y", { data: list }) }))).toEqual(["a -> b"]);
    expect(readProcess(chain(5000)).edges).toHaveLength(4999);
  });
});

describe("marks", () => {
  const failed = (marks: Record<string, string>, graph: unknown = seasons().process_graph) => {
    const marked = findMarks(graph, marks);
    const at = (path: string[], id: string) =>
      markAt(marked, path, { ...find(readGraph({ [id]: {} }), id) });
    return { marked, at };
  };

  it("stand on a node, and on those that it is inside of", () => {
    const { marked, at } = failed({ linearscalerange1: "failed" });
    expect(at(["apply1", "process"], "linearscalerange1")).toBe("failed");
    expect(at([], "apply1")).toBe("failed inside");
    expect(at([], "summer")).toBeNull();
    expect(marksInside(marked, ["apply1", "process"])).toBe("failed");
    expect(marksInside(marked, ["summer", "reducer"])).toBeNull();
  });

  it("stand in the one place that is meant, where an id is used again", () => {
    const { at } = failed({ mean1: "failed", winter: "failed inside" });
    expect(at(["winter", "reducer"], "mean1")).toBe("failed");
    expect(at(["summer", "reducer"], "mean1")).toBeNull();
    expect(at([], "summer")).toBeNull();
  });

  it("stand on the node around, where the one inside is not to be found", () => {
    const { at } = failed({ gone: "failed", apply1: "failed inside" });
    expect(at([], "apply1")).toBe("failed inside");
  });

  it("say the worst of a node", () => {
    const marks = { apply1: "problem", linearscalerange1: "failed", clip1: "problem" };
    const { marked, at } = failed(marks);
    expect(at([], "apply1")).toBe<Mark>("failed inside");
    expect(marksInside(marked, ["apply1", "process"])).toBe("failed");
  });

  it("are found by strange names, and never in what is too deep", () => {
    const { at } = failed(JSON.parse('{"__proto__": "failed", "constructor": "problem"}'), {
      ...(hostile().process_graph as object),
      ...JSON.parse('{"__proto__": {"process_id": "x"}}'),
    });
    expect(at([], "constructor")).toBe("problem");
    expect(failed({ last: "failed" }, nested(10_000)).marked.size).toBe(0);
    expect(failed({ last: "failed" }, nested(20)).marked.size).toBe(21);
  });
});

describe("what a node says of itself", () => {
  it("is what tells most, and nothing that the drawing says", () => {
    const graph = readProcess(seasons());
    expect(linesOf(find(graph, "loadcollection1"))).toEqual([
      { name: "", value: "SENTINEL2_L2A" },
      { name: "", value: "2022-06-01 – 2022-09-01" },
      { name: "bands", value: "B04, B08" },
    ]);
    expect(linesOf(find(graph, "summer"))).toEqual([{ name: "dimension", value: "t" }]);
    expect(linesOf(find(graph, "mergecubes1"))).toEqual([]);
  });

  it("holds its id where that says more than the process", () => {
    const graph = readProcess(seasons());
    const telling = tellingIds(graph);
    const shown = graph.nodes.filter(({ key }) => telling.has(key)).map(({ id }) => id);
    // Of two load_collection it matters which; of one apply it does not.
    expect(shown).toEqual(["loadcollection1", "loadcollection2", "summer", "winter"]);
  });

  it.each([
    [null, ""],
    ["", ""],
    [of("a"), ""],
    [[of("a"), of("b")], ""],
    [{ process_graph: {} }, ""],
    [0, "0"],
    [false, "false"],
    ["2022-06-01T00:00:00.000Z", "2022-06-01"],
    [["2022-06-01", null], "2022-06-01 – …"],
    [[], "none"],
    [
      [
        [1, 2],
        [3, 4],
      ],
      "2 values",
    ],
    [{ west: 16.12345, south: 48, east: 17, north: 49 }, "16.123, 48 – 17, 49"],
    [{ type: "FeatureCollection", features: [1, 2] }, "FeatureCollection, 2"],
    [{ type: "Polygon", coordinates: [] }, "Polygon"],
    [{ a: 1, b: { c: 1 } }, "a: 1"],
    ["two\n lines", "two lines"],
    ["x".repeat(500), `${"x".repeat(60)}…`],
  ])("has %j as %j", (value, expected) => {
    expect(short(value)).toBe(expected);
  });

  it("is said with its mark and its edges", () => {
    const graph = readProcess(seasons());
    const merge = find(graph, "mergecubes1");
    expect(nameOf(merge, "failed")).toBe("mergecubes1: merge_cubes, failed");
    expect(nameOf(find(graph, "saveresult1"), null)).toBe("saveresult1: save_result, result");
    expect(connections(graph).get(merge.key)).toBe("from summer, winter; to apply1");
    const inner = readGraph({ a: node("clip", { x: parameter("x") }) });
    expect(nameOf(find(inner, "x"), null)).toBe("x: parameter");
  });
});
