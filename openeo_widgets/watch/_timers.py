"""What is to be done after a while."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Timer", "Timers"]


class Timer:
    """A task for later.

    Args:
        task: What is to be done.
    """

    def __init__(self, task: Callable[[], object]) -> None:
        self.task = task
        # A flag, that takes no lock: who calls it off may do so where the garbage collector runs.
        self.canceled = False


class Timers:
    """Tasks by when they are due, on the steady clock."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._number = itertools.count()

    def add(self, due: float, task: Callable[[], object]) -> Timer:
        """Have a task due at a time."""
        timer = Timer(task)
        heapq.heappush(self._heap, (due, next(self._number), timer))
        return timer

    def take_due(self, steady: float) -> Iterator[Callable[[], object]]:
        """Take off the tasks whose time has come, and drop those that were called off."""
        if any(timer.canceled for _, _, timer in self._heap):
            self._heap = [entry for entry in self._heap if not entry[2].canceled]
            heapq.heapify(self._heap)
        while self._heap and self._heap[0][0] <= steady:
            yield heapq.heappop(self._heap)[2].task

    def next_due(self) -> float | None:
        """When the next task is due, or None."""
        return self._heap[0][0] if self._heap else None
