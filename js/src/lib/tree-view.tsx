import { useState } from "preact/hooks";
import { Button } from "./button";
import { Icon } from "./icons";
import { Text } from "./messages";
import {
  type Branch,
  childOf,
  describe,
  glimpse,
  isBranch,
  keysOf,
  kindOf,
  pointer,
  scalar,
} from "./tree";

/** Children are drawn when they are asked for, and no more than this at once. */
const CHUNK = 100;

export function JsonTree({ value }: { value: unknown }) {
  return (
    <div class="oew-tree">
      {isBranch(value) ? <Children value={value} path="" /> : <Value value={value} path="" />}
    </div>
  );
}

function Children({ value, path }: { value: Branch; path: string }) {
  const [shown, show] = useState(CHUNK);
  const keys = keysOf(value);
  const rest = keys.length - shown;
  if (keys.length === 0) return <p class="oew-sub">{describe(value)}</p>;
  return (
    <ul>
      {keys.slice(0, shown).map((key) => (
        <Node key={key} name={key} value={childOf(value, key)} path={pointer(path, key)} />
      ))}
      {rest > 0 && (
        <li>
          <Button onClick={() => show(shown + CHUNK)}>
            {`Show ${Math.min(CHUNK, rest)} more of ${keys.length.toLocaleString("en")}`}
          </Button>
        </li>
      )}
    </ul>
  );
}

interface NodeProps {
  name: string;
  value: unknown;
  path: string;
}

function Node({ name, value, path }: NodeProps) {
  const [open, setOpen] = useState(false);
  if (!isBranch(value)) {
    return (
      <li class="oew-leaf">
        <span class="oew-key">
          <Text>{name}</Text>:
        </span>{" "}
        <Value value={value} path={path} />
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        class="oew-branch"
        aria-expanded={open}
        data-path={path}
        onClick={() => setOpen(!open)}
      >
        <Icon name="chevron" />
        <span class="oew-key">
          <Text>{name}</Text>
        </span>
        <span class="oew-sub">
          <span class="oew-sr">{describe(value)}</span>
          <span aria-hidden="true">
            <Text>{open ? describe(value) : glimpse(value)}</Text>
          </span>
        </span>
      </button>
      {open && <Children value={value} path={path} />}
    </li>
  );
}

function Value({ value, path }: { value: unknown; path: string }) {
  return (
    <span class={`oew-value oew-value-${kindOf(value)}`} data-path={path}>
      <Text>{scalar(value)}</Text>
    </span>
  );
}
