"""Waiting for one batch job, in a thread or in a coroutine."""

from __future__ import annotations

import asyncio
import queue
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._logs import LogEntry
from openeo_widgets.api._schedule import check_seconds, next_delay
from openeo_widgets.errors import JobFailedError, NoAnswerError, WaitTimeoutError
from openeo_widgets.watch._action import PATIENCE
from openeo_widgets.watch._line import line
from openeo_widgets.watch._watched import is_telling
from openeo_widgets.watch._watcher import watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import BatchJob
    from openeo_widgets.watch._state import JobState

__all__ = ["Limits", "hear_of_end", "wait_for_end"]

# On Windows Ctrl-C is heard only between two steps.
_STEP_S = 0.2

# How often a job may be seen as ``created`` before it is taken as not started.
_CREATED_AT_MOST = 2


@dataclass(frozen=True)
class Limits:
    """How far a wait goes.

    Attributes:
        timeout: Seconds to wait at most, or None.
        require_success: Whether an end other than ``finished`` is an error.
        was_started: Whether it was just started, so that neither ``created`` nor an end of before
            is the last word.
        started_at: When, by the back-end's clock, in seconds since the epoch; None if not known.
        poll_max: Longest pause between two questions, in seconds.
        max_runtime: Cancel the job when it was seen running for so many seconds, or None.
        soft_error_max: How many questions in a row may be without a usable answer, or None.
    """

    timeout: float | None
    require_success: bool
    was_started: bool
    started_at: float | None
    poll_max: float
    max_runtime: float | None
    soft_error_max: int | None

    def __post_init__(self) -> None:
        """Refuse what is no limit.

        Raises:
            TypeError: It is no number.
            ValueError: It is a number that makes no sense.
        """
        if self.timeout is not None:
            check_seconds("timeout", self.timeout)
        most = self.soft_error_max
        if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 0):
            raise TypeError(f"soft_error_max is a count of questions, not {most!r}.")


def wait_for_end(job: BatchJob, limits: Limits, progress: Callable[[str], object] | None) -> None:
    """Wait in this thread; for errors see `BatchJob.wait`."""
    heard: queue.SimpleQueue[JobState] = queue.SimpleQueue()
    with closing(_Waiting(job, limits, heard.put)) as waiting, line(progress) as say:
        while True:
            state = _next(heard, waiting, say)
            if state.fault is None or state.freshness.state == "lost":
                say(waiting.words(state))  # of any other fault the error tells
            if waiting.is_over(state):
                return


async def hear_of_end(job: BatchJob, limits: Limits) -> None:
    """Wait in a coroutine; for errors see `BatchJob.wait`."""
    news: asyncio.Queue[JobState] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def hear(state: JobState) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(news.put_nowait, state)

    async def until_over(waiting: _Waiting) -> None:
        while not waiting.is_over(await news.get()):
            pass

    with closing(_Waiting(job, limits, hear)) as waiting:
        try:
            await asyncio.wait_for(until_over(waiting), limits.timeout)
        except (asyncio.TimeoutError, TimeoutError) as error:
            raise waiting.too_late() from error


def _next(
    heard: queue.SimpleQueue[JobState], waiting: _Waiting, say: Callable[[str], object]
) -> JobState:
    while True:
        left = waiting.seconds_left()
        if left <= 0:
            raise waiting.too_late()
        try:
            return heard.get(timeout=min(_STEP_S, left))
        except queue.Empty:
            if waiting.last is not None:
                say(waiting.words(waiting.last))  # the time goes on


