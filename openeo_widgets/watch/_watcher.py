"""The one polling thread: it decides whom to ask next, and has workers ask."""

from __future__ import annotations

import itertools
import logging
import os
import queue
import threading
import weakref
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from openeo_widgets.api._http import host_of
from openeo_widgets.api._job import on_action
from openeo_widgets.api._schedule import CEILING_S, check_seconds
from openeo_widgets.redact import log_failure
from openeo_widgets.transfer import Workers
from openeo_widgets.watch._answers import Answers
from openeo_widgets.watch._asking import as_ours
from openeo_widgets.watch._channel import Channel
from openeo_widgets.watch._clock import Clock
from openeo_widgets.watch._state import action_made
from openeo_widgets.watch._subscription import Subscription
from openeo_widgets.watch._timers import Timer, Timers
from openeo_widgets.watch._turns import Turns
from openeo_widgets.watch._watched import Interest, Listener, Watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import BatchJob

__all__ = ["Watcher", "watcher"]

_MOST_QUESTIONS = 8
# The last ones are for back-ends that nothing is asked of yet: others may hang.
_FOR_NEWCOMERS = 2
# A back-end that hangs holds no more than these.
_MOST_OF_ONE = 3

# What a person does waits for no question, and a back-end that hangs holds half of these.
_MOST_ACTIONS, _MOST_ACTIONS_OF_ONE = 4, 2

# What drips in byte by byte runs into no timeout: after so many seconds it is taken as lost.
_LONGEST_QUESTION_S = 90.0

# How often to look whether the machine slept, and whether somebody signed in again, in seconds.
_LOOK_ROUND_S = 15.0
_LOOK_FOR_SIGN_IN_S = 1.0
_AFTER_STUMBLING_S = 1.0
# A leap of the wall clock by more than this is a sleep, not a correction.
_SLEPT_S = 5.0


