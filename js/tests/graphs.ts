/** Process graphs for the tests and the gallery. */

type Fields = Record<string, unknown>;

export const of = (id: string) => ({ from_node: id });
export const parameter = (name: string) => ({ from_parameter: name });

export function node(process_id: string, args: Fields = {}, more: Fields = {}): Fields {
  return { process_id, arguments: args, ...more };
}

const RESULT = { result: true };

/** Means of two seasons, one minus the other: two loads, callbacks, a callback in a callback. */
export function seasons(): Fields {
  const load = (from: string, to: string) =>
    node("load_collection", {
      id: "SENTINEL2_L2A",
      spatial_extent: { west: 16.1, south: 48.1, east: 16.6, north: 48.3 },
      temporal_extent: [`${from}T00:00:00Z`, to],
      bands: ["B04", "B08"],
    });
  const mean = { process_graph: { mean1: node("mean", { data: parameter("data") }, RESULT) } };
  const scaled = {
    process_graph: {
      clip1: node("clip", { x: parameter("x"), min: -1, max: 1 }),
      linearscalerange1: node(
        "linear_scale_range",
        { x: of("clip1"), inputMin: -1, inputMax: 1, outputMax: 255 },
        RESULT,
      ),
    },
  };
  return {
    id: "season-difference",
    description: "How much greener the summer is",
    process_graph: {
      loadcollection1: load("2022-06-01", "2022-09-01"),
      loadcollection2: load("2022-01-01", "2022-03-01"),
      summer: node("reduce_dimension", {
        data: of("loadcollection1"),
        dimension: "t",
        reducer: mean,
      }),
      winter: node("reduce_dimension", {
        data: of("loadcollection2"),
        dimension: "t",
        reducer: mean,
      }),
      mergecubes1: node("merge_cubes", {
        cube1: of("summer"),
        cube2: of("winter"),
        overlap_resolver: {
          process_graph: {
            subtract1: node("subtract", { x: parameter("x"), y: parameter("y") }, RESULT),
          },
        },
      }),
      apply1: node("apply", { data: of("mergecubes1"), process: scaled }),
      saveresult1: node("save_result", { data: of("apply1"), format: "GTiff" }, RESULT),
    },
  };
}

/** One node after the other. */
export function chain(count: number): Fields {
  const nodes = Array.from({ length: count }, (_, index): [string, Fields] => [
    `step${index}`,
    node(
      index === 0 ? "load_collection" : "apply",
      index > 0 ? { data: of(`step${index - 1}`) } : {},
    ),
  ]);
  return { process_graph: Object.fromEntries(nodes) };
}

/** Everything that a back-end should not send. */
export function hostile(): Fields {
  const text = `{
    "__proto__": {"process_id": "constructor", "arguments": {"data": {"from_node": "toString"}}},
    "constructor": {"process_id": "<img src=x onerror=alert(1)>", "arguments": {
      "data": {"from_node": "__proto__"}, "__proto__": {"from_node": "constructor"},
      "<b>argument</b>": ["<script>alert(1)</script>", null, 7, [[]], {"a": {"b": {}}}]}},
    "one": {"process_id": "add", "arguments": {"x": {"from_node": "two"}}},
    "two": {"process_id": 7, "arguments": {"x": {"from_node": "one"}, "y": {"from_node": "gone"}}},
    "text": "no node", "list": [], "null": null,
    "bare": {}, "arguments": {"process_id": "x", "arguments": [{"from_node": "one"}]},
    "unbroken": {"process_id": "${"long_".repeat(60)}", "arguments": {"id": "${"مرحبا".repeat(40)}"}}
  }`;
  return { process_graph: JSON.parse(text) };
}
