"""Temporal extents and calendar periods, all in UTC."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import numpy as np
import pandas as pd

from openeo_widgets.backend.failures import ProcessFailure

PERIODS = (
    "hour", "day", "week", "dekad", "month", "season", "tropical-season", "year", "decade",
    "decade-ad",
)  # fmt: skip
"""The values of ``aggregate_temporal_period``'s parameter ``period``."""


def moment(text: str | None) -> np.datetime64 | None:
    """A date or date-time of RFC 3339 (or a year, or a month) as NumPy has it; None stays None.

    Raises:
        ProcessFailure: ``TemporalExtentInvalid``.
    """
    if text is None:
        return None
    try:
        if "T" in text or " " in text:
            parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
            if parsed.tzinfo is not None:
                parsed = parsed.astimezone(timezone.utc).replace(tzinfo=None)
            return np.datetime64(parsed, "ns")
        return np.datetime64(text, "ns")
    except (AttributeError, TypeError, ValueError) as error:
        raise ProcessFailure(
            "TemporalExtentInvalid", f"{text!r} is neither a date nor a date-time."
        ) from error


def interval(extent: Any) -> tuple[np.datetime64, np.datetime64]:
    """Start (included) and end (excluded) of a temporal extent; an open end becomes far away.

    Raises:
        ProcessFailure: ``TemporalExtentInvalid``, or ``TemporalExtentEmpty`` if the end is not
            after the start.
    """
    if not isinstance(extent, (list, tuple)) or len(extent) != 2:  # noqa: PLR2004
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


def periods(first: Any, last: Any, period: str) -> list[tuple[Any, Any]]:
    """Start (included) and end (excluded) of all periods from ``first``'s to ``last``'s.

    Raises:
        ProcessFailure: ``PeriodInvalid``.
    """
    if period not in PERIODS:
        raise ProcessFailure(
            "PeriodInvalid", f"The period {period!r} is none of {', '.join(PERIODS)}."
        )
    start = _start(pd.Timestamp(first), period)
    found = []
    while start <= pd.Timestamp(last):
        # No period is shorter than its name says by more than a few days, and none is twice
        # as long: the start of the next lies where this one's length, generously, ends.
        following = _start(start + _STEPS[period], period)
        found.append((start.to_datetime64(), following.to_datetime64()))
        start = following
    return found


_STEPS = {
    "hour": pd.Timedelta(hours=1),
    "day": pd.Timedelta(days=1),
    "week": pd.Timedelta(days=7),
    "dekad": pd.Timedelta(days=11),
    "month": pd.Timedelta(days=31),
    "season": pd.Timedelta(days=93),
    "tropical-season": pd.Timedelta(days=185),
    "year": pd.Timedelta(days=366),
    "decade": pd.Timedelta(days=3660),
    "decade-ad": pd.Timedelta(days=3660),
}


def _start(when: pd.Timestamp, period: str) -> pd.Timestamp:
    """The start of the period that ``when`` lies in; the names are those of the specification."""
    day = when.normalize()
    month = day.replace(day=1)
    year = month.replace(month=1)
    if period == "hour":
        return when.floor("h")
    if period == "week":  # ISO 8601: from Monday on
        return day - pd.Timedelta(days=day.weekday())
    if period == "dekad":
        return day.replace(day=(1, 11, 21)[min((day.day - 1) // 10, 2)])
    if period == "season":  # December to February, March to May, ...
        return month - pd.DateOffset(months=month.month % 3)
    if period == "tropical-season":  # May to October, November to April
        return month - pd.DateOffset(months=(month.month - 5) % 6)
    starts = {
        "day": day,
        "month": month,
        "year": year,
        "decade": year.replace(year=year.year // 10 * 10),
        "decade-ad": year.replace(year=(year.year - 1) // 10 * 10 + 1),
    }
    return starts[period]
