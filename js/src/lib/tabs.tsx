import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

interface TabsProps<Name extends string> {
  /** Makes the ids of the tabs and of the panel that they control. */
  id: string;
  label: string;
  tabs: readonly Name[];
  /** The open one, or null. */
  tab: Name | null;
  onTab: (tab: Name) => void;
  /** What stands behind a tab's name. */
  badge?: (tab: Name) => ComponentChildren;
}

const STEPS: Record<string, (index: number, count: number) => number> = {
  ArrowLeft: (index, count) => (index + count - 1) % count,
  ArrowRight: (index, count) => (index + 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

export function tabId(id: string, tab: string): string {
  return `${id}-${tab}`;
}

export function panelId(id: string): string {
  return `${id}-panel`;
}

/** One stop for the Tab key; the arrows go from tab to tab. */
export function Tabs<Name extends string>(props: TabsProps<Name>) {
  const { id, label, tabs, tab, onTab, badge } = props;
  const list = useRef<HTMLDivElement>(null);
  const current = Math.max(0, tab === null ? 0 : tabs.indexOf(tab));
  const move = (event: KeyboardEvent) => {
    const target = STEPS[event.key]?.(current, tabs.length);
    const next = target === undefined ? undefined : tabs[target];
    if (target === undefined || next === undefined) return;
    event.preventDefault();
    if (next !== tab) onTab(next); // to pick the open one may close it
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[target]?.focus();
  };
  return (
    <div class="oew-tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
      {tabs.map((name, index) => (
        <button
          type="button"
          key={name}
          role="tab"
          id={tabId(id, name)}
          class="oew-tab"
          aria-selected={name === tab}
          aria-controls={name === tab ? panelId(id) : undefined}
          tabIndex={index === current ? 0 : -1}
          onClick={() => onTab(name)}
        >
          {name}
          {badge?.(name)}
        </button>
      ))}
    </div>
  );
}
