/** What the list of files and the map tell each other. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { Commands } from "../lib/commands";
import { throttled } from "../lib/throttle";
import type { ResultsState } from "../protocol";

/** More often nobody sees it, and the Jupyter server has other messages to pass on. */
const EVERY_MS = 100;

function keyAt(target: EventTarget | null): string {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-key]") : null;
  return row?.dataset.key ?? "";
}

/** Tells the kernel which file the pointer or the focus is at: it lights up on the map. */
export function usePointedFile(
  list: RefObject<HTMLElement | null>,
  commands: Commands<ResultsState>,
  withMap: boolean,
): void {
  useEffect(() => {
    const element = list.current;
    if (!element || !withMap) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    let told = "";
    const tell = throttled(
      (key: string) => {
        if (key !== told) commands.tell({ kind: "hover", key });
        told = key;
      },
      EVERY_MS,
      signal,
    );
    for (const kind of ["mouseover", "focusin"]) {
      element.addEventListener(kind, ({ target }) => tell(keyAt(target)), { signal });
    }
    for (const kind of ["mouseleave", "focusout"]) {
      element.addEventListener(kind, () => tell(""), { signal });
    }
    return () => controller.abort();
  }, [list, commands, withMap]);
}

/** Scrolls the list, and nothing around it, to the selected file. */
export function useSelectedInView(list: RefObject<HTMLElement | null>, selected: string): void {
  useEffect(() => {
    const box = list.current;
    const rows = [...(box?.querySelectorAll<HTMLElement>("[data-key]") ?? [])];
    const row = rows.find(({ dataset }) => dataset.key === selected);
    if (!box || !row) return;
    const [outer, inner] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
    if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
  }, [list, selected]);
}
