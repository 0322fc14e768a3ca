/** The drawing of a process: one graph of it at a time, with the way back to those around it. */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { plural } from "../lib/format";
import { LiveRegion } from "../lib/live";
import { Breadcrumb, Notes } from "./around";
import { Canvas, useWidth } from "./canvas";
import { Details } from "./details";
import { linesOf, tellingIds } from "./labels";
import { type Direction, type Face, layOut, sizeOf } from "./layout";
import { findMarks, type Mark, type Marked, markAt, stepsTo } from "./marks";
import { countOf, descend, type Graph, type GraphNode, readProcess, type Step } from "./model";
import { type GraphProps, MANY_NODES, type Sought } from "./module";
import { Nodes } from "./nodes";
import { inOrder } from "./walk";

/** From here on, nodes stand beside each other. */
const WIDE_PX = 560;

const ids = (steps: readonly Step[]) => steps.flatMap(({ node, child }) => [node, child]);

/** Everything about one level that does not depend on who looks. */
function useLevel({ process, marks }: GraphProps, steps: readonly Step[]) {
  const outermost = useMemo(() => readProcess(process), [process]);
  const marked = useMemo(() => {
    return findMarks((process as { process_graph?: unknown } | null)?.process_graph, marks);
  }, [process, marks]);
  const { graph, taken } = useMemo(() => descend(outermost, steps), [outermost, steps]);
  const marksHere = useMemo(() => marksOf(graph, marked, ids(taken)), [graph, marked, taken]);
  return { graph, taken, marked, marks: marksHere };
}

function marksOf(graph: Graph, marked: Marked, path: readonly string[]) {
  const found = new Map<string, Mark>();
  for (const node of graph.nodes) {
    const mark = markAt(marked, path, node);
    if (mark) found.set(node.key, mark);
  }
  return found;
}

function facesOf(graph: Graph, marks: ReadonlyMap<string, Mark>): ReadonlyMap<string, Face> {
  const telling = tellingIds(graph);
  const face = (node: GraphNode): Face => ({
    lines: linesOf(node),
    id: node.kind === "process" && telling.has(node.key),
    flags: node.result || marks.has(node.key),
  });
  return new Map(graph.nodes.map((node) => [node.key, face(node)]));
}

function useDrawing(graph: Graph, marks: ReadonlyMap<string, Mark>, direction: Direction) {
  return useMemo(() => {
    const faces = facesOf(graph, marks);
    const sizes = new Map(
      graph.nodes.map((node) => [
        node.key,
        sizeOf(node, faces.get(node.key) ?? { lines: [], id: false, flags: false }),
      ]),
    );
    return { faces, drawing: layOut(graph, sizes, direction) };
  }, [graph, marks, direction]);
}

/** Asks before it draws what takes long. */
export function GraphView(props: GraphProps) {
  const [steps, go] = useState<readonly Step[]>([]);
  const [agreed, agree] = useState<string | null>(null);
  const level = useLevel(props, steps);
  const { graph, taken } = level;
  // Where the focus goes with the next level: a node's id, "" for the first node, null to stay.
  const focus = useRef<string | null>(null);
  const wanted = useSought(props, level.marked, go);
  const move = (next: readonly Step[]) => {
    wanted.current = null;
    focus.current = next.length < taken.length ? (taken[next.length]?.node ?? "") : "";
    go(next);
  };
  const back = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || taken.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    move(taken.slice(0, -1));
  };
  const count = countOf(graph);
  const where = taken.at(-1);
  const place = JSON.stringify(taken);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the buttons inside bubble here
    <div class="oew-graph" onKeyDown={back}>
      {count > MANY_NODES && agreed !== place ? (
        <>
          <Breadcrumb steps={taken} count={count} onGo={move} />
          <Many count={count} focus={focus} onDraw={() => agree(place)} />
        </>
      ) : (
        <Level key={place} {...level} focus={focus} wanted={wanted} onGo={move} />
      )}
      <Notes notes={graph.notes} />
      <LiveRegion
        text={
          where ? `${where.child} of ${where.node}, ${plural(count, "node")}` : "the whole process"
        }
      />
    </div>
  );
}

type FocusRef = { current: string | null };

