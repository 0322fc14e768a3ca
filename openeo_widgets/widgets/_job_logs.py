"""The logs of a `JobWidget`: held here, shown a window at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["LogPanel", "no_logs"]


def no_logs() -> dict[str, Any]:
    """The summary before anybody asked for logs; see ``LogSummary`` in js/src/protocol.ts."""
    return {
        "state": "idle",
        "total": 0,
        "errors": 0,
        "warnings": 0,
        "following": False,
        "note": "",
        "error": None,
    }


class LogPanel:
    """Answers the tab of the logs.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget

    def open(self, *, wanted: bool) -> Any:
        """Begin to fetch the logs, or stop following them."""
        raise NotImplementedError

    def window(self, start: int, count: int, level: str, search: str) -> Any:
        """Some rows; see ``LogWindow`` in js/src/protocol.ts."""
        raise NotImplementedError

    def details(self, index: int) -> Any:
        """One entry in full; see ``LogDetails`` in js/src/protocol.ts."""
        raise NotImplementedError

    def link(self, index: int, link: int) -> Any:
        """The address of a link of an entry."""
        raise NotImplementedError

    def save(self, form: str, level: str, search: str) -> Any:
        """All rows as a file; see ``LogFile`` in js/src/protocol.ts."""
        raise NotImplementedError
