"""CSV and Parquet as tables: rows on demand, sorted, searched, drawn."""

import array
import io
import json
import os
import sys

import pytest

from openeo_widgets.errors import MissingExtraError, OpenEOWidgetsError
from openeo_widgets.preview import BUDGET_BYTES, SHOWN_BYTES
from openeo_widgets.preview._csv_whole import make_csv_whole
from openeo_widgets.transfer import TooMuchError

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

CSV = b"name,n,when\r\nb,2,2022-01-02\r\nA,10,2022-01-01\r\n,,\r\nc,-1.5,2021-12-31T12:00:00Z\r\n"
# Arrow takes no dates for times.
ALIKE = CSV.replace(b"02\r", b"02T00:00:00Z\r").replace(b"01\r", b"01T00:00:00Z\r")


@pytest.fixture
def table(opened, view):
    return lambda content, name="a.csv", **options: view(opened(content, name, **options), "table")


def as_parquet(columns, **options):
    written = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), written, **options)
    return written.getvalue()


def types(told):
    return [column["type"] for column in told["columns"]]


@pytest.fixture(params=["csv", "parquet", "whole csv"])
def people(request, table, file_of):
    """The same table, from each of the readers."""
    if request.param == "csv":
        return table(CSV)[1]
    if request.param == "parquet":
        when = ["2022-01-02", "2022-01-01", None, "2021-12-31T12:00"]
        columns = {
            "name": ["b", "A", None, "c"],
            "n": [2, 10, None, -1.5],
            "when": pyarrow.array(when).cast(pyarrow.timestamp("s")),
        }
        return table(as_parquet(columns), "a.parquet")[1]
    return make_csv_whole(file_of(ALIKE), ",", "utf-8").views[0]


def test_rows_are_sorted_by_what_they_hold_and_empty_cells_come_last(people, rows):
    def first(**options):
        return [row[0] or None for row in rows(people, **options)["rows"]]

    assert first() == ["b", "A", None, "c"]
    assert first(sort="n") == ["c", "b", "A", None]
    assert first(sort="n", descending=True) == ["A", "b", "c", None]
    assert first(sort="name")[:3] == ["A", "b", "c"]
    assert first(sort="when", descending=True)[:2] == ["b", "A"]


def test_rows_are_searched_in_whatever_case(people, rows):
    found = rows(people, search="a")
    assert (found["total"], [row[0] for row in found["rows"]]) == (1, ["A"])
    found = rows(people, search="2022", sort="n", descending=True)
    assert [row[0] for row in found["rows"]] == ["A", "b"]
    assert rows(people, search="nowhere") == {"start": 0, "total": 0, "rows": []}


def test_a_window_of_rows_is_told(people, rows):
    assert [row[0] for row in rows(people, start=1, count=1)["rows"]] == ["A"]
    assert rows(people, start=99)["rows"] == []


def test_columns_are_drawn_over_dates_and_numbers(people):
    drawn = people.lines("when", ["n"])
    (line,) = drawn["lines"]
    assert (drawn["x"], line["name"], line["y"]) == ("time", "n", [-1.5, 10, 2])
    assert line["x"][1:] == [1640995200000, 1641081600000]
    over_rows = people.lines("", ["n"])
    assert (over_rows["x"], over_rows["lines"][0]["x"]) == ("number", [1, 2, 3, 4])
    assert over_rows["lines"][0]["y"] == [2, 10, None, -1.5]


def test_a_column_that_is_not_there_or_cannot_be_drawn_is_said(people, rows):
    with pytest.raises(OpenEOWidgetsError, match="no column 'x'"):
        rows(people, sort="x")
    with pytest.raises(OpenEOWidgetsError, match="neither numbers nor dates"):
        people.lines("", ["name"])


def test_columns_have_types(table):
    told, _ = table(CSV)
    assert types(told) == ["text", "number", "time"]
    assert [column["numeric"] for column in told["columns"]] == [False, True, False]
    assert told["rows"] == 4


