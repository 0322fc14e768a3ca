import { Text } from "../lib/messages";
import type { RasterState } from "../protocol";

/** "no value in 12 % of its pixels", or "". */
export function missingText(share: number | null): string {
  if (share === null || share <= 0) return "";
  if (share >= 1) return "no pixel has a value";
  const percent = share * 100;
  const told = percent < 1 ? "less than 1" : percent > 99 ? "more than 99" : percent.toFixed(0);
  return `no value in ${told} % of its pixels`;
}

/** What the colours mean: a bar with its ends, or the classes by name. */
export function Legend({ raster: { legend, nodata_share } }: { raster: RasterState }) {
  const missing = missingText(nodata_share);
  if (!legend && !missing) return null;
  return (
    <div class="oew-raster-legend">
      {legend && legend.colours.length > 0 && (
        <div
          class="oew-raster-scale"
          role="img"
          aria-label={`Colours from ${legend.low} to ${legend.high} ${legend.unit}`.trim()}
        >
          <span
            class="oew-raster-ramp"
            style={{ background: `linear-gradient(to right, ${legend.colours.join(", ")})` }}
          />
          <span class="oew-num">
            <Text>{legend.low}</Text>
          </span>
          <span class="oew-sub">
            <Text>{legend.unit}</Text>
          </span>
          <span class="oew-num">
            <Text>{legend.high}</Text>
          </span>
        </div>
      )}
      {legend && legend.classes.length > 0 && (
        <ul class="oew-raster-classes" aria-label="Classes">
          {legend.classes.map(({ colour, name }, index) => (
            <li key={index}>
              <span class="oew-raster-swatch" style={{ background: colour }} />
              <Text>{name}</Text>
            </li>
          ))}
        </ul>
      )}
      {missing && <p class="oew-sub">{missing}</p>}
    </div>
  );
}
