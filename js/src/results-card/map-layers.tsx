import { useEffect, useMemo, useState } from "preact/hooks";
import { useAhead } from "../lib/ahead";
import { type Commands, Refusal } from "../lib/commands";
import { ErrorText, Text } from "../lib/messages";
import { throttled } from "../lib/throttle";
import type { ErrorInfo, LayerRow, ResultsState } from "../protocol";

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

/** Shows or hides a layer. Who changes their mind at once does not wait for the first answer. */
function useShown(name: string, commands: Commands<ResultsState>) {
  const [refused, say] = useState<ErrorInfo | null>(null);
  const show = (visible: boolean) => {
    commands.query({ kind: "set_layer", key: name, visible }).then(
      () => say(null),
      (error: unknown) => say(error instanceof Refusal ? error.info : null),
    );
  };
  return { refused, show };
}

function Layer({ layer: { name, visible, opacity }, commands }: LayerProps) {
  const [shown, want] = useAhead(opacity);
  const { refused, show } = useShown(name, commands);
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
  return (
    <li class="oew-map-layer">
      <label>
        <input
          type="checkbox"
          checked={visible}
          onChange={({ currentTarget }) => show(currentTarget.checked)}
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
      {refused && <ErrorText error={refused} alert />}
    </li>
  );
}
