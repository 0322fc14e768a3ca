/**
 * Keeps the notebook from taking keys that are meant for the card.
 *
 * JupyterLab reads every key before the page does, and its command mode takes plain ones from
 * whatever has the focus: Enter on a button would open the cell's editor, and "d d" delete the
 * cell. It leaves alone an element that carries this attribute, but only the focused one itself.
 * Keys with Ctrl, Alt or Meta stay with the notebook: saving works from anywhere.
 *
 * A click beside the card may leave the focus where it was, on a button in it. Whoever clicked
 * there means the notebook: its keys are its own until the card is clicked or focused again.
 */
const LEAVE_ALONE = "data-lm-suppress-shortcuts";

export function keepPlainKeys(root: HTMLElement, signal: AbortSignal): void {
  let meant = true;
  const within = ({ target }: Event) => target instanceof Element && root.contains(target);
  // A card within another one leaves this to the outer one: they must not disagree.
  const outermost = () => !root.parentElement?.closest(".oew");
  const press = (event: Event) => {
    meant = within(event);
  };
  const focus = (event: Event) => {
    if (within(event)) meant = true;
  };
  const mark = (event: KeyboardEvent) => {
    if (!within(event) || !outermost()) return;
    const plain = !(event.ctrlKey || event.altKey || event.metaKey);
    (event.target as Element).toggleAttribute(LEAVE_ALONE, plain && meant);
  };
  // JupyterLab listens on the document in the capture phase: only the window is earlier.
  window.addEventListener("pointerdown", press, { capture: true, signal });
  window.addEventListener("focusin", focus, { capture: true, signal });
  window.addEventListener("keydown", mark, { capture: true, signal });
}
