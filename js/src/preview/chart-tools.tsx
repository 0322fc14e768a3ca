/** The buttons of a chart: all that a drag or a wheel does, they do too. */

import { Button } from "../lib/button";
import type { Look } from "./chart-hooks";

const ZOOM = 0.5;
const STEP = 0.5;

export function ChartTools({ zoomed, look }: { zoomed: boolean; look: Look }) {
  return (
    <div class="oew-chart-tools" role="group" aria-label="Part that is shown">
      <Button
        kind="quiet"
        icon="left"
        label="Earlier part"
        disabled={!zoomed}
        onClick={() => look.pan(-STEP)}
      />
      <Button
        kind="quiet"
        icon="right"
        label="Later part"
        disabled={!zoomed}
        onClick={() => look.pan(STEP)}
      />
      <Button kind="quiet" icon="plus" label="Look closer" onClick={() => look.zoom(ZOOM)} />
      <Button
        kind="quiet"
        icon="minus"
        label="Look from farther"
        disabled={!zoomed}
        onClick={() => look.zoom(1 / ZOOM)}
      />
      <Button
        kind="quiet"
        icon="whole"
        label="Whole range"
        disabled={!zoomed}
        onClick={look.reset}
      />
    </div>
  );
}
