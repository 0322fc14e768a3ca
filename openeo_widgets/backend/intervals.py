"""Temporal extents and calendar periods, all in UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from openeo_widgets.backend.failures import ProcessFailure

_OFFSET = re.compile(r"T.*[+-][0-9]{2}:?[0-9]{2}$")


def moment(text: str | None) -> np.datetime64 | None:
    """A date or date-time of RFC 3339 (or a year, or a month) as NumPy has it; None stays None.

    Raises:
        ProcessFailure: ``TemporalExtentInvalid``.
    """
    if text is None:
        return None
    try:
        if _OFFSET.search(text):
            parsed = datetime.fromisoformat(text).astimezone(timezone.utc)
            return np.datetime64(parsed.replace(tzinfo=None), "ns")
        return np.datetime64(text.removesuffix("Z"), "ns")
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise ProcessFailure(
            "TemporalExtentInvalid", f"{text!r} is neither a date nor a date-time."
        ) from error


def interval(extent: Any) -> tuple[np.datetime64, np.datetime64]:
    """Start (included) and end (excluded) of a temporal extent; an open end becomes far away.

    Raises:
        ProcessFailure: ``TemporalExtentInvalid``, or ``TemporalExtentEmpty`` if the end is not
            after the start.
    """
    if not isinstance(extent, (list, tuple)) or len(extent) != 2:  # noqa: PLR2004 -- named by its comment or context
        raise ProcessFailure(
            "TemporalExtentInvalid", "A temporal extent is a list of two: start and end."
        )
    start, end = moment(extent[0]), moment(extent[1])
    if start is None and end is None:
        raise ProcessFailure("TemporalExtentInvalid", "Start and end cannot both be open.")
    start = np.datetime64("1700-01-01", "ns") if start is None else start
    end = np.datetime64("2200-01-01", "ns") if end is None else end
    if end <= start:
        raise ProcessFailure(
            "TemporalExtentEmpty", "The temporal extent is empty: the end is excluded from it."
        )
    return start, end


def periods(
    first: np.datetime64, last: np.datetime64, period: str
) -> list[tuple[np.datetime64, np.datetime64]]:
    """Start (included) and end (excluded) of all periods from ``first``'s to ``last``'s.

    Raises:
        ProcessFailure: ``PeriodInvalid``.
    """
    if period not in _STEPS:
        known = ", ".join(_STEPS)
        raise ProcessFailure("PeriodInvalid", f"The period {period!r} is none of {known}.")
    start = _start(_datetime(first), period)
    found: list[tuple[np.datetime64, np.datetime64]] = []
    while start <= _datetime(last):
        # The step leads from any period's start into the following period, never past it.
        following = _start(start + _STEPS[period], period)
        found.append((np.datetime64(start, "ns"), np.datetime64(following, "ns")))
        start = following
    return found


_STEPS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "dekad": timedelta(days=11),
    "month": timedelta(days=31),
    "season": timedelta(days=93),
    "tropical-season": timedelta(days=185),
    "year": timedelta(days=366),
    "decade": timedelta(days=3660),
    "decade-ad": timedelta(days=3660),
}
"""The periods by the names that ``aggregate_temporal_period`` has for them."""


def _start(when: datetime, period: str) -> datetime:
    """The start of the period that ``when`` lies in."""
    day = when.replace(hour=0, minute=0, second=0, microsecond=0)
    month = day.replace(day=1)
    year = month.replace(month=1)
    starts = {
        "hour": when.replace(minute=0, second=0, microsecond=0),
        "day": day,
        "week": day - timedelta(days=day.weekday()),  # ISO 8601: from Monday on
        "dekad": day.replace(day=(1, 11, 21)[min((day.day - 1) // 10, 2)]),
        "month": month,
        "season": _months_before(month, month.month % 3),  # December to February, ...
        "tropical-season": _months_before(month, (month.month - 5) % 6),  # May to October, ...
        "year": year,
        "decade": year.replace(year=year.year // 10 * 10),
        "decade-ad": year.replace(year=(year.year - 1) // 10 * 10 + 1),
    }
    return starts[period]


def _months_before(month: datetime, count: int) -> datetime:
    years, index = divmod(month.month - 1 - count, 12)
    return month.replace(year=month.year + years, month=index + 1)


def _datetime(time: np.datetime64) -> datetime:
    return datetime.fromisoformat(str(time.astype("datetime64[us]")))
