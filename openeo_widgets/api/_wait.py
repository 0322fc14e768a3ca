"""Waiting for one batch job, in the thread of the one who waits."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._schedule import is_end, next_delay
from openeo_widgets.errors import (
    BackendError,
    JobFailedError,
    NoAnswerError,
    SignInError,
    WaitTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api._job import BatchJob

__all__ = ["Waiting"]

_STEP_S = 0.2

# How often a job that was just started may still be seen as ``created``: half a minute in all.
_ASKED_AFTER_START = 10


class Waiting:
    """One wait for one job.

    Args:
        job: The job.
        tell: Called with a line of text when something changed.
        timeout: Seconds to wait at most, or None.
        poll_max: Longest pause between two questions, in seconds.
        was_started: Whether it was just started, so that ``created`` is not the last word.
    """

    def __init__(
        self,
        job: BatchJob,
        tell: Callable[[str], object],
        timeout: float | None,
        poll_max: float,
        *,
        was_started: bool = False,
    ) -> None:
        self._job = job
        self._tell = tell
        self._began = time.monotonic()
        self._timeout = timeout
        self._poll_max = poll_max
        self._told = ""
        self._asked = self._faults = 0
        self._status = ""
        self._started = False
        self._patience = _ASKED_AFTER_START if was_started else 1

    def until_end(self) -> str:
        """Ask until the job has ended; return how."""
        while True:
            delay = self._ask()
            if delay is None:
                return self._status
            left = self._left()
            if left is not None and left <= 0:
                raise WaitTimeoutError(
                    f"Batch job {self._job.job_id!r} is {self._status or 'out of reach'!r} "
                    f"after {self._timeout:g} s.",
                    hint="It goes on at the back-end; wait again, or cancel it with job.stop().",
                )
            _pause(delay if left is None else min(delay, left))

    def _ask(self) -> float | None:
        """Ask once; seconds until the next time, or None at the end."""
        retry_after = None
        try:
            described = self._job.describe()
        except NoAnswerError as error:
            self._lost(str(error))
        except BackendError as error:
            if isinstance(error, SignInError) or not error.may_pass:
                raise
            retry_after = error.retry_after_s
            self._lost(str(error))
        else:
            if self._heard(described):
                return None
        return next_delay(
            self._asked, self._faults, retry_after_s=retry_after, ceiling_s=self._poll_max
        )

    def _heard(self, described: dict[str, Any]) -> bool:
        status = str(described.get("status", "N/A"))
        self._asked = self._asked + 1 if status == self._status else 0
        self._faults = 0
        self._started = self._started or status not in {"created", "N/A"}
        self._status = status
        progress = described.get("progress")
        known = isinstance(progress, int | float) and 0 <= progress <= 100  # noqa: PLR2004 - percent
        share = f" {progress:g} %" if known else ""
        self._say(f"{status}{share if status == 'running' else ''}")
        if status == "created" and not self._started:
            # Waiting for a job that nobody started would be for ever; yet the first questions
            # may come before the back-end's own list knows of a start.
            if self._asked >= self._patience:
                raise JobFailedError(
                    f"Batch job {self._job.job_id!r} was not started.",
                    job_id=self._job.job_id,
                    status=status,
                    hint="Start it with job.start(), or use job.start_and_wait().",
                )
            return False
        return is_end(status, started=self._started)

    def _lost(self, reason: str) -> None:
        self._faults += 1
        self._say(f"no answer ({reason}), asking again")

    def _say(self, text: str) -> None:
        if text != self._told:
            self._told = text
            minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
            hours, minutes = divmod(minutes, 60)
            self._tell(f"{hours}:{minutes:02}:{seconds:02} Batch job {self._job.job_id!r}: {text}")

    def _left(self) -> float | None:
        if self._timeout is None:
            return None
        return self._timeout - (time.monotonic() - self._began)


def _pause(seconds: float) -> None:
    """Wait, in steps: on Windows Ctrl-C is heard only between two of them."""
    never = threading.Event()
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        never.wait(min(left, _STEP_S))
