import { useState } from "preact/hooks";
import { Button } from "../lib/button";
import { useUniqueId } from "../lib/id";

interface EndsProps {
  ends: [number, number];
  onSet: (ends: [number, number]) => void;
}

/** As many digits as a person types. */
export function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** The two numbers of a range, or why they are none. */
export function rangeOf(low: string, high: string): [number, number] | string {
  const [from, to] = [low, high].map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  if (from === undefined || to === undefined || !Number.isFinite(from) || !Number.isFinite(to)) {
    return "Type two numbers.";
  }
  return from < to ? [from, to] : "The first has to be the lower one.";
}

export function Ends({ ends, onSet }: EndsProps) {
  const id = useUniqueId();
  const [low, setLow] = useState(short(ends[0]));
  const [high, setHigh] = useState(short(ends[1]));
  const [wrong, say] = useState("");
  const changed = low !== short(ends[0]) || high !== short(ends[1]);
  const set = () => {
    const range = rangeOf(low, high);
    say(typeof range === "string" ? range : "");
    if (typeof range !== "string" && changed) onSet(range);
  };
  const field = (label: string, value: string, put: (text: string) => void) => (
    <input
      type="text"
      inputMode="decimal"
      aria-label={label}
      aria-describedby={wrong ? `${id}-wrong` : undefined}
      value={value}
      onInput={(event) => put(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") set();
      }}
    />
  );
  return (
    <fieldset class="oew-raster-field oew-raster-ends">
      <legend>From, to</legend>
      <div class="oew-row">
        {field("From", low, setLow)}
        {field("To", high, setHigh)}
        <Button disabled={!changed} onClick={set}>
          Apply
        </Button>
      </div>
      {wrong && (
        <p class="oew-raster-wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
