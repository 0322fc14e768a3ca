/** The legend of a chart: its entries take their lines away, and bring them back. */

import { Button } from "../lib/button";
import { Text } from "../lib/messages";
import { Sample } from "./chart-readout";
import type { Legend } from "./legend";

/** With more than this, each by itself would be tedious. */
const FEW = 6;

/** More have no use: nobody tells them apart. */
const MOST = 200;

interface LegendProps {
  legend: Legend;
  /** Ids of what is taken away. */
  hidden: ReadonlySet<string>;
  onToggle: (ids: readonly string[], on: boolean) => void;
}

export function LegendLists({ legend, hidden, onToggle }: LegendProps) {
  return (
    <div class="oew-legends">
      {legend.lists.map(({ title, entries }, list) => {
        const ids = entries.map((_, index) => `${list} ${index}`);
        const none = ids.every((id) => hidden.has(id));
        return (
          <div class="oew-legend" role="group" aria-label={title} key={title}>
            {legend.lists.length > 1 && <span class="oew-sub">{title}</span>}
            {entries.slice(0, MOST).map(({ name, look }, index) => {
              const id = `${list} ${index}`;
              const on = !hidden.has(id);
              return (
                <button
                  type="button"
                  key={id}
                  class={`oew-legend-item ${look}`}
                  aria-pressed={on}
                  onClick={() => onToggle([id], !on)}
                >
                  <Sample />
                  <Text>{name}</Text>
                </button>
              );
            })}
            {entries.length > MOST && (
              <span class="oew-sub">and {(entries.length - MOST).toLocaleString("en")} more</span>
            )}
            {entries.length > FEW && (
              <Button kind="quiet" onClick={() => onToggle(ids, none)}>
                {none ? "Show all" : "Hide all"}
              </Button>
            )}
          </div>
        );
      })}
    </div>
  );
}
