"""One watched job: who wants to know, what is known, and when to ask again."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openeo_widgets.api import _schedule
from openeo_widgets.errors import NoAnswerError
from openeo_widgets.redact import log_failure
from openeo_widgets.watch._state import JobState, action_begun, after_fault

if TYPE_CHECKING:
    import weakref

    from openeo_widgets.api import BatchJob

__all__ = ["Interest", "Listener", "Watched", "is_telling"]

_log = logging.getLogger(__name__)

Listener = Callable[[JobState], None]

# A page that was closed cannot say so. It tells more often than this that somebody looks.
_LOOK_LASTS_S = 600.0

# What is going on in the present thread.
_here = threading.local()

# Never none of it: an answer takes its time too, and no state is to get older than its pause.
_JITTER = (1 / 3, 1.0)

_NOBODY_ASKS = ("signed_out", "gone", "deleted")


def is_telling() -> bool:
    """Whether the present thread is telling a listener, and so cannot hear anything itself."""
    return getattr(_here, "telling", False)


@dataclass(eq=False)
class Interest:
    """One listener's interest in a job.

    Attributes:
        listener: Held weakly: one that is gone is no reason to go on asking.
        ceiling_s: Longest pause between two questions, in seconds.
        max_runtime_s: After so many seconds of running the job is canceled, or None.
        looked_until: Until when, on the steady clock, somebody is taken to look.
        hidden: Whether it is shown where nobody sees it.
        told: The state that the listener heard last, or is not to hear.
        closed: Whether it wants to hear no more. A flag, that takes no lock: a listener may end
            where the garbage collector runs, which is anywhere.
    """

    listener: weakref.WeakMethod[Listener]
    ceiling_s: float
    max_runtime_s: float | None
    looked_until: float = 0.0
    hidden: bool = False
    told: JobState | None = None
    closed: bool = False

    def look(self, steady: float, *, visible: bool) -> None:
        """Take note whether somebody looks."""
        self.hidden = not visible
        self.looked_until = steady + _LOOK_LASTS_S if visible else 0.0


class Watched:
    """One job that is watched, by one or many.

    Args:
        job: The batch job.
    """

    def __init__(self, job: BatchJob) -> None:
        self.job = job
        self.state = JobState()
        self.interests: list[Interest] = []
        self.due: float | None = 0.0  # by the steady clock; None: not to be asked
        self.delay = 0.0
        self.asking = False
        # When it was asked for, by the steady clock.
        self.asked_at = float("-inf")
        # The back-end does not want to be asked before, unless a person asks.
        self.not_before = float("-inf")
        # Whether the list of jobs does not tell enough of it, this time, or never tells the truth.
        self.alone = False
        self.listed = True
        # Raised by whatever makes an answer to an earlier question worthless.
        self.epoch = 0
        # How often the present status was told in a row, before the last time.
        self.seen = 0
        # When it was first seen running, by the steady clock: it was running at least since then,
        # whatever other clocks say.
        self._running_since: float | None = None
        # Whether it was canceled since it ran too long: once a run.
        self._limit_used = False
        self._mutex = threading.Lock()
        self._telling = False

    def looked_at(self, steady: float) -> bool:
        """Whether somebody looks at it."""
        return any(interest.looked_until > steady for interest in self.interests)

    def drop_the_gone(self) -> None:
        """Forget the interests that were closed, or whose listeners are gone."""
        self.interests = [i for i in self.interests if not i.closed and i.listener() is not None]

    def ask(self, steady: float) -> int:
        """Take note that it is being asked for; the epoch of the question."""
        self.asking, self.asked_at = True, steady
        return self.epoch

    def give_up(self, why: str, wall: float, steady: float) -> None:
        """Take the question under way as lost: an answer that comes after all is out of date."""
        self.epoch += 1
        self.asking = False
        self.state = after_fault(self.state, "lost", NoAnswerError(why))
        self.schedule(wall, steady, None)

    def soonest(self, steady: float) -> float:
        """When it may be asked for, by the steady clock, by whoever is in no special hurry."""
        return max(steady, self.asked_at + _schedule.FLOOR_S, self.not_before)

    def answered(self, state: JobState, steady: float) -> None:
        """Take a state that the back-end has just told for the truth."""
        self.seen = self.seen + 1 if state.status == self.state.status else 0
        if state.status != "running":
            self._running_since, self._limit_used = None, False
        elif self._running_since is None:
            self._running_since = steady
        self.state = state

    def begin(self, name: str, why: str) -> bool:
        """Take note that something is being done to the job, unless something is already."""
        if self.state.action:
            return False
        self.epoch += 1
        self.state = action_begun(self.state, name, why)
        if name == "start":  # what runs from now on is another run
            self._running_since, self._limit_used = None, False
        return True

    def schedule(self, wall: float, steady: float, retry_after_s: float | None) -> None:
        """Decide when to ask again, and say so in the state.

        Args:
            wall: Seconds since the epoch.
            steady: The steady clock's.
            retry_after_s: What the back-end asked for, or None.
        """
        state, fresh = self.state, self.state.freshness
        if fresh.state in _NOBODY_ASKS:
            self.due = None
            return
        if fresh.state == "live" and state.ended and state.action is None:
            self.state = replace(state, freshness=replace(fresh, state="resting"))
            self.due = None
            return
        looked_at = self.looked_at(steady) and state.status == "running"
        progress = looked_at and state.progress is not None
        # The list tells neither how far a job is nor whether it reports that.
        self.alone = self.alone or progress or (looked_at and self.seen == 0)
        self.delay = _schedule.next_delay(
            state.action.answers if state.action else self.seen,
            fresh.attempt,
            progress=progress,
            hidden=state.action is None and all(i.hidden for i in self.interests),
            retry_after_s=retry_after_s,
            ceiling_s=min((i.ceiling_s for i in self.interests), default=1.0),
            jitter=random.uniform(*_JITTER),  # noqa: S311 - no secret
        )
        left = self._runtime_left(steady)
        if left is not None and left > 0:
            self.delay = min(self.delay, left)
        self.due = steady + self.delay
        self.not_before = self.due if retry_after_s else float("-inf")
        self.state = replace(state, freshness=replace(fresh, next=wall + self.delay))

    def begin_overdue_cancel(self, steady: float) -> bool:
        """Begin to cancel a job that runs longer than it may, once a run."""
        left = self._runtime_left(steady)
        if left is None or left > 0 or self.state.freshness.state != "live":
            return False
        limit = min(i.max_runtime_s for i in self.interests if i.max_runtime_s is not None)
        why = f"It was canceled since it ran longer than max_runtime allows: {limit:g} s."
        self._limit_used = self.begin("cancel", why)
        return self._limit_used

    def tell(self, only: Interest | None = None) -> None:
        """Tell the newest state to those who do not know it.

        One thread tells at a time, and nobody waits for it: who comes meanwhile leaves the news to
        it. So an older state never comes after a newer one, also where a listener acts.

        Args:
            only: The one to be told, or None for all.
        """
        with self._mutex:
            if self._telling:
                return
            self._telling = True
        try:
            while news := self._next_to_tell(only):
                self._tell_one(*news)
        except BaseException:  # Ctrl-C, for one, in the thread of who acts
            self._telling = False
            raise

    def _next_to_tell(self, only: Interest | None) -> tuple[Interest, JobState] | None:
        with self._mutex:
            state = self.state
            for interest in self.interests if only is None else (only,):
                if interest.told is not state and not interest.closed:
                    interest.told = state
                    return interest, state
            self._telling = False
            return None

    def _tell_one(self, interest: Interest, state: JobState) -> None:
        listener = interest.listener()
        if listener is None:
            return
        _here.telling = True
        try:
            listener(state)
        except (Exception, SystemExit):  # noqa: BLE001 - its errors are not ours to know
            # The others want to know all the same.
            log_failure(_log, f"What was told of batch job {self.job.job_id!r} failed")
        finally:
            _here.telling = False

    def _runtime_left(self, steady: float) -> float | None:
        limits = [i.max_runtime_s for i in self.interests if i.max_runtime_s is not None]
        if not limits or self._running_since is None or self._limit_used:
            return None
        return self._running_since + min(limits) - steady
