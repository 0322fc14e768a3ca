"""Addresses: what may be shown of them, and the paths of the API that are about one job."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

__all__ = ["host_of", "job_path"]


def host_of(url: str) -> str:
    """Name the host of a URL, with its port where there is one: safe to show."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    # Without a host what is left is a path or a query: as secret as the rest.
    if not host:
        return "an address without a host"
    return f"{host}:{port}" if port else host


def job_path(job_id: str) -> str:
    """The path of a job below the API's root.

    The API allows unreserved characters only, but ids come from people too.
    """
    return f"/jobs/{quote(job_id, safe='')}"
