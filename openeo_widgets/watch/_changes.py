"""Calling a function when a job's status changes."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING

from openeo_widgets.redact import log_failure
from openeo_widgets.transfer import Workers
from openeo_widgets.watch._watcher import watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import BatchJob
    from openeo_widgets.watch._state import JobState
    from openeo_widgets.watch._subscription import Subscription

__all__ = ["Changes"]

_log = logging.getLogger(__name__)

# Callbacks are other people's code: one that takes its time holds up no question, and no widget.
_workers = Workers("openeo-widgets-callback", 4)

# The watcher holds listeners weakly; nobody else need hold these.
_listening: set[Changes] = set()


class Changes:
    """Calls a function with every change of a job's status, up to its end.

    Args:
        job: The batch job.
        callback: Called in a worker thread with a `JobState`, one after the other.

    Raises:
        TypeError: The callback cannot be called.
    """

    def __init__(self, job: BatchJob, callback: Callable[[JobState], object]) -> None:
        if not callable(callback):
            raise TypeError(f"A callback is a function of a state, not {callback!r}.")
        self._job = job
        self._callback = callback
        self._status = ""
        self._news: queue.SimpleQueue[JobState] = queue.SimpleQueue()
        self._telling = threading.Lock()
        self._closed = False
        self._subscription: Subscription | None = None
        _listening.add(self)
        # What is known may be of before a start: an end of yesterday is not the end of today.
        self._subscription = watcher().watch(job, self._hear, tell_known=False)
        if self not in _listening:  # it was over before this line
            self._subscription.close()

    def close(self) -> None:
        """Call no more."""
        self._closed = True
        self._stop_listening()

    def _hear(self, state: JobState) -> None:
        """Take a change to where it is told. States come here one at a time."""
        if state.status and state.status != self._status:
            self._status = state.status
            self._news.put(state)
            _workers.submit(self._tell)
        if state.over:
            self._stop_listening()

    def _stop_listening(self) -> None:
        _listening.discard(self)
        if self._subscription is not None:
            self._subscription.close()

    def _tell(self) -> None:
        """Tell what there is to tell, unless another worker is at it: it will see to this too."""
        while not self._news.empty() and self._telling.acquire(blocking=False):
            try:
                while not self._news.empty():
                    self._tell_one(self._news.get())
            finally:
                self._telling.release()

    def _tell_one(self, state: JobState) -> None:
        if self._closed:
            return
        try:
            self._callback(state)
        except BaseException:  # noqa: BLE001 - the next change is to be told all the same
            log_failure(_log, f"What was told of batch job {self._job.job_id!r} failed")