class _Waiting:
    """One wait for one job: what its states mean for it. To be closed after use.

    Args:
        job: The job.
        limits: How far it goes.
        hear: Takes each state from the watcher's worker to whoever waits.

    Raises:
        RuntimeError: It was made where nothing would be heard.
    """

    def __init__(self, job: BatchJob, limits: Limits, hear: Callable[[JobState], object]) -> None:
        if is_telling():
            raise RuntimeError(
                f"An observer cannot wait for batch job {job.job_id!r}: it runs in a thread that "
                "brings the news. Wait in another thread, or use await job.finished()."
            )
        self._job = job
        self._limits = limits
        self._patience = PATIENCE if limits.was_started else _CREATED_AT_MOST
        self._pass_on = hear
        self.last: JobState | None = None
        self._unmoved = 0
        self._moved = False
        self._began = time.monotonic()
        # What is known may be of before the start: an end of yesterday ends no wait of today.
        self._subscription = watcher().watch(
            job,
            self._hear,
            ceiling_s=limits.poll_max,
            max_runtime_s=limits.max_runtime,
            tell_known=False,
        )

    def close(self) -> None:
        """Wait no more. The job goes on."""
        self._subscription.close()

    def seconds_left(self) -> float:
        """How long to wait yet, in seconds."""
        if self._limits.timeout is None:
            return float("inf")
        return self._began + self._limits.timeout - time.monotonic()

    def is_over(self, state: JobState) -> bool:
        """Whether the job has ended as it should.

        Raises:
            OpenEOWidgetsError: It has ended otherwise, or nothing more is to be expected.
        """
        self.last = state
        if state.fault is not None:
            self._bear(state, state.fault)
            return False
        if state.action is not None:
            return False
        if state.status == "created" and not state.started:
            return self._was_never_started(state)
        if not state.ended:
            self._moved = True
            return False
        if self._may_be_of_before(state):
            # An end is not asked about any more, unless somebody wants to know.
            watcher().later(next_delay(self._unmoved), self._subscription.refresh)
            return False
        if self._limits.require_success and state.status != "finished":
            raise self._failure(state)
        return True

    def too_late(self) -> WaitTimeoutError:
        """The error for a time that is over."""
        job_id, after = self._job.job_id, time.monotonic() - self._began
        known = f"is {self.last.status!r}" if self.last and self.last.status else "told nothing"
        return WaitTimeoutError(
            f"Batch job {job_id!r} {known} after {after:.0f} s.",
            hint="It goes on at the back-end; wait again, or cancel it with job.stop().",
        )

    def words(self, state: JobState) -> str:
        """A state as a line of text."""
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        hours, minutes = divmod(minutes, 60)
        # The status first: a narrow terminal shows no more.
        return (
            f"{hours}:{minutes:02}:{seconds:02} "
            f"{_status_words(state)} - batch job {self._job.job_id!r}"
        )

    def _hear(self, state: JobState) -> None:
        self._pass_on(state)

    def _bear(self, state: JobState, fault: BaseException) -> None:
        """Go on without an answer, as long as that may last."""
        fresh, most = state.freshness, self._limits.soft_error_max
        if fresh.state != "lost":
            raise fault
        if most is not None and fresh.attempt > most:
            raise NoAnswerError(
                f"Batch job {self._job.job_id!r}: no usable answer to {fresh.attempt} "
                f"question{'s' if fresh.attempt > 1 else ''} in a row. {fresh.reason}"
            ) from fault

    def _was_never_started(self, state: JobState) -> bool:
        """Waiting for a job that nobody started would be for ever.

        Yet the first questions may come before the back-end's own list knows of a start.
        """
        if not self._is_patience_over():
            return False
        if not self._limits.require_success:
            return True
        if state.problem is not None:  # somebody tried
            raise state.problem
        raise JobFailedError(
            f"Batch job {self._job.job_id!r} was not started.",
            job_id=self._job.job_id,
            status="created",
            hint="Start it with job.start(), or use job.start_and_wait().",
        )

    def _may_be_of_before(self, state: JobState) -> bool:
        """Whether an end may be that of an earlier run: some back-ends take a moment to start."""
        if not self._limits.was_started or self._moved:
            return False
        since = state.in_status_since(state.status) if state.updated else None
        if since is None or self._limits.started_at is None:
            return False  # nothing tells of when it is
        # Dates in HTTP have no fractions of a second.
        return since < self._limits.started_at - 1 and not self._is_patience_over()

    def _is_patience_over(self) -> bool:
        self._unmoved += 1
        return self._unmoved >= self._patience

    def _failure(self, state: JobState) -> JobFailedError:
        job_id = self._job.job_id
        entry = LogEntry(state.error) if state.error else None
        reason = entry.message if entry else state.notice
        why = f": {reason}" if reason else "."
        return JobFailedError(
            f"Batch job {job_id!r} ended in {state.status!r}{why}",
            job_id=job_id,
            status=state.status,
            log_entry=entry,
            code=entry.code if entry else "",
            hint=f"Read more with connection.job({job_id!r}).logs().",
        )


def _status_words(state: JobState) -> str:
    if state.freshness.state == "lost":
        return f"no answer, asking again ({state.freshness.reason})"
    words: list[Any] = [state.status]
    if state.status == "running" and state.progress is not None:
        words.append(f"{state.progress:.0f} %")
    return " ".join(words)
