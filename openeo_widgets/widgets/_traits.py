"""Synced traits for JSON values: set anew, never changed in place.

``sync`` is set here and nowhere else: a forgotten tag is a trait that the browser never sees.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import traitlets

from openeo_widgets.redact import beginning, redacted, secrets_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["clip", "identifiers", "json_value", "number", "sendable", "text"]

# Longer titles and names are no longer read, and every change would send them again.
_LONGEST = 1000
# Nothing that we show is nested as deep as this; JSON's reader in the browser has its limits.
_DEEPEST = 50


def clip(value: Any) -> str:
    """A text as it may be shown: whole characters, and not too many; "" for what is no text."""
    return _whole_characters(beginning(value, _LONGEST)) if isinstance(value, str) else ""


def _sendable_text(value: str) -> str:
    """Take secrets out, and put a mark in the place of halves of characters."""
    return redacted(_whole_characters(value))


def _whole_characters(value: str) -> str:
    return value.encode("utf-8", errors="replace").decode()


def identifiers(keys: Iterable[str]) -> dict[str, str]:
    """What the browser may call things that it names in its messages.

    A key may hold a secret, or be very long, and then is not sent as it is; two that look alike
    so are still told apart.

    Args:
        keys: Keys as the back-end has them.

    Returns:
        The key of each thing by what the browser calls it, in the order given.
    """
    keys = list(keys)
    taken = {key for key in keys if clip(key) == key}
    found: dict[str, str] = {}
    for key in keys:
        shown = bare = clip(key)
        number = 1
        while shown != key and shown in taken:
            number += 1
            shown = f"{bare} ({number})"
        taken.add(shown)
        found[shown] = key
    return found


def sendable(value: Any, depth: int = 0) -> Any:
    """What a message can hold, and a notebook may: no NaN, halves of characters, nor secrets."""
    if isinstance(value, str):
        return _sendable_text(value)
    if isinstance(value, float | int) and not abs(value) <= sys.float_info.max:
        return None  # NaN too; of a larger integer JavaScript makes Infinity
    if depth < _DEEPEST and isinstance(value, dict):
        hidden = secrets_in(value)
        return {
            _sendable_text(key): "…" if key in hidden else sendable(part, depth + 1)
            for key, part in value.items()
        }
    if depth < _DEEPEST and isinstance(value, list | tuple):
        parts = list(value)
        hidden = secrets_in(parts)
        return [
            "…" if place in hidden else sendable(part, depth + 1)
            for place, part in enumerate(parts)
        ]
    return value if isinstance(value, bool | int | float | None) else None


class _Text(traitlets.Unicode):  # type: ignore[type-arg]
    """A text that is never too long for a title."""

    def validate(self, obj: Any, value: Any) -> Any:
        """Clip it."""
        return clip(super().validate(obj, value))


class _Json(traitlets.Any):
    """Any JSON value; its default is made anew for each widget."""

    def validate(self, obj: Any, value: Any) -> Any:  # noqa: ARG002 - traitlets' signature
        """Leave out what no message can hold."""
        return sendable(value)

    def __init__(self, make_default: Callable[[], Any]) -> None:
        super().__init__(default_value=None)
        self._make_default = make_default

    def default(self, obj: Any = None) -> Any:  # noqa: ARG002 - traitlets' signature
        """A fresh default."""
        return self._make_default()


def json_value(make_default: Callable[[], Any]) -> Any:
    """A synced JSON value.

    Args:
        make_default: Makes the default, so that no two widgets share one.
    """
    return _Json(make_default).tag(sync=True)


def text(default: str = "") -> Any:
    """A synced text."""
    return _Text(default).tag(sync=True)


def number() -> Any:
    """A synced number, or None, which is the default."""
    return traitlets.Float(None, allow_none=True).tag(sync=True)
