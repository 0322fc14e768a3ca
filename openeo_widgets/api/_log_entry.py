"""One log entry as it is held: in few small objects, whatever a back-end wrote into it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._times import seconds_of_time
from openeo_widgets.redact import beginning, redacted_data, without_half

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LONGEST", "LONGEST_NAME", "HeldEntry", "held", "pretty"]

# Characters of a message, or of the JSON of an entry's data, that are kept.
LONGEST = 100_000
# Characters of an id, a code, a level, a time or the id of a node that are kept.
LONGEST_NAME = 500

# What an entry takes besides its texts, roughly, in bytes.
_OVERHEAD = 400

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")

_COLUMNS = frozenset({"id", "level", "message", "code", "time", "data"})

# Made once: to make one takes longer than to use it.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PRETTY = json.JSONEncoder(ensure_ascii=False, indent=2)
_MOST_PRETTY = 3 * LONGEST

_TOO_DEEP = "It is nested too deeply to be kept."


@dataclass(slots=True)
class HeldEntry:
    """A log entry, read once.

    Attributes:
        id: Its id as text, or "".
        level: In lower case, unknown ones too; ``info`` where the back-end sent none.
        code: Its code, or "".
        message: Its text, without the escape codes that colour a terminal; at most `LONGEST`.
        time: When it happened, as the back-end sent it, or "".
        time_ms: The same in milliseconds since the epoch, or None.
        node: Id of the node of the process graph where it happened, or "".
        data: JSON of its ``data``, at most `LONGEST` characters; "" where there is none.
        more: JSON of an object with all its other fields, or "".
        note: What of all this is not kept, in words, or "".
    """

    id: str
    level: str
    code: str
    message: str
    time: str
    time_ms: int | None
    node: str
    data: str
    more: str
    note: str

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""
        names = len(self.id) + len(self.code) + len(self.level) + len(self.time) + len(self.node)
        return _OVERHEAD + names + len(self.message) + len(self.data) + len(self.more)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from others: ids may be missing, or be used twice."""
        return (self.id, self.level, self.code, self.message, self.time)

    @property
    def has_whole_data(self) -> bool:
        """Whether `data` is JSON, and not the beginning of it."""
        return 0 < len(self.data) < LONGEST

    @property
    def extras(self) -> dict[str, Any]:
        """All its fields but those above: ``path``, ``usage``, ``links`` and the unknown."""
        found = json.loads(self.more) if self.more else {}
        return found if isinstance(found, dict) else {}


def held(entry: Mapping[str, Any]) -> HeldEntry:
    """Read an entry. Nothing in it is taken for granted."""
    notes: list[str] = []
    time = _name(entry.get("time"))
    more = {name: value for name, value in entry.items() if name not in _COLUMNS}
    return HeldEntry(
        id=_name(entry.get("id")),
        level=sys.intern(_name(entry.get("level")).lower() or "info"),
        code=sys.intern(_name(entry.get("code"))),
        message=_message(_text(entry.get("message")), notes),
        time=time,
        time_ms=_milliseconds(time),
        node=sys.intern(_node(entry.get("path"))),
        data=_data(entry["data"], notes) if "data" in entry else "",
        more=_whole(_json(more, notes), notes) if more else "",
        note=" ".join(notes),
    )


def pretty(text: str) -> str:
    """JSON with a line for each value; as it is where it is cut, or would be mostly indentation."""
    lines, length = [], 0
    try:
        for part in _PRETTY.iterencode(json.loads(text)):
            lines.append(part)
            length += len(part)
            if length > _MOST_PRETTY:
                return text
    except (ValueError, RecursionError):
        return text
    return "".join(lines)


def _text(value: Any) -> str:
    """A field as text: back-ends send numbers for ids, and objects for messages."""
    if isinstance(value, str):
        return value
    return "" if value is None else _json(value, [])


def _json(value: Any, notes: list[str]) -> str:
    try:
        return _ENCODER.encode(value)
    except (RecursionError, TypeError, ValueError):
        notes.append(_TOO_DEEP)
        return ""


def _name(value: Any) -> str:
    """A field of a word or two; what is longer is none, and is not sent back to the back-end."""
    text = _text(value)
    return text if len(text) <= LONGEST_NAME else beginning(text, LONGEST_NAME)


def _message(text: str, notes: list[str]) -> str:
    # No more is looked at than is needed: it would keep all else in the process waiting.
    looked_at = text[: 2 * LONGEST]
    kept = _ANSI.sub("", looked_at) if "\x1b" in looked_at else looked_at
    was_cut = len(text) > len(looked_at)
    if len(kept) <= LONGEST and not was_cut:
        return kept
    _note_cut("message", len(text), notes)
    if was_cut:
        return f"{without_half(kept)[: LONGEST - 1]}…"
    return beginning(kept, LONGEST - 1)


def _data(value: Any, notes: list[str]) -> str:
    text = _json(value, notes)
    if len(text) <= LONGEST:
        return text
    _note_cut("data", len(text), notes)
    return _json(redacted_data(value, 2 * LONGEST), notes)[:LONGEST]


def _note_cut(what: str, length: int, notes: list[str]) -> None:
    notes.append(f"Of its {what} the first {LONGEST:,} of {length:,} characters are kept.")


def _whole(text: str, notes: list[str]) -> str:
    """JSON that is cut is none; path, links and usage are never that long."""
    if len(text) <= LONGEST:
        return text
    notes.append("Its other fields are too long to be kept.")
    return ""


def _node(path: Any) -> str:
    """The node that an entry comes from: the first of its path (API, section on logs)."""
    first = path[0] if isinstance(path, list) and path else None
    return _name(first.get("node_id")) if isinstance(first, dict) else ""


def _milliseconds(time: str) -> int | None:
    at = seconds_of_time(time)
    return None if at is None else round(at * 1000)
