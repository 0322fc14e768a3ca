"""A small pool of threads that come when there is work and go when there is none."""

from __future__ import annotations

import collections
import logging
import queue
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OneByOne", "Workers"]

_log = logging.getLogger(__name__)

# An idle thread is gone well within the second that the house promises.
_IDLE_S = 0.5


class Workers:
    """At most so many daemon threads, started when needed, gone when idle.

    ``concurrent.futures`` is not used: its threads are joined at interpreter exit, so that one
    request to a back-end that hangs would keep the interpreter from ending.

    Args:
        name: Prefix of the threads' names.
        most: Most threads at a time.
    """

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self._tasks: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0
        self._waiting = 0

    def submit(self, task: Callable[[], object]) -> None:
        """Have a task done by one of the threads. It tells its own outcome, errors too."""
        with self._lock:
            self._waiting += 1
            self._tasks.put(task)
            if self._idle >= self._waiting or self._threads >= self._most:
                return
            self._threads += 1
        threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        while True:
            task = self._next()
            if task is None:
                return
            try:
                task()
            except Exception:  # noqa: BLE001 - see the next line
                # A task that lets an exception out is a fault of ours; the pool lives on.
                _log.exception("A background task of openeo-widgets failed")

    def _next(self) -> Callable[[], object] | None:
        with self._lock:
            self._idle += 1
        try:
            task = self._tasks.get(timeout=_IDLE_S)
        except queue.Empty:
            task = None
        with self._lock:
            self._idle -= 1
            if task is None:
                # A task may have come between the timeout and this lock.
                try:
                    task = self._tasks.get_nowait()
                except queue.Empty:
                    self._threads -= 1
                    return None
            self._waiting -= 1
        return task


class OneByOne:
    """Tasks that nobody waits for, done one after another: they take one worker at most.

    Args:
        workers: Who does them.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._tasks: collections.deque[Callable[[], object]] = collections.deque()
        self._busy = False

    def submit(self, task: Callable[[], object]) -> None:
        """Have a task done when those before it are. It tells its own outcome, errors too."""
        with self._lock:
            self._tasks.append(task)
            if self._busy:
                return
            self._busy = True
        self._workers.submit(self._next)

    def _next(self) -> None:
        with self._lock:
            task = self._tasks.popleft()
        try:
            task()
        except Exception:  # noqa: BLE001 - a fault of ours; the next one gets its turn
            _log.exception("A background task of openeo-widgets failed")
        with self._lock:
            more = self._busy = bool(self._tasks)
        if more:
            self._workers.submit(self._next)
