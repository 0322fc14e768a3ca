/**
 * A list of which only what is in sight is in the page. Rows are of one height, and are known by
 * the number of their entry: what stands in one, and is selected there, stays as it is when
 * others come.
 */

import { Option } from "./row";
import type { LogRows } from "./rows";
import { holdsSelection, useScroll } from "./scroll";

interface ListProps {
  id: string;
  rows: LogRows;
  /** Position of the row with the cursor, or null. */
  at: number | null;
  /** Whether the newest rows are kept in sight. */
  follow: boolean;
  onMove: (position: number) => void;
  onOpen: (position: number) => void;
  /** Escape; whether there was something to close. */
  onEscape: () => boolean;
  /** It was scrolled: whether the end is in sight. */
  onScroll: (atEnd: boolean) => void;
}

/** Where a key takes the cursor, or null for other keys. */
export function target(key: string, at: number, page: number, last: number): number | null {
  const places = new Map([
    ["ArrowUp", at - 1],
    ["ArrowDown", at + 1],
    ["PageUp", at - page],
    ["PageDown", at + page],
    ["Home", 0],
    ["End", last],
  ]);
  const place = places.get(key);
  return place === undefined ? null : Math.max(0, Math.min(last, place));
}

/** Those in sight, and the one with the cursor: the list names it as the active one. */
function drawn(first: number, last: number, at: number | null, count: number): number[] {
  const found = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  if (at !== null && at < first) found.unshift(at);
  if (at !== null && at > last && at < count) found.push(at);
  return found;
}

export function LogList(props: ListProps) {
  const { id, rows, at, follow, onMove, onOpen, onEscape, onScroll } = props;
  const sight = useScroll(rows, follow);
  const { box, probe, height, first, last } = sight;
  const count = rows.matching;
  rows.want(first, last);

  const optionId = (position: number) => `${id}-row-${position}`;
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const from = at ?? (event.key === "ArrowDown" ? sight.upper - 1 : count);
    const next = target(event.key, from, sight.page, count - 1);
    if (next !== null) {
      onMove(next);
      sight.reveal(next);
    } else if ((event.key === "Enter" || event.key === " ") && at !== null) {
      onOpen(at);
    } else if (event.key !== "Escape" || !onEscape()) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const click = (position: number) => {
    if (holdsSelection(box.current)) return; // that was marking text
    onMove(position);
    onOpen(position);
  };
  return (
    <div
      class="oew-log-list"
      role="listbox"
      aria-label="Log entries"
      aria-activedescendant={at !== null && at < count ? optionId(at) : undefined}
      tabIndex={0}
      ref={box}
      style={{ height: `${sight.seen}px` }}
      onScroll={() => onScroll(sight.heed())}
      onKeyDown={press}
    >
      <div class="oew-log-row oew-log-probe" aria-hidden="true" ref={probe} />
      <div role="presentation" style={{ height: `${count * height}px` }}>
        {drawn(first, last, at, count).map((position) => (
          <Option
            key={rows.row(position)?.index ?? `p${position}`}
            id={optionId(position)}
            position={position}
            count={count}
            row={rows.row(position)}
            above={rows.row(position - 1)}
            selected={position === at}
            top={position * height}
            onClick={() => click(position)}
          />
        ))}
      </div>
    </div>
  );
}
