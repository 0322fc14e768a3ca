"""Files that were made to take all memory, or all time: what they hold is small, told or not."""

import json
import tarfile
import tracemalloc

import pytest

from openeo_widgets.errors import OpenEOWidgetsError

MB = 1_000_000


@pytest.fixture
def within():
    """A function that does something, and returns what came of it, if it took little memory."""

    def measured(what, most=300 * MB):
        tracemalloc.start()
        try:
            found = what()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < most
        return found

    return measured


def dates(count):
    """Texts of so many dates."""
    return [f"20{n // 336 % 100:02}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" for n in range(count)]


RAGGED = {
    "a row longer than all others": b"a,b\n" + b"1,2\n" * 50_000 + b"," * 20_000,
    "a header longer than all rows": b"a," * 20_000 + b"\n" + b"1\n" * 50_000,
}


@pytest.mark.parametrize("name", RAGGED)
def test_empty_cells_of_a_ragged_table_take_no_memory(opened, view, rows, within, name):
    preview = within(lambda: opened(RAGGED[name], "a.csv"))
    told, table = view(preview, "table")
    assert told["rows"] >= 50_000
    assert "no more than" in told["note"]
    assert rows(table)["rows"][0][0] == "1"


def test_a_table_of_very_many_columns_is_read_as_far_as_it_is_shown(opened, view):
    wide = b",".join(b"c%d" % n for n in range(50_000)) + b"\n" + b"1," * 49_999 + b"1\n"
    told, _ = view(opened(wide, "a.csv"), "table")
    assert len(told["columns"]) == 300
    assert "Of 50,000 columns no more than 500 are read." in told["note"]


@pytest.mark.parametrize("is_geojson", [False, True])
def test_objects_that_each_have_another_name_are_a_table_of_some(opened, view, within, is_geojson):
    found = [{f"name {n}": n} for n in range(20_000)]
    if is_geojson:
        features = [{"type": "Feature", "geometry": None, "properties": one} for one in found]
        found = {"type": "FeatureCollection", "features": features}
    told, _ = view(within(lambda: opened(found)), "table")
    assert told["rows"] == 20_000
    assert "columns no more than" in told["note"]


@pytest.mark.parametrize("wide", [[1] * 9999, [[1] * 90] * 100])
def test_a_date_with_far_more_values_than_the_others_is_no_time_series(opened, within, wide):
    series = {date: [1] for date in dates(10_000)} | {"2100-01-01": wide}
    preview = within(lambda: opened(series))
    assert [view["kind"] for view in preview.told] == ["tree", "text"]


def coverage(axes, names, shape, values, bands=1):
    ranges = {f"band {n}": {"axisNames": names, "shape": shape, "values": values}
              for n in range(bands)}  # fmt: skip
    return {"type": "Coverage", "domain": {"axes": axes}, "ranges": ranges}


REGULAR = {"start": 0, "stop": 1, "num": 1_000_000}
COVERAGES = {
    "axes longer than the values": {
        "type": "CoverageCollection",
        "coverages": [coverage({"z": REGULAR}, ["z"], [2], [1, 2])] * 300,
    },
    "an axis of which the values know nothing": coverage(
        {"t": {"values": dates(30_000)}}, ["x"], [10**9], [1] * 1000, bands=400
    ),
    "more axes than anything has": coverage(
        {"t": {"values": dates(2)}}, ["t", *["x"] * 50_000], [2, *[10**9] * 50_000], [1, 2]
    ),
    "dates that no two have in common": {
        "type": "CoverageCollection",
        "coverages": [
            coverage({"z": {"values": list(range(n, 100_000 + n, 200))}}, ["z"], [500], [1] * 500)
            for n in range(200)
        ],
    },
}


@pytest.mark.parametrize("name", COVERAGES)
def test_coverages_are_no_larger_than_their_values(opened, within, name):
    data = json.dumps(COVERAGES[name]).encode()
    assert within(lambda: opened(data, "a.covjson")).told


def test_two_values_at_one_place_stay_in_their_column(opened, view, rows):
    data = coverage({"z": {"values": [1, 1, 2]}}, ["z"], [3], [5, 6, 7])
    data["ranges"]["other"] = {"axisNames": ["z"], "shape": [3], "values": [8, 9, 10]}
    _, table = view(opened(data, "a.covjson"), "table")
    assert rows(table)["rows"] == [["1", "6", "9"], ["2", "7", "10"]]


def test_the_largest_numbers_are_drawn(opened, view):
    axis = [-1.7e308, *range(6000), 1.7e308]
    data = coverage({"z": {"values": axis}}, ["z"], [len(axis)], list(range(len(axis))))
    told, _ = view(opened(data, "a.covjson"), "chart")
    (line,) = told["lines"]
    assert (line["x"][0], line["x"][-1]) == (-1.7e308, 1.7e308)


@pytest.mark.parametrize("key", ["k" * MB, "https://a.b/c?sig=Zq10mVx0Lw9Tn4pR7k"])
def test_a_key_that_is_not_sent_as_it_is_can_be_opened_all_the_same(opened, view, key):
    _, tree = view(opened({"a": 1, key: {"b": list(range(300))}}), "tree")
    node = tree.children("$", 0, 9)["nodes"][1]
    assert node["path"] == "$[#1]"
    below = tree.children("$[#1].b", 0, 100)
    assert len(json.dumps(below)) < 20_000
    assert below["nodes"][7]["path"] == "$[#1].b[7]"
    assert tree.find("299")["paths"] == ["$[#1].b[299]"]
    assert len(json.dumps(tree.find("1"))) < 200_000


def test_what_is_nested_so_deeply_that_its_path_is_long_is_left_out(opened, view):
    data = list(range(300))
    for _ in range(300):
        data = {"a long key": data}
    _, tree = view(opened(data), "tree")
    assert len(json.dumps(tree.find("1"))) < 200_000
    with pytest.raises(OpenEOWidgetsError, match="nested as deeply"):
        tree.children("$" + '["a long key"]' * 300, 0, 100)


def test_a_tar_of_headers_alone_cannot_be_read(opened):
    entry = tarfile.TarInfo("././@LongLink")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 4
    content = (entry.tobuf(tarfile.GNU_FORMAT) + b"abc\0" + bytes(508)) * 2000
    assert "cannot be read" in opened(content, "a.tar").note
