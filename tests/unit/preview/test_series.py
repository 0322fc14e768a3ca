"""Time series: openEO's own, by geometry and band, and those of CoverageJSON."""

import json

import pytest

from openeo_widgets.preview import SHOWN_BYTES

JANUARY, FEBRUARY, MARCH = 1640995200000, 1643673600000, 1646092800000


@pytest.fixture
def chart(opened):
    def find(data, **options):
        told = opened(data, **options).told
        return next((one for one in told if one["kind"] == "chart"), None)

    return find


def test_the_time_series_of_the_seed_has_a_line_for_each_geometry_and_band(chart):
    found = chart({"2022-02-01T00:00:00Z": [[1, 2], [3, 4]], "2022-01-01": [[5, 6], [7, None]]})
    assert [(line["name"], line["group"], line["band"]) for line in found["lines"]] == [
        ("geometry 1, band 1", "geometry 1", "band 1"),
        ("geometry 1, band 2", "geometry 1", "band 2"),
        ("geometry 2, band 1", "geometry 2", "band 1"),
        ("geometry 2, band 2", "geometry 2", "band 2"),
    ]
    assert found["lines"][0]["x"] == [JANUARY, FEBRUARY]
    assert found["lines"][0]["y"] == [5, 1]
    assert found["lines"][3]["y"] == [None, 4]
    assert found["x"] == "time"


def test_lines_are_named_by_what_tells_them_apart(chart):
    def names(data):
        return [line["name"] for line in chart(data)["lines"]]

    assert names({"2022-01-01": [[1], [2]], "2022-02-01": [[1], [2]]}) == [
        "geometry 1",
        "geometry 2",
    ]
    assert names({"2022-01-01": [1, 2], "2022-02-01": [1, 2]}) == ["band 1", "band 2"]
    assert names({"2022-01-01": 1, "2022-02-01": 2}) == ["value"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"2022-01-01": [[1]], "2022-02-01": []}', [1, None]),
        ('{"2022-01-01": NaN, "2022-02-01": 1}', [None, 1]),
        ('{"2022-01-01": 1%s, "2022-02-01": 1}' % ("0" * 400), [None, 1]),
    ],
    ids=["a date without values", "NaN", "too large to draw"],
)
def test_what_cannot_be_drawn_is_a_gap(chart, text, values):
    assert chart(text.encode())["lines"][0]["y"] == values


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
def test_what_is_no_time_series_has_no_lines(chart, data):
    assert chart(data) is None


def test_the_table_has_a_row_for_each_date_and_a_column_for_each_line(opened, view, rows):
    preview = opened({"2022-02-01": [[1, 2]], "2022-01-01": [[None, 4.5]]})
    told, table = view(preview, "table")
    assert [column["name"] for column in told["columns"]] == ["date", "band 1", "band 2"]
    assert [column["type"] for column in told["columns"]] == ["time", "integer", "number"]
    assert rows(table)["rows"] == [
        ["2022-01-01T00:00:00Z", None, "4.5"],
        ["2022-02-01T00:00:00Z", "1", "2"],
    ]


def test_of_many_points_the_peaks_and_the_gaps_are_drawn(opened, view):
    count = 100_000
    values = [0.5 + (place % 7) / 100 for place in range(count)]
    values[33_333], values[77_777] = 99.0, -99.0
    values[50_000:60_000] = [None] * 10_000
    days = {
        f"{1700 + place // 336}-{place % 12 + 1:02}-{place // 12 % 28 + 1:02}": value
        for place, value in enumerate(values)
    }
    preview = opened(days)
    told, _ = view(preview, "chart")
    (line,) = told["lines"]
    assert max(filter(None, line["y"])) == 99.0
    assert min(filter(None, line["y"])) == -99.0
    assert None in line["y"]
    assert line["x"] == sorted(line["x"])
    assert len(line["x"]) < 5_000
    assert "lowest and highest" in told["note"]
    assert len(json.dumps(preview.told)) < SHOWN_BYTES
    assert view(preview, "table")[0]["rows"] == count


def test_of_many_lines_some_are_drawn_and_that_is_said(chart):
    found = chart({date: [[1]] * 300 for date in ("2022-01-01", "2022-02-01")})
    assert len(found["lines"]) == 24
    assert "24 of 300 lines" in found["note"]


