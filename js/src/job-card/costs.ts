/** Costs and other figures in words. */

import type { Details } from "../protocol";

const ASTRONOMIC = 1e15;

/** "1,234.57", "0.0041": as many digits as somebody reads. */
export function figure(value: number): string {
  if (Math.abs(value) >= ASTRONOMIC) return value.toExponential(3);
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 1 ? 6 : 2 });
}

/** "14 credits"; without a currency the figure alone. */
export function amount(value: number, currency: string): string {
  return currency ? `${figure(value)} ${currency}` : figure(value);
}

/** "14 credits", "no costs", or "" where the back-end tells of none. */
export function costs(details: Details | null): string {
  if (!details || details.costs === null) return "";
  if (details.costs === 0) return "no costs";
  const text = amount(details.costs, details.currency);
  return details.currency ? text : `costs ${text}`;
}
