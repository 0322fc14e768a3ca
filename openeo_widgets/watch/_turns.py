"""Whose turn is when."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openeo_widgets.watch._watched import Watched

__all__ = ["Turns"]


class Turns:
    """The jobs that are due, by the steady clock. A turn counts only while its job has that due."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Watched]] = []
        self._number = itertools.count()

    def add(self, watched: Watched, due: float) -> None:
        """Make a job due at a time, and at no other."""
        watched.due = due
        heapq.heappush(self._heap, (due, next(self._number), watched))

    def take_due(self, steady: float) -> Iterator[Watched]:
        """Take off those whose time has come."""
        while self._heap and self._heap[0][0] <= steady:
            due, _, watched = heapq.heappop(self._heap)
            if watched.due == due:
                yield watched

    def next_due(self) -> float | None:
        """When the next turn is, or None."""
        return self._heap[0][0] if self._heap else None

    def move_forward(self, seconds: float) -> None:
        """Make all due so many seconds earlier, each of them once."""
        turns = [(due - seconds, n, watched) for due, n, watched in self._heap]
        for (due, _, watched), (earlier, _, _) in zip(self._heap, turns, strict=True):
            if watched.due == due:
                watched.due = earlier
        heapq.heapify(turns)
        self._heap = turns

    def clear(self) -> None:
        """Forget all: each turn holds a job, and that its connection."""
        self._heap.clear()
