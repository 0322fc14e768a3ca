"""The logs of a `JobWidget`: held here, shown a window at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._log_store import filter_of
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.watch import LogFollower
from openeo_widgets.widgets._base import Revealed, error_info
from openeo_widgets.widgets._log_answers import (
    as_ndjson,
    as_text,
    details_of_entry,
    file_text,
    links_of,
    row_of,
)
from openeo_widgets.widgets._told import opened

if TYPE_CHECKING:
    from openeo_widgets.api._log_entry import HeldEntry
    from openeo_widgets.watch import JobState
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["LogPanel", "no_logs"]

# The browser asks for far fewer at a time.
_MOST_ROWS = 500

# Messages that are searched for a known cause.
_MOST_LINES = 20


def no_logs() -> dict[str, Any]:
    """The summary before anybody asked for logs; see ``LogSummary`` in js/src/protocol.ts."""
    return {
        "state": "idle",
        "total": 0,
        "errors": 0,
        "warnings": 0,
        "dropped": 0,
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
        self._follower = LogFollower(widget.job, self._show)
        self._store = self._follower.store

    def take_in(self, state: JobState) -> dict[str, Any]:
        """Take in a new state. Called in a worker thread.

        Returns:
            No trait: how it stands with the logs is told when that changes.
        """
        self._follower.heed(state)
        return {}

    def close(self) -> None:
        """Ask for no more."""
        self._follower.close()

    def error_lines(self) -> list[str]:
        """Messages of the errors that are known, those that come most often first."""
        return self._store.repeated_errors(_MOST_LINES)

    def open(self, *, wanted: bool) -> None:
        """Begin to fetch the logs, or stop following them."""
        if wanted:
            self._follower.open()
        else:
            self._follower.leave()

    def window(self, start: int, count: int, level: str, search: str) -> dict[str, Any]:
        """Some rows; see ``LogWindow`` in js/src/protocol.ts."""
        found = self._store.window(start, min(count, _MOST_ROWS), level, search)
        return {
            "start": found.start,
            "rows": [row_of(row) for row in found.rows],
            "matching": found.matching,
            "lost": found.lost,
        }

    def details(self, index: int, level: str, search: str) -> dict[str, Any]:
        """One entry in full; see ``LogDetails`` in js/src/protocol.ts."""
        entry = self._entry(index)
        return details_of_entry(index, entry, matches=filter_of(level, search)(entry))

    def link(self, index: int, link: int) -> Revealed:
        """The address of a link of an entry."""
        return opened(links_of(self._entry(index), self._widget.job.connection.root_url), link)

    def save(self, form: str, level: str, search: str) -> Revealed:
        """All entries that match, as a file; see ``LogFile`` in js/src/protocol.ts."""
        entries = self._store.matching(level, search)
        ndjson = form == "ndjson"
        text = file_text(as_ndjson(entries) if ndjson else as_text(entries))
        name = f"{self._widget.job.job_id}-logs.{'ndjson' if ndjson else 'txt'}"
        # Its secrets are out already, line by line; half characters go with the encoding.
        return Revealed({"name": name, "text": text.encode(errors="replace").decode()})

    def _entry(self, index: int) -> HeldEntry:
        entry = self._store.entry(index)
        if entry is None:
            raise OpenEOWidgetsError("This entry is no longer kept here.")
        return entry

    def _show(self) -> None:
        """Tell the browser how it stands. Called in any thread."""
        with self._widget.in_order():
            known, store = self._follower.known, self._store
            dropped = f"The oldest {store.dropped:,} entries are no longer kept here."
            summary = {
                "state": known.state,
                "total": len(store),
                "errors": store.count("error"),
                "warnings": store.count("warning"),
                "dropped": store.dropped,
                "following": known.following,
                "note": " ".join(filter(None, [known.stored, dropped if store.dropped else ""])),
                "error": error_info(known.fault) if known.fault else None,
            }
            self._widget.publish(log_summary=summary)
