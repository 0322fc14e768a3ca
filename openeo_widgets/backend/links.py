"""Signed, expiring links: whoever holds one may read that one file, until it expires.

The signature is an HMAC-SHA256 over the path and the expiry; the key lies in the data folder.
A signed link is similar to a password (openEO API 1.2, ``GET /jobs/{job_id}/results``), so it
is never logged.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from urllib.parse import quote

from openeo_widgets.backend.errors import ApiError


class Signer:
    """Makes and checks signed links.

    Args:
        secret: the signing key, at least 32 bytes.
        seconds: how long a link lives, in seconds.
    """

    def __init__(self, secret: bytes, seconds: float) -> None:
        self._secret = secret
        self._seconds = seconds

    def expiry(self) -> int:
        """When a link made now expires, in Unix seconds."""
        return int(time.time() + self._seconds)

    def sign(self, path: str, expires: int) -> str:
        """``path`` (unquoted, from the root) as a quoted, signed path with its query."""
        return f"{quote(path)}?expires={expires}&signature={self._signature(path, expires)}"

    def check(self, path: str, expires: str | None, signature: str | None) -> None:
        """Raises unless the link is one of ours and still valid.

        Raises:
            ApiError: ``FileNotFound`` if the signature is missing or wrong (which says nothing
                about whether such a file exists), ``ResultLinkExpired`` if it was right once.
        """
        try:
            moment = int(expires or "")
            expected = self._signature(path, moment)
        except ValueError:
            expected, moment = "", 0
        given = (signature or "").encode()
        if not expected or not hmac.compare_digest(expected.encode(), given):
            raise ApiError("FileNotFound", "There is no file at this link, or it was cut off.")
        if moment <= time.time():
            raise ApiError(
                "ResultLinkExpired",
                "The link has expired. Ask for the job's results again: they bring fresh links.",
            )

    def _signature(self, path: str, expires: int) -> str:
        text = f"{path}\n{expires}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()
