"""JSON as a tree of which the browser has the branches that are open."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._words import counted, short
from openeo_widgets.redact import names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MOST_NODES", "Tree"]

#: Children that are told of at once.
MOST_NODES = 200

_MOST_FOUND = 200
# Nodes that a search looks at: of more than that nobody waits for the end.
_MOST_LOOKED_AT = 3_000_000

_STEP = re.compile(r'\.([A-Za-z_]\w*)|\[(\d{1,15})\]|\[("(?:[^"\\]|\\.)*")\]', re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z_]\w*")

_TYPES: tuple[tuple[type, str], ...] = (
    (dict, "object"),
    (list, "array"),
    (str, "string"),
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
)


class Tree:
    """A tree of JSON.

    Args:
        data: What JSON holds: dicts, lists, texts, numbers, True, False, None.
        note: What is left out, or "".
    """

    def __init__(self, data: Any, note: str = "") -> None:
        self._data = data
        self._note = note

    def shown(self) -> dict[str, Any]:
        """Tell the root."""
        root = _node("$", "$", self._data)
        return {"kind": "tree", "label": "Tree", "root": root, "note": self._note}

    def children(self, path: str, start: int, count: int) -> dict[str, Any]:
        """Some children of a node; see ``PreviewChildren`` in js/src/protocol-preview.ts.

        Args:
            path: JSON path of the node.
            start: Number of the first child.
            count: How many; `MOST_NODES` at most.

        Raises:
            OpenEOWidgetsError: There is no such node.
        """
        data = self._at(path)
        some = islice(_children(data), start, start + min(count, MOST_NODES))
        return {
            "nodes": [_node(_name(key), path + _step(key), part) for key, part in some],
            "total": len(data) if isinstance(data, dict | list) else 0,
        }

    def find(self, text: str) -> dict[str, Any]:
        """Find the nodes whose key or value holds a text, in whatever case."""
        wanted, found = text.casefold(), list[str]()
        stack: list[tuple[str, Iterator[tuple[str | int, Any]]]] = [("$", _children(self._data))]
        left = _MOST_LOOKED_AT
        while stack and wanted:
            path, rest = stack[-1]
            key, part = next(rest, (None, None))
            if key is None:
                stack.pop()
                continue
            left -= 1
            if len(found) >= _MOST_FOUND or left < 0:
                return {"paths": found, "more": True}
            below = path + _step(key)
            inner = isinstance(part, dict | list)
            texts = [key if isinstance(key, str) else "", "" if inner else _plain(part)]
            if any(wanted in one.casefold() for one in texts):
                found.append(below)
            if inner:
                stack.append((below, _children(part)))
        return {"paths": found, "more": False}

    def _at(self, path: str) -> Any:
        data, at = self._data, 1
        if not path.startswith("$"):
            raise OpenEOWidgetsError(f"There is nothing at {short(path, 100)!r}.")
        while at < len(path):
            step = _STEP.match(path, at)
            try:
                data = data[_key(step)] if step else None
            except (LookupError, TypeError):
                step = None
            if step is None:
                raise OpenEOWidgetsError(f"There is nothing at {short(path, 100)!r}.")
            at = step.end()
        return data


def _key(step: re.Match[str]) -> str | int:
    name, number, quoted = step.groups()
    if number is not None:
        return int(number)
    return name if name is not None else str(json.loads(quoted))


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if _PLAIN.fullmatch(key) and key.isascii():
        return f".{key}"
    return f"[{json.dumps(key, ensure_ascii=False)}]"


def _name(key: str | int) -> str:
    return short(key, 100)


def _children(data: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(data, Mapping):
        return iter(data.items())
    return iter(enumerate(data)) if isinstance(data, list) else iter(())


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _node(name: str, path: str, data: Any) -> dict[str, Any]:
    """A node as the browser shows it. What is secret by its name is hidden with what is below."""
    kind = next((word for of, word in _TYPES if isinstance(data, of)), "null")
    hidden = names_secret(name) and not isinstance(data, bool | None)
    count = len(data) if isinstance(data, dict | list) and not hidden else 0
    if hidden:
        text = "…"
    elif isinstance(data, dict):
        text = f"{{{counted(count, 'key')}}}"
    elif isinstance(data, list):
        text = f"[{counted(count, 'item')}]"
    else:
        text = short(_plain(data))
    return {"name": name, "path": path, "type": kind, "text": text, "count": count}
