"""The one polling thread: it decides whom to ask next, and has workers ask."""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import queue
import threading
import weakref
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from openeo_widgets.api._job import on_action
from openeo_widgets.api._schedule import CEILING_S
from openeo_widgets.transfer import OneByOne, Workers
from openeo_widgets.watch._answers import Answers
from openeo_widgets.watch._channel import Channel
from openeo_widgets.watch._clock import Clock
from openeo_widgets.watch._state import action_begun, action_made
from openeo_widgets.watch._watched import Interest, Listener, Watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import BatchJob
    from openeo_widgets.watch._state import JobState

__all__ = ["Subscription", "Watcher", "watcher"]

_log = logging.getLogger(__name__)

_MOST_WORKERS = 8

# Two workers are always left for what a person asked for.
_MOST_QUESTIONS = 6
# A connection that hangs holds no more than these.
_MOST_OF_ONE = 3

# How often to look whether the machine slept, and whether somebody signed in again, in seconds.
_LOOK_ROUND_S = 15.0
_LOOK_FOR_SIGN_IN_S = 1.0
# A leap of the wall clock by more than this is a sleep, not a correction.
_SLEPT_S = 5.0


class Subscription:
    """One listener's interest in one job. `close` ends it; so does the listener's own end."""

    def __init__(self, owner: Watcher, watched: Watched, interest: Interest) -> None:
        self._owner = owner
        self._watched = watched
        self._interest = interest

    @property
    def state(self) -> JobState:
        """What is known now."""
        return self._watched.state

    def refresh(self) -> None:
        """Ask at once; an answer that is under way does not count any more."""
        self._owner.ask_now(self._watched)

    def act(self, name: str, request: Callable[[], object], why: str = "") -> bool:
        """Do something to the job, in the background and once.

        Args:
            name: ``start``, ``cancel`` or ``delete``.
            request: What asks the back-end to do it.
            why: A sentence to tell when it had its effect, or "".

        Returns:
            Whether it is being done now for this call: False while another action is.
        """
        return self._owner.act(self._watched, name, request, why)

    def look(self, *, visible: bool) -> None:
        """Say whether somebody sees the job now. Who comes back wants to know at once."""
        self._owner.look(self._watched, self._interest, visible=visible)

    def close(self) -> None:
        """Listen no more. The job is asked for no more when nobody listens."""
        self._owner.forget(self._watched, self._interest)


