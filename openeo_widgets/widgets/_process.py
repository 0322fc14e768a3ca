"""The process of a job as JSON that may be shown."""

from __future__ import annotations

import json
import math
from typing import Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.redact import beginning, redacted, secrets_in

__all__ = ["shown_process"]

# Characters of JSON: more is no longer read, and each opening of the tab would send it again.
_MOST = 1_000_000
# How much of a list or a text stays where all of it would be too much: it tells what it is.
_BEGINNING = 20
_BEGINNING_OF_TEXT = 500
# No graph is nested as deep as this, and what reads JSON has its limits.
_DEEPEST = 150


def shown_process(process: Any) -> tuple[str, str]:
    """A process as JSON that may be shown: without secrets, and not too much of it.

    Args:
        process: What the back-end sent; any JSON value.

    Returns:
        The text, and what of it was left out in words, or "".

    Raises:
        OpenEOWidgetsError: It is too large even without its long lists and texts.
    """
    text, deep = _written(process, _Room(list_length=None, text_length=None))
    note = "What is nested deeper than the browser can show is left out." if deep else ""
    if len(text) <= _MOST:
        return text, note
    size = f"{len(text) / 1_000_000:.1f} million characters"
    text, _ = _written(process, _Room(_BEGINNING, _BEGINNING_OF_TEXT))
    if len(text) > _MOST:
        raise OpenEOWidgetsError(
            f"The process is too large to be shown: {size}.",
            hint='job.describe()["process"] has it.',
        )
    return text, f"The process has {size}: long lists and texts are cut here. Copy JSON has all."


class _Room:
    """How much is kept, and whether something was nested too deeply for that.

    Args:
        list_length: Entries of a list, or None for all.
        text_length: Characters of a text, or None for all.
    """

    def __init__(self, list_length: int | None, text_length: int | None) -> None:
        self.list_length = list_length
        self.text_length = text_length
        self.too_deep = False


def _written(process: Any, room: _Room) -> tuple[str, bool]:
    text = json.dumps(_shown(process, room, 0), ensure_ascii=False, allow_nan=False)
    return text, room.too_deep


def _shown(value: Any, room: _Room, depth: int) -> Any:
    """A value that may be shown."""
    if not isinstance(value, dict | list):
        return _shown_scalar(value, room)
    if depth >= _DEEPEST:
        room.too_deep = True
        return "…"
    hidden = secrets_in(value)
    if isinstance(value, list):
        return _shown_list(value, hidden, room, depth)
    return {
        redacted(key): "…" if key in hidden else _shown(part, room, depth + 1)
        for key, part in value.items()
    }


def _shown_scalar(value: Any, room: _Room) -> Any:
    if isinstance(value, str):
        return redacted(value) if room.text_length is None else beginning(value, room.text_length)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _shown_list(
    values: list[Any], hidden: frozenset[str | int], room: _Room, depth: int
) -> list[Any]:
    shown = [
        "…" if place in hidden else _shown(value, room, depth + 1)
        for place, value in enumerate(values[: room.list_length])
    ]
    left = len(values) - len(shown)
    return [*shown, f"… and {left:,} more"] if left else shown
