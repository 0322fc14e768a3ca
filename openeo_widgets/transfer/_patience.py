"""How often, and how soon, a failed request is made again."""

from __future__ import annotations

import time

import requests

from openeo_widgets.transfer._answer import RefusedError

__all__ = ["Patience"]

# So many requests in a row may fail without a byte more than before.
_TRIES = 3

# So many where the server says that it has too much to do.
_TRIES_BUSY = 6

# Seconds before the first of them is made again; each further one waits twice as long.
PAUSE_S = 0.25

# So many connections of a file may break, beside others that go on, before there are fewer.
_TRIES_FURTHER = 10

# Seconds that a server may ask us to wait (Retry-After): longer is for the person to decide.
_MOST_S = 120.0


class Patience:
    """Counts failures in a row."""

    def __init__(self) -> None:
        self._furthest = 0
        self._tries = 0
        self._further = 0
        self._until = 0.0

    def spend(self, error: Exception, done: int) -> None:
        """Take note of a failure.

        Args:
            error: What failed.
            done: Bytes here now.

        Raises:
            Exception: The error, if it is no use to go on.
        """
        self._tries = self._tries + 1 if done <= self._furthest else 0
        self._furthest = max(self._furthest, done)
        if isinstance(error, requests.TooManyRedirects):
            raise error
        most, pause = _TRIES, PAUSE_S * 2**self._tries
        if isinstance(error, RefusedError):
            if not error.may_pass or (error.retry_after_s or 0) > _MOST_S:
                raise error
            most = _TRIES_BUSY if error.too_many else _TRIES
            pause = max(pause, error.retry_after_s or 0)
        if self._tries >= most:
            raise error
        self._until = time.monotonic() + pause

    def spend_further(self) -> bool:
        """Take note that one of several connections broke; whether it is worth another one."""
        self._further += 1
        self._until = time.monotonic() + PAUSE_S
        return self._further <= _TRIES_FURTHER

    @property
    def left_s(self) -> float:
        """Seconds until the next request."""
        return max(0.0, self._until - time.monotonic())
