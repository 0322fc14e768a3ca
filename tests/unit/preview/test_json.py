"""JSON as text and as lines of a chart."""

import json

import pytest

from openeo_widgets.preview import preview_json
from openeo_widgets.preview._json import SHOWN_CHARS

JANUARY, FEBRUARY = 1640995200000.0, 1643673600000.0


def lines(data):
    return preview_json(json.dumps(data).encode()).series


def test_the_time_series_of_the_seed_has_a_line_for_each_geometry_and_band():
    series = lines({"2022-02-01T00:00:00Z": [[1, 2], [3, 4]], "2022-01-01": [[5, 6], [7, None]]})
    assert [line.name for line in series] == [
        "geometry 1, band 1",
        "geometry 1, band 2",
        "geometry 2, band 1",
        "geometry 2, band 2",
    ]
    assert series[0].times == (JANUARY, FEBRUARY)
    assert series[0].values == (5.0, 1.0)
    assert series[3].values == (None, 4.0)


def test_lines_are_named_by_what_tells_them_apart():
    assert [s.name for s in lines({"2022-01-01": [[1], [2]], "2022-02-01": [[1], [2]]})] == [
        "geometry 1",
        "geometry 2",
    ]
    assert [s.name for s in lines({"2022-01-01": [1, 2], "2022-02-01": [1, 2]})] == [
        "band 1",
        "band 2",
    ]
    assert [s.name for s in lines({"2022-01-01": 1, "2022-02-01": 2})] == ["value"]


def test_a_date_without_values_is_a_gap():
    series = lines({"2022-01-01": [[1]], "2022-02-01": []})
    assert series[0].values == (1.0, None)


@pytest.mark.parametrize(
    "data",
    [
        [1, 2],
        {"a": 1, "b": 2},
        {"2022-01-01": 1},
        {"2022-01-01": "x", "2022-02-01": "y"},
        {"2022-01-01": None, "2022-02-01": None},
        {"2022-01-01": {"a": 1}, "2022-02-01": {"a": 2}},
        {},
    ],
)
def test_what_is_no_time_series_has_no_lines(data):
    assert lines(data) == ()


def test_not_a_number_is_a_gap():
    found = preview_json(b'{"2022-01-01": NaN, "2022-02-01": 1}')
    assert found.series[0].values == (None, 1.0)


def test_a_number_too_large_to_draw_is_a_gap():
    found = preview_json(b'{"2022-01-01": 1%s, "2022-02-01": 1}' % (b"0" * 400))
    assert found.series[0].values == (None, 1.0)


def test_more_than_is_shown_is_left_out_and_said():
    found = preview_json(json.dumps(["x" * 1000] * 1000).encode())
    assert len(found.text) == SHOWN_CHARS
    assert not found.complete
    assert "characters are shown" in found.note


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"<html>", b"[" * 100_000])
def test_what_is_no_json_is_shown_as_text_and_said(content):
    found = preview_json(content)
    assert not found.complete
    assert "not JSON" in found.note


def test_the_first_part_of_a_file_is_shown_as_such():
    found = preview_json(b'{"2022-01-01": [1', truncated=True)
    assert (found.text, found.complete) == ('{"2022-01-01": [1', False)
    assert "first 17 characters" in found.note


def test_the_note_of_a_truncated_file_tells_what_is_shown_and_not_what_was_read():
    found = preview_json(b" " * (SHOWN_CHARS + 1), truncated=True)
    assert len(found.text) == SHOWN_CHARS
    assert f"first {SHOWN_CHARS:,} characters" in found.note
