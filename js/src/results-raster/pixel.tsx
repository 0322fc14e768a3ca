import { Button } from "../lib/button";
import { Text } from "../lib/messages";
import type { RasterPixel } from "../protocol";
import type { RasterProps } from "./panel";
import { Series } from "./series";

/** "48.20849 N, 16.37208 E". */
export function placeText({ lon, lat }: Pick<RasterPixel, "lon" | "lat">): string {
  const part = (degrees: number, ahead: string, behind: string) =>
    `${Math.abs(degrees).toFixed(5)} ${degrees < 0 ? behind : ahead}`;
  return `${part(lat, "N", "S")}, ${part(lon, "E", "W")}`;
}

/** The values at the place that was clicked, or, for the keyboard, in the map's middle. */
export function Pixel({ raster, compared, commands }: RasterProps) {
  const { pixel } = raster;
  return (
    <div class="oew-raster-pixel">
      {!compared && (
        <div class="oew-row">
          <p class="oew-sub oew-grow">Click on the map for the values of a pixel.</p>
          <Button
            disabled={commands.slot("raster_pixel").busy}
            onClick={() => commands.send({ kind: "raster_pixel", lon: null, lat: null })}
          >
            Values in the map’s middle
          </Button>
        </div>
      )}
      <div role="status">
        {pixel && (
          <>
            <p class="oew-num">
              {placeText(pixel)}
              {pixel.note && (
                <>
                  {": "}
                  <Text>{pixel.note}</Text>
                </>
              )}
            </p>
            <dl class="oew-raster-values">
              {pixel.values.map(({ name, text }, index) => (
                <div key={index}>
                  <dt>
                    <Text>{name}</Text>
                  </dt>
                  <dd class="oew-num">
                    <Text>{text}</Text>
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
      {pixel?.series && <Series raster={raster} commands={commands} pixel={pixel} />}
    </div>
  );
}
