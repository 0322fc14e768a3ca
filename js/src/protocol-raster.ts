/** What Python tells of the raster on the map: see protocol.ts, whose part this is. */

import type { ErrorInfo } from "./protocol";
import type { ChartView } from "./protocol-preview";

/** What the colours mean. */
export interface RasterLegend {
  /** From low to high, as CSS has colours; empty for a raster with classes. */
  colours: string[];
  low: string;
  high: string;
  unit: string;
  classes: { colour: string; name: string }[];
}

/** The values at a place. */
export interface RasterPixel {
  /** Degrees. */
  lon: number;
  lat: number;
  /** By band; empty where there is none, then `note` says why. */
  values: { name: string; text: string }[];
  note: string;
  /** Whether its values over time can be asked for: `raster_series`. */
  series: boolean;
}

/** The values of a pixel over time. */
export interface RasterSeries {
  /** null where there are none, or where they cost more than is read unasked. */
  chart: ChartView | null;
  /** What reading them would cost, or "". */
  question: string;
}

/** red, green and blue are bands; one band in colours; the file's own colours. */
export type RasterMode = "rgb" | "single" | "palette";
/** What the colours are spread over; "stated" in the metadata, "own" is the person's. */
export type RasterStretch = "percentiles" | "minmax" | "stated" | "byte" | "own";

export interface RasterState {
  key: string;
  name: string;
  /** Class of its pictures in the page. */
  mark: string;
  /** ask: it would cost more to read than the budget; `question` says how much. */
  state: "loading" | "ask" | "ready" | "error";
  /** Whether another picture is being made; the one before stays until it comes. */
  busy: boolean;
  error: ErrorInfo | null;
  /** What is left out or special, in words, or "". */
  note: string;
  question: string;
  /** Bands by number, from 1. Empty until the file is open. */
  bands: { number: number; name: string; unit: string }[];
  modes: RasterMode[];
  mode: RasterMode | "";
  /** Numbers of the shown bands: one, or red, green and blue. */
  chosen: number[];
  stretches: RasterStretch[];
  stretch: RasterStretch | "";
  /** Low and high of each shown band. */
  ends: [number, number][];
  colormaps: string[];
  colormap: string;
  legend: RasterLegend | null;
  /** Share of pixels without a value, 0 to 1, or null where only a part was looked at. */
  nodata_share: number | null;
  pixel: RasterPixel | null;
  /** Its dates, in their order; empty for a raster without, and until they are known. */
  frames: { label: string }[];
  /** Place of the wanted one in them; `key` and `name` are those of the file that it is in. */
  frame: number;
}
