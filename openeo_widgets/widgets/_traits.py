"""Synced traits for JSON values: set anew, never changed in place.

``sync`` is set here and nowhere else: a forgotten tag is a trait that the browser never sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["json_value", "number", "text"]


class _Json(traitlets.Any):
    """Any JSON value; its default is made anew for each widget."""

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
    return traitlets.Unicode(default).tag(sync=True)


def number() -> Any:
    """A synced number, or None, which is the default."""
    return traitlets.Float(None, allow_none=True).tag(sync=True)
