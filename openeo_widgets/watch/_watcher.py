"""The one polling thread, and what it does when an answer comes or none."""

from __future__ import annotations

import queue
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from openeo_widgets.api._logs import last_error
from openeo_widgets.api._schedule import next_delay
from openeo_widgets.errors import BackendError, NoAnswerError, NotFoundError, SignInError
from openeo_widgets.transfer import Workers
from openeo_widgets.watch._state import JobState, after_answer, after_fault, now

if TYPE_CHECKING:
    from openeo_widgets.api import BatchJob

__all__ = ["Subscription", "Watcher", "watcher"]

Listener = Callable[[JobState], None]

_MOST_WORKERS = 8

_FINAL_FAULTS = ("signed_out", "gone")


class _Watched:
    """One job that is watched, by one or many."""

    def __init__(self, job: BatchJob) -> None:
        self.job = job
        self.state = JobState()
        self.listeners: list[weakref.WeakMethod[Listener]] = []
        self.due: float | None = 0.0  # by the monotonic clock; None: not to be asked
        self.asking = False
        # Raised by every action; an answer to a question from before it is out of date.
        self.epoch = 0


class Subscription:
    """One listener's interest in one job. `close` ends it; so does the listener's own end."""

    def __init__(self, owner: Watcher, watched: _Watched, listener: Listener) -> None:
        self._owner = owner
        self._watched = watched
        self._listener = weakref.WeakMethod(listener, lambda _: owner.wake())
        watched.listeners.append(self._listener)

    @property
    def state(self) -> JobState:
        """What is known now."""
        return self._watched.state

    def refresh(self) -> None:
        """Ask at once; an answer that is under way does not count any more."""
        self._owner.ask_now(self._watched)

    def close(self) -> None:
        """Listen no more. The job is asked for no more when nobody listens."""
        self._owner.forget(self._watched, self._listener)


class Watcher:
    """Asks back-ends for the states of jobs, from one thread, however many there are.

    Listeners are bound methods, held weakly, and called in a worker thread whenever something
    is new. The same job watched by many is asked once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: dict[tuple[int, str], _Watched] = {}
        self._thread: threading.Thread | None = None
        # A queue, since its put() is safe in a weak reference's callback, which may run
        # anywhere, also where the lock is held.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.workers = Workers("openeo-widgets-worker", _MOST_WORKERS)

    def watch(self, job: BatchJob, listener: Listener) -> Subscription:
        """Watch a job.

        Args:
            job: The batch job.
            listener: A bound method; called with a `JobState` whenever there is news.

        Returns:
            The subscription, through which to ask at once and to end it.
        """
        key = (id(job.connection), job.job_id)
        with self._lock:
            watched = self._watched.get(key)
            if watched is None:
                watched = self._watched[key] = _Watched(job)
            elif watched.state.status:
                # What is known is told at once, and asked anew: it may be of yesterday.
                watched.due = 0.0
                self.workers.submit(lambda state=watched.state: listener(state))  # type: ignore[misc]
            subscription = Subscription(self, watched, listener)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="openeo-widgets-watcher", daemon=True
                )
                self._thread.start()
        self.wake()
        return subscription

    def ask_now(self, watched: _Watched) -> None:
        """Ask for a job at once."""
        with self._lock:
            watched.epoch += 1
            watched.due = 0.0
        self.wake()

    def forget(self, watched: _Watched, listener: weakref.WeakMethod[Listener]) -> None:
        """Take a listener off."""
        with self._lock:
            if listener in watched.listeners:
                watched.listeners.remove(listener)
        self.wake()

    def wake(self) -> None:
        """Let the thread look again at what is to be done."""
        self._wake.put(None)

    def _run(self) -> None:
        while True:
            with self._lock:
                pause = self._dispatch(time.monotonic())
                if not self._watched:
                    self._thread = None
                    return
            try:
                self._wake.get(timeout=pause)
            except queue.Empty:
                continue

    def _dispatch(self, clock: float) -> float | None:
        """Send off the questions that are due; seconds until the next one is."""
        pauses = []
        for key, watched in list(self._watched.items()):
            watched.listeners = [ref for ref in watched.listeners if ref() is not None]
            if not watched.listeners:
                del self._watched[key]
            elif watched.due is not None and not watched.asking:
                if watched.due <= clock:
                    watched.asking = True
                    self.workers.submit(lambda one=watched: self._ask(one))  # type: ignore[misc]
                else:
                    pauses.append(watched.due - clock)
        return min(pauses, default=None)

    def _ask(self, watched: _Watched) -> None:
        """Ask for one job, take in the answer, and tell those who listen."""
        epoch = watched.epoch
        state, retry_after_s = _asked(watched.job, watched.state)
        with self._lock:
            watched.asking = False
            current = epoch == watched.epoch
            if current:
                watched.state, watched.due = _scheduled(state, retry_after_s)
            listeners = [found for ref in watched.listeners if (found := ref())]
        self.wake()
        if current:
            for listener in listeners:
                listener(watched.state)


def _asked(job: BatchJob, state: JobState) -> tuple[JobState, float | None]:
    """Ask for one job: its new state, and what the back-end wants us to wait."""
    try:
        answered = after_answer(state, job.describe(), now())
    except SignInError as error:
        return after_fault(state, "signed_out", str(error)), None
    except NotFoundError as error:
        return after_fault(state, "gone", str(error)), None
    except BackendError as error:
        return after_fault(state, "lost", str(error)), error.retry_after_s
    except NoAnswerError as error:
        return after_fault(state, "lost", str(error)), None
    except Exception as error:  # noqa: BLE001 - another client's errors are not ours to know
        return after_fault(state, "lost", f"{type(error).__name__}"), None
    if answered.status == "error" and answered.error is None:
        answered = replace(answered, error=_last_error_of(job))
    return answered, None


def _last_error_of(job: BatchJob) -> dict[str, object]:
    """The log entry that says why a job failed; an empty one where there is none to be had."""
    try:
        return dict(last_error(job.logs(level="error")) or {})
    except (BackendError, NoAnswerError):
        return {}


def _scheduled(state: JobState, retry_after_s: float | None) -> tuple[JobState, float | None]:
    """Say when a job is to be asked again, in its state too, and on the monotonic clock."""
    fresh = state.freshness
    if fresh.state in _FINAL_FAULTS:
        return state, None
    if fresh.state == "live" and state.ended:
        return replace(state, freshness=replace(fresh, state="resting")), None
    delay = next_delay(
        state.seen, fresh.attempt, progress=state.moving, retry_after_s=retry_after_s
    )
    due = replace(state, freshness=replace(fresh, next=now() + delay))
    return due, time.monotonic() + delay


_the_watcher = Watcher()


def watcher() -> Watcher:
    """The watcher of this process."""
    return _the_watcher
