"""JSON as a tree of which the browser has the branches that are open."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._words import counted, short
from openeo_widgets.redact import names_secret, redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MOST_NODES", "Tree"]

#: Children that are told of at once.
MOST_NODES = 200

_MOST_FOUND = 200
# Nodes that a search looks at: of more than that nobody waits for the end.
_MOST_LOOKED_AT = 3_000_000

# Characters of a path, which each of the children below has, too; and of a step of one. Instead of
# a longer key, or of one that would not be sent as it is, a step says the how manyth it is.
_LONGEST_PATH, _LONGEST_STEP = 2000, 200
_MOST_PATHS = 100_000

_STEP = re.compile(r'\.([A-Za-z_]\w*)|\[(#?\d{1,15})\]|\[("(?:[^"\\]|\\.)*")\]', re.DOTALL)
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
            OpenEOWidgetsError: There is no such node, or it is too deep for its path to be sent.
        """
        if len(path) > _LONGEST_PATH:
            raise OpenEOWidgetsError("What is nested as deeply as this is shown as text alone.")
        data = self._at(path)
        some = islice(enumerate(_children(data)), start, start + min(count, MOST_NODES))
        return {
            "nodes": [
                _node(_name(key), path + _step(key, place), part) for place, (key, part) in some
            ],
            "total": len(data) if isinstance(data, dict | list) else 0,
        }

    def find(self, text: str) -> dict[str, Any]:
        """Find the nodes whose key or value holds a text, in whatever case."""
        wanted, found = text.casefold(), list[str]()
        stack = [("$", enumerate(_children(self._data)))]
        left, room = _MOST_LOOKED_AT, _MOST_PATHS
        while stack and wanted:
            path, rest = stack[-1]
            place, (key, part) = next(rest, (0, (None, None)))
            if key is None:
                stack.pop()
                continue
            left -= 1
            if len(found) >= _MOST_FOUND or left < 0 or room < 0:
                return {"paths": found, "more": True}
            below = path + _step(key, place)
            inner = isinstance(part, dict | list)
            texts = [key if isinstance(key, str) else "", "" if inner else _plain(part)]
            if any(wanted in one.casefold() for one in texts):
                found.append(below)
                room -= len(below)
            if inner and len(below) <= _LONGEST_PATH:
                stack.append((below, enumerate(_children(part))))
        return {"paths": found, "more": False}

    def _at(self, path: str) -> Any:
        data, at = self._data, 1
        if not path.startswith("$"):
            raise OpenEOWidgetsError(f"There is nothing at {short(path, 100)!r}.")
        while at < len(path):
            step = _STEP.match(path, at)
            try:
                data = _child(data, step) if step else None
            except (LookupError, TypeError, StopIteration):
                step = None
            if step is None:
                raise OpenEOWidgetsError(f"There is nothing at {short(path, 100)!r}.")
            at = step.end()
        return data


def _child(data: Any, step: re.Match[str]) -> Any:
    name, number, quoted = step.groups()
    if number is None:
        return data[name if name is not None else str(json.loads(quoted))]
    if number.startswith("#"):
        return next(islice(data.values(), int(number[1:]), None))
    return data[int(number)]


def _step(key: str | int, place: int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if len(key) > _LONGEST_STEP:
        return f"[#{place}]"
    if _PLAIN.fullmatch(key) and key.isascii():
        return f".{key}"
    return f"[{json.dumps(key, ensure_ascii=False)}]" if redacted(key) == key else f"[#{place}]"


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
