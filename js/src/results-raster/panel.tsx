/** What is said of the rasters on the map, and how they are coloured; they themselves are there. */

import type { ComponentChildren } from "preact";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import type { LayerRow, RasterState, ResultsState } from "../protocol";
import { Compare } from "./compare";
import { Controls } from "./controls";
import { Frames } from "./frames";
import { Legend } from "./legend";
import { Pixel } from "./pixel";

export interface RasterProps {
  raster: RasterState;
  /** Whether it is the one that the first is compared with. */
  compared: boolean;
  /** Its layer on the map, once it was drawn. */
  layer: LayerRow | undefined;
  commands: Commands<ResultsState>;
}

interface RastersProps {
  state: ResultsState;
  commands: Commands<ResultsState>;
}

export function Rasters({ state, commands }: RastersProps) {
  const { raster, compared, layers } = state;
  if (!raster) return null;
  const layer = (key: string) => layers.find((row) => row.key === key);
  return (
    <div class="oew-rasters">
      <RasterPanel
        raster={raster}
        compared={false}
        where={compared ? "left of the divider" : "on the map"}
        layer={layer("raster")}
        commands={commands}
      >
        <Compare state={state} commands={commands} />
      </RasterPanel>
      {compared && (
        <RasterPanel
          raster={compared}
          compared
          where="right of the divider"
          layer={layer("compared")}
          commands={commands}
        />
      )}
    </div>
  );
}

interface PanelProps extends RasterProps {
  where: string;
  children?: ComponentChildren;
}

const KINDS = ["raster_pixel", "raster_hide"] as const;

function RasterPanel({ where, children, ...props }: PanelProps) {
  const { raster, compared, commands } = props;
  const { name, state, busy, note, error, frames } = raster;
  const known = raster.bands.length > 0 && state !== "error";
  return (
    <section
      class="oew-raster"
      data-raster={state}
      data-busy={busy}
      aria-label={`${name} ${where}`}
    >
      <div class="oew-tabbar">
        <span class="oew-tab-title oew-raster-name" title={name}>
          <Text>{name}</Text>
        </span>
        <span class="oew-sub">{where}</span>
        <span class="oew-grow" />
        <CloseButton {...props} />
      </div>
      {/* It takes its place at all times: what is below must not jump while the map is moved. */}
      <div class="oew-bar oew-raster-bar" data-shown={busy}>
        {busy && <span class="oew-indeterminate oew-moving" />}
      </div>
      {!compared && KINDS.map((kind) => <SlotMessage key={kind} slot={commands.slot(kind)} />)}
      <div class="oew-pad oew-raster-body">
        {/* Another date may be read where this one cannot. */}
        {frames.length > 1 && <Frames {...props} />}
        {state === "error" && error && <ErrorText error={error} />}
        {state === "loading" && <p class="oew-sub">Reading the file…</p>}
        {state === "ask" && <Question {...props} />}
        {note && (
          <p class="oew-sub oew-raster-note">
            <Text>{note}</Text>
          </p>
        )}
        {known && <Legend raster={raster} />}
        {known && <Controls {...props} />}
        {children}
        {known && <Pixel {...props} />}
      </div>
    </section>
  );
}

function CloseButton({ raster: { key, name }, compared, commands }: RasterProps) {
  return (
    <Button
      kind="quiet"
      icon="close"
      label={compared ? `Compare with ${name} no more` : `Take ${name} off the map`}
      disabled={commands.slot("raster_hide").busy}
      onClick={() => {
        focusOpener(key, compared);
        commands.send({ kind: "raster_hide", compared });
      }}
    />
  );
}

function Question({ raster, compared, commands }: RasterProps) {
  const kind = compared ? "raster_compare" : "raster_show";
  return (
    <div class="oew-row oew-raster-question">
      <p>
        <Text>{raster.question}</Text>
      </p>
      <Button
        disabled={raster.busy || commands.slot(kind, raster.key).busy}
        onClick={() => commands.send({ kind, key: raster.key, whole: true })}
      >
        Read it
      </Button>
    </div>
  );
}

/** The panel goes away with the button in it: the focus returns to where it was opened. */
function focusOpener(key: string, compared: boolean) {
  const root = document.activeElement?.closest(".oew-results");
  const opener = compared
    ? root?.querySelector<HTMLElement>(".oew-raster-compare select")
    : root
        ?.querySelector(`[data-key="${CSS.escape(key)}"]`)
        ?.querySelector<HTMLElement>(".oew-on-map button");
  opener?.focus({ preventScroll: true });
}

/** What is announced of them. */
export function rasterAnnouncement({ raster, compared }: ResultsState): string {
  return told(raster, "on the map") + told(compared, "right of the divider");
}

function told(raster: RasterState | null, where: string): string {
  if (raster === null) return "";
  if (raster.state === "loading") return `, reading ${raster.name}`;
  if (raster.state === "ask") return `, ${raster.question}`;
  if (raster.state === "error") {
    return `, ${raster.name} cannot be shown: ${raster.error?.message ?? ""}`;
  }
  return `, ${raster.name} is ${where}`;
}
