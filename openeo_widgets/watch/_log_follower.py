"""Fetching the log of one job, and following it while somebody reads it."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openeo_widgets.api._capabilities import NOT_OFFERED
from openeo_widgets.api._http import host_of
from openeo_widgets.api._log_entry import held
from openeo_widgets.api._log_store import LogStore
from openeo_widgets.api._logs import entries_of, never_stored
from openeo_widgets.api._schedule import ACTIVE, next_log_delay
from openeo_widgets.errors import BackendError, NoAnswerError, OpenEOWidgetsError, SignInError
from openeo_widgets.transfer import Workers
from openeo_widgets.watch._watcher import watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import BatchJob
    from openeo_widgets.watch._state import JobState

__all__ = ["MANY_PAGES", "LogFollower", "LogsKnown"]

_workers = Workers("openeo-widgets-logs", 4, most_of_lane=2)

# A log of more pages than this may have no end: from there on with so many seconds between two.
MANY_PAGES = 200
_BETWEEN_PAGES_S = 1.0

# A page that was closed cannot say so. It says more often than this that the log is open.
_OPEN_LASTS_S = 600.0


@dataclass(frozen=True)
class LogsKnown:
    """How it stands with the log of a job.

    Attributes:
        state: ``idle``, ``loading``, ``ready`` or ``error``.
        following: Whether new entries are asked for from time to time.
        stored: What the back-end never stored, in words, or "".
        fault: Why the log cannot be read, or None.
    """

    state: str = "idle"
    following: bool = False
    stored: str = ""
    fault: Exception | None = None


class LogFollower:
    """Holds the log of a job, and asks for more of it while it is open and the job goes on.

    One question at a time; a log of many pages holds up no state of a job.

    Args:
        job: The batch job.
        tell: A bound method, held weakly; called in any thread when something changed.
    """

    def __init__(self, job: BatchJob, tell: Callable[[], object]) -> None:
        self.store = LogStore()
        self._job = job
        self._tell = weakref.WeakMethod(tell)
        self._lock = threading.Lock()
        self._open_until = 0.0
        self._closed = False
        self._left = threading.Event()
        self._asking = False
        self._again = False
        self._active: bool | None = None  # not known yet
        self._run = 0
        self._asked = False
        self._quiet = self._faults = 0
        self._stored = ""
        self._fault: Exception | None = None
        self._call_off: Callable[[], None] | None = None

    @property
    def known(self) -> LogsKnown:
        """How it stands now."""
        with self._lock:
            following = self._is_open() and (self._asking or self._call_off is not None)
            state = "ready" if self._asked else "idle"
            if self._fault is not None:
                state = "error"
            elif self._asking and not self._asked:
                state = "loading"
            return LogsKnown(state, following and bool(self._active), self._stored, self._fault)

    def open(self) -> None:
        """Somebody reads the log, or still does: ask for what is new, at once."""
        with self._lock:
            if self._closed:
                return
            self._left.clear()
            self._open_until = watcher().clock.steady() + _OPEN_LASTS_S
            if self._fault is not None:  # asked again by hand
                self._fault, self._asked = None, False
            self._ask()
        self._say()

    def close(self) -> None:
        """Nobody will read it any more: `open` does nothing from now on."""
        with self._lock:
            self._closed = True
        self.leave()

    def leave(self) -> None:
        """Nobody reads it any more: ask no more."""
        with self._lock:
            self._open_until = 0.0
            self._left.set()
            self._forget_turn()
        self._say()

    def heed(self, state: JobState) -> None:
        """Take note of the job's state: its end is worth a question, a new start a new log."""
        active = state.status in ACTIVE or (
            bool(state.status) and state.status != "created" and not state.ended
        )
        with self._lock:
            before, self._active = self._active, active
            if active == before or (before is None and not active):
                return
            if active and before is not None:
                self._run += 1
                self._asked = False
                self.store.clear()
            if self._is_open():
                self._ask()
        self._say()

    def _is_open(self) -> bool:
        return watcher().clock.steady() < self._open_until

    # With the lock held.

    def _ask(self) -> None:
        self._forget_turn()
        self._again = self._asking
        if not self._asking:
            self._asking = True
            _workers.submit(self._fetch, lane=host_of(self._job.connection.root_url))

    def _forget_turn(self) -> None:
        call_off, self._call_off = self._call_off, None
        if call_off is not None:
            call_off()

    def _schedule(self, new: int, fault: Exception | None) -> None:
        """Decide when to ask again, after an answer or its absence."""
        self._asking, self._fault = False, fault
        self._asked = self._asked or fault is None
        self._quiet = 0 if new else self._quiet + 1
        self._faults = 0 if fault is None else self._faults + 1
        if not self._is_open():
            return
        if self._again:
            self._ask()
        elif self._active if fault is None else _may_pass(fault):
            wished = fault.retry_after_s if isinstance(fault, BackendError) else None
            delay = next_log_delay(self._quiet, self._faults, retry_after_s=wished)
            self._call_off = watcher().later(delay, self._take_turn)

    # In workers: the turn in one of the watcher's, the rest in those of the logs.

    def _take_turn(self) -> None:
        with self._lock:
            self._call_off = None
            if self._is_open():
                self._ask()
                return
        self._say()

    def _fetch(self) -> None:
        new, fault = 0, None
        try:
            new = self._take_in_pages()
        except OpenEOWidgetsError as error:
            fault = _in_words(error)
        except Exception as error:  # noqa: BLE001 - another client's errors are not ours to know
            fault = NoAnswerError(f"The connection failed: {type(error).__name__}.")
        with self._lock:
            self._schedule(new, fault)
        self._say()

    def _take_in_pages(self) -> int:
        run, new = self._run, 0
        arrival = self.store.arrival()
        for number, page in enumerate(self._job.log_pages(arrival.offset, "debug")):
            if number >= MANY_PAGES:
                self._left.wait(_BETWEEN_PAGES_S)
            entries = [held(entry) for entry in entries_of(page)]
            with self._lock:
                if run != self._run or not self._is_open():
                    break  # the log of a run that is over, or read by nobody
                self._stored = never_stored(page)
                new += arrival.add(entries)
            self._say()
        return new

    def _say(self) -> None:
        tell = self._tell()
        if tell is not None:
            tell()


def _may_pass(fault: Exception) -> bool:
    """Whether the same question may be answered later."""
    return fault.may_pass if isinstance(fault, BackendError) else True


def _in_words(fault: OpenEOWidgetsError) -> OpenEOWidgetsError:
    """Say it where a back-end has no logs at all; in its own words it speaks of a URL."""
    if not isinstance(fault, BackendError) or isinstance(fault, SignInError):
        return fault
    unnamed = fault.http_status == 404 and fault.code in {"", "NotFound"}  # noqa: PLR2004 - HTTP
    if fault.http_status not in NOT_OFFERED and not unnamed:
        return fault
    return BackendError(
        "This back-end does not tell the logs of its jobs.",
        http_status=fault.http_status,
        code=fault.code,
        id=fault.id,
    )