class Watcher:
    """Asks back-ends for the states of jobs, from one thread, however many there are.

    Listeners are bound methods, held weakly, and called in a worker thread whenever something
    is new. The same job watched by many is asked once.

    Args:
        clock: The time to go by.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.workers = Workers("openeo-widgets-worker", _MOST_WORKERS)
        self.aside = OneByOne(self.workers)  # for what is only good to know
        self._lock = threading.Lock()
        self._channels: dict[int, Channel] = {}
        # How many questions are under way, by back-end: several connections may be to one.
        self._busy: Counter[str] = Counter()
        # Whose turn is when; an entry counts only while its job is due at that very time.
        self._turns: list[tuple[float, int, Watched]] = []
        self._timers: list[tuple[float, int, Callable[[], object]]] = []
        self._number = itertools.count()
        self._thread: threading.Thread | None = None
        # Queues, since their put() is safe in a weak reference's callback, which may run
        # anywhere, also where the lock is held.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._left: queue.SimpleQueue[weakref.ref[Watched]] = queue.SimpleQueue()
        self._offset = self.clock.wall() - self.clock.steady()

    def watch(
        self,
        job: BatchJob,
        listener: Listener,
        *,
        ceiling_s: float = CEILING_S,
        max_runtime_s: float | None = None,
        tell_known: bool = True,
    ) -> Subscription:
        """Watch a job.

        Args:
            job: The batch job.
            listener: A bound method; called with a `JobState` whenever there is news.
            ceiling_s: Longest pause between two questions, in seconds.
            max_runtime_s: Cancel the job when it was seen running for so many seconds, or None.
            tell_known: Whether to tell what is known already, before asking anew.

        Returns:
            The subscription, through which to ask at once and to end it.
        """
        with self._lock:
            channel = self._channels.setdefault(id(job.connection), Channel(job.connection))
            watched = channel.jobs.setdefault(job.job_id, Watched(job))
            left = weakref.ref(watched)
            interest = Interest(
                weakref.WeakMethod(listener, lambda _: self._listener_gone(left)),
                ceiling_s,
                max_runtime_s,
            )
            watched.interests.append(interest)
            # What is known is told at once, and asked anew: it may be of yesterday.
            if tell_known and watched.state.status:
                self.workers.submit(lambda: watched.tell_newcomer(interest))
            if not watched.asking:
                self._turn_now(watched)
            self._run_if_needed()
        self._wake.put(None)
        return Subscription(self, watched, interest)

    def ask_now(self, watched: Watched) -> None:
        """Ask for a job at once, also if it was not to be asked any more."""
        with self._lock:
            self._outdate(watched)
        self._wake.put(None)

    def nudge(self, job: BatchJob) -> None:
        """Ask for a job at once if it is watched: something was done to it."""
        channel = self._channels.get(id(job.connection))
        watched = channel.jobs.get(job.job_id) if channel else None
        if watched:
            self.ask_now(watched)

    def look(self, watched: Watched, interest: Interest, *, visible: bool) -> None:
        """Take note whether somebody looks; whoever comes back is told what is now."""
        with self._lock:
            came_back = visible and interest.hidden
            began = visible and not watched.looked_at(self.clock.steady())
            interest.look(self.clock.steady(), visible=visible)
            if (came_back or began) and watched.due is not None and not watched.asking:
                self._turn_now(watched)
        self._wake.put(None)

    def act(self, watched: Watched, name: str, request: Callable[[], object], why: str) -> bool:
        """Do something to a job once; see `Subscription.act`."""
        with self._lock:
            if watched.state.action:
                return False
            watched.epoch += 1
            watched.know(action_begun(watched.state, name, why), self.clock.wall())
        self.workers.submit(lambda: self._carry_out(watched, request))
        watched.tell()
        return True

    def later(self, seconds: float, task: Callable[[], object]) -> None:
        """Have the polling thread do something short after a while."""
        with self._lock:
            due = self.clock.steady() + seconds
            heapq.heappush(self._timers, (due, next(self._number), task))
            self._run_if_needed()
        self._wake.put(None)

    def forget(self, watched: Watched, interest: Interest) -> None:
        """Take a listener off."""
        with self._lock:
            if interest in watched.interests:
                watched.interests.remove(interest)
            self._drop_if_unwanted(watched)
        self._wake.put(None)

    # What follows runs with the lock held, but for `_run`, `_carry_out` and `_listener_gone`.

    def _listener_gone(self, watched: weakref.ref[Watched]) -> None:
        self._left.put(watched)
        self._wake.put(None)

    def _carry_out(self, watched: Watched, request: Callable[[], object]) -> None:
        """Ask the back-end to act, once: a lost answer is no reason to ask a second time."""
        failure: BaseException | None = None
        try:
            request()
        except Exception as error:  # noqa: BLE001 - the person must see it, whatever it is
            failure = error
        with self._lock:
            watched.know(action_made(watched.state, failure), self.clock.wall())
            # What happened is what the back-end says happened.
            self._outdate(watched)
        self._wake.put(None)
        watched.tell()

    def _run_if_needed(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, name="openeo-widgets-watcher", daemon=True
            )
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                tasks = self._due_tasks()
                pause = self._dispatch()
                if not self._channels and not self._timers and not tasks:
                    self._thread = None
                    return
            for task in tasks:
                try:
                    task()
                except Exception:  # noqa: BLE001 - the polling goes on, whatever it is
                    _log.exception("A task of openeo-widgets failed")
            self.clock.pause(self._wake, 0 if tasks else pause)

    def _due_tasks(self) -> list[Callable[[], object]]:
        tasks = []
        while self._timers and self._timers[0][0] <= self.clock.steady():
            tasks.append(heapq.heappop(self._timers)[2])
        return tasks

    def _dispatch(self) -> float:
        """Send off the questions that are due; seconds until to look again."""
        steady = self.clock.steady()
        self._drop_left()
        self._notice_sleep(steady)
        pause = self._notice_sign_in()
        while self._turns and self._turns[0][0] <= steady:
            due, _, watched = heapq.heappop(self._turns)
            channel = self._channels.get(id(watched.job.connection))
            if channel and watched.due == due and not watched.asking and watched.interests:
                channel.ready[watched.job.job_id] = watched
        for channel in list(self._channels.values()):
            self._ask_next(channel, steady)
        following = [heap[0][0] - steady for heap in (self._turns, self._timers) if heap]
        return max(0.0, min([pause, *following]))

    def _ask_next(self, channel: Channel, steady: float) -> None:
        host = channel.host
        hosts = {other.host for other in self._channels.values()}
        share = max(1, min(_MOST_OF_ONE, _MOST_QUESTIONS // len(hosts)))
        while self._busy[host] < share and self._busy.total() < _MOST_QUESTIONS:
            questions = channel.next_question(steady)
            if not questions:
                return
            epochs = {}
            for watched in questions:
                watched.asking = True
                epochs[watched] = watched.epoch
            self._busy[host] += 1
            answers = Answers(self.clock, channel, epochs)
            self.workers.submit(lambda answers=answers: self._ask(answers))  # type: ignore[misc]

    def _ask(self, answers: Answers) -> None:
        """Ask, take in the answers, and tell those who listen. In a worker."""
        answers.fetch()
        with self._lock:
            self._busy[answers.channel.host] -= 1
            news = list(answers.take_in())
            for watched in news:
                if watched.due is not None:
                    self._turn_at(watched, watched.due)
        self._wake.put(None)
        for watched in news:
            self._cancel_if_overran(watched)
            watched.tell()

    def _cancel_if_overran(self, watched: Watched) -> None:
        with self._lock:
            limit = watched.overran(self.clock.wall())
        if limit is not None:
            why = f"It was canceled since it ran longer than max_runtime allows: {limit:g} s."
            watched.limit_used = self.act(watched, "cancel", watched.job.stop, why)

    def _outdate(self, watched: Watched) -> None:
        """Answers to what was asked before do not count any more; ask at once."""
        watched.epoch += 1
        watched.asking = False
        watched.alone = True
        watched.state = replace(watched.state, seen=0)  # quick again
        self._turn_now(watched)

    def _turn_now(self, watched: Watched) -> None:
        self._turn_at(watched, self.clock.steady())

    def _turn_at(self, watched: Watched, due: float) -> None:
        watched.due = due
        heapq.heappush(self._turns, (due, next(self._number), watched))

    def _drop_left(self) -> None:
        while True:
            try:
                watched = self._left.get_nowait()()
            except queue.Empty:
                return
            if watched is not None:
                watched.drop_the_gone()
                self._drop_if_unwanted(watched)

    def _drop_if_unwanted(self, watched: Watched) -> None:
        if watched.interests:
            return
        key = id(watched.job.connection)
        channel = self._channels.get(key)
        if channel and channel.jobs.get(watched.job.job_id) is watched:
            del channel.jobs[watched.job.job_id]
            channel.ready.pop(watched.job.job_id, None)
            if not channel.jobs:
                del self._channels[key]

    def _notice_sleep(self, steady: float) -> None:
        """After a sleep of the machine all are due as much earlier, each of them once."""
        offset = self.clock.wall() - steady
        slept, self._offset = offset - self._offset, offset
        if slept < _SLEPT_S:
            return
        turns = [(due - slept, n, watched) for due, n, watched in self._turns]
        for (due, _, watched), (earlier, _, _) in zip(self._turns, turns, strict=True):
            if watched.due == due:
                watched.due = earlier
        heapq.heapify(turns)
        self._turns = turns

    def _notice_sign_in(self) -> float:
        """Ask again for the jobs of who signed in again; seconds until to look again."""
        for channel in self._channels.values():
            if channel.signed_in_again():
                for watched in channel.jobs.values():
                    if watched.state.freshness.state == "signed_out" and not watched.asking:
                        self._turn_now(watched)
        waiting = any(channel.signed_out for channel in self._channels.values())
        return _LOOK_FOR_SIGN_IN_S if waiting else _LOOK_ROUND_S


_the_watcher = Watcher()


def watcher() -> Watcher:
    """The watcher of this process."""
    return _the_watcher


def _begin_anew() -> None:
    """Threads do not follow into a forked process, and locks follow as they were."""
    global _the_watcher  # noqa: PLW0603 - one a process
    _the_watcher = Watcher()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def _nudge(job: BatchJob) -> None:
    _the_watcher.nudge(job)


on_action(_nudge)
