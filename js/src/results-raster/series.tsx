/** The values of a pixel over time, as a chart that is loaded when there is one. */

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../lib/button";
import { ErrorText, Text } from "../lib/messages";
import { infoOf } from "../lib/reason";
import { ViewsHost } from "../preview/host";
import type { ErrorInfo, RasterPixel, RasterSeries } from "../protocol";
import type { RasterProps } from "./panel";

type Found = "reading" | { refused: ErrorInfo } | RasterSeries;

function isSeries(value: unknown): value is RasterSeries {
  return typeof (value as Partial<RasterSeries> | null)?.question === "string";
}

/** What the kernel finds for a place: asked for anew when it is another one. */
function useSeries(
  { raster, commands }: Pick<RasterProps, "raster" | "commands">,
  { lon, lat }: RasterPixel,
): [Found, () => void] {
  const [found, setFound] = useState<Found>("reading");
  const { key } = raster;
  const ask = useCallback(
    (whole: boolean) => {
      let current = true;
      setFound("reading");
      const told = (next: Found) => {
        if (current) setFound(next);
      };
      commands.query({ kind: "raster_series", key, lon, lat, whole }).then(
        (answer) => isSeries(answer) && told(answer),
        (error: unknown) => told({ refused: infoOf(error) }),
      );
      return () => {
        current = false;
      };
    },
    [commands, key, lon, lat],
  );
  useEffect(() => ask(false), [ask]);
  return [found, () => ask(true)];
}

export function Series(props: Pick<RasterProps, "raster" | "commands"> & { pixel: RasterPixel }) {
  const { raster, commands, pixel } = props;
  const [found, readAll] = useSeries(props, pixel);
  const chart = typeof found === "object" && "chart" in found ? found.chart : null;
  const views = useMemo(() => (chart ? [chart] : []), [chart]);
  if (found === "reading") return <p class="oew-sub">Reading its values over time…</p>;
  if ("refused" in found) return <ErrorText error={found.refused} alert />;
  if (found.question) {
    return (
      <div class="oew-row oew-raster-question">
        <p>
          <Text>{found.question}</Text>
        </p>
        <Button onClick={readAll}>Read its values</Button>
      </div>
    );
  }
  if (views.length === 0) return null;
  return (
    <div class="oew-raster-series">
      <ViewsHost name={raster.name} views={views} index={0} commands={commands} />
    </div>
  );
}
