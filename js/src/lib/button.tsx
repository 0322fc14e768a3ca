import type { ComponentChildren, Ref } from "preact";
import { Icon, type IconName } from "./icons";

interface ButtonProps {
  onClick: () => void;
  /** The accessible name; with `children` that is their text. */
  label?: string;
  icon?: IconName;
  kind?: "primary" | "plain" | "quiet";
  disabled?: boolean;
  expanded?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
  children?: ComponentChildren;
}

/**
 * A button that keeps the focus when it is disabled: a person at the keyboard who pressed
 * Start must not be thrown to the top of the page.
 */
export function Button(props: ButtonProps) {
  const { onClick, label, icon, kind = "plain", disabled = false, expanded, children } = props;
  const named = label ? { "aria-label": label, title: label } : {};
  return (
    <button
      type="button"
      ref={props.buttonRef ?? null}
      class={`oew-button oew-button-${kind}${children ? "" : " oew-button-icon"}`}
      aria-disabled={disabled ? "true" : undefined}
      aria-expanded={expanded}
      onClick={() => {
        if (!disabled) onClick();
      }}
      {...named}
    >
      {icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
    </button>
  );
}
