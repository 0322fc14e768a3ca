"""A link to a result file that works without this process: for a person's own browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from openeo_widgets.errors import OpenEOWidgetsError

if TYPE_CHECKING:
    from openeo_widgets.api._asset import ResultAsset

__all__ = ["public_link"]

# Seconds for the back-end to answer whether a link works without sign-in.
_PATIENCE_S = 10.0

_GOOD = frozenset({200, 206})


def public_link(asset: ResultAsset) -> str | None:
    """A fresh link to a file, if somebody who is not signed in can use it.

    It is as good as a password for the file: show it to nobody but who asked.

    Args:
        asset: The file.

    Returns:
        The link, or None: it is none of the web, or needs the credentials of this process.
    """
    try:
        assets = asset.job.get_results().get_assets()
    except OpenEOWidgetsError:
        return None
    href = next((fresh.href for fresh in assets if fresh.key == asset.key), "")
    try:
        parts = urlsplit(href)
        own = urlsplit(asset.job.connection.root_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            return None
        is_own = (parts.scheme, parts.hostname, parts.port) == (own.scheme, own.hostname, own.port)
    except ValueError:
        return None
    # Credentials go to the back-end's origin only: elsewhere a link has to do without them.
    return href if not is_own or _answers(href) else None


def _answers(href: str) -> bool:
    """Whether a link works without sign-in. Not HEAD: signed links may refuse that."""
    headers = {"Range": "bytes=0-0"}
    try:
        with requests.get(href, headers=headers, stream=True, timeout=_PATIENCE_S) as response:
            return response.status_code in _GOOD
    except requests.RequestException:
        return False
