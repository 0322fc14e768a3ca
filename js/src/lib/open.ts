/** Opening a link that the kernel was asked for on a click: it is dropped after use. */

/** Only what a browser shows as a page; anything else is not opened. */
export function webAddress(answer: unknown): string | null {
  const url = (answer as { url?: unknown } | null)?.url;
  return typeof url === "string" && /^https?:\/\//i.test(url) ? url : null;
}

/** Opens the address in an answer, in a page that knows nothing of this one. */
export function openAnswer(answer: unknown): void {
  const url = webAddress(answer);
  if (url) window.open(url, "_blank", "noopener,noreferrer");
}
