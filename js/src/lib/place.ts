/** Where a menu goes so that all of it is seen: a pure rule, in pixels of the viewport. */

const EDGE = 8;
const GAP = 4;

interface Box {
  left: number;
  top: number;
  bottom: number;
}

interface Size {
  width: number;
  height: number;
}

/** Below its button if there is room, else above, else as low as it fits. */
export function place(button: Box, menu: Size, view: Size): { left: number; top: number } {
  const left = Math.max(EDGE, Math.min(button.left, view.width - menu.width - EDGE));
  const below = button.bottom + GAP;
  if (below + menu.height + EDGE <= view.height) return { left, top: below };
  const above = button.top - GAP - menu.height;
  return { left, top: above >= EDGE ? above : Math.max(EDGE, view.height - menu.height - EDGE) };
}
