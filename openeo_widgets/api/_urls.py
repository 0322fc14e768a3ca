"""Addresses: what may be shown of them, and the paths of the API that are about one job."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

from openeo_widgets.redact import beginning

__all__ = ["host_of", "job_path", "member_url"]

# Characters of something that is no id.
_SHOWN = 100

# A step within a path, even where it is quoted: proxies read it before they pass it on.
_STEP = re.compile(r"(?:^|[/\\])\.{1,2}(?:[/\\]|$)")
# Halves of characters cannot be sent.
_UNSENT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


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

    Raises:
        ValueError: This cannot be the id of a job: it would name another path.
    """
    if not job_id or _STEP.search(job_id) or _UNSENT.search(job_id):
        raise ValueError(f"{beginning(job_id, _SHOWN)!r} is no id of a batch job.")
    return f"/jobs/{quote(job_id, safe='')}"


def member_url(folder: str, path: str) -> str:
    """The URL of a file in a folder; what signs the folder's link signs that of the file.

    Args:
        folder: URL of the folder, with ``/`` at its end or without.
        path: Path of the file in it, with ``/``.

    Raises:
        ValueError: The path leads out of the folder, or the URL is none.
    """
    if path.startswith("/") or _STEP.search(path) or _UNSENT.search(path):
        raise ValueError(f"{beginning(path, _SHOWN)!r} is no file of a folder.")
    parts = urlsplit(folder)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{quote(path)}"))