@pytest.mark.parametrize(
    ("content", "first"),
    [
        (b"a;b\n1;2,5\n", ["1", "2,5"]),
        (b"a\tb\n1\t2\n", ["1", "2"]),
        (b"a|b\n1|2\n", ["1", "2"]),
        (b'a,b\n"x, ""y""\n z",2\n', ['x, "y"\n z', "2"]),
        (b"\xef\xbb\xbfa,b\n1,2\n", ["1", "2"]),
        ("a,b\nä,€\n".encode("cp1252"), ["ä", "€"]),
        ("a,b\n1,2\n".encode("utf-16"), ["1", "2"]),
        (b"a,b\n1,2,3\n4\n", ["1", "2", "3"]),
        (b"a,a,\n1,2,3\n", ["1", "2", "3"]),
        (b"\n\na,b\n1,2\n", ["1", "2"]),
        (b'a,b\n"1,2\n', ["1,2\n", None]),
        (b"a,b\r1,2\r", ["1", "2"]),
        (b"a,b\n\0,2\n", ["\0", "2"]),
    ],
    ids=[
        *("semicolon", "tab", "bar", "quotes", "bom", "windows", "utf-16", "ragged"),
        *("same names", "empty lines", "open quote", "old mac", "nul"),
    ],
)
def test_csv_of_every_kind_is_a_table(table, rows, content, first):
    told, found = table(content)
    assert rows(found)["rows"][0] == first
    names = [column["name"] for column in told["columns"]]
    assert len(set(names)) == len(names)


def test_rows_of_other_lengths_are_said(table):
    told, _ = table(b"a,b\n1,2,3\n4\n5,6\n")
    assert "2 rows of 3 have another number of cells" in told["note"]


def test_numbers_with_a_comma_are_numbers_where_semicolons_part_the_cells(table):
    told, found = table(b"a;b\n1;2,5\n2;-1,5\n")
    assert types(told) == ["integer", "number"]
    assert found.lines("a", ["b"])["lines"][0]["y"] == [2.5, -1.5]


