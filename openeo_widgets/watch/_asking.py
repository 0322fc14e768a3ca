"""Asking for the states of jobs: one by one, or all of a connection by its list of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._auth import credentials_of
from openeo_widgets.api._capabilities import LACKING
from openeo_widgets.api._http import pages
from openeo_widgets.api._logs import last_error
from openeo_widgets.errors import (
    BackendError,
    NoAnswerError,
    NotFoundError,
    OpenEOWidgetsError,
    SignInError,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from openeo_widgets.api import BatchJob
    from openeo_widgets.api._http import BackendConnection

__all__ = ["Answer", "Fault", "Listing", "as_ours", "ask_for_list", "ask_for_one", "credentials"]

_UNAUTHORIZED = 401


@dataclass(frozen=True)
class Answer:
    """What a back-end says of one job.

    Attributes:
        described: The job, with a status.
        error: For a failed job the last error entry of its logs, empty where there is none;
            else None.
    """

    described: Mapping[str, Any]
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Fault:
    """That no usable answer came.

    Attributes:
        kind: ``lost``, ``signed_out`` or ``gone``.
        cause: Why.
        retry_after_s: How long the back-end wants to be left alone, in seconds, or None.
    """

    kind: str
    cause: BaseException
    retry_after_s: float | None = None


@dataclass(frozen=True)
class Listing:
    """What a list of jobs told.

    Attributes:
        jobs: The jobs that were wanted and found, by id.
        entries: How many jobs were told in all.
        offered: Whether the back-end lists jobs at all.
    """

    jobs: Mapping[str, Mapping[str, Any]]
    entries: int
    offered: bool = True


def ask_for_one(job: BatchJob) -> Answer | Fault:
    """Ask for one job, and for the error entry of one that failed."""
    try:
        described = job.describe()
        _check(described, job)
        failed = described["status"] == "error"
        return Answer(described, _last_error_of(job) if failed else None)
    except BaseException as error:  # noqa: BLE001 - another client's errors are not ours to know
        return _fault(error)


def ask_for_list(connection: BackendConnection, wanted: Collection[str]) -> Listing | Fault:
    """Ask for the list of jobs, as far as it is cheaper than asking one by one.

    Args:
        connection: Ours or the official client's.
        wanted: Ids of the jobs of interest. So many pages at most are asked for, and none after
            the last of them was found.
    """
    found: dict[str, Mapping[str, Any]] = {}
    entries = 0
    try:
        for number, page in enumerate(pages(connection, "/jobs"), start=1):
            jobs = _jobs_on(page)
            entries += len(jobs)
            found |= {job["id"]: job for job in jobs if job["id"] in wanted}
            if len(found) == len(wanted) or number >= len(wanted):
                break
    except BackendError as error:
        if error.http_status in LACKING:
            return Listing({}, 0, offered=False)
        return _fault(error)
    except BaseException as error:  # noqa: BLE001 - another client's errors are not ours to know
        return _fault(error)
    return Listing(found, entries)


def credentials(connection: BackendConnection) -> object:
    """What a connection signs in with now; another object after signing in again."""
    try:
        return credentials_of(connection)
    except Exception:  # noqa: BLE001 - another client's errors are not ours to know
        return None


def as_ours(error: BaseException) -> OpenEOWidgetsError:
    """An error as one of ours: of another's text nothing is told, it may quote a token."""
    if isinstance(error, OpenEOWidgetsError):
        return error
    return NoAnswerError(f"The connection failed: {type(error).__name__}.")


def _jobs_on(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    jobs = page.get("jobs")
    if not isinstance(jobs, list):
        raise NoAnswerError("GET /jobs was answered with JSON that is no list of jobs.")
    return [
        job
        for job in jobs
        if isinstance(job, dict) and isinstance(job.get("id"), str) and _has_status(job)
    ]


def _has_status(described: Mapping[str, Any]) -> bool:
    return isinstance(described.get("status"), str) and bool(described["status"])


def _check(described: Mapping[str, Any], job: BatchJob) -> None:
    """Refuse what is no description of this job: a proxy's page, another job's.

    Raises:
        NoAnswerError: It is none.
    """
    if not _has_status(described):
        raise NoAnswerError(f"The answer for batch job {job.job_id!r} holds no status.")
    if described.get("id", job.job_id) != job.job_id:
        raise NoAnswerError(f"The answer for batch job {job.job_id!r} is about another job.")


def _last_error_of(job: BatchJob) -> Mapping[str, Any]:
    try:
        return last_error(job.logs(level="error")) or {}
    except Exception:  # noqa: BLE001 - another client's errors are not ours to know
        return {}  # the job's failure is the news, not that of its logs


def _fault(error: BaseException) -> Fault:
    # A proxy answers 403 or 404 of its own while what is behind it is being replaced: what is no
    # openEO error says nothing of a job.
    if isinstance(error, SignInError) and (error.code or error.http_status == _UNAUTHORIZED):
        return Fault("signed_out", error)
    if isinstance(error, NotFoundError) and error.code:
        return Fault("gone", error)
    if isinstance(error, BackendError):
        return Fault("lost", error, error.retry_after_s)
    return Fault("lost", as_ours(error))
