"""What is known of a watched batch job, as values that never change."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._schedule import ACTIVE, is_end

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Freshness", "JobState", "Step", "after_answer", "after_fault"]


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
            ``lost``: no answer, asking again; ``signed_out`` and ``gone``: nobody asks.
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
        status: As the back-end says it, unknown ones included; "" before the first answer.
        progress: 0 to 100, or None where the back-end reports none.
        title: The job's title, or "".
        updated: The back-end's time of the last change of status, as it sent it.
        steps: What happened, oldest first.
        freshness: How fresh all this is.
        error: The last error entry of a failed job's logs, or None.
        started: Whether the job is known to have been queued or running.
        seen: How often the present status was seen in a row, before this time.
        moving: Whether the progress moved with the last answer.
    """

    status: str = ""
    progress: float | None = None
    title: str = ""
    updated: str = ""
    steps: tuple[Step, ...] = ()
    freshness: Freshness = field(default_factory=Freshness)
    error: Mapping[str, Any] | None = None
    started: bool = False
    seen: int = 0
    moving: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return is_end(self.status, started=self.started)


def after_answer(state: JobState, described: Mapping[str, Any], now: float) -> JobState:
    """Take in a full answer of the back-end.

    Args:
        state: What was known.
        described: The job, as ``GET /jobs/{job_id}`` tells it.
        now: Seconds since the epoch.
    """
    status = _text(described.get("status")) or "unknown"
    progress = _progress(described.get("progress"))
    same = status == state.status
    return replace(
        state,
        status=status,
        progress=progress,
        title=_text(described.get("title")),
        updated=_text(described.get("updated")),
        steps=_steps(state.steps, status, described, now),
        freshness=Freshness("live", asked=now),
        error=state.error if same else None,
        started=status in ACTIVE or (state.started and status == "created"),
        seen=state.seen + 1 if same else 0,
        moving=status == "running" and progress is not None and progress != state.progress,
    )


def after_fault(state: JobState, kind: str, reason: str) -> JobState:
    """Take note that no usable answer came: the state stays, and is shown as old.

    Args:
        state: What was known.
        kind: ``lost``, ``signed_out`` or ``gone``.
        reason: Why, in words.
    """
    old = state.freshness
    fresh = Freshness(kind, asked=old.asked, attempt=old.attempt + 1, reason=reason)
    return replace(state, freshness=fresh)


def _steps(
    known: tuple[Step, ...], status: str, described: Mapping[str, Any], now: float
) -> tuple[Step, ...]:
    """The timeline after an answer: what the back-end dates, and what was seen.

    ``updated`` is the time of the last change of status (API); ``queued`` and ``started`` are
    timestamps of API 1.3.
    """
    if known and known[-1].status == status:
        return known
    at = _seconds(described.get("updated"))
    if known and status in ACTIVE and is_end(known[-1].status, started=len(known) > 1):
        known = known[:1]  # begun again
    if not known:
        known = (Step("created", _seconds(described.get("created"))),)
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
        if name not in seen and (at := _seconds(value)) is not None and at <= now
    ]


def _progress(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:  # noqa: PLR2004 - percent
        return None
    return float(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _seconds(value: Any) -> float | None:
    """Seconds since the epoch of an RFC 3339 time; UTC where it names no zone."""
    try:
        found = dt.datetime.fromisoformat(_text(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=dt.timezone.utc)).timestamp()


def now() -> float:
    """Seconds since the epoch, as the browser counts them too."""
    return time.time()
