/** What a job cost. */

import { amount } from "../lib/format";
import type { Details } from "../protocol";

/** "14 credits"; 0 where it cost nothing, null where the back-end does not tell. */
export function costs(details: Details | null): string | 0 | null {
  if (!details || details.costs === null) return null;
  return details.costs === 0 ? 0 : amount(details.costs, details.currency);
}
