"""Several files at a time: all of them are tried, and what failed is told together."""

from __future__ import annotations

import queue
import threading
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError, OpenEOWidgetsError
from openeo_widgets.transfer._arguments import checked_count
from openeo_widgets.transfer._control import Control
from openeo_widgets.transfer._progress import Meter
from openeo_widgets.transfer._workers import Workers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from openeo_widgets.transfer._progress import Progress, Report

__all__ = ["Fetch", "Line", "fetch_all"]

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
    sizes: Mapping[str, int | None] | None = None,
    hosts: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    report: Report | None = None,
    control: Control | None = None,
) -> None:
    """Bring files, several at a time. One that fails does not stop the others.

    Small ones come first: large ones are worth several connections, and keep the line full at
    the end. Hosts take turns: a slow one holds no more than its share while others' files wait.

    Args:
        fetches: What brings each file, by its key.
        most: How many at a time, at most.
        sizes: Bytes of each, as far as they are known; `hosts` likewise.
        hosts: Where each comes from.
        progress: Told of the bytes of them all, one call at a time, in the threads that download.
        report: Told of the state of them all, likewise: a `FileState` without a name.
        control: To cancel them all. To pause them, give it to the downloads too.

    Raises:
        DownloadError: Some could not be brought here; of several, ``causes`` holds why.
        TypeError, ValueError: `most` is no number of files.
    """
    most, sizes = checked_count("The number of files at a time", most, least=1), sizes or {}
    stop, told = Control(of=control), _Sum(_total(fetches, sizes), Meter("", progress, report))
    line = Line(fetches, sizes, hosts or {})
    ended = queue.SimpleQueue[tuple[str, Exception | None]]()

    def attempt(key: str) -> Exception | None:
        try:
            stop.stop_if_canceled(key)
            fetches[key](told.of(key), lambda: stop.canceled)
        except Exception as error:  # noqa: BLE001 - told below, with the others
            return error
        return None

    def begin() -> None:
        workers = Workers("openeo-widgets-files", most)
        for _ in range(min(most, len(fetches))):
            workers.submit(lambda: line.each(lambda key: ended.put((key, attempt(key)))))

    causes = _causes(begin, ended, len(fetches), stop)
    told.end("canceled" if stop.canceled else "failed" if causes else "done")
    if causes:
        raise _of_all({key: causes[key] for key in fetches if key in causes}, len(fetches))


def _total(keys: Collection[str], sizes: Mapping[str, int | None]) -> int | None:
    """Bytes of them all, where those of each are known."""
    known = [size for key in keys if (size := sizes.get(key)) is not None]
    return sum(known) if len(known) == len(keys) else None


def _causes(
    begin: Callable[[], object],
    ended: queue.SimpleQueue[tuple[str, Exception | None]],
    left: int,
    stop: Control,
) -> dict[str, Exception]:
    """Begin, and wait for them all; what failed, by key."""
    causes: dict[str, Exception] = {}
    try:
        begin()
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


class Line:
    """Files that wait for their turn.

    Args:
        keys: Which.
        sizes: Bytes of each; one of which that is not known counts as large.
        hosts: Where each comes from; those that nobody knows of share a place.
    """

    def __init__(
        self, keys: Iterable[str], sizes: Mapping[str, int | None], hosts: Mapping[str, str]
    ) -> None:
        def size(key: str) -> float:
            found = sizes.get(key)
            return float("inf") if found is None else found

        self._lock = threading.Lock()
        self._hosts = hosts
        self._waiting: dict[str, deque[str]] = {}
        for key in sorted(keys, key=size):
            self._waiting.setdefault(hosts.get(key, ""), deque()).append(key)
        self._running = Counter[str]()

    def each(self, bring: Callable[[str], object]) -> None:
        """Bring one after the other until none waits."""
        key = self.next()
        while key is not None:
            bring(key)
            key = self.next(after=key)

    def next(self, *, after: str | None = None) -> str | None:
        """Give out the next: of the host, of those that have one left, that has fewest running.

        Args:
            after: The one that has come to its end.
        """
        with self._lock:
            if after is not None:
                self._running[self._hosts.get(after, "")] -= 1
            host = min(self._waiting, key=lambda host: self._running[host], default=None)
            if host is None:
                return None
            self._running[host] += 1
            waiting = self._waiting.pop(host)
            key = waiting.popleft()
            if waiting:  # at the end: hosts that have as many running take turns
                self._waiting[host] = waiting
            return key


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
