import { useState } from "preact/hooks";
import type { Commands } from "../lib/commands";
import { useUniqueId } from "../lib/id";
import { SlotMessage } from "../lib/messages";
import type { ResultsState } from "../protocol";

interface CompareProps {
  state: ResultsState;
  commands: Commands<ResultsState>;
}

/** Which raster is seen right of a divider, if any; the same file may be, for another date or in other colours. */
export function Compare({ state: { raster, compared, assets }, commands }: CompareProps) {
  const id = useUniqueId();
  const [asked, ask] = useState("");
  const choose = (key: string) => {
    ask(key);
    if (key) commands.send({ kind: "raster_compare", key });
    else commands.send({ kind: "raster_hide", compared: true });
  };
  return (
    <div class="oew-raster-compare">
      <label for={id}>Compare with</label>
      <select
        id={id}
        value={compared?.key ?? ""}
        disabled={commands.gone}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">nothing</option>
        {assets
          .filter(({ mappable }) => mappable)
          .map(({ key, name }) => (
            <option key={key} value={key}>
              {key === raster?.key ? `${name}, once more` : name}
            </option>
          ))}
      </select>
      <SlotMessage slot={commands.slot("raster_compare", asked)} />
    </div>
  );
}
