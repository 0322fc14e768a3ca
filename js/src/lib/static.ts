/**
 * Hides the static card that Python puts below a live view for readers without a kernel.
 *
 * The rule lives in the page exactly as long as the view: also when a notebook takes cells out of
 * the page that are scrolled out of sight, and when there are several views.
 */

/** Returns what is to be put beside the view; it goes when `signal` aborts. */
export function hideStatic(id: string, signal: AbortSignal): HTMLStyleElement {
  const style = document.createElement("style");
  const card = `.oew-static-${CSS.escape(id)}`;
  // Apart: a browser that does not know :has() leaves out the whole rule. JupyterLab's row around
  // an output has a height of its own.
  style.textContent = `${card} { display: none !important; }
.jp-OutputArea-child:has(${card}) { display: none !important; }`;
  signal.addEventListener("abort", () => style.remove(), { once: true });
  return style;
}