class Watcher:
    """Asks back-ends for the states of jobs, from one thread, however many there are.

    Listeners are bound methods, held weakly, and called in a worker thread whenever something
    is new. The same job watched by many is asked once.

    Args:
        clock: The time to go by.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.workers = Workers("openeo-widgets-worker", _MOST_QUESTIONS)
        self._actors = Workers("openeo-widgets-action", _MOST_ACTIONS, _MOST_ACTIONS_OF_ONE)
        self.begin()

    def begin(self) -> None:
        """Begin with nothing to watch: at first, and in a forked process, which has no threads."""
        self._lock = threading.Lock()
        self._channels: dict[int, Channel] = {}
        # How many questions are under way, by back-end: several connections may be to one.
        self._busy: Counter[str] = Counter()
        self._turns = Turns()
        self._timers = Timers()
        self._rounds = itertools.count()
        self._thread: threading.Thread | None = None
        # Queues, since their put() is safe anywhere, also where the lock is held: see `Interest`.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._left: queue.SimpleQueue[Watched] = queue.SimpleQueue()
        self._offset = self.clock.wall() - self.clock.steady()
        self._next_look_for_stuck = 0.0

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

        Raises:
            TypeError: `ceiling_s` or `max_runtime_s` is no number.
            ValueError: One of them is not above zero.
        """
        check_seconds("poll_max", ceiling_s, positive=True)
        if max_runtime_s is not None:
            check_seconds("max_runtime", max_runtime_s, positive=True)
        with self._lock:
            watched = self._watched(job)
            gone = partial(_listener_gone, weakref.ref(self), weakref.ref(watched))
            interest = Interest(weakref.WeakMethod(listener, gone), ceiling_s, max_runtime_s)
            tell_now = tell_known and bool(watched.state.status)
            interest.told = None if tell_now else watched.state
            watched.interests.append(interest)
            # What is known is asked anew, since it may be of yesterday; for who does not want to
            # hear that, an answer that is under way may be too.
            if not watched.asking:
                self._turn_soon(watched)
            elif not tell_known:
                self._outdate(watched)
            self._run_if_needed()
        self._wake.put(None)
        if tell_now:
            self.workers.submit(watched.tell)
        return Subscription(self, watched, interest)

    def _watched(self, job: BatchJob) -> Watched:
        key = id(job.connection)
        if key not in self._channels:
            self._channels[key] = Channel(job.connection)
        jobs = self._channels[key].jobs
        if job.job_id not in jobs:
            jobs[job.job_id] = Watched(job)
        return jobs[job.job_id]

    def ask_now(self, watched: Watched) -> None:
        """Ask for a job at once, also if it was not to be asked any more."""
        with self._lock:
            self._outdate(watched)
        self._wake.put(None)

    def nudge(self, job: BatchJob) -> None:
        """Ask for a job at once if it is watched: something was done to it."""
        with self._lock:
            channel = self._channels.get(id(job.connection))
            if channel and job.job_id in channel.jobs:
                self._outdate(channel.jobs[job.job_id])
        self._wake.put(None)

    def look(self, watched: Watched, interest: Interest, *, visible: bool) -> None:
        """Take note whether somebody looks; whoever comes back is told what is now."""
        with self._lock:
            came_back = visible and interest.hidden
            began = visible and not watched.looked_at(self.clock.steady())
            interest.look(self.clock.steady(), visible=visible)
            if (came_back or began) and watched.due is not None and not watched.asking:
                self._turn_soon(watched)
        self._wake.put(None)

    def act(
        self,
        watched: Watched,
        interest: Interest,
        name: str,
        request: Callable[[], object],
        why: str,
    ) -> bool:
        """Do something to a job once; see `Subscription.act`."""
        with self._lock:
            if not watched.begin(name, why):
                return False
        self._do(watched, request)
        watched.tell(only=interest)  # who asked for it sees it at once; others may take their time
        self.workers.submit(watched.tell)
        return True

    def later(self, seconds: float, task: Callable[[], object]) -> Callable[[], None]:
        """Have a worker do something after a while; returns what calls it off."""
        with self._lock:
            timer = self._timers.add(self.clock.steady() + seconds, task)
            self._run_if_needed()
        self._wake.put(None)
        return partial(self._call_off, timer)

    def _call_off(self, timer: Timer) -> None:
        timer.canceled = True
        self._wake.put(None)  # nothing to wait for may be left

    def look_for_the_gone(self, watched: Watched) -> None:
        """Have listeners that are gone taken off. Takes no lock: see `Interest`."""
        self._left.put(watched)
        self._wake.put(None)

    # In workers

    def _do(self, watched: Watched, request: Callable[[], object]) -> None:
        host = host_of(watched.job.connection.root_url)
        self._actors.submit(partial(self._carry_out, watched, request), lane=host)

    def _carry_out(self, watched: Watched, request: Callable[[], object]) -> None:
        """Ask the back-end to act, once: a lost answer is no reason to ask a second time."""
        failure: BaseException | None = None
        try:
            request()
        except BaseException as error:  # noqa: BLE001 - the person must see it, whatever it is
            failure = as_ours(error)
        with self._lock:
            watched.state = action_made(watched.state, failure)
            # What happened is what the back-end says happened.
            self._outdate(watched)
        self._wake.put(None)
        watched.tell()

    def _ask(self, answers: Answers) -> None:
        """Ask, take in the answers, and tell those who listen."""
        answers.fetch()
        with self._lock:
            news = list(answers.take_in())
            overdue = [w for w in news if w.begin_overdue_cancel(self.clock.steady())]
            for watched in news:
                if watched.due is not None:
                    self._turns.add(watched, watched.due)
        self._wake.put(None)
        for watched in overdue:
            self._do(watched, watched.job.stop)
        for watched in news:
            watched.tell()
        with self._lock:  # not before: a worker that tells asks nothing else
            self._busy[answers.channel.host] -= 1
        self._wake.put(None)

    # In the polling thread

    def _run(self) -> None:
        while True:
            try:
                pause = self._look_round()
            except Exception:  # noqa: BLE001 - whatever it is, the other jobs want to be asked for
                log_failure(logging.getLogger(__name__), "The polling of openeo-widgets stumbled")
                pause = _AFTER_STUMBLING_S
            if pause is None:
                return
            self.clock.pause(self._wake, pause)

    def _look_round(self) -> float | None:
        """Do what is due; seconds until to look again, or None if there is nothing to look for."""
        with self._lock:
            tasks = list(self._timers.take_due(self.clock.steady()))
            pause: float | None = self._dispatch()
            if not self._channels and self._timers.next_due() is None:
                self._turns.clear()
                self._thread = pause = None
        # Not here: a task may have to wait for somebody, and all jobs wait for this thread.
        for task in tasks:
            self.workers.submit(task)
        return pause

    # What follows runs with the lock held.

    def _run_if_needed(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            thread = threading.Thread(target=self._run, name="openeo-widgets-watcher", daemon=True)
            thread.start()
            self._thread = thread

    def _dispatch(self) -> float:
        """Send off the questions that are due; seconds until to look again."""
        steady = self.clock.steady()
        self._drop_left()
        self._notice_sleep(steady)
        self._notice_stuck(steady)
        pause = self._notice_sign_in()
        for watched in self._turns.take_due(steady):
            channel = self._channels.get(id(watched.job.connection))
            if channel and not watched.asking and watched.interests:
                channel.ready[watched.job.job_id] = watched
        hosts = {channel.host for channel in self._channels.values()}
        share = max(1, min(_MOST_OF_ONE, _MOST_QUESTIONS // max(1, len(hosts))))
        channels = list(self._channels.values())
        first = next(self._rounds) % max(1, len(channels))  # none is always served last
        for channel in channels[first:] + channels[:first]:
            self._ask_next(channel, steady, share)
        dues = (self._turns.next_due(), self._timers.next_due())
        return max(0.0, min([pause, *(due - steady for due in dues if due is not None)]))

    def _ask_next(self, channel: Channel, steady: float, share: int) -> None:
        host = channel.host
        while self._busy[host] < share and self._busy.total() < (
            _MOST_QUESTIONS - _FOR_NEWCOMERS if self._busy[host] else _MOST_QUESTIONS
        ):
            questions = channel.next_question(steady)
            if not questions:
                return
            epochs = {watched: watched.ask(steady) for watched in questions}
            self._busy[host] += 1
            self.workers.submit(partial(self._ask, Answers(self.clock, channel, epochs)))

    def _outdate(self, watched: Watched) -> None:
        """Answers to what was asked before do not count any more; ask at once."""
        watched.epoch += 1
        watched.asking = False
        watched.alone = True
        watched.seen = 0  # quick again
        self._turn_now(watched)

    def _turn_soon(self, watched: Watched) -> None:
        soon = watched.soonest(self.clock.steady())
        self._turns.add(watched, soon if watched.due is None else min(soon, watched.due))

    def _turn_now(self, watched: Watched) -> None:
        self._turns.add(watched, self.clock.steady())

    def _drop_left(self) -> None:
        while True:
            try:
                watched = self._left.get_nowait()
            except queue.Empty:
                return
            watched.drop_the_gone()
            if not watched.interests:
                self._drop(watched)

    def _drop(self, watched: Watched) -> None:
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
        if slept >= _SLEPT_S:
            self._turns.move_forward(slept)

    def _notice_stuck(self, steady: float) -> None:
        """Take questions whose answers never end as lost."""
        if steady < self._next_look_for_stuck:
            return
        self._next_look_for_stuck = steady + _LOOK_ROUND_S
        for channel in self._channels.values():
            for watched in channel.jobs.values():
                if watched.asking and steady - watched.asked_at > _LONGEST_QUESTION_S:
                    why = f"No whole answer came in {_LONGEST_QUESTION_S:.0f} s."
                    watched.give_up(why, self.clock.wall(), steady)
                    self._turns.add(watched, watched.due or steady)
                    self.workers.submit(watched.tell)

    def _notice_sign_in(self) -> float:
        """Ask again for the jobs of who signed in again; seconds until to look again."""
        for channel in self._channels.values():
            if channel.signed_in_again():
                for watched in channel.jobs.values():
                    if watched.state.freshness.state == "signed_out" and not watched.asking:
                        self._turn_now(watched)
        waiting = any(channel.signed_out for channel in self._channels.values())
        return _LOOK_FOR_SIGN_IN_S if waiting else _LOOK_ROUND_S


def _listener_gone(owner: weakref.ref[Watcher], left: weakref.ref[Watched], _: object) -> None:
    watcher, watched = owner(), left()
    if watcher is not None and watched is not None:
        watcher.look_for_the_gone(watched)


_the_watcher = Watcher()


def watcher() -> Watcher:
    """The watcher of this process."""
    return _the_watcher


def _begin_anew() -> None:
    """Threads do not follow into a forked process, and locks follow as they were."""
    _the_watcher.begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def _nudge(job: BatchJob) -> None:
    _the_watcher.nudge(job)


on_action(_nudge)
