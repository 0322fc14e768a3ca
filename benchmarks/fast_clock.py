"""Time that runs faster than the machine's, for tests and benchmarks of watching."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from openeo_widgets.watch import Clock

if TYPE_CHECKING:
    import queue


class FastClock(Clock):
    """Time that runs faster than the machine's, and leaps when told to.

    Args:
        speed: How many times as fast.

    Attributes:
        slept: Seconds that the wall clock is ahead, as after a sleep of the machine.
    """

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.slept = 0.0

    def wall(self) -> float:
        """Seconds since an epoch of its own."""
        return time.time() * self.speed + self.slept

    def steady(self) -> float:
        """Seconds that only grow."""
        return time.monotonic() * self.speed

    def pause(self, wake: queue.SimpleQueue[None], seconds: float | None) -> None:
        """Wait until woken, or until so many of these seconds have passed."""
        super().pause(wake, seconds if seconds is None else seconds / self.speed)
