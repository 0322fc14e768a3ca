"""Times as back-ends write them (RFC 3339), read in one way and by every Python alike."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

__all__ = ["first_second", "seconds_of_time"]

_FRACTION = re.compile(r"\.(\d+)")


def seconds_of_time(value: Any) -> float | None:
    """Seconds since the epoch of an RFC 3339 time; UTC where it names no zone.

    Args:
        value: What a back-end sent; None is returned for what is no time.
    """
    if not isinstance(value, str) or not value:
        return None
    # Python 3.10 knows neither "Z" nor fractions of other than 3 or 6 digits; none knows "z".
    usual = _FRACTION.sub(lambda found: f".{found[1][:6]:0<6}", value, count=1)
    try:
        found = dt.datetime.fromisoformat(usual.upper().replace("Z", "+00:00"))
        aware = found if found.tzinfo else found.replace(tzinfo=dt.timezone.utc)
        return aware.timestamp()
    except (ValueError, OverflowError):
        return None


def first_second(value: Any) -> float | None:
    """Seconds since the epoch of the begin of a time, a day, a month (2022-05) or a year (2022).

    Args:
        value: What a back-end or a process graph has; None is returned for what is no time.
    """
    if isinstance(value, str) and re.fullmatch(r"\d{4}(-\d{2})?", value):
        value += "-01" if "-" in value else "-01-01"
    return seconds_of_time(value)
