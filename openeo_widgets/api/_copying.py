"""New batch jobs: from a request, and as copies of those that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from openeo_widgets.api._http import BackendConnection, call
from openeo_widgets.api._job import BatchJob
from openeo_widgets.errors import NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["copy_request", "created_job"]

# What only the back-end writes (API, GET /jobs/{job_id}; `queued` and `started` are of API 1.3).
_WRITTEN_BY_THE_BACK_END = frozenset(
    {
        "costs",
        "created",
        "finished",
        "id",
        "links",
        "progress",
        "queued",
        "started",
        "status",
        "unpublished",
        "updated",
        "usage",
    }
)
_NAMESPACES_OF_THE_BACK_END = ("federation:", "openeo:")


def copy_request(described: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """Make the request that creates a copy of a job (``POST /jobs``).

    Args:
        described: The job in full, as ``GET /jobs/{job_id}`` describes it.
        **changes: Properties of the copy that differ; None leaves one out. Unless changed, the
            title is that of the job with " (copy)" behind it.

    Returns:
        All that the job was created with, as far as the back-end tells it: the process as it
        is, title, description, plan, budget, log level, and properties of the back-end's own.

    Raises:
        NoAnswerError: The job is described without its process.
    """
    request = {
        name: value
        for name, value in described.items()
        if name not in _WRITTEN_BY_THE_BACK_END and not name.startswith(_NAMESPACES_OF_THE_BACK_END)
    }
    title = request.get("title")
    if isinstance(title, str) and title:
        request["title"] = f"{title} (copy)"
    request |= changes
    if not isinstance(request.get("process"), dict):
        raise NoAnswerError(
            "The back-end describes this job without its process, so it cannot be copied.",
            hint="Create a new job from the process graph that you have.",
        )
    return {name: value for name, value in request.items() if value is not None}


def created_job(connection: BackendConnection, request: Mapping[str, Any]) -> BatchJob:
    """Create a batch job (``POST /jobs``). It is not started.

    Args:
        connection: Ours or the official client's.
        request: The body: ``process``, and what else belongs to the job.

    Returns:
        The batch job.

    Raises:
        BackendError: The back-end refuses it.
        NoAnswerError: No usable answer came, or one that does not say the job's id.
    """
    response = call(connection, "post", "/jobs", json=dict(request))
    headers = response.headers
    job_id = headers.get("OpenEO-Identifier", "").strip() or _job_in(headers.get("Location", ""))
    try:
        return BatchJob(job_id, connection)
    except ValueError:
        raise NoAnswerError(
            "The back-end created a batch job but did not say its id.",
            hint="Look for it with connection.list_jobs().",
        ) from None


def _job_in(location: str) -> str:
    """The id in the address of a job, ``.../jobs/{job_id}``; "" in the address of all jobs."""
    before, _, last = urlsplit(location).path.rstrip("/").rpartition("/")
    return "" if last == "jobs" and not before.endswith("/jobs") else unquote(last)
