"""Whose turn it is to download: a few at a time, and those that pause or wait hold nobody up."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from openeo_widgets.transfer import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.transfer import Control

__all__ = ["Turns"]


class Turns:
    """Tasks in order, so many at a time. A paused one keeps its thread, and not its turn.

    One that waits, for the end of an outage say, gives its turn away too; but no more than so
    many do: where a server is down for all, the others would wait there as well.

    Args:
        name: Prefix of the threads' names.
        most: Most tasks at a time, without those that pause; and most that wait besides.
    """

    def __init__(self, name: str, most: int) -> None:
        self._most = most
        self._workers = Workers(name, 64)
        self._lock = threading.Lock()
        # By number, in order.
        self._count = 0
        self._waiting: dict[int, tuple[Callable[[], object], Control]] = {}
        self._begun: dict[int, Control] = {}
        self._held_up: set[Control] = set()

    def submit(self, task: Callable[[], object], control: Control) -> None:
        """Have a task done when its turn comes. It tells its own outcome, errors too."""
        with self._lock:
            self._count += 1
            self._waiting[self._count] = (task, control)
        self.look()

    def note(self, control: Control, *, waits: bool) -> None:
        """Take note whether a task waits, or goes on."""
        with self._lock:
            if waits == (control in self._held_up):
                return
            (self._held_up.add if waits else self._held_up.discard)(control)
        self.look()

    def look(self) -> None:
        """Begin what can begin. To be called when tasks were paused or go on."""
        with self._lock:
            moving = list(filter(_is_moving, self._begun.values()))
            waits = sum(control in self._held_up for control in moving)
            free = self._most - len(moving) + min(waits, self._most)
            begin: list[int] = []
            for number, (_, control) in self._waiting.items():
                if len(begin) >= free:
                    break
                if _is_moving(control):
                    begin.append(number)
            tasks = [(number, *self._waiting.pop(number)) for number in begin]
            self._begun.update((number, control) for number, _, control in tasks)
        for number, task, _ in tasks:
            self._workers.submit(partial(self._work, number, task))

    def _work(self, number: int, task: Callable[[], object]) -> None:
        try:
            task()
        finally:
            with self._lock:
                self._held_up.discard(self._begun.pop(number))
            self.look()


def _is_moving(control: Control) -> bool:
    return control.canceled or not control.paused
