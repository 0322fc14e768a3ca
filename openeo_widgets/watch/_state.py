"""What is known of a watched batch job, as values that never change, and how it grows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._schedule import ACTIVE, is_end
from openeo_widgets.api._shapes import number_of, text_of
from openeo_widgets.api._times import seconds_of_time
from openeo_widgets.errors import NoAnswerError, NotFoundError, SignInError
from openeo_widgets.watch._action import Action, Outcome, judged
from openeo_widgets.watch._outage import in_doubt, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Freshness",
    "JobState",
    "Step",
    "action_begun",
    "action_made",
    "after_answer",
    "after_fault",
]


@dataclass(frozen=True)
class Step:
    """One thing that happened to a job: the status it took, and when.

    Attributes:
        status: As the back-end says it.
        at: Seconds since the epoch, or None where the time is not known.
    """

    status: str
    at: float | None


@dataclass(frozen=True)
class Freshness:
    """How fresh a state is.

    Attributes:
        state: ``never`` asked; ``live``: answers come; ``resting``: an end, nobody asks;
            ``lost``: no answer, asking again; ``signed_out``, ``gone`` and ``deleted``, which
            is gone as it was wanted: nobody asks.
        asked: When the last answer came, seconds since the epoch.
        next: When the next question is due, or None.
        attempt: How many times in a row there was no answer.
        reason: Why there was none, in words, or "".
    """

    state: str = "never"
    asked: float | None = None
    next: float | None = None
    attempt: int = 0
    reason: str = ""


@dataclass(frozen=True)
class JobState:
    """The last known state of a batch job.

    Attributes:
        status: As the back-end says it; "" before the first answer.
        progress: 0 to 100, or None where the back-end reports none.
        title: The job's title, or "".
        updated: The back-end's time of the last change of status, as it sent it.
        described: The job as the back-end last described it, but for its process, which may be
            large; less than all of it before the first full answer.
        full: Whether there was a full answer.
        steps: What happened, oldest first.
        freshness: How fresh all this is.
        error: The last error entry of a failed job's logs, or None.
        fault: Why there was no answer the last time, or None.
        started: Whether the job is known to have been queued or running.
        action: What is being done to the job, until its effect is seen, or None.
        notice: A sentence about the last action, or "".
        problem: Why the last action failed, or None.
    """

    status: str = ""
    progress: float | None = None
    title: str = ""
    updated: str = ""
    described: Mapping[str, Any] = field(default_factory=dict)
    full: bool = False
    steps: tuple[Step, ...] = ()
    freshness: Freshness = field(default_factory=Freshness)
    error: Mapping[str, Any] | None = None
    fault: BaseException | None = None
    started: bool = False
    action: Action | None = None
    notice: str = ""
    problem: BaseException | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return is_end(self.status, started=self.started)

    @property
    def over(self) -> bool:
        """Whether no more news is to be expected: the job has ended, or is not there any more."""
        kind = self.freshness.state
        return kind in {"gone", "deleted"} or (kind == "resting" and self.action is None)

    def in_status_since(self, status: str) -> float | None:
        """When the job took the status it has now, seconds since the epoch, if it is that one."""
        last = self.steps[-1] if self.steps else None
        return last.at if last and last.status == status else None


def after_answer(
    state: JobState, described: Mapping[str, Any], now: float, *, short: bool = False
) -> JobState:
    """Take in an answer of the back-end.

    Args:
        state: What was known.
        described: The job, as ``GET /jobs/{job_id}`` or ``GET /jobs`` tells it, with a status.
        now: Seconds since the epoch.
        short: Whether it is of ``GET /jobs``: what is absent there need not be absent (API,
            section on listing jobs).
    """
    status = text_of(described.get("status")) or "unknown"
    updated = text_of(described.get("updated"))
    same = status == state.status
    kept = short and same
    first = state.status == ""
    if state.action:
        # What was done before anything was known is judged by what is known from now on.
        action = replace(state.action, before=(status, updated)) if first else state.action
        outcome = judged(action, status, updated)
    else:  # what was told of the last action stands until the job moves on
        # Whoever is answered is signed in.
        problem = None if isinstance(state.problem, SignInError) else state.problem
        outcome = Outcome(None, state.notice, problem) if same or first else Outcome()
    return replace(
        state,
        status=status,
        progress=state.progress
        if kept and "progress" not in described
        else _progress(described.get("progress")),
        title=state.title
        if short and "title" not in described
        else text_of(described.get("title")),
        updated=updated or (state.updated if kept else ""),
        described=_kept(state.described if short else {}, described),
        full=state.full or not short,
        steps=_steps(state.steps, status, described, now),
        freshness=Freshness("live", asked=now),
        error=state.error if same else None,
        fault=None,
        # Between running and created there may be statuses that the API does not know.
        started=status in ACTIVE or (state.started and not is_end(status)),
        action=outcome.action,
        notice=outcome.notice,
        problem=outcome.problem,
    )


def after_fault(state: JobState, kind: str, fault: BaseException) -> JobState:
    """Take note that no usable answer came: the state stays, and is shown as old.

    Args:
        state: What was known.
        kind: ``lost``, ``signed_out`` or ``gone``.
        fault: Why.
    """
    old = state.freshness
    deleting = state.action is not None and state.action.name == "delete"
    if (deleting or old.state == "deleted") and isinstance(fault, NotFoundError):
        notice = "The job was deleted. This is what was last known of it."
        deleted = Freshness("deleted", asked=old.asked)
        return replace(state, freshness=deleted, fault=fault, action=None, notice=notice)
    fresh = Freshness(kind, asked=old.asked, attempt=old.attempt + 1, reason=str(fault))
    return replace(state, freshness=fresh, fault=fault)


def action_begun(state: JobState, name: str, why: str = "") -> JobState:
    """Take note that something is being done to the job, and forget what was told before."""
    action = Action(name, before=(state.status, state.updated), why=why)
    return replace(state, action=action, notice="", problem=None)


def action_made(state: JobState, failure: BaseException | None) -> JobState:
    """Take note that the request of an action has been made.

    Args:
        state: With the action.
        failure: What it raised, or None. Where that is a lost answer to a request that may have
            arrived, only the job's state can tell whether it did.
    """
    if state.action is None:
        return state  # its effect was seen before its answer came
    if failure is None:
        return replace(state, action=replace(state.action, sent=True))
    name = state.action.name
    if isinstance(failure, NoAnswerError) and failure.may_have_arrived:
        lost = failure.reason or failure.message
        notice = f"{in_doubt(name, failure.reason)} It is asked until it answers."
        return replace(state, action=replace(state.action, sent=True, lost=lost), notice=notice)
    return replace(state, action=None, problem=in_words(name, failure))


def _kept(known: Mapping[str, Any], described: Mapping[str, Any]) -> Mapping[str, Any]:
    return {k: value for k, value in {**known, **described}.items() if k != "process"}


def _steps(
    known: tuple[Step, ...], status: str, described: Mapping[str, Any], now: float
) -> tuple[Step, ...]:
    """The timeline after an answer: what the back-end dates, and what was seen.

    ``updated`` is the time of the last change of status (API); ``queued`` and ``started`` are
    timestamps of API 1.3.
    """
    if known and known[-1].status == status:
        return known
    at = seconds_of_time(described.get("updated"))
    if known and status in ACTIVE and is_end(known[-1].status, started=len(known) > 1):
        known = known[:1]  # begun again
    if not known:
        known = (Step("created", seconds_of_time(described.get("created"))),)
        if status == "created":
            return known
    elif at is None or at > now:
        at = now
    return (*known, *_missed(known, status, described, now), Step(status, at))


def _missed(
    known: tuple[Step, ...], status: str, described: Mapping[str, Any], now: float
) -> list[Step]:
    """Steps that passed between two answers, or before the first: API 1.3 dates them."""
    dated = {"queued": described.get("queued"), "running": described.get("started")}
    seen = {step.status for step in known} | {status}
    return [
        Step(name, at)
        for name, value in dated.items()
        if name not in seen and (at := seconds_of_time(value)) is not None and at <= now
    ]


def _progress(value: Any) -> float | None:
    found = number_of(value)
    return float(found) if found is not None and 0 <= found <= 100 else None  # noqa: PLR2004 - percent
