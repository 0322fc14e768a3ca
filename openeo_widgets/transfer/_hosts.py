"""How many connections there are to each host, over all downloads of this process."""

from __future__ import annotations

import threading
from collections import Counter

__all__ = ["MOST_PER_HOST", "hosts"]

#: Connections to one host, and so those of one file, and files at a time. As browsers do: more
#: gains little, and servers take offence.
MOST_PER_HOST = 6


class _Hosts:
    """Counts connections. Each file has one; further ones only where others leave room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count: Counter[str] = Counter()

    def join(self, host: str) -> None:
        """Count the one connection that each file has."""
        with self._lock:
            self._count[host] += 1

    def try_join(self, host: str) -> bool:
        """Count a further one, if there is room."""
        with self._lock:
            if self._count[host] >= MOST_PER_HOST:
                return False
            self._count[host] += 1
            return True

    def is_crowded(self, host: str) -> bool:
        """Whether there are so many that a further one of a file should end."""
        with self._lock:
            return self._count[host] > MOST_PER_HOST

    def leave(self, host: str) -> None:
        """Count one less."""
        with self._lock:
            self._count[host] -= 1
            if self._count[host] <= 0:
                del self._count[host]


hosts = _Hosts()
