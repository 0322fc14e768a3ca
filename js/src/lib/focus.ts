import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/**
 * Moves the focus to `fallback` within `root` when what had it has gone: a person at the keyboard
 * must not be thrown to the top of the page.
 */
export function useKeptFocus(root: RefObject<HTMLElement | null>, fallback: string): void {
  const had = useRef<Element | null>(null);
  useEffect(() => {
    const el = root.current;
    if (!el) return undefined;
    const { signal, abort } = controlled();
    el.addEventListener("focusin", ({ target }) => (had.current = target as Element), { signal });
    // It may leave since it is about to go, or since the whole window is left: not then.
    const left = ({ target }: Event) =>
      queueMicrotask(() => {
        const still = target === document.activeElement;
        if (target === had.current && (target as Element).isConnected && !still) had.current = null;
      });
    el.addEventListener("focusout", left, { signal });
    return abort;
  }, []);
  useLayoutEffect(() => {
    if (!had.current || had.current.isConnected) return;
    had.current = null;
    const active = document.activeElement;
    if (active !== null && active !== document.body) return;
    root.current?.querySelector<HTMLElement>(fallback)?.focus({ preventScroll: true });
  });
}

function controlled() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
