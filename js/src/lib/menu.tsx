/** A menu behind a button (ARIA Authoring Practices, "Menu Button"). */

import type { Ref, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons";
import { useUniqueId } from "./id";
import { place } from "./place";

export interface MenuItem {
  label: string;
  icon?: IconName;
  /** Of an item that is switched on and off. */
  checked?: boolean;
  danger?: boolean;
  /** Whether a line parts it from those before. */
  apart?: boolean;
  onPick: () => void;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  buttonRef: RefObject<HTMLButtonElement | null>;
  disabled?: boolean;
}

type Place = RefObject<HTMLElement | null>;

function put(menu: HTMLElement, button: HTMLElement): void {
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  const at = place(button.getBoundingClientRect(), menu.getBoundingClientRect(), view);
  menu.style.left = `${at.left}px`;
  menu.style.top = `${at.top}px`;
}

/** Over everything else, and cut off by nothing; where there is no popover, in the flow. */
function useShown(menu: Place, button: Place, open: boolean): void {
  useLayoutEffect(() => {
    const [el, anchor] = [menu.current, button.current];
    if (!open || !el || !anchor || typeof el.showPopover !== "function") return undefined;
    el.showPopover();
    const { signal, abort } = controlled();
    const follow = () => put(el, anchor);
    window.addEventListener("scroll", follow, { capture: true, passive: true, signal });
    window.addEventListener("resize", follow, { signal });
    return abort;
  }, [open]);
  // With every redrawing: what stands above the button may have grown.
  useLayoutEffect(() => {
    const [el, anchor] = [menu.current, button.current];
    if (el && anchor && typeof el.showPopover === "function") put(el, anchor);
  });
}

function controlled() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** Closes on a press anywhere else. */
function useOutside(inside: RefObject<HTMLElement | null>, open: boolean, close: () => void) {
  useEffect(() => {
    if (!open) return undefined;
    const { signal, abort } = controlled();
    const pressed = ({ target }: Event) => {
      if (target instanceof Node && !inside.current?.contains(target)) close();
    };
    window.addEventListener("pointerdown", pressed, { capture: true, signal });
    return abort;
  }, [open]);
}

/** Where a key leads from item `at` of `items`; undefined for a key that leads nowhere. */
export function target(key: string, at: number, items: readonly { label: string }[]) {
  const last = items.length - 1;
  switch (key) {
    case "ArrowDown":
      return at === last ? 0 : at + 1;
    case "ArrowUp":
      return at === 0 ? last : at - 1;
    case "Home":
      return 0;
    case "End":
      return last;
  }
  if (key.length !== 1 || key === " ") return undefined;
  const begins = ({ label }: { label: string }) =>
    label.toLowerCase().startsWith(key.toLowerCase());
  const after = items.findIndex((item, index) => index > at && begins(item));
  const found = after < 0 ? items.findIndex(begins) : after;
  return found < 0 ? undefined : found;
}

/** Which item has the focus, how it moves, and how the menu closes. */
function useMenu(items: MenuItem[], buttonRef: RefObject<HTMLButtonElement | null>) {
  const root = useRef<HTMLSpanElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  /** The item that has the focus; null while the menu is closed. */
  const [wanted, go] = useState<number | null>(null);
  const open = wanted !== null;
  const at = open ? Math.min(wanted, items.length - 1) : -1;
  useShown(menu, buttonRef, open);
  useOutside(root, open, () => go(null));
  useLayoutEffect(() => {
    if (at >= 0) menu.current?.querySelectorAll<HTMLElement>("[role^=menuitem]")[at]?.focus();
  }, [at]);
  const close = () => {
    buttonRef.current?.focus({ preventScroll: true });
    go(null);
  };
  const pick = (item: MenuItem) => {
    close();
    item.onPick();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Tab") return go(null);
    const next = target(event.key, at, items);
    if (next === undefined && event.key !== "Escape") return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (next === undefined) close();
    else go(next);
  };
  return { root, menu, open, at, go, close, pick, pressed };
}

export function Menu({ label, items, buttonRef, disabled = false }: MenuProps) {
  const id = useUniqueId();
  const { root, menu, open, at, go, close, pick, pressed } = useMenu(items, buttonRef);
  return (
    <span class="oew-menu-root" ref={root}>
      <MenuButton
        label={label}
        controls={id}
        open={open && !disabled}
        disabled={disabled}
        buttonRef={buttonRef}
        onToggle={() => !disabled && (open ? close() : go(0))}
        onOpen={(last) => !disabled && go(last ? items.length - 1 : 0)}
      />
      {open && !disabled && (
        <div
          class="oew-menu"
          role="menu"
          id={id}
          aria-label={label}
          tabIndex={-1}
          popover="manual"
          ref={menu}
          onKeyDown={pressed}
        >
          {items.map((item, index) => (
            <Item key={item.label} item={item} current={index === at} onPick={() => pick(item)} />
          ))}
        </div>
      )}
    </span>
  );
}

interface MenuButtonProps {
  label: string;
  controls: string;
  open: boolean;
  disabled: boolean;
  buttonRef: Ref<HTMLButtonElement>;
  onToggle: () => void;
  onOpen: (last: boolean) => void;
}

function MenuButton(props: MenuButtonProps) {
  const { label, open } = props;
  return (
    <button
      type="button"
      class="oew-button oew-button-icon"
      ref={props.buttonRef}
      aria-label={label}
      title={label}
      aria-haspopup="menu"
      aria-disabled={props.disabled ? "true" : undefined}
      aria-expanded={open}
      aria-controls={open ? props.controls : undefined}
      onClick={props.onToggle}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        props.onOpen(event.key === "ArrowUp");
      }}
    >
      <Icon name="more" />
    </button>
  );
}

function Item({ item, current, onPick }: { item: MenuItem; current: boolean; onPick: () => void }) {
  const { label, icon, checked, danger = false, apart = false } = item;
  const kind = `oew-menu-item${danger ? " oew-menu-danger" : ""}${apart ? " oew-menu-apart" : ""}`;
  const role =
    checked === undefined
      ? ({ role: "menuitem" } as const)
      : ({ role: "menuitemcheckbox", "aria-checked": checked } as const);
  return (
    <button type="button" class={kind} {...role} tabIndex={current ? 0 : -1} onClick={onPick}>
      {checked ? <Icon name="check" /> : icon ? <Icon name={icon} /> : <span class="oew-icon" />}
      <span>{label}</span>
    </button>
  );
}
