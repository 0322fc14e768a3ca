"""How often, and how soon, a failed request is made again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import requests

from openeo_widgets.transfer._answer import BROKEN, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PATIENCE_S", "Patience", "persistently"]

_Outcome = TypeVar("_Outcome")

#: Seconds without a byte more than before, after which a broken connection is given up.
PATIENCE_S = 120.0

# So many requests in a row may fail; with the pauses below they reach as far.
_TRIES = 14

# So many where waiting hardly helps: the server is there, and fails.
_TRIES_HOPELESS = 3

# Seconds before the first of them is made again; each further one waits twice as long...
PAUSE_S = 0.25

# ...up to so many.
_LONGEST_PAUSE_S = 15.0

# So many connections of a file may break, beside others that go on, before there are fewer.
_TRIES_FURTHER = 10

# A certificate or an address that is wrong most often stays so.
_LASTING = (requests.exceptions.SSLError, ValueError)


class Patience:
    """Counts failures in a row.

    Args:
        limit_s: Seconds without progress after which it is over; None for `PATIENCE_S`.
    """

    def __init__(self, limit_s: float | None = None) -> None:
        self._limit_s = PATIENCE_S if limit_s is None else limit_s
        self._furthest = 0
        self._tries = 0
        self._further = 0
        self._until = 0.0
        self._since: float | None = None

    def spend(self, error: Exception, done: int) -> None:
        """Take note of a failure.

        Args:
            error: What failed.
            done: Bytes here now.

        Raises:
            Exception: The error, if it is no use to go on.
        """
        if isinstance(error, requests.TooManyRedirects):  # it leads in a circle the next time too
            raise error
        now = time.monotonic()
        self._tries = self._tries + 1 if done <= self._furthest else 0
        if self._since is None or self._tries == 0:
            self._since = now
        self._furthest = max(self._furthest, done)
        left_s = self._since + self._limit_s - now
        pause = min(PAUSE_S * 2**self._tries, _LONGEST_PAUSE_S, max(0.0, left_s))
        if isinstance(error, RefusedError):
            # A server that wants to be left alone for longer than that is for the person to judge.
            if not error.may_pass or (error.retry_after_s or 0) > left_s:
                raise error
            pause = max(pause, error.retry_after_s or 0)
        if self._tries >= _most_tries(error) or left_s <= 0:
            raise error
        self._until = now + pause

    def spend_further(self) -> bool:
        """Take note that one of several connections broke; whether it is worth another one."""
        self._further += 1
        self._until = time.monotonic() + PAUSE_S
        return self._further <= _TRIES_FURTHER

    def is_tried(self, done: int) -> bool:
        """Whether the last that was heard is a failure.

        Args:
            done: Bytes here now.
        """
        return self._since is not None and done <= self._furthest

    @property
    def left_s(self) -> float:
        """Seconds until the next request."""
        return max(0.0, self._until - time.monotonic())


def _most_tries(error: Exception) -> int:
    failed = isinstance(error, RefusedError) and error.http_status == requests.codes.server_error
    return _TRIES_HOPELESS if failed or isinstance(error, _LASTING) else _TRIES


def persistently(
    attempt: Callable[[], _Outcome],
    patience: Patience,
    *,
    done: Callable[[], int] = int,
    wait: Callable[[float], object] = time.sleep,
) -> _Outcome:
    """Try something, and try it again where the connection broke or the server is busy.

    Args:
        attempt: What is tried.
        patience: For how long.
        done: Tells how many bytes are here.
        wait: Waits for so many seconds, before each attempt. What it raises ends it.

    Raises:
        RefusedError: The server refused it, and patience is over; as `BROKEN` has it, too.
    """
    while True:
        wait(patience.left_s)
        try:
            return attempt()
        except (RefusedError, *BROKEN) as error:
            patience.spend(error, done())
