/** Why something did not work, as a person should read it. */

import type { ErrorInfo } from "../protocol";

/** Whatever was thrown. A Refusal is known by what it has: modules have classes of their own. */
export function infoOf(error: unknown): ErrorInfo {
  const info = (error as { info?: ErrorInfo } | null)?.info;
  if (typeof info?.message === "string") return info;
  const message = error instanceof Error ? error.message : String(error);
  return { message, code: "", id: "", hint: "" };
}
