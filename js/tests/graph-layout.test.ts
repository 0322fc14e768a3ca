import { describe, expect, it } from "vitest";
import { linesOf } from "../src/job-graph/labels";
import { type Direction, layOut, pathOf, sizeOf } from "../src/job-graph/layout";
import { type Graph, readProcess } from "../src/job-graph/model";
import { inOrder, neighbour } from "../src/job-graph/walk";
import { chain, hostile, node, of, seasons } from "./graphs";

function draw(process: unknown, direction: Direction = "right") {
  const graph = readProcess(process);
  const face = (index: number) => {
    const at = graph.nodes[index];
    return { lines: at ? linesOf(at) : [], id: true, flags: false };
  };
  const sizes = new Map(graph.nodes.map((at, index) => [at.key, sizeOf(at, face(index))]));
  return { graph, drawing: layOut(graph, sizes, direction) };
}

const keyOf = (graph: Graph, id: string) =>
  graph.nodes.find((candidate) => candidate.id === id)?.key ?? "";

function cycle(count: number) {
  const { process_graph } = chain(count) as { process_graph: Record<string, unknown> };
  process_graph.step0 = node("load", { data: of(`step${count - 1}`) });
  return { process_graph };
}

describe("a drawing", () => {
  const overlapping = ({ drawing }: ReturnType<typeof draw>) => {
    const boxes = [...drawing.boxes.values()];
    return boxes.flatMap((one, index) =>
      boxes.slice(index + 1).filter((other) => {
        const across = one.x < other.x + other.width && other.x < one.x + one.width;
        return across && one.y < other.y + other.height && other.y < one.y + one.height;
      }),
    );
  };

  it.each([
    ["right", seasons()],
    ["down", seasons()],
    ["down", hostile()],
    ["right", cycle(7)],
  ] as const)("to the %s has a place for every node and edge", (direction, process) => {
    const made = draw(process, direction);
    const { graph, drawing } = made;
    expect(drawing.boxes.size).toBe(graph.nodes.length);
    expect(drawing.routes).toHaveLength(graph.edges.length);
    expect(overlapping(made)).toEqual([]);
    for (const { x, y, width, height } of drawing.boxes.values()) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(drawing.width);
      expect(y + height).toBeLessThanOrEqual(drawing.height);
    }
    for (const { points } of drawing.routes) expect(pathOf(points)).toMatch(/^M[-\d.]+ /);
  });

  it("goes the way that it is told", () => {
    for (const direction of ["right", "down"] as const) {
      const { graph, drawing } = draw(seasons(), direction);
      const first = drawing.boxes.get(keyOf(graph, "loadcollection1"));
      const last = drawing.boxes.get(keyOf(graph, "saveresult1"));
      const [dx, dy] = [(last?.x ?? 0) - (first?.x ?? 0), (last?.y ?? 0) - (first?.y ?? 0)];
      expect(direction === "right" ? dx : dy).toBeGreaterThan(300);
    }
  });

  it("is made of what the library cannot take: long chains and cycles", () => {
    for (const process of [chain(900), chain(5000), cycle(1500), { process_graph: {} }]) {
      const { graph, drawing } = draw(process, "down");
      expect(drawing.boxes.size).toBe(graph.nodes.length);
      expect(Number.isFinite(drawing.width * drawing.height)).toBe(true);
    }
  });

  it("draws the edge of a node to itself beside the node", () => {
    const loop = { process_graph: { a: node("x", { data: of("a") }) } };
    const { drawing } = draw(loop);
    const box = drawing.boxes.get("n0");
    const ends = [drawing.routes[0]?.points[0], drawing.routes[0]?.points.at(-1)];
    for (const end of ends) expect(end?.y).toBe(box?.y);
  });

  it("has no path where there are no points", () => {
    expect(pathOf([])).toBe("");
    expect(pathOf([{ x: 1, y: 2 }])).toBe("");
  });
});

describe("a way through a drawing", () => {
  const { graph, drawing } = draw(seasons());
  const id = (key: string | null) => graph.nodes.find((at) => at.key === key)?.id ?? null;
  const go = (from: string, pressed: string) => id(neighbour(drawing, keyOf(graph, from), pressed));

  it("follows the edges", () => {
    expect(go("summer", "ArrowRight")).toBe("mergecubes1");
    expect(go("summer", "ArrowLeft")).toBe("loadcollection1");
    expect(["summer", "winter"]).toContain(go("mergecubes1", "ArrowLeft"));
  });

  it("leads to what lies beside, where there is no edge", () => {
    const [upper, lower] = inOrder(drawing).filter((key) => id(key)?.startsWith("load"));
    expect(neighbour(drawing, upper ?? "", "ArrowDown")).toBe(lower);
    expect(neighbour(drawing, lower ?? "", "ArrowUp")).toBe(upper);
  });

  it("ends at the ends", () => {
    expect(go("saveresult1", "ArrowRight")).toBeNull();
    expect(go("apply1", "End")).toBe("saveresult1");
    expect(go("apply1", "Home")).toMatch(/^loadcollection/);
    expect(go("apply1", "x")).toBeNull();
    expect(neighbour(drawing, "gone", "End")).toBeNull();
  });

  it("reaches every node", () => {
    const seen = new Set(inOrder(drawing).slice(0, 1));
    for (const key of seen) {
      for (const pressed of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
        const next = neighbour(drawing, key, pressed);
        if (next) seen.add(next);
      }
    }
    expect(seen.size).toBe(graph.nodes.length);
  });
});
