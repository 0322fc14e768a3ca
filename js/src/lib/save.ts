/** Files for the person's own computer: made in the page, or opened by its browser. */

/** Longer than any browser takes to begin with it. */
const HELD_MS = 60_000;

function pressed(prepare: (link: HTMLAnchorElement) => void): void {
  const link = document.createElement("a");
  prepare(link);
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}

/** The browser saves it under this name; the page forgets it a minute later. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  pressed((link) => {
    link.href = url;
    link.download = name;
  });
  setTimeout(() => URL.revokeObjectURL(url), HELD_MS);
}

/** In a tab of its own, should the browser show it: the notebook stays. */
export function openLink(url: string, name: string): void {
  pressed((link) => {
    link.href = url;
    link.download = name;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.referrerPolicy = "no-referrer";
  });
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a page may open a link, and whether there can be anything behind it. */
export function reachable(link: string, page: string): boolean {
  let [to, from]: URL[] = [];
  try {
    to = new URL(link);
    from = new URL(page);
  } catch {
    return false;
  }
  if (to.protocol !== "https:" && to.protocol !== "http:") return false;
  const local = LOOPBACK.test(to.hostname);
  // The kernel's loopback is the browser's only where both are on one machine.
  if (local) return LOOPBACK.test(from.hostname);
  return to.protocol === "https:" || from.protocol === "http:";
}

/** Whether somebody answers there. What they answer the page may not see. */
export async function answers(url: string): Promise<boolean> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 10_000);
  try {
    const options = {
      mode: "no-cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    } as const;
    const { body } = await fetch(url, { ...options, cache: "no-store", signal: controller.signal });
    await body?.cancel();
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}
