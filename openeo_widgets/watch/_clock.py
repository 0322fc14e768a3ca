"""Time, as the watcher sees it."""

from __future__ import annotations

import queue
import time

__all__ = ["Clock"]


class Clock:
    """The machine's time. Tests and benchmarks bring one that leaps, or runs faster."""

    def wall(self) -> float:
        """Seconds since the epoch, as the browser counts them too."""
        return time.time()

    def steady(self) -> float:
        """Seconds that only grow; where the machine slept, they may have stood still."""
        return time.monotonic()

    def pause(self, wake: queue.SimpleQueue[None], seconds: float | None) -> None:
        """Wait until woken, or until so many seconds have passed."""
        try:
            wake.get(timeout=seconds)
            while True:
                wake.get_nowait()
        except queue.Empty:
            return
