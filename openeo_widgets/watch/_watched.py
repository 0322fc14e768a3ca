"""One watched job: who wants to know, what is known, and when to ask again."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from openeo_widgets.api._schedule import next_delay
from openeo_widgets.watch._state import JobState

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
    """

    listener: weakref.WeakMethod[Listener]
    ceiling_s: float
    max_runtime_s: float | None
    looked_until: float = 0.0
    hidden: bool = False

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
        # Whether the list of jobs does not tell enough of it, this time.
        self.alone = False
        # Raised by whatever makes an answer to an earlier question worthless.
        self.epoch = 0
        # When it was first seen running, by the wall clock: a back-end's clock may be wrong.
        self._running_since: float | None = None
        # Whether it was canceled since it ran too long: once a run.
        self.limit_used = False
        self._telling = threading.RLock()
        self._told: JobState | None = None

    def looked_at(self, steady: float) -> bool:
        """Whether somebody looks at it."""
        return any(interest.looked_until > steady for interest in self.interests)

    def drop_the_gone(self) -> None:
        """Forget the interests whose listeners are gone."""
        self.interests = [i for i in self.interests if i.listener() is not None]

    def know(self, state: JobState, wall: float) -> None:
        """Take a new state for the truth."""
        if state.status != "running":
            self._running_since, self.limit_used = None, False
        elif self._running_since is None:
            self._running_since = wall
        self.state = state

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
        looked_at = self.looked_at(steady)
        if looked_at and state.status == "running" and state.seen == 0:
            self.alone = True  # the list does not tell whether it reports progress
        self.delay = next_delay(
            state.action.answers if state.action else state.seen,
            fresh.attempt,
            progress=looked_at and state.status == "running" and state.progress is not None,
            hidden=state.action is None and all(i.hidden for i in self.interests),
            retry_after_s=retry_after_s,
            ceiling_s=min((i.ceiling_s for i in self.interests), default=1.0),
            jitter=random.random(),  # noqa: S311 - no secret
        )
        left = self._runtime_left(wall)
        if left is not None and left > 0:
            self.delay = min(self.delay, left)
        self.due = steady + self.delay
        self.state = replace(state, freshness=replace(fresh, next=wall + self.delay))

    def overran(self, wall: float) -> float | None:
        """The longest run allowed, in seconds, where it is over and the job still runs."""
        left = self._runtime_left(wall)
        if left is None or left > 0 or self.state.freshness.state != "live":
            return None
        return min(i.max_runtime_s for i in self.interests if i.max_runtime_s is not None)

    def tell(self) -> None:
        """Tell the state to all listeners, if it is new: never an older one after a newer."""
        with self._telling:
            state = self.state
            if state is self._told:
                return
            self._told = state
            for interest in list(self.interests):
                self._tell_one(interest, state)

    def tell_newcomer(self, interest: Interest) -> None:
        """Tell what is known to a listener that has just come."""
        with self._telling:
            if self.state is self._told:
                self._tell_one(interest, self.state)

    def _tell_one(self, interest: Interest, state: JobState) -> None:
        listener = interest.listener()
        if listener is None:
            return
        _here.telling = True
        try:
            listener(state)
        except Exception:  # noqa: BLE001 - a listener's errors are not ours to know
            # The others want to know all the same.
            _log.exception("What was told of batch job %r failed", self.job.job_id)
        finally:
            _here.telling = False

    def _runtime_left(self, wall: float) -> float | None:
        limits = [i.max_runtime_s for i in self.interests if i.max_runtime_s is not None]
        if not limits or self._running_since is None or self.limit_used:
            return None
        return self._running_since + min(limits) - wall
