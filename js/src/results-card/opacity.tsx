import { useEffect, useMemo } from "preact/hooks";
import { useAhead } from "../lib/ahead";
import type { Commands } from "../lib/commands";
import { throttled } from "../lib/throttle";
import type { LayerRow, ResultsState } from "../protocol";

const EVERY_MS = 100;

interface OpacityProps {
  layer: LayerRow;
  commands: Commands<ResultsState>;
  /** The accessible name, unless there is a label for `id`. */
  label?: string;
  id?: string;
}

/** How much of a layer is seen, as a slider with its value behind it. */
export function Opacity({ layer: { key, visible, opacity }, commands, label, id }: OpacityProps) {
  const [shown, want] = useAhead(opacity);
  const controller = useMemo(() => new AbortController(), []);
  useEffect(() => () => controller.abort(), [controller]);
  const tell = useMemo(
    () =>
      throttled(
        (value: number) => commands.tell({ kind: "set_layer", key, opacity: value }),
        EVERY_MS,
        controller.signal,
      ),
    [commands, key, controller],
  );
  const percent = Math.round(shown * 100);
  return (
    <>
      <input
        id={id}
        type="range"
        min="0"
        max="100"
        step="5"
        aria-label={label}
        aria-valuetext={`${percent} %`}
        value={percent}
        disabled={!visible}
        onInput={({ currentTarget }) => {
          want(currentTarget.valueAsNumber / 100);
          tell(currentTarget.valueAsNumber / 100);
        }}
      />
      <span class="oew-sub oew-num">{percent} %</span>
    </>
  );
}
