/** How long a job will still take, in words that do not jump about: pure. */

import { DAY, HOUR, MINUTE } from "../lib/format";
import type { Eta } from "../protocol";

/** "about 6 min left", "longer than usual". */
export function timeLeft({ ends_ms }: Eta, now_ms: number): string {
  const left = ends_ms - now_ms;
  if (left <= 0) return "longer than usual";
  if (left < 0.75 * MINUTE) return "less than a minute left";
  return `about ${rough(left)} left`;
}

/** The longer, the rougher: minutes, five of them, half hours, days. */
function rough(ms: number): string {
  if (ms < 9.5 * MINUTE) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 57.5 * MINUTE) return `${5 * Math.round(ms / (5 * MINUTE))} min`;
  if (ms < 4.75 * HOUR) {
    const halves = Math.round(ms / (HOUR / 2));
    return halves % 2 ? `${(halves - 1) / 2} h 30 min` : `${halves / 2} h`;
  }
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} d`;
}
