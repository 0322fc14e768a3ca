"""The HTTP requests that were made for the job of a `JobWidget`, for those who want to learn."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._journal import listen
from openeo_widgets.api._python_lines import python_line
from openeo_widgets.api._urls import job_path
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import milliseconds
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api._journal import Entry
    from openeo_widgets.watch import JobState
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["RequestPanel"]

_MOST = 500

# Most requests are followed by news of the job, which take the count along at once.
_TELL_AFTER_S = 0.25


class RequestPanel:
    """Keeps the last requests, and answers the tab that shows them.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget
        self._lock = threading.Lock()
        self._rows: deque[tuple[int, Entry]] = deque(maxlen=_MOST)
        self._count = 0
        self._telling_later = False
        self._stop: Callable[[], object] = bool

    def begin(self) -> None:
        """Listen."""
        job = self._widget.job
        self._stop = listen(job.connection, job_path(job.job_id), self._hear)

    def take_in(self, _state: JobState) -> dict[str, Any]:
        """Take the count along with a new state, which most requests lead to.

        Returns:
            The trait ``request_count``.
        """
        return {"request_count": self._count}

    def close(self) -> None:
        """Listen no more."""
        self._stop()

    def since(self, since: int) -> dict[str, Any]:
        """The requests after a number; see ``RequestRow`` in js/src/protocol.ts."""
        with self._lock:
            rows = list(itertools.dropwhile(lambda row: row[0] <= since, self._rows))
        return {"requests": [self._row(number, entry) for number, entry in rows]}

    def _row(self, number: int, entry: Entry) -> dict[str, Any]:
        return {
            "number": number,
            "at_ms": milliseconds(entry.at),
            "method": entry.method,
            "path": f"a link at {entry.host}" if entry.host else clip(entry.path),
            "status": entry.status,
            "ms": round(entry.seconds * 1000, 1),
            "python": clip(python_line(entry, self._widget.job.job_id)),
        }

    def _hear(self, entry: Entry) -> None:
        """Take note of a request, in whichever thread it was made."""
        with self._lock:
            self._count += 1
            self._rows.append((self._count, entry))
            tell, self._telling_later = not self._telling_later, True
        if tell:
            watcher().later(_TELL_AFTER_S, self._tell)

    def _tell(self) -> None:
        with self._lock:
            self._telling_later = False
        self._widget.publish(request_count=self._count)
