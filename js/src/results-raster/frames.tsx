/** The dates of a raster: a slider, and a button to each side. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { useUniqueId } from "../lib/id";
import { ErrorText, Text } from "../lib/messages";
import { infoOf } from "../lib/reason";
import type { ErrorInfo } from "../protocol";
import type { RasterProps } from "./panel";

/** The slider passes many dates before it comes to rest: those are not asked for. */
const REST_MS = 150;

/** The date that the person wants, which is told to the kernel once the slider rests. */
function useFrame({ raster, compared, commands }: RasterProps) {
  const { frame, frames } = raster;
  const [wanted, want] = useState<number | null>(null);
  const [refused, say] = useState<ErrorInfo | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const last = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (number: number) => {
    last.current += 1;
    const turn = last.current;
    commands
      .query({ kind: "raster_frame", compared, frame: number })
      .then(
        () => say(null),
        (error: unknown) => say(infoOf(error)),
      )
      // A later wish is not taken back by the answer to an earlier one.
      .finally(() => turn === last.current && want(null));
  };
  const go = (number: number, rest_ms: number) => {
    const inside = Math.max(0, Math.min(frames.length - 1, number));
    want(inside);
    clearTimeout(timer.current);
    last.current += 1;
    timer.current = setTimeout(() => ask(inside), rest_ms);
  };
  return { at: wanted ?? frame, refused, go };
}

export function Frames(props: RasterProps) {
  const { frames } = props.raster;
  const { at, refused, go } = useFrame(props);
  const [said, say] = useState("");
  const id = useUniqueId();
  const label = frames[at]?.label ?? "";
  const step = (number: number) => {
    go(number, 0);
    say(frames[number]?.label ?? "");
  };
  return (
    <div class="oew-raster-frames">
      <label for={id}>Date</label>
      <Button
        kind="quiet"
        icon="left"
        label="Previous date"
        disabled={at <= 0}
        onClick={() => step(at - 1)}
      />
      <input
        id={id}
        type="range"
        min="0"
        max={frames.length - 1}
        step="1"
        value={at}
        aria-valuetext={label}
        onInput={(event) => go(Number(event.currentTarget.value), REST_MS)}
      />
      <Button
        kind="quiet"
        icon="right"
        label="Next date"
        disabled={at >= frames.length - 1}
        onClick={() => step(at + 1)}
      />
      <p class="oew-num oew-raster-date">
        <Text>{label}</Text>{" "}
        <span class="oew-sub">
          {at + 1} of {frames.length}
        </span>
      </p>
      {/* Of the slider its own text is read out. */}
      <div class="oew-sr" role="status">
        <Text>{said}</Text>
      </div>
      {refused && <ErrorText error={refused} alert />}
    </div>
  );
}
