/** A place that a module draws into, which is loaded when it is needed. */

import type { JSX, RefObject } from "preact";
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ErrorInfo } from "../protocol";
import { LATE_MS } from "./commands";

export interface DrawingHandle<Props> {
  /** Draws it anew; where the person looks stays. */
  update(props: Props): void;
  stop(): void;
}

/** What such a module exports. */
export interface DrawingModule<Props> {
  show(host: HTMLElement, props: Props): DrawingHandle<Props>;
}

export function isDrawingModule<Props>(value: unknown): value is DrawingModule<Props> {
  return typeof (value as Partial<DrawingModule<Props>> | null)?.show === "function";
}

/** On the side of the module: `show` for one that draws with Preact. */
export function showing<Props extends object>(View: (props: Props) => JSX.Element) {
  return (host: HTMLElement, props: Props): DrawingHandle<Props> => {
    const root = document.createElement("div");
    host.append(root);
    const update = (next: Props) => render(<View {...next} />, root);
    update(props);
    return {
      update,
      stop: () => {
        render(null, root);
        root.remove();
      },
    };
  };
}

export interface Drawing {
  /** Preact draws nothing in there: the module does. */
  place: RefObject<HTMLDivElement | null>;
  state: "loading" | "late" | "drawn" | ErrorInfo;
  again: () => void;
}

/**
 * On the side of the card.
 *
 * @param props What is drawn; drawn anew when it is another object.
 * @param load Fetches the module; must not change.
 * @param explained Says what failed.
 */
export function useDrawing<Props>(
  props: Props,
  load: () => Promise<DrawingModule<Props>>,
  explained: (error: unknown) => ErrorInfo,
): Drawing {
  const place = useRef<HTMLDivElement>(null);
  const handle = useRef<DrawingHandle<Props> | null>(null);
  const latest = useRef(props);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<Drawing["state"]>("loading");
  useEffect(() => {
    let current = true;
    setState("loading");
    const timer = setTimeout(() => setState("late"), LATE_MS);
    load()
      .then((module) => {
        if (!current || !place.current) return;
        handle.current = module.show(place.current, latest.current);
        setState("drawn");
      })
      .catch((error: unknown) => current && setState(explained(error)))
      .finally(() => clearTimeout(timer));
    return () => {
      current = false;
      clearTimeout(timer);
      handle.current?.stop();
      handle.current = null;
    };
  }, [load, attempt]);
  useEffect(() => {
    if (latest.current === props) return;
    latest.current = props;
    handle.current?.update(props);
  }, [props]);
  return { place, state, again: () => setAttempt(attempt + 1) };
}
