"""Calling a function when a job's status changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openeo_widgets.watch._watcher import watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import BatchJob
    from openeo_widgets.watch._state import JobState

__all__ = ["Changes"]

# The watcher holds listeners weakly; nobody else need hold these.
_alive: set[Changes] = set()


class Changes:
    """Calls a function with every change of a job's status, up to its end.

    Args:
        job: The batch job.
        callback: Called in a worker thread with a `JobState`.
    """

    def __init__(self, job: BatchJob, callback: Callable[[JobState], object]) -> None:
        self._callback = callback
        self._told = ""
        _alive.add(self)
        self._subscription = watcher().watch(job, self._hear)

    def close(self) -> None:
        """Call no more."""
        _alive.discard(self)
        self._subscription.close()

    def _hear(self, state: JobState) -> None:
        if self not in _alive:
            return
        over = state.freshness.state in {"resting", "gone", "deleted"}
        try:
            if state.status and state.status != self._told:
                self._told = state.status
                self._callback(state)
        finally:
            if over:
                self.close()
