"""From what a person hands over (ours, the official client's) to our objects."""

from __future__ import annotations

from typing import Any

from openeo_widgets.api import BatchJob, JobResults

__all__ = ["as_job", "as_results", "is_job", "is_results"]


def is_job(thing: Any) -> bool:
    """Whether it is a batch job, ours or the official client's."""
    return isinstance(getattr(thing, "job_id", None), str) and hasattr(thing, "connection")


def is_results(thing: Any) -> bool:
    """Whether it is a job's results, ours or the official client's."""
    return callable(getattr(thing, "get_assets", None)) and is_job(getattr(thing, "_job", None))


def as_job(thing: Any) -> BatchJob:
    """Take a batch job, ours or the official client's.

    Raises:
        TypeError: It is something else.
    """
    if isinstance(thing, BatchJob):
        return thing
    if is_job(thing):
        return BatchJob(thing.job_id, thing.connection)
    raise TypeError(
        f"A batch job is needed here, not {type(thing).__name__}. "
        "With an id use JobWidget.from_id(job_id, connection)."
    )


def as_results(thing: Any) -> JobResults:
    """Take results, or the job that they are of, ours or the official client's.

    Raises:
        TypeError: It is something else.
    """
    if isinstance(thing, JobResults):
        return thing
    if is_results(thing):
        return JobResults(as_job(thing._job))  # noqa: SLF001 - the official client has no other way
    return as_job(thing).get_results()
