import { useState } from "preact/hooks";
import { type Commands, Refusal } from "../lib/commands";
import { ErrorText, Text } from "../lib/messages";
import type { ErrorInfo, LayerRow, ResultsState } from "../protocol";
import { Opacity } from "./opacity";

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
          <Layer key={layer.key} layer={layer} commands={commands} />
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
function useShown(key: string, commands: Commands<ResultsState>) {
  const [refused, say] = useState<ErrorInfo | null>(null);
  const show = (visible: boolean) => {
    commands.query({ kind: "set_layer", key, visible }).then(
      () => say(null),
      (error: unknown) => say(error instanceof Refusal ? error.info : null),
    );
  };
  return { refused, show };
}

function Layer({ layer, commands }: LayerProps) {
  const { key, name, visible } = layer;
  const { refused, show } = useShown(key, commands);
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
      <Opacity layer={layer} commands={commands} label={`Opacity of ${name}`} />
      {refused && <ErrorText error={refused} alert />}
    </li>
  );
}
