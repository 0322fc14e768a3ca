import { useEffect, useMemo, useState } from "preact/hooks";
import type { Commands } from "../lib/commands";
import { SlotMessage, Text } from "../lib/messages";
import { throttled } from "../lib/throttle";
import type { LayerRow, ResultsState } from "../protocol";

const EVERY_MS = 100;

interface LayersProps {
  layers: LayerRow[];
  commands: Commands<ResultsState>;
}

/** The layers that the widget has on the map: shown or not, and how much shines through. */
export function MapLayers({ layers, commands }: LayersProps) {
  return (
    <div class="oew-map-layers" role="group" aria-label="Layers of the map">
      <ul>
        {layers.map((layer) => (
          <Layer key={layer.name} layer={layer} commands={commands} />
        ))}
      </ul>
    </div>
  );
}

interface LayerProps {
  layer: LayerRow;
  commands: Commands<ResultsState>;
}

function Layer({ layer: { name, visible, opacity }, commands }: LayerProps) {
  // While it is moved the slider is ahead of the kernel.
  const [wanted, want] = useState<number | null>(null);
  const controller = useMemo(() => new AbortController(), []);
  useEffect(() => () => controller.abort(), [controller]);
  const tell = useMemo(
    () =>
      throttled(
        (value: number) => commands.tell({ kind: "set_layer", key: name, opacity: value }),
        EVERY_MS,
        controller.signal,
      ),
    [commands, name, controller],
  );
  useEffect(() => {
    if (opacity === wanted) want(null);
  }, [opacity, wanted]);
  const shown = wanted ?? opacity;
  return (
    <li class="oew-map-layer">
      <label>
        <input
          type="checkbox"
          checked={visible}
          onChange={() => commands.send({ kind: "set_layer", key: name, visible: !visible })}
        />
        <Text>{name}</Text>
      </label>
      <input
        type="range"
        min="0"
        max="100"
        step="5"
        aria-label={`Opacity of ${name}`}
        value={Math.round(shown * 100)}
        disabled={!visible}
        onInput={({ currentTarget }) => {
          want(currentTarget.valueAsNumber / 100);
          tell(currentTarget.valueAsNumber / 100);
        }}
      />
      <span class="oew-sub oew-num">{Math.round(shown * 100)} %</span>
      <SlotMessage slot={commands.slot("set_layer", name)} />
    </li>
  );
}
