"""A small pool of threads that come when there is work and go when there is none."""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections import Counter, defaultdict, deque
from functools import partial
from typing import TYPE_CHECKING

from openeo_widgets.redact import log_failure

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Workers"]

_log = logging.getLogger(__name__)

# An idle thread is gone well within the second that the house promises.
_IDLE_S = 0.5

_all: weakref.WeakSet[Workers] = weakref.WeakSet()


class Workers:
    """At most so many daemon threads, started when needed, gone when idle.

    ``concurrent.futures`` is not used: its threads are joined at interpreter exit, so that one
    request to a back-end that hangs would keep the interpreter from ending.

    Args:
        name: Prefix of the threads' names.
        most: Most threads at a time.
        most_of_lane: Most tasks of one lane at a time; others wait for their turn.
    """

    def __init__(self, name: str, most: int, most_of_lane: int | None = None) -> None:
        self._name = name
        self._most = most
        self._most_of_lane = most_of_lane or most
        self._begin()
        _all.add(self)

    def _begin(self) -> None:
        """Begin without threads and tasks: at first, and in a forked process, which has none."""
        self._tasks: deque[Callable[[], object]] = deque()
        # Not queue.SimpleQueue: of several that wait there, one that is woken for a task which
        # another takes may wait on without end when its time is over (CPython, at least to 3.12).
        self._lock = threading.Condition(threading.Lock())
        self._threads = 0
        self._idle = 0
        self._in_lane: Counter[str] = Counter()
        self._held: defaultdict[str, deque[Callable[[], object]]] = defaultdict(deque)

    def submit(self, task: Callable[[], object], lane: str = "") -> None:
        """Have a task done by one of the threads. It tells its own outcome, errors too.

        Args:
            task: What is to be done.
            lane: What it has in common with others, a host for example, so that many that hang
                there leave threads for the rest; "" for nothing.
        """
        if not lane:
            self._put(task)
            return
        with self._lock:
            if self._in_lane[lane] >= self._most_of_lane:
                self._held[lane].append(task)
                return
            self._in_lane[lane] += 1
        self._put(partial(self._work_in_lane, task, lane))

    def _work_in_lane(self, task: Callable[[], object], lane: str) -> None:
        try:
            task()
        finally:
            with self._lock:
                following = self._held[lane].popleft() if self._held[lane] else None
                if following is None:
                    self._in_lane[lane] -= 1
                    del self._held[lane]
            if following is not None:
                self._put(partial(self._work_in_lane, following, lane))

    def _put(self, task: Callable[[], object]) -> None:
        with self._lock:
            self._tasks.append(task)
            self._lock.notify()
            if self._idle >= len(self._tasks) or self._threads >= self._most:
                return
            self._threads += 1
        try:
            threading.Thread(target=self._work, name=self._name, daemon=True).start()
        except RuntimeError:
            # The machine gives no more threads: the task waits for one of ours, or the next try.
            with self._lock:
                self._threads -= 1

    def _work(self) -> None:
        while True:
            task = self._next()
            if task is None:
                return
            try:
                task()
            except BaseException:  # noqa: BLE001 - see the next line
                # A task that lets an exception out is a fault of ours; the pool lives on.
                log_failure(_log, "A background task of openeo-widgets failed")

    def _next(self) -> Callable[[], object] | None:
        """The next task; None, and one thread less, when none came for a while."""
        until = time.monotonic() + _IDLE_S
        with self._lock:
            self._idle += 1
            while not self._tasks:
                left = until - time.monotonic()
                if left <= 0:
                    self._idle -= 1
                    self._threads -= 1
                    return None
                self._lock.wait(left)
            self._idle -= 1
            return self._tasks.popleft()


def _begin_anew() -> None:
    """Threads do not follow into a forked process, and locks follow as they were."""
    for workers in _all:
        workers._begin()  # noqa: SLF001 - our own


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