/** Those that were gone to: opening the tab again leads to none of them. */
const FOUND = new WeakSet<Sought>();

/** Goes to the graph that holds a node which is sought, and says which one until it is shown. */
function useSought({ sought }: GraphProps, marked: Marked, go: (steps: readonly Step[]) => void) {
  const wanted = useRef<string | null>(null);
  // While drawing: the graph that is drawn is to hold it.
  if (sought && !FOUND.has(sought)) {
    FOUND.add(sought);
    wanted.current = sought.node;
    go(stepsTo(marked, sought.node));
  }
  return wanted;
}

function Many({ count, focus, onDraw }: { count: number; focus: FocusRef; onDraw: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus.current !== null) button.current?.focus();
  }, [focus]);
  const nodes = plural(count, "node");
  const draw = () => {
    focus.current = "";
    onDraw();
  };
  return (
    <div class="oew-graph-many">
      <p>This graph has {nodes}. Drawing them may take a while; the JSON is beside it.</p>
      <Button buttonRef={button} onClick={draw}>
        {`Draw ${nodes}`}
      </Button>
    </div>
  );
}

interface LevelProps {
  graph: Graph;
  marks: ReadonlyMap<string, Mark>;
  marked: Marked;
  taken: readonly Step[];
  focus: FocusRef;
  /** Id of the node that is to be selected; null once it was. */
  wanted: FocusRef;
  onGo: (steps: readonly Step[]) => void;
}

/** The node that is seen first: the one that failed, else one with a problem. */
function firstSeen(graph: Graph, marks: ReadonlyMap<string, Mark>): string | null {
  const order: readonly Mark[] = ["failed", "failed inside", "problem", "problem inside"];
  for (const wanted of order) {
    const found = graph.nodes.find(({ key }) => marks.get(key) === wanted);
    if (found) return found.key;
  }
  return null;
}

function Level({ graph, marks, marked, taken, focus, wanted, onGo }: LevelProps) {
  const outer = useRef<HTMLDivElement>(null);
  const width = useWidth(outer);
  const direction = width && width < WIDE_PX ? "down" : "right";
  const { faces, drawing } = useDrawing(graph, marks, direction);
  const [selected, select] = useState<string | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const order = useMemo(() => inOrder(drawing), [drawing]);
  const tabbed = current ?? firstSeen(graph, marks) ?? order[0] ?? null;
  useLayoutEffect(() => {
    if (width === null || focus.current === null || graph.nodes.length === 0) return;
    const wanted = graph.nodes.find(({ id }) => id === focus.current)?.key ?? tabbed;
    focus.current = null;
    focusNode(outer.current, wanted);
  }, [graph, focus, tabbed, width]);
  useLayoutEffect(() => {
    const found = width === null ? null : graph.nodes.find(({ id }) => id === wanted.current);
    if (!found) return;
    wanted.current = null;
    select(found.key);
    focusNode(outer.current, found.key);
  });
  const node = graph.nodes.find(({ key }) => key === selected);
  const close = () => {
    select(null);
    focusNode(outer.current, selected);
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !node) return;
    event.preventDefault();
    close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the buttons inside bubble here
    <div class="oew-graph-level" ref={outer} data-details={node ? "" : undefined} onKeyDown={leave}>
      {width !== null && graph.nodes.length > 0 && (
        <Canvas
          {...{ drawing, width, selected }}
          seen={firstSeen(graph, marks)}
          bar={<Breadcrumb steps={taken} count={countOf(graph)} onGo={onGo} />}
        >
          <Nodes
            {...{ graph, drawing, faces, marks, marked, order, selected, tabbed }}
            path={ids(taken)}
            onFocus={setCurrent}
            onSelect={(key) => select(key === selected ? null : key)}
            onOpen={(id, child) => onGo([...taken, { node: id, child }])}
          />
        </Canvas>
      )}
      {node && (
        <Details key={node.key} node={node} mark={marks.get(node.key) ?? null} onClose={close} />
      )}
    </div>
  );
}

function focusNode(root: HTMLElement | null, key: string | null): void {
  if (key) root?.querySelector<HTMLElement>(`[data-key="${key}"] > .oew-node-main`)?.focus();
}
