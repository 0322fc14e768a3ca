"""How many connections one file is worth, found out as it comes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from openeo_widgets.transfer._ranges import LEAST_SHARE

if TYPE_CHECKING:
    from openeo_widgets.transfer._ranges import Ranges

__all__ = ["Tuning"]

# At first one more, then so many, and all only if these bring more than one.
_PROBE, _SOME = 2, 4

# Bytes a second with which one connection has all that this machine can take in.
_ENOUGH = 200_000_000

# Bytes; a file that has less left comes over one connection.
_WORTH = 16 << 20

# Seconds over which speeds are compared.
_FIRST_S, _NEXT_S = 0.2, 0.6

# Some connections have to bring so many times what one does, for all to be tried.
_GAIN = 1.4


class Tuning:
    """Decides how many connections there should be.

    One at first. If that is slow for its size, another asks for a range, which shows whether the
    server gives ranges; if so some more follow; if these gain much, as many as are allowed.

    Args:
        most: How many, at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._number = 1
        self._may_grow = True
        self._mark: tuple[float, int] | None = None
        self._alone = 0.0

    def shrink(self, number: int) -> None:
        """Have no more than so many from now on: the server does not take more."""
        self._number, self._may_grow = max(1, number), False

    def wanted(self, ranges: Ranges, *, shares: bool, proven: bool) -> int:
        """How many there should be now.

        Args:
            ranges: What is here.
            shares: Whether the server may give ranges of this file.
            proven: Whether it has given one.
        """
        if not shares:
            return 1
        done, now = ranges.done_bytes, time.monotonic()
        left = (ranges.total or 0) - done
        if not self._may_grow or left < 2 * LEAST_SHARE:
            return self._number
        if self._mark is None:
            if done:
                self._mark = now, done
            return self._number
        took = now - self._mark[0]
        speed = (done - self._mark[1]) / max(took, 1e-6)
        if self._number == 1 and took >= _FIRST_S:
            if speed >= _ENOUGH or left < _WORTH:
                self._may_grow = left < _WORTH
            else:
                self._alone = speed
                self._number = min(_PROBE, self._most)
        elif self._number == _PROBE and proven:
            self._number = min(_SOME, self._most)
            self._mark = now, done
        elif self._number == _SOME and took >= _NEXT_S:
            if speed >= _GAIN * self._alone:
                self._number = self._most
            self._may_grow = False
        return self._number