def coverage(values, times, x=5.1, y=51.2, band="B04", **more):
    axes = {"x": {"values": [x]}, "y": {"values": [y]}, "t": {"values": times}}
    array = {"type": "NdArray", "axisNames": ["t"], "shape": [len(values)], "values": values}
    domain = {"type": "Domain", "domainType": "PointSeries", "axes": axes}
    return {"type": "Coverage", "domain": domain, "ranges": {band: array}, **more}


TIMES = ["2022-01-01T00:00:00Z", "2022-02-01", "2022-03-01T00:00:00Z"]


def test_a_coverage_is_a_line_and_a_table(opened, view, rows):
    preview = opened(coverage([1.5, None, 3], TIMES), name="a.covjson")
    (line,) = view(preview, "chart")[0]["lines"]
    assert (line["x"], line["y"]) == ([JANUARY, FEBRUARY, MARCH], [1.5, None, 3])
    assert (line["name"], line["group"], line["band"]) == ("B04", "x 5.1, y 51.2", "B04")
    assert rows(view(preview, "table")[1])["rows"][1] == ["2022-02-01T00:00:00Z", None]


def test_a_collection_of_coverages_has_lines_by_place_and_band(chart):
    parts = [coverage([1, 2, 3], TIMES), coverage([4, 5, 6], TIMES[::-1], x=6, id="field 7")]
    found = chart({"type": "CoverageCollection", "coverages": parts})
    assert [line["name"] for line in found["lines"]] == ["x 5.1, y 51.2", "field 7"]
    assert found["lines"][1]["y"] == [6, 5, 4]  # by time, whatever the order in the file


def test_a_grid_has_a_line_for_each_of_its_places(chart):
    one = coverage([], TIMES)
    one["domain"]["axes"] = {
        "t": {"values": TIMES[:2]},
        "y": {"start": 50, "stop": 51, "num": 2},
        "x": {"values": [1, 2]},
    }
    one["ranges"]["B04"] |= {
        "axisNames": ["t", "y", "x"],
        "shape": [2, 2, 2],
        "values": list(range(8)),
    }
    found = chart(one)
    assert [(line["group"], line["y"]) for line in found["lines"]] == [
        ("y 50, x 1", [0, 4]),
        ("y 50, x 2", [1, 5]),
        ("y 51, x 1", [2, 6]),
        ("y 51, x 2", [3, 7]),
    ]


def test_a_profile_is_drawn_over_its_height(chart):
    one = coverage([], [])
    one["domain"]["axes"] = {"t": {"values": TIMES[:1]}, "z": {"values": [10, 20]}}
    one["ranges"]["B04"] |= {"axisNames": ["z"], "shape": [2], "values": [7, 8]}
    found = chart(one)
    assert (found["x"], found["x_name"]) == ("number", "z")
    assert found["lines"][0]["x"] == [10, 20]


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "CoverageCollection"},
        {"type": "CoverageCollection", "coverages": [1, None, {}]},
        {"type": "Coverage"},
        {"type": "Coverage", "domain": "https://x.example/d", "ranges": {}},
        {"type": "Coverage", "domain": {"axes": {}}, "ranges": {"a": "https://x.example/r"}},
        coverage([1], TIMES),
        {**coverage([1, 2, 3], TIMES), "domain": {"axes": [1]}},
        {**coverage([1, 2, 3], TIMES), "domain": {"axes": {"t": {"start": 0, "num": 10**12}}}},
        {**coverage([1, 2, 3], TIMES), "ranges": {"a": {"values": 1, "shape": ["x"]}}},
    ],
)
def test_a_coverage_that_is_not_as_it_should_be_is_a_tree(opened, broken):
    assert [one["kind"] for one in opened(broken).told] == ["tree", "text"]


def test_a_grid_of_a_thousand_million_places_ends_soon(chart):
    one = coverage([1, 2, 3], TIMES)
    one["ranges"]["B04"] |= {"axisNames": ["t", "y", "x"], "shape": [3, 10**9, 10**9]}
    assert chart(one) is None or len(chart(one)["lines"]) <= 24


def test_beside_a_large_chart_there_is_room_for_a_part_of_the_text(opened):
    days = {
        f"{1700 + n // 336}-{n % 12 + 1:02}-{n // 12 % 28 + 1:02}": [n / 7] * 5
        for n in range(20_000)
    }
    preview = opened(days)
    assert [one["kind"] for one in preview.told] == ["chart", "table", "tree", "text"]
    assert not preview.told[-1]["complete"]
    assert len(json.dumps(preview.told)) < SHOWN_BYTES
