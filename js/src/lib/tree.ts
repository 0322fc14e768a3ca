/** A JSON value as the rows of a tree: pure. */

import { plural } from "./format";

export type Branch = readonly unknown[] | Readonly<Record<string, unknown>>;

export function isBranch(value: unknown): value is Branch {
  return typeof value === "object" && value !== null;
}

export function keysOf(value: Branch): string[] {
  return Array.isArray(value) ? Array.from(value.keys(), String) : Object.keys(value);
}

export function childOf(value: Branch, key: string): unknown {
  return (value as Record<string, unknown>)[key];
}

/** The JSON Pointer (RFC 6901) of a child. */
export function pointer(parent: string, key: string): string {
  return `${parent}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** "object, 3 entries", for who cannot see the brackets. */
export function describe(value: Branch): string {
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  const kind = Array.isArray(value) ? "list" : "object";
  return `${kind}, ${plural(count, "entry", "entries")}`;
}

/** The beginning of a value on one line; looks at no more of it than it shows. */
export function glimpse(value: unknown, room = 60): string {
  if (!isBranch(value)) return scalar(value);
  const list = Array.isArray(value);
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  let text = "";
  for (const key of keysIn(value)) {
    if (text) text += ", ";
    if (text.length >= room) return `${open}${text}…${close}`;
    if (!list) text += `${key}: `;
    text += glimpse(childOf(value, key), room - text.length);
  }
  return `${open}${text}${close}`;
}

function* keysIn(value: Branch): Generator<string> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) yield String(index);
  } else {
    for (const key in value) yield key;
  }
}

/** A value as JSON writes it. */
export function scalar(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

export function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
