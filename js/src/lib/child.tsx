/** Another widget inside this one: the map in the results, the results below a job. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { ChildView, LuminoMessage, Model } from "./model";

const PREFIX = "IPY_MODEL_";

/**
 * Widgets expect to hear from JupyterLab that they are in the page and how that changes:
 * ipyleaflet makes its map on "after-attach" and measures it again on "resize".
 */
function tell(view: ChildView, type: string): void {
  const message: LuminoMessage = { type, width: -1, height: -1 };
  const widget = view.luminoWidget ?? view.pWidget;
  // Closed from Python before this view let go of it, it is past hearing.
  if (widget && !widget.isDisposed) widget.processMessage(message);
}

/**
 * Puts a view into the page. Whoever removes it takes it out first, its model's closing too:
 * Lumino refuses to take out of the page what is no longer in it.
 */
function attach(view: ChildView, host: HTMLElement): void {
  tell(view, "before-attach");
  host.append(view.el);
  tell(view, "after-attach");
  const remove = view.remove.bind(view);
  view.remove = () => {
    view.remove = remove;
    tell(view, "before-detach");
    view.el.remove();
    tell(view, "after-detach");
    return remove();
  };
}

/**
 * Shows the widget that `reference` names in `host`, until `signal` aborts. `onView` is called when
 * its view is in the page.
 */
export async function showChild<State>(
  model: Model<State>,
  reference: string,
  host: HTMLElement,
  signal: AbortSignal,
  onView?: (view: ChildView, signal: AbortSignal) => void,
): Promise<void> {
  const manager = model.widget_manager;
  if (!manager || !reference.startsWith(PREFIX)) throw new Error("no widget manager");
  const child = await manager.get_model(reference.slice(PREFIX.length));
  if (signal.aborted) return;
  const view = await manager.create_view(child);
  if (signal.aborted) {
    view.remove();
    return;
  }
  attach(view, host);
  onView?.(view, signal);
  const observer = new ResizeObserver(() => tell(view, "resize"));
  observer.observe(host);
  signal.addEventListener(
    "abort",
    () => {
      observer.disconnect();
      view.remove();
    },
    { once: true },
  );
}

interface ChildWidgetProps<State> {
  model: Model<State>;
  reference: string;
  /** What cannot be shown, where that is so: "The map". */
  what: string;
  /** Gets its view, and a signal that aborts when that goes. Always the same function. */
  onView?: (view: ChildView, signal: AbortSignal) => void;
}

export function ChildWidget<State>({ model, reference, what, onView }: ChildWidgetProps<State>) {
  const host = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    setFailed(false);
    if (host.current) {
      showChild(model, reference, host.current, controller.signal, onView).catch(() => {
        if (!controller.signal.aborted) setFailed(true);
      });
    }
    return () => controller.abort();
  }, [model, reference, onView]);
  return (
    <>
      <div class="oew-child" ref={host} />
      {failed && <p class="oew-note">{what} cannot be shown in this notebook front end.</p>}
    </>
  );
}
