"""When a running job will end, as far as somebody can tell: pure rules, no clock, no requests.

Never invented: from the progress that the back-end reports, or from how long the user's own jobs
with the same processes ran; else nothing is said.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._shapes import number_of, text_of
from openeo_widgets.api._times import seconds_of_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FROM_PROGRESS", "Course", "Eta", "from_runs", "process_ids", "run_time_s", "seen"]

FROM_PROGRESS = "from its progress"

# Less progress than this, in percent, or seen for less than this, in seconds, says nothing yet.
_LEAST_PROGRESS = 5.0
_LEAST_SEEN_S = 10.0
_ALL = 100.0

# How much a new figure counts beside those before it, so that the end does not jump about.
_WEIGHT = 0.4

_FEWEST_RUNS = 2

# Nobody plans that far ahead, and dates of the browser end somewhere.
_FARTHEST_S = 366 * 24 * 3600.0

# Graphs are nested as deep as their callbacks are.
_DEEPEST = 20

_SECONDS = {
    "ms": 0.001, "millisecond": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0, "m": 60.0,
    "min": 60.0, "minute": 60.0, "h": 3600.0, "hr": 3600.0, "hour": 3600.0, "d": 86400.0,
    "day": 86400.0,
}  # fmt: skip


@dataclass(frozen=True)
class Eta:
    """When a job will end, and from what that is known.

    Attributes:
        ends: Seconds since the epoch.
        basis: In words.
    """

    ends: float
    basis: str


@dataclass(frozen=True)
class Course:
    """How the progress of a running job went since somebody watches it.

    Attributes:
        began: When it was first seen, seconds since the epoch.
        at_first: The progress then, in percent.
        moved: When it was seen to have moved the last time.
        progress: The progress then.
        ends: When it will end, as far as that can be told; else None.
    """

    began: float
    at_first: float
    moved: float
    progress: float
    ends: float | None = None

    @property
    def eta(self) -> Eta | None:
        """The end, if it can be told."""
        return None if self.ends is None else Eta(self.ends, FROM_PROGRESS)


def seen(course: Course | None, progress: float | None, now: float) -> Course | None:
    """Take in the progress of a running job.

    The job is taken to go on as fast as it went since it was first seen: what came before
    that, waiting in a queue for example, went at another speed.

    Args:
        course: What was seen before, of this run; or None.
        progress: In percent, or None where there is none.
        now: Seconds since the epoch.
    """
    if progress is None:
        return None
    if course is None or progress < course.progress or now < course.moved:
        return Course(now, progress, now, progress)
    if progress == course.progress:
        return course
    moved = replace(course, moved=now, progress=progress)
    if progress < _LEAST_PROGRESS or now - course.began < _LEAST_SEEN_S:
        return moved
    return replace(moved, ends=_smoothed(course.ends, _straight_on(moved)))


def _straight_on(course: Course) -> float | None:
    """When all is done at the speed so far; None for what is done, or would take a year."""
    speed = (course.progress - course.at_first) / (course.moved - course.began)
    left = (_ALL - course.progress) / speed if speed > 0 else math.inf
    return course.moved + left if 0 < left < _FARTHEST_S else None


def _smoothed(before: float | None, now: float | None) -> float | None:
    if before is None or now is None:
        return now
    return before + _WEIGHT * (now - before)


def from_runs(runs_s: Iterable[float], since: float | None) -> Eta | None:
    """Tell the end from how long jobs of the same kind ran.

    Args:
        runs_s: Run times, in seconds.
        since: When this job began to run, seconds since the epoch, or None.
    """
    known = [run for run in runs_s if 0 < run < _FARTHEST_S]
    if since is None or len(known) < _FEWEST_RUNS:
        return None
    basis = f"from {len(known)} jobs of yours with the same processes"
    return Eta(since + statistics.median(known), basis)


def run_time_s(described: Mapping[str, Any]) -> float | None:
    """How long a job ran, in seconds; None where the back-end does not tell.

    ``usage.duration`` (API 1.2), or from ``started`` (API 1.3) to ``updated``. From ``created``
    nothing can be told: a job may lie around before it is started.
    """
    usage = described.get("usage")
    told = usage.get("duration") if isinstance(usage, dict) else None
    duration = _in_seconds(told) if isinstance(told, dict) else None
    if duration is not None:
        return duration
    started, updated = map(seconds_of_time, (described.get("started"), described.get("updated")))
    if started is None or updated is None or updated <= started:
        return None
    return updated - started


def _in_seconds(told: Mapping[str, Any]) -> float | None:
    value, name = number_of(told.get("value")), text_of(told.get("unit")).strip().lower()
    factor = _SECONDS.get(name) or _SECONDS.get(name.removesuffix("s"))
    if value is None or factor is None or not 0 < value < _FARTHEST_S / factor:
        return None
    return value * factor


def process_ids(described: Mapping[str, Any]) -> tuple[str, ...]:
    """The processes of a job, callbacks included, sorted, each as often as it is used.

    Returns:
        Their ids; none where the back-end does not tell, or tells something else.
    """
    return tuple(sorted(_ids_in(described.get("process"), 0)))


def _ids_in(process: Any, depth: int) -> list[str]:
    graph = process.get("process_graph") if isinstance(process, dict) else None
    if not isinstance(graph, dict) or depth > _DEEPEST:
        return []
    found: list[str] = []
    for node in graph.values():
        if not isinstance(node, dict) or not isinstance(node.get("process_id"), str):
            continue
        found.append(node["process_id"])
        arguments = node.get("arguments")
        for argument in arguments.values() if isinstance(arguments, dict) else ():
            found += _ids_in(argument, depth + 1)
    return found
