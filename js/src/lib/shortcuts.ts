/**
 * Keeps the notebook from taking keys that are meant for the card.
 *
 * JupyterLab reads every key before the page does, and its command mode takes plain ones from
 * whatever has the focus: Enter on a button would open the cell's editor, and "d d" delete the
 * cell. It leaves alone an element that carries this attribute, but only the focused one itself.
 * Keys with Ctrl, Alt or Meta stay with the notebook: saving works from anywhere.
 */
const LEAVE_ALONE = "data-lm-suppress-shortcuts";

export function keepPlainKeys(root: HTMLElement, signal: AbortSignal): void {
  const mark = (event: KeyboardEvent) => {
    const { target } = event;
    if (!(target instanceof Element) || !root.contains(target)) return;
    target.toggleAttribute(LEAVE_ALONE, !(event.ctrlKey || event.altKey || event.metaKey));
  };
  // JupyterLab listens on the document in the capture phase: only the window is earlier.
  window.addEventListener("keydown", mark, { capture: true, signal });
}
