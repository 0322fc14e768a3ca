import { useState } from "preact/hooks";

/** Unique in the page, where every view has its own copy of this module. */
export function randomId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return Array.from(random, (part) => part.toString(36)).join("");
}

/** An id for ARIA. Preact's own useId starts anew in every view: ids would meet. */
export function useUniqueId(): string {
  return useState(() => `oew-${randomId()}`)[0];
}
