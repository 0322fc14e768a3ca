"""Date-times as the API writes them: RFC 3339, in UTC, ending in ``Z``."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> str:
    """The present moment, with milliseconds."""
    return rfc3339(datetime.now(timezone.utc).timestamp())


def rfc3339(seconds: float) -> str:
    """A Unix time in seconds as an RFC 3339 date-time with milliseconds."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
