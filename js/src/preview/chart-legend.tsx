/** The legend of a chart: its entries take their lines away, and bring them back. */

import { Button } from "../lib/button";
import { Text } from "../lib/messages";
import { Sample } from "./chart-readout";
import type { Entry, Legend } from "./legend";
import type { Line } from "./lines";

/** With more than this, each by itself would be tedious. */
const FEW = 6;

/** More have no use: nobody tells them apart. */
const MOST = 200;

interface LegendProps {
  legend: Legend;
  /** Ids of what is taken away. */
  hidden: ReadonlySet<string>;
  onToggle: (ids: readonly string[], on: boolean) => void;
  all: readonly Line[];
  /** Group of the lines that stand out, or null. */
  chosen: string | null;
  /** Lights up on the map what a group of lines is of. */
  light: (group: string | null) => void;
}

/** The group of all lines that go with an entry, or null where there are several. */
function groupOf({ lines }: Entry, all: readonly Line[]): string | null {
  const groups = new Set([...lines].map((index) => all[index]?.group ?? ""));
  const [group = ""] = groups;
  return groups.size === 1 && group ? group : null;
}

export function LegendLists({ legend, hidden, onToggle, all, chosen, light }: LegendProps) {
  return (
    <div class="oew-legends">
      {legend.lists.map(({ title, entries }, list) => {
        const ids = entries.map((_, index) => `${list} ${index}`);
        const none = ids.every((id) => hidden.has(id));
        return (
          <div class="oew-legend" role="group" aria-label={title} key={title}>
            {legend.lists.length > 1 && <span class="oew-sub">{title}</span>}
            {entries.slice(0, MOST).map((entry, index) => {
              const { name, look } = entry;
              const id = `${list} ${index}`;
              const group = groupOf(entry, all);
              const on = !hidden.has(id);
              return (
                <button
                  type="button"
                  key={id}
                  class={`oew-legend-item ${look}`}
                  aria-pressed={on}
                  aria-current={group !== null && group === chosen ? "true" : undefined}
                  onMouseEnter={() => light(group)}
                  onMouseLeave={() => light(null)}
                  onFocus={() => light(group)}
                  onBlur={() => light(null)}
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
