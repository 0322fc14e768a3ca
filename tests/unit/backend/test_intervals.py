"""Temporal extents and calendar periods."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from openeo_widgets.backend.failures import ProcessFailure
from openeo_widgets.backend.intervals import interval, moment, periods


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022", "2022-01-01"),
        ("2022-03", "2022-03-01"),
        ("2022-03-04", "2022-03-04"),
        ("2022-03-04T05:06:07Z", "2022-03-04T05:06:07"),
        ("2022-03-04T05:06:07.5Z", "2022-03-04T05:06:07.5"),
        ("2022-03-04T05:06:07+02:00", "2022-03-04T03:06:07"),
    ],
)
def test_moments(text, expected):
    assert moment(text) == np.datetime64(expected)


def test_open_ends():
    assert moment(None) is None
    start, end = interval([None, "2022-01-01"])
    assert start < np.datetime64("1800-01-01")
    assert end == np.datetime64("2022-01-01")


@pytest.mark.parametrize(
    ("extent", "code"),
    [
        (["2022-01-02", "2022-01-02"], "TemporalExtentEmpty"),
        (["2022-01-03", "2022-01-02"], "TemporalExtentEmpty"),
        ([None, None], "TemporalExtentInvalid"),
        (["yesterday", None], "TemporalExtentInvalid"),
        ([20220101, None], "TemporalExtentInvalid"),
        (["2022-01-01"], "TemporalExtentInvalid"),
        ("2022", "TemporalExtentInvalid"),
    ],
)
def test_extents_that_are_none(extent, code):
    with pytest.raises(ProcessFailure) as caught:
        interval(extent)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("period", "starts"),
    [
        ("week", ["2022-01-24", "2022-01-31", "2022-02-07", "2022-02-14", "2022-02-21",
                  "2022-02-28"]),
        ("dekad", ["2022-01-21", "2022-02-01", "2022-02-11", "2022-02-21", "2022-03-01"]),
        ("month", ["2022-01-01", "2022-02-01", "2022-03-01"]),
        ("season", ["2021-12-01", "2022-03-01"]),
        ("tropical-season", ["2021-11-01"]),
        ("year", ["2022-01-01"]),
        ("decade", ["2020-01-01"]),
        ("decade-ad", ["2021-01-01"]),
    ],
)  # fmt: skip
def test_periods(period, starts):
    found = periods(np.datetime64("2022-01-30T10"), np.datetime64("2022-03-01T10"), period)
    assert [str(start)[:10] for start, _ in found] == starts
    for (_, end), (start, _) in pairwise(found):
        assert end == start


@pytest.mark.parametrize("period", ["hour", "day", "week", "dekad", "month", "season", "year"])
def test_periods_follow_each_other_over_leap_years(period):
    first, last = np.datetime64("2019-11-15"), np.datetime64("2021-04-01")
    found = periods(first, last, period)
    assert found[0][0] <= first < found[0][1]
    assert found[-1][0] <= last < found[-1][1]
    assert all(end == start for (_, end), (start, _) in pairwise(found))


def test_unknown_periods():
    with pytest.raises(ProcessFailure, match="fortnight"):
        periods(np.datetime64("2022-01-01"), np.datetime64("2022-01-02"), "fortnight")
