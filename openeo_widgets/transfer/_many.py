"""Several files at a time: all of them are tried, and what failed is told together."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError, OpenEOWidgetsError
from openeo_widgets.transfer._control import Control
from openeo_widgets.transfer._progress import Meter
from openeo_widgets.transfer._workers import Workers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openeo_widgets.transfer._progress import Progress, Report

__all__ = ["Fetch", "fetch_all"]

# So many causes are spelled out in one message.
_MOST_TOLD = 10

# Seconds that files on their way have to notice that they are not wanted any more.
_LEAVE_S = 2.0

#: Brings one file: told of its bytes, and asking whether it is canceled.
Fetch = Callable[["Progress", Callable[[], bool]], object]


def fetch_all(
    fetches: Mapping[str, Fetch],
    *,
    most: int,
    total: int | None = None,
    progress: Progress | None = None,
    report: Report | None = None,
    control: Control | None = None,
) -> None:
    """Bring files, several at a time. One that fails does not stop the others.

    Args:
        fetches: What brings each file, by its key.
        most: How many at a time, at most.
        total: Bytes of them all, or None where that is not known.
        progress: Told of the bytes of them all, one call at a time, in the threads that download.
        report: Told of the state of them all, likewise: a `FileState` without a name.
        control: To cancel them all. To pause them, give it to the downloads too.

    Raises:
        DownloadError: Some could not be brought here; of several, ``causes`` holds why.
    """
    stop, ended = Control(of=control), queue.SimpleQueue[tuple[str, Exception | None]]()
    told = _Sum(total, Meter("", progress, report))
    workers = Workers("openeo-widgets-files", max(1, most))

    def attempt(key: str, fetch: Fetch) -> Exception | None:
        if stop.canceled:
            return DownloadError(f"The download of {key!r} was canceled.")
        try:
            fetch(told.of(key), lambda: stop.canceled)
        except Exception as error:  # noqa: BLE001 - told below, with the others
            return error
        return None

    tasks = {
        key: lambda key=key, fetch=fetch: ended.put((key, attempt(key, fetch)))
        for key, fetch in fetches.items()
    }
    causes = _causes(workers, tasks, ended, stop)
    told.end("canceled" if stop.canceled else "failed" if causes else "done")
    if causes:
        raise _of_all({key: causes[key] for key in fetches if key in causes}, len(fetches))


def _causes(
    workers: Workers,
    tasks: Mapping[str, Callable[[], None]],
    ended: queue.SimpleQueue[tuple[str, Exception | None]],
    stop: Control,
) -> dict[str, Exception]:
    """Have tasks done; what failed, by key."""
    left = 0
    causes: dict[str, Exception] = {}
    try:
        for task in tasks.values():
            left += 1
            workers.submit(task)
        while left:
            key, error = ended.get()
            left -= 1
            if error is not None:
                causes[key] = error
    except BaseException:  # Ctrl-C: those on their way notice it, and leave what can be resumed
        stop.cancel()
        with suppress(queue.Empty):
            for _ in range(left):
                ended.get(timeout=_LEAVE_S)
        raise
    return causes


def _of_all(causes: Mapping[str, Exception], count: int) -> Exception:
    """The one error there is, or one that tells of them all."""
    first, *others = causes.values()
    if not others:
        return first
    lines = [
        f"{key!r}: {error.message if isinstance(error, OpenEOWidgetsError) else error}"
        for key, error in list(causes.items())[:_MOST_TOLD]
    ]
    more = [f"and {len(causes) - _MOST_TOLD} more"] if len(causes) > _MOST_TOLD else []
    return DownloadError(
        f"{len(causes)} of {count} files could not be brought here. {' '.join([*lines, *more])}",
        hint="The others are there; error.causes holds why, by key.",
        causes=causes,
    )


class _Sum:
    """Adds up what several downloads tell of themselves."""

    def __init__(self, total: int | None, meter: Meter) -> None:
        self._total = total
        self._meter = meter
        self._lock = threading.Lock()
        self._of: dict[str, int] = {}
        self._done = 0

    def of(self, key: str) -> Progress:
        """What one download tells of itself."""

        def tell(done: int, total: int | None) -> None:  # noqa: ARG001 - its own total is known
            with self._lock:
                self._done += done - self._of.get(key, 0)
                self._of[key] = done
                self._meter.tell("running", self._done, self._total)

        return tell

    def end(self, state: str) -> None:
        """Tell that all are over."""
        with self._lock:
            self._meter.tell(state, self._done, self._total, now=True)
