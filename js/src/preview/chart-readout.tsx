/** What the lines of a chart say at one place. */

import { Text } from "../lib/messages";
import { type Frame, placeText } from "./frame";
import { type Line, valueAt } from "./lines";
import { readout } from "./scale";

/** More values than this are not read at once. */
const MOST = 8;

interface Value {
  index: number;
  name: string;
  value: number | null;
}

function valuesAt(all: readonly Line[], shown: ReadonlySet<number>, at: number): Value[] {
  return [...shown].flatMap((index) => {
    const line = all[index];
    const value = line && valueAt(line, at);
    return line && value !== undefined ? [{ index, name: line.name, value }] : [];
  });
}

interface ReadoutProps {
  frame: Frame;
  all: readonly Line[];
  shown: ReadonlySet<number>;
  looks: readonly string[];
  at: number;
  x: "time" | "number";
}

/** Beside the cursor, on the side that has room. */
export function Readout({ frame, all, shown, looks, at, x }: ReadoutProps) {
  const values = valuesAt(all, shown, at);
  const place = frame.px(at);
  const side =
    place > frame.width / 2
      ? { right: `${frame.width - place + 10}px` }
      : { left: `${place + 10}px` };
  return (
    // The status line says the same to who cannot see it.
    <div class="oew-readout oew-num" style={side} aria-hidden="true">
      <b>{placeText(at, x)}</b>
      {values.slice(0, MOST).map(({ index, name, value }) => (
        <span key={index} class={`oew-readout-line ${looks[index]}`}>
          <Sample />
          <span class="oew-readout-name">
            <Text>{name}</Text>
          </span>
          <b>{readout(value)}</b>
        </span>
      ))}
      {values.length > MOST && <span class="oew-sub">and {values.length - MOST} more</span>}
    </div>
  );
}

/** How a line looks. */
export function Sample() {
  return (
    <svg width="18" height="10" aria-hidden="true">
      <path class="oew-line" d="M0 5H18" />
      <circle cx="9" cy="5" r="2.5" />
    </svg>
  );
}

/** "2022-01-13: field 1 0.25, field 2 no value", for a screen reader. */
export function spoken(
  all: readonly Line[],
  shown: ReadonlySet<number>,
  at: number,
  x: "time" | "number",
): string {
  const values = valuesAt(all, shown, at);
  const said = values.slice(0, MOST).map(({ name, value }) => `${name} ${readout(value)}`);
  if (values.length > MOST) said.push(`and ${values.length - MOST} more`);
  return `${placeText(at, x)}: ${said.join(", ") || "no line has a point here"}`;
}
