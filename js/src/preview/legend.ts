/** How the lines of a chart are told apart, and what of them can be taken away: pure. */

import type { Line } from "./lines";

/** Colours come back after this many, with another dash. */
const COLOURS = 6;
const DASHES = 3;

export interface Entry {
  name: string;
  /** Class names of the sample and of the lines. */
  look: string;
  /** Indices of the lines that go with it. */
  lines: ReadonlySet<number>;
}

export interface Legend {
  /** One list of lines, or two where they differ by geometry and by band. */
  lists: { title: string; entries: Entry[] }[];
  /** Class names, line by line. */
  looks: string[];
}

const colour = (index: number) => `oew-line-${index % COLOURS}`;
const dash = (index: number) => `oew-dash-${index % DASHES}`;
const each = (index: number) => `${colour(index)} ${dash(Math.floor(index / COLOURS))}`;

export function legendOf(lines: readonly Line[]): Legend {
  const groups = indexed(lines.map(({ group }) => group));
  const bands = indexed(lines.map(({ band }) => band));
  if (groups.size < 2 || bands.size < 2) {
    const looks = lines.map((_, index) => each(index));
    const entries = lines.map(({ name }, index) => ({
      name,
      look: looks[index] ?? "",
      lines: new Set([index]),
    }));
    return { lists: [{ title: "Lines", entries }], looks };
  }
  // The one that has more gets the colours: there are more of them.
  const byGroup = groups.size >= bands.size || bands.size <= DASHES;
  const [first, second] = byGroup ? [dash(0), colour(0)] : [colour(0), dash(0)];
  const looks = lines.map(({ group, band }) => {
    const [g, b] = [groups.get(group) ?? 0, bands.get(band) ?? 0];
    return byGroup ? `${colour(g)} ${dash(b)}` : `${colour(b)} ${dash(g)}`;
  });
  const group = (index: number) => `${byGroup ? colour(index) : dash(index)} ${first}`;
  const band = (index: number) => `${byGroup ? dash(index) : colour(index)} ${second}`;
  return {
    lists: [
      { title: "Bands", entries: entriesOf(lines, bands, (line) => line.band, band) },
      { title: "Geometries", entries: entriesOf(lines, groups, (line) => line.group, group) },
    ],
    looks,
  };
}

function indexed(names: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of names) if (!found.has(name)) found.set(name, found.size);
  return found;
}

function entriesOf(
  lines: readonly Line[],
  names: ReadonlyMap<string, number>,
  nameOf: (line: Line) => string,
  look: (index: number) => string,
): Entry[] {
  return [...names].map(([name, index]) => ({
    name: name || "(no name)",
    look: look(index),
    lines: new Set(lines.flatMap((line, at) => (nameOf(line) === name ? [at] : []))),
  }));
}
