"""Waiting for one batch job, in a thread or in a coroutine."""

from __future__ import annotations

import asyncio
import queue
import time
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._logs import LogEntry
from openeo_widgets.errors import JobFailedError, NoAnswerError, WaitTimeoutError
from openeo_widgets.watch._action import PATIENCE
from openeo_widgets.watch._line import line
from openeo_widgets.watch._watched import is_telling
from openeo_widgets.watch._watcher import watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import BatchJob
    from openeo_widgets.watch._state import JobState

__all__ = ["Waiting"]

# On Windows Ctrl-C is heard only between two steps.
_STEP_S = 0.2

# How often a job may be seen as ``created`` before it is taken as not started.
_CREATED_AT_MOST = 2


class Waiting:
    """One wait for one job: from one thread or coroutine; to be closed after use.

    Args:
        job: The job.
        was_started: Whether it was just started, so that ``created`` is not the last word.
        poll_max: Longest pause between two questions, in seconds.
        max_runtime: Cancel the job when it was seen running for so many seconds, or None.
        soft_error_max: How many questions in a row may be without a usable answer, or None.

    Raises:
        RuntimeError: It was made in a callback of the watcher, where nothing would be heard.
    """

    def __init__(
        self,
        job: BatchJob,
        *,
        was_started: bool,
        poll_max: float,
        max_runtime: float | None,
        soft_error_max: int | None,
    ) -> None:
        if is_telling():
            raise RuntimeError(
                f"A callback cannot wait for batch job {job.job_id!r}: it runs in a thread that "
                "brings the news. Wait in another thread, or use await job.finished()."
            )
        self._job = job
        self._patience = PATIENCE if was_started else _CREATED_AT_MOST
        self._soft_error_max = soft_error_max
        self._heard: queue.SimpleQueue[JobState] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: asyncio.Queue[JobState] | None = None
        self._last: JobState | None = None
        self._created = 0
        self._began = time.monotonic()
        # What is known may be of before the start: an end of yesterday ends no wait of today.
        self._subscription = watcher().watch(
            job, self._hear, ceiling_s=poll_max, max_runtime_s=max_runtime, tell_known=False
        )

    def close(self) -> None:
        """Wait no more. The job goes on."""
        self._subscription.close()

    def until_end(self, timeout: float | None, progress: Callable[[str], object] | None) -> str:
        """Wait in this thread; return the status in which the job ended."""
        until = None if timeout is None else self._began + timeout
        with line(progress) as say:
            while True:
                state = self._next(until)
                if state.fault is None or state.freshness.state == "lost":
                    say(self._words(state))  # of any other fault the error tells
                if self._is_over(state):
                    return state.status

    async def ended(self, timeout: float | None) -> str:
        """Wait in a coroutine; return the status in which the job ended."""
        self._news = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        while not self._heard.empty():
            self._news.put_nowait(self._heard.get())
        try:
            return await asyncio.wait_for(self._until_over(self._news), timeout)
        except (asyncio.TimeoutError, TimeoutError) as error:
            raise self._too_late() from error

    async def _until_over(self, news: asyncio.Queue[JobState]) -> str:
        while True:
            state = await news.get()
            if self._is_over(state):
                return state.status

    def failure(self) -> JobFailedError:
        """The error for an end other than ``finished``."""
        job_id, state = self._job.job_id, self._last
        status = state.status if state else ""
        entry = LogEntry(state.error) if state and state.error else None
        reason = entry.message if entry else state.notice if state else ""
        why = f": {reason}" if reason else "."
        return JobFailedError(
            f"Batch job {job_id!r} ended in {status!r}{why}",
            job_id=job_id,
            status=status,
            log_entry=entry,
            code=entry.code if entry else "",
            hint=f"Read more with connection.job({job_id!r}).logs().",
        )

    def _hear(self, state: JobState) -> None:
        """Take a state from the watcher's worker to whoever waits."""
        if self._loop is None or self._news is None:
            self._heard.put(state)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.put_nowait, state)

    def _next(self, until: float | None) -> JobState:
        while True:
            # Even with no time at all one answer is waited for.
            late = until is not None and time.monotonic() >= until and self._last is not None
            if late:
                raise self._too_late()
            left = _STEP_S if until is None else max(0.0, until - time.monotonic())
            try:
                return self._heard.get(timeout=min(_STEP_S, left or _STEP_S))
            except queue.Empty:
                continue

    def _too_late(self) -> WaitTimeoutError:
        status = self._last.status if self._last else ""
        after = time.monotonic() - self._began
        return WaitTimeoutError(
            f"Batch job {self._job.job_id!r} is {status or 'out of reach'!r} after {after:.0f} s.",
            hint="It goes on at the back-end; wait again, or cancel it with job.stop().",
        )

    def _is_over(self, state: JobState) -> bool:
        """Whether the job has ended.

        Raises:
            OpenEOWidgetsError: Nothing more is to be expected.
        """
        self._last = state
        fresh = state.freshness
        if state.fault is not None:
            if fresh.state != "lost":
                raise state.fault
            if self._soft_error_max is not None and fresh.attempt > self._soft_error_max:
                raise NoAnswerError(
                    f"Batch job {self._job.job_id!r}: {fresh.attempt} questions in a row "
                    f"without a usable answer. {fresh.reason}"
                ) from state.fault
            return False
        if state.status == "created" and not state.started:
            self._count_created()
            return False
        return state.ended and state.action is None

    def _count_created(self) -> None:
        """Waiting for a job that nobody started would be for ever.

        Yet the first questions may come before the back-end's own list knows of a start.
        """
        self._created += 1
        if self._created >= self._patience:
            raise JobFailedError(
                f"Batch job {self._job.job_id!r} was not started.",
                job_id=self._job.job_id,
                status="created",
                hint="Start it with job.start(), or use job.start_and_wait().",
            )

    def _words(self, state: JobState) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        hours, minutes = divmod(minutes, 60)
        return (
            f"{hours}:{minutes:02}:{seconds:02} "
            f"Batch job {self._job.job_id!r}: {_status_words(state)}"
        )


def _status_words(state: JobState) -> str:
    if state.freshness.state == "lost":
        return f"no answer ({state.freshness.reason}), asking again"
    words: list[Any] = [state.status]
    if state.status == "running" and state.progress is not None:
        words.append(f"{state.progress:.0f} %")
    return " ".join(words)
