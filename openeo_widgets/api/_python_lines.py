"""The line of Python that makes the same request: what a person would write in a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from openeo_widgets.api._urls import job_path

if TYPE_CHECKING:
    from openeo_widgets.api._journal import Entry

__all__ = ["python_line"]

_OF_CONNECTION = {
    "GET /": "connection.capabilities()",
    "GET /jobs": "connection.list_jobs()",
    "GET /me": "connection.describe_account()",
    "POST /jobs": "connection.create_job(process_graph)",
    "POST /validation": "connection.validate_process_graph(process_graph)",
}

# By method and by what follows the path of the job.
_OF_JOB = {
    "GET ": "describe()",
    "DELETE ": "delete()",
    "GET /estimate": "estimate()",
    "POST /results": "start()",
    "DELETE /results": "stop()",
    "GET /results": "get_results().get_metadata()",
}


def python_line(entry: Entry, job_id: str) -> str:
    """Write the line of Python for a request.

    Args:
        entry: The request.
        job_id: Id of the job that is called ``job``.
    """
    known = _OF_CONNECTION.get(f"{entry.method} {entry.path}")
    if known:
        return known
    _, jobs, of, *rest = [*entry.path.split("/", 3), "", ""][:4]
    if jobs != "jobs" or not of:
        return f"connection.{entry.method.lower()}({entry.path!r})"
    job = "job" if f"/jobs/{of}" == job_path(job_id) else f"connection.job({unquote(of)!r})"
    below = f"/{rest[0]}" if rest[0] else ""
    done = _done(entry, below)
    return f"{job}.{done}" if done else f"connection.{entry.method.lower()}({entry.path!r})"


def _done(entry: Entry, below: str) -> str:
    """What is done to a job, or "" for what no method does."""
    if entry.asset:
        return f"get_results().get_asset({entry.asset!r}).download()"
    if entry.method == "GET" and below == "/logs":
        return f"logs({', '.join(_log_arguments(entry))})"
    if entry.method == "PATCH" and not below:
        return f"update({', '.join(f'{name}={name}' for name in entry.fields)})"
    return _OF_JOB.get(f"{entry.method} {below}", "")


def _log_arguments(entry: Entry) -> list[str]:
    offset = ["offset=entries[-1].id"] if entry.offset else []
    level = [f"level={entry.level!r}"] if entry.level not in {"", "debug"} else []
    return offset + level
