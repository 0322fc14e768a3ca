/** Ways through a drawing by keyboard: pure. */

import type { Box, Drawing } from "./layout";

type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

const STEPS: Record<Arrow, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The node that a key leads to: along an edge where one goes that way, else the nearest that lies
 * there; Home and End lead to the first and the last. Null where there is none.
 */
export function neighbour(drawing: Drawing, key: string, pressed: string): string | null {
  const here = drawing.boxes.get(key);
  if (!here) return null;
  if (pressed === "Home" || pressed === "End") {
    const ordered = inOrder(drawing);
    return (pressed === "Home" ? ordered[0] : ordered.at(-1)) ?? null;
  }
  const step = STEPS[pressed as Arrow];
  if (!step) return null;
  const linked = new Set<string>();
  for (const { edge } of drawing.routes) {
    if (edge.from === key) linked.add(edge.to);
    if (edge.to === key) linked.add(edge.from);
  }
  const ahead = [...drawing.boxes.values()]
    .map((box) => ({ key: box.key, ...distance(here, box, step) }))
    .filter((found) => found.along > 1 && found.key !== key);
  const choice = ahead.filter((found) => linked.has(found.key) && found.along >= found.across / 2);
  const best = (choice.length > 0 ? choice : ahead).reduce(
    (least, found) => (least && least.far <= found.far ? least : found),
    null as (typeof ahead)[number] | null,
  );
  return best?.key ?? null;
}

function distance(from: Box, to: Box, [right, down]: readonly [number, number]) {
  const x = to.x + to.width / 2 - from.x - from.width / 2;
  const y = to.y + to.height / 2 - from.y - from.height / 2;
  const along = x * right + y * down;
  const across = Math.abs(x * down) + Math.abs(y * right);
  return { along, across, far: along + 2 * across };
}

/** Keys as one reads the drawing. */
export function inOrder({ boxes, direction }: Drawing): string[] {
  const down = direction === "down";
  const along = (box: Box) => (down ? box.y + box.height / 2 : box.x + box.width / 2);
  const across = (box: Box) => (down ? box.x : box.y);
  return [...boxes.values()]
    .sort((one, other) => along(one) - along(other) || across(one) - across(other))
    .map(({ key }) => key);
}