def test_codes_are_no_numbers(table):
    told, _ = table(b"zip,half,under\n01234,1,1_0\n99999,1.5,2\n")
    assert types(told) == ["text", "number", "text"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_a_file_without_a_row_of_names_is_shown_as_text(opened, content):
    assert [one["kind"] for one in opened(content, "a.csv").told] == ["text"]


def test_dates_by_geometry_are_lines(opened, view):
    text = "date,feature_index,B04,B08\n"
    text += "".join(f"2022-0{m}-01T00:00:00Z,{g},{m},{g}.5\n" for m in (2, 1) for g in (0, 1))
    told, _ = view(opened(text.encode(), "timeseries.csv"), "chart")
    assert [(line["group"], line["band"], line["y"]) for line in told["lines"]] == [
        ("feature_index 0", "B04", [1, 2]),
        ("feature_index 0", "B08", [0.5, 0.5]),
        ("feature_index 1", "B04", [1, 2]),
        ("feature_index 1", "B08", [1.5, 1.5]),
    ]


def large_csv():
    return b"a,b\n" + b"".join(b"%d,x%d\n" % (n, n) for n in range(600_000))


def test_of_a_large_csv_the_first_part_is_shown_and_the_rest_offered(opened, view, read):
    preview = opened(large_csv(), "a.csv")
    told, _ = view(preview, "table")
    assert sum(read) <= BUDGET_BYTES
    assert 300_000 < told["rows"] < 600_000
    assert "read all of it?" in preview.question
    assert "The first 5 MB" in preview.note
    assert len(json.dumps(preview.told)) < SHOWN_BYTES


def test_all_of_a_large_csv_is_sorted(opened, view, rows):
    preview = opened(large_csv(), "a.csv", whole=True)
    told, found = view(preview, "table")
    assert (told["rows"], preview.question) == (600_000, "")
    assert rows(found, count=1, sort="a", descending=True)["rows"] == [["599999", "x599999"]]


def test_bad_rows_of_a_large_csv_are_counted(opened, view):
    content = large_csv() + b"1,2,3\n" + b"x,y\n"
    told, _ = view(opened(content, "a.csv", whole=True), "table")
    assert "Left out: 1 row" in told["note"]
    assert types(told) == ["text", "text"]


def test_without_arrow_csv_within_the_budget_is_a_table_all_the_same(
    table, opened, rows, monkeypatch
):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.csv", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert rows(table(CSV)[1])["total"] == 4
    assert table(large_csv())[0]["rows"] > 300_000
    for name, options in (("a.csv", {"whole": True}), ("a.parquet", {})):
        with pytest.raises(MissingExtraError) as caught:
            opened(large_csv(), name, **options)
        assert 'pip install "openeo-widgets[tables]"' in str(caught.value)


def test_a_column_that_is_secret_by_its_name_is_hidden(table, rows):
    assert rows(table(b"a,access_token\n1,Zq10mVx0Lw9T\n")[1])["rows"] == [["1", "…"]]


def test_what_arrow_holds_is_shown(table, rows):
    columns = {
        "list": [[1, 2], None],
        "bytes": [b"\x00" * 2000, None],
        "yes": [True, False],
        "kind": pyarrow.array(["x", "y"]).dictionary_encode(),
        "far": [float("nan"), float("inf")],
    }
    told, found = table(as_parquet(columns), "a.parquet")
    assert types(told)[2:] == ["boolean", "text", "number"]
    assert rows(found)["rows"][0] == ["[1, 2]", "2,000 bytes", "True", "x", None]
    with pytest.raises(OpenEOWidgetsError, match="has no order"):
        rows(found, sort="list")
    assert rows(found, search="y")["total"] == 1
    assert found.lines("", ["far"])["lines"][0]["y"] == [None, None]


def test_geometries_of_geoparquet_are_told_by_their_type(table, rows):
    point = b"\x01\x01\x00\x00\x00" + bytes(6) + b"\x14\x40" + bytes(6) + b"\x49\x40"
    told = {"columns": {"geometry": {"encoding": "WKB"}}, "primary_column": "geometry"}
    made = pyarrow.table({"geometry": [point, b"\x01\x06\x00\x00\x00"]})
    made = made.replace_schema_metadata({"geo": json.dumps(told)})
    written = io.BytesIO()
    parquet.write_table(made, written)
    told, found = table(written.getvalue(), "a.geoparquet")
    assert types(told) == ["geometry"]
    assert rows(found)["rows"] == [["Point (5 50)"], ["MultiPolygon"]]


def test_of_a_large_parquet_groups_of_rows_within_the_budget_are_read(opened, view, read):
    numbers = array.array("d", os.urandom(8_000_000))
    content = as_parquet({"n": numbers}, row_group_size=100_000, use_dictionary=False)
    preview = opened(content, "a.parquet")
    assert sum(read) <= BUDGET_BYTES
    assert view(preview, "table")[0]["rows"] == 400_000
    assert "400,000 of 1,000,000 rows" in preview.note
    assert view(opened(content, "a.parquet", whole=True), "table")[0]["rows"] == 1_000_000
    read.clear()
    content = as_parquet({"n": numbers}, use_dictionary=False)
    preview = opened(content, "a.parquet")
    assert preview.question
    assert "columns are listed" in preview.note


@pytest.mark.parametrize("content", [b"", b"PAR1", b"x" * 100, b"PAR1" + b"x" * 100 + b"PAR1"])
def test_what_is_no_parquet_is_said(opened, content):
    with pytest.raises(OpenEOWidgetsError, match="cannot be read as Parquet"):
        opened(content, "a.parquet")


def test_a_file_larger_than_a_preview_reads_is_refused(opened):
    with pytest.raises(TooMuchError, match="Download it instead"):
        opened(large_csv(), "a.csv", whole=True, size=10**10)
