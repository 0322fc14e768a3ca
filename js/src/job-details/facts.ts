/** What the details say, as names and texts: pure. Empty things are left out. */

import { costs } from "../job-card/costs";
import { amount, localTime, utcTime } from "../lib/format";
import type { Details, JobLink, Metric } from "../protocol";

export interface Fact {
  name: string;
  text: string;
  /** For a time: what is shown on hover, and what machines read. */
  utc?: string;
  iso?: string;
}

/** API: dates are RFC 3339, in UTC where they name no zone. */
function parsed(text: string): number {
  const zoned = /(?:z|[+-]\d\d:?\d\d)$/i.test(text);
  return Date.parse(zoned || !text.includes("T") ? text : `${text}Z`);
}

function date(name: string, text: string): Fact {
  const ms = parsed(text);
  if (Number.isNaN(ms)) return { name, text };
  return { name, text: localTime(ms), utc: utcTime(ms), iso: new Date(ms).toISOString() };
}

function budget({ budget: most, currency }: Details): string {
  if (most !== null) return amount(most, currency);
  return currency ? "no limit" : "";
}

export function facts(details: Details): Fact[] {
  const cost = costs(details);
  const told: Fact[] = [
    date("Created", details.created),
    date("Queued", details.queued),
    date("Started", details.started),
    date("Updated", details.updated),
    { name: "Plan", text: details.plan },
    { name: "Budget", text: budget(details) },
    { name: "Costs", text: cost === 0 ? "none" : (cost ?? "") },
    { name: "Log level", text: details.log_level },
    ...details.more,
  ];
  return told.filter(({ text }) => text !== "");
}

const METRICS = new Map(
  Object.entries({
    cpu: "CPU",
    memory: "Memory",
    duration: "Run time",
    network: "Network",
    disk: "Disk",
    storage: "Storage",
  }),
);

/** A readable name for what the API names; other names as they are sent. */
export function metricName({ name }: Metric): string {
  return METRICS.get(name) ?? name;
}

export function metricText({ value, unit }: Metric): string {
  return amount(value, unit);
}

export function linkTitle({ title, rel }: JobLink): string {
  return title || rel || "Link";
}
