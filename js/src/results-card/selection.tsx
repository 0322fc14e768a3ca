/** Which files are selected for a download. */

import type { AssetRow } from "../protocol";
import { selectionText } from "./files";

export type Picked = ReadonlySet<string>;

interface SelectAllProps {
  assets: AssetRow[];
  picked: Picked;
  onPick: (picked: Picked) => void;
}

export function SelectAll({ assets, picked, onPick }: SelectAllProps) {
  const count = assets.filter(({ key }) => picked.has(key)).length;
  const all = count === assets.length;
  return (
    <label class="oew-select-all">
      <input
        type="checkbox"
        checked={all}
        // Some but not all: no attribute says that, only a property.
        ref={(box) => {
          if (box) box.indeterminate = count > 0 && !all;
        }}
        onChange={() => onPick(new Set(all ? [] : assets.map(({ key }) => key)))}
      />
      <span>Select all</span>
      {count > 0 && <span class="oew-sub oew-num">{selectionText(assets, picked)}</span>}
    </label>
  );
}

/** The selection with one file more, or less. */
export function toggled(picked: Picked, key: string): Picked {
  const next = new Set(picked);
  if (!next.delete(key)) next.add(key);
  return next;
}
