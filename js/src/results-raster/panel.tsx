/** What is said of the raster on the map, and how it is coloured; the raster itself is on the map. */

import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import type { RasterState, ResultsState } from "../protocol";
import { Controls } from "./controls";
import { Frames } from "./frames";
import { Legend } from "./legend";
import { Pixel } from "./pixel";

export interface RasterProps {
  raster: RasterState;
  commands: Commands<ResultsState>;
}

const KINDS = ["raster_pixel", "raster_hide"] as const;

export function RasterPanel({ raster, commands }: RasterProps) {
  const { key, name, state, busy, note, error, frames } = raster;
  const known = raster.bands.length > 0 && state !== "error";
  return (
    <section
      class="oew-raster"
      data-raster={state}
      data-busy={busy}
      aria-label={`${name} on the map`}
    >
      <div class="oew-tabbar">
        <span class="oew-tab-title oew-raster-name" title={name}>
          <Text>{name}</Text>
        </span>
        <span class="oew-sub">on the map</span>
        <span class="oew-grow" />
        <Button
          kind="quiet"
          icon="close"
          label={`Take ${name} off the map`}
          disabled={commands.slot("raster_hide").busy}
          onClick={() => {
            focusOpener(key);
            commands.send({ kind: "raster_hide" });
          }}
        />
      </div>
      {/* It takes its place at all times: what is below must not jump while the map is moved. */}
      <div class="oew-bar oew-raster-bar" data-shown={busy}>
        {busy && <span class="oew-indeterminate oew-moving" />}
      </div>
      {KINDS.map((kind) => (
        <SlotMessage key={kind} slot={commands.slot(kind)} />
      ))}
      <div class="oew-pad oew-raster-body">
        {/* Another date may be read where this one cannot. */}
        {frames.length > 1 && <Frames raster={raster} commands={commands} />}
        {state === "error" && error && <ErrorText error={error} />}
        {state === "loading" && <p class="oew-sub">Reading the file…</p>}
        {state === "ask" && <Question raster={raster} commands={commands} />}
        {note && (
          <p class="oew-sub oew-raster-note">
            <Text>{note}</Text>
          </p>
        )}
        {known && <Legend raster={raster} />}
        {known && <Controls raster={raster} commands={commands} />}
        {known && <Pixel raster={raster} commands={commands} />}
      </div>
    </section>
  );
}

function Question({ raster, commands }: RasterProps) {
  return (
    <div class="oew-row oew-raster-question">
      <p>
        <Text>{raster.question}</Text>
      </p>
      <Button
        disabled={raster.busy || commands.slot("raster_show", raster.key).busy}
        onClick={() => commands.send({ kind: "raster_show", key: raster.key, whole: true })}
      >
        Read it
      </Button>
    </div>
  );
}

/** The panel goes away with the button in it: the focus returns to where it was opened. */
function focusOpener(key: string) {
  const root = document.activeElement?.closest(".oew-results");
  const row = root?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  row?.querySelector<HTMLElement>(".oew-on-map button")?.focus({ preventScroll: true });
}

/** What is announced of it. */
export function rasterAnnouncement(raster: RasterState | null): string {
  if (raster === null) return "";
  if (raster.state === "loading") return `, reading ${raster.name}`;
  if (raster.state === "ask") return `, ${raster.question}`;
  if (raster.state === "error") {
    return `, ${raster.name} cannot be shown: ${raster.error?.message ?? ""}`;
  }
  return `, ${raster.name} is on the map`;
}
