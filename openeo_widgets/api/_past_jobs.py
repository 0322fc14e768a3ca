"""How long the user's own jobs with the same processes ran: few requests, and each answer kept."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._eta import process_ids, run_time_s
from openeo_widgets.api._http import call_json, pages
from openeo_widgets.api._journal import made_for
from openeo_widgets.api._shapes import text_of
from openeo_widgets.api._urls import job_path
from openeo_widgets.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openeo_widgets.api._job import BatchJob

__all__ = ["run_times_like"]

_MOST_LISTED = 200
_MOST_DESCRIBED = 10

# Processes and run time, in seconds or None, of one job.
_Run = tuple[tuple[str, ...], float | None]

_lock = threading.Lock()
# A job that has finished changes no more: it is described once. By connection, then by id.
_known: weakref.WeakKeyDictionary[Any, dict[str, _Run]] = weakref.WeakKeyDictionary()


def run_times_like(job: BatchJob) -> list[float]:
    """Run times of the newest jobs with the same processes as this one, in seconds.

    Asks for the list of jobs, up to 200 of them, and for at most ten that finished. Not to be
    called at the same time for jobs of one connection: then some would be described twice.

    Args:
        job: The job to compare with.

    Raises:
        OpenEOWidgetsError: The back-end does not list or describe jobs.
    """
    with made_for(job_path(job.job_id)):
        wanted = process_ids(job.describe())
        if not wanted:
            return []
        runs = [_run(job.connection, job_id) for job_id in _finished(job)]
    return [run_s for ids, run_s in runs if ids == wanted and run_s is not None]


def _finished(job: BatchJob) -> list[str]:
    """Ids of the newest jobs that finished, but for this one."""
    created = {
        entry["id"]: text_of(entry.get("created"))
        for entry in _listed(job)
        if entry.get("status") == "finished" and text_of(entry.get("id")) not in {"", job.job_id}
    }
    return sorted(created, key=created.__getitem__, reverse=True)[:_MOST_DESCRIBED]


def _listed(job: BatchJob) -> Iterator[Mapping[str, Any]]:
    count = 0
    for page in pages(job.connection, "/jobs"):
        jobs = page.get("jobs")
        for entry in jobs if isinstance(jobs, list) else ():
            if isinstance(entry, dict):
                yield entry
            count += 1
            if count >= _MOST_LISTED:
                return
        if not jobs:
            return


def _run(connection: Any, job_id: str) -> _Run:
    with _lock:
        known = _known.setdefault(connection, {})
    if job_id not in known:
        try:
            described = call_json(connection, job_path(job_id))
        except (NotFoundError, ValueError):
            described = {}  # deleted meanwhile, or what is listed is no id
        known[job_id] = process_ids(described), run_time_s(described)
    return known[job_id]
