import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Commands, Refusal } from "../lib/commands";
import { useUniqueId } from "../lib/id";
import { ErrorText } from "../lib/messages";
import type {
  ErrorInfo,
  RasterMode,
  RasterState,
  RasterStretch,
  ResultsMessage,
  ResultsState,
} from "../protocol";
import { Opacity } from "../results-card/opacity";
import { Ends } from "./ends";
import type { RasterProps } from "./panel";

const MODES: Record<RasterMode, string> = {
  palette: "Own colours",
  single: "One band",
  rgb: "Red, green, blue",
};

const STRETCHES: Record<RasterStretch, string> = {
  percentiles: "2 to 98 %",
  minmax: "Lowest to highest",
  stated: "As stated",
  byte: "0 to 255",
  own: "My range",
};

const CHANNELS = ["Red", "Green", "Blue"];

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}

function Labelled({
  label,
  children,
}: {
  label: string;
  children: (id: string) => ComponentChildren;
}) {
  const id = useUniqueId();
  return (
    <div class="oew-raster-field">
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <Labelled label={label}>
      {(id) => (
        <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
          {options.map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** "band 4 (W/m²)". */
function bandText({ name, unit }: RasterState["bands"][number]): string {
  return unit ? `${name} (${unit})` : name;
}

type Wanted = Omit<Extract<ResultsMessage, { kind: "raster_style" }>, "id" | "kind" | "compared">;

/**
 * Asks for another style; a second wish does not wait for the answer to the first, which of a
 * slider would be the last one.
 */
function useStyle(commands: Commands<ResultsState>, compared: boolean) {
  const [refused, say] = useState<ErrorInfo | null>(null);
  const style = (wanted: Wanted) => {
    commands.query({ kind: "raster_style", compared, ...wanted }).then(
      () => say(null),
      (error: unknown) => say(error instanceof Refusal ? error.info : null),
    );
  };
  return { refused, style };
}

export function Controls({ raster, compared, layer, commands }: RasterProps) {
  const { mode, modes, chosen, bands, colormaps, colormap } = raster;
  const { refused, style } = useStyle(commands, compared);
  const offered = bands.map((band) => [String(band.number), bandText(band)] as const);
  const pick = (place: number, value: string) =>
    style({ chosen: chosen.map((number, index) => (index === place ? Number(value) : number)) });
  return (
    <div class="oew-raster-controls">
      {refused && <ErrorText error={refused} alert />}
      {modes.length > 1 && (
        <Choice
          label="Show"
          value={mode}
          options={modes.map((name) => [name, MODES[name]])}
          onChoose={(value) => style({ mode: value as RasterMode })}
        />
      )}
      {mode !== "palette" &&
        bands.length > 1 &&
        chosen.map((number, place) => (
          <Choice
            key={CHANNELS[place]}
            label={mode === "rgb" ? (CHANNELS[place] ?? "") : "Band"}
            value={String(number)}
            options={offered}
            onChoose={(value) => pick(place, value)}
          />
        ))}
      {mode === "single" && (
        <Choice
          label="Colours"
          value={colormap}
          options={colormaps.map((name) => [name, name])}
          onChoose={(value) => style({ colormap: value })}
        />
      )}
      {mode !== "palette" && <Stretch raster={raster} onStyle={style} />}
      {layer && (
        <Labelled label="Opacity">
          {(id) => (
            <span class="oew-row">
              <Opacity id={id} layer={layer} commands={commands} />
            </span>
          )}
        </Labelled>
      )}
    </div>
  );
}

interface StretchProps {
  raster: RasterState;
  onStyle: (wanted: Wanted) => void;
}

function Stretch({ raster, onStyle }: StretchProps) {
  const { stretch, stretches, ends, mode } = raster;
  const own = stretch === "own";
  const names = own ? [...stretches, "own" as const] : stretches;
  return (
    <>
      <Choice
        label="Spread over"
        value={stretch}
        options={names.map((name) => [name, STRETCHES[name]])}
        onChoose={(value) => onStyle({ stretch: value as RasterStretch })}
      />
      {mode === "single" && ends[0] && (
        <Ends key={ends[0].join()} ends={ends[0]} onSet={(wanted) => onStyle({ ends: [wanted] })} />
      )}
    </>
  );
}
