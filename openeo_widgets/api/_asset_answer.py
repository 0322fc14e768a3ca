"""Asking for the bytes of a result file, wherever its link leads."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from openeo_widgets.api import _cloud
from openeo_widgets.api._http import patience
from openeo_widgets.api._journal import noted
from openeo_widgets.api._own_retries import without_own_retries
from openeo_widgets.api._urls import job_path
from openeo_widgets.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

    from openeo_widgets.api._job import BatchJob

__all__ = ["asked_for"]


def asked_for(job: BatchJob, key: str, href: str, headers: Mapping[str, str]) -> requests.Response:
    """Ask for a result file.

    Args:
        job: The job that it belongs to; credentials go to its back-end's origin only.
        key: The asset's key, for messages and the journal.
        href: Its link, absolute.
        headers: Headers to send besides.

    Returns:
        The answer, streamed, whatever its status.

    Raises:
        DownloadError: The link is none that is read here.
        requests.RequestException: No answer came.
    """
    scheme = urlsplit(href).scheme
    if scheme in _cloud.SCHEMES:
        return _cloud.answer(scheme, href, headers, key)
    if scheme not in {"http", "https"}:
        raise DownloadError(
            f"{key!r} lies behind a {scheme!r} link, which this package does not read.",
            hint="Tell the back-end: results are to be had over the web.",
        )
    # Identity: with compression on the way, length and progress would be those of other bytes.
    sent = {"Accept-Encoding": "identity", **headers}
    connection = job.connection
    listed = f"{job_path(job.job_id)}/results"
    try:
        with noted(connection, "get", href, part_of=listed, asset=key) as note:
            response = without_own_retries(connection).get(
                href, check_error=False, stream=True, headers=sent, **patience(connection)
            )
            note.status = response.status_code
            return response
    except ValueError:
        raise DownloadError(
            f"{key!r} lies behind a link that is no address, or leads to such a one.",
            hint="Tell the back-end.",
        ) from None  # the cause holds parts of the link
