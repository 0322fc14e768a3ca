"""Parquet that was made to take all memory, or that holds what Python has no value for."""

import io

import pyarrow as pa
import pytest
from pyarrow import parquet

from openeo_widgets.errors import OpenEOWidgetsError

LONG = "x" * 100_000


@pytest.fixture
def written():
    """A function that makes the bytes of a file of columns."""

    def make(**columns):
        file = io.BytesIO()
        parquet.write_table(pa.table(columns), file, row_group_size=10**9)
        return file.getvalue()

    return make


def repeated(count):
    places = pa.array([0] * count, pa.int32())
    return pa.DictionaryArray.from_arrays(places, pa.array([LONG]))


# As columns of a file of some kilobytes.
BOMBS = {
    "a text that repeats": lambda: repeated(20_000),
    "a text in lists": lambda: pa.array([[LONG] * 2000]),
    "a text in an object": lambda: pa.array([{"a": LONG}] * 2000),
    "a number that repeats": lambda: pa.repeat(7, 20_000_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_unpacks_to_gigabytes_is_listed_by_its_columns(opened, view, rows, written, name):
    content = written(a=BOMBS[name]())
    assert len(content) < 3_000_000
    before = pa.total_allocated_bytes()
    preview = opened(content, "a.parquet")
    assert pa.total_allocated_bytes() - before < 100_000_000
    assert "Its columns are listed" in preview.note
    assert preview.question
    _, table = view(preview, "table")
    assert rows(table)["rows"][0][0] == "a"


def test_texts_that_repeat_are_texts(opened, view, rows, written):
    content = written(a=["b", "a", "b"], b=[["x"], ["x", None], None], c=[{"d": "y"}] * 3)
    told, table = view(opened(content, "a.parquet"), "table")
    assert told["columns"][0]["type"] == "text"
    assert "dictionary" not in str(told)
    assert rows(table, sort="a")["rows"][0] == ["a", "['x', None]", "{'d': 'y'}"]


def not_utf8():
    offsets, content = b"\0\0\0\0\2\0\0\0\4\0\0\0", b"\xff\xfe\xed\xa0"
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(content)]
    return pa.Array.from_buffers(pa.string(), 2, buffers)


ODD = {
    "a date beyond all calendars": (
        lambda: pa.array([2**31 - 1, None], pa.int32()).cast(pa.date32()),
        "2147483647 (date32[day])",
    ),
    "a time beyond all calendars": (
        lambda: pa.array([10**17, None], pa.timestamp("ms")),
        "100000000000000000 (timestamp[ms])",
    ),
    "a zone that is nowhere": (
        lambda: pa.array([1, None], pa.timestamp("ms", tz="Mars/Olympus")),
        "1 (timestamp[ms, tz=Mars/Olympus])",
    ),
    "a text that is none": (not_utf8, "\ufffd\ufffd"),
    "a view of texts": (lambda: pa.array(["x", None], pa.string_view()), "x"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_python_has_no_value_for_is_a_text(opened, view, rows, written, name):
    make, text = ODD[name]
    content = written(a=make())
    _, table = view(opened(content, "a.parquet"), "table")
    assert rows(table)["rows"][0] == [text]
    assert rows(table, search="nothing holds this")["rows"] == []


def test_what_has_no_order_says_so(opened, view, rows, written):
    _, table = view(opened(written(a=[{"b": 1}, None]), "a.parquet"), "table")
    with pytest.raises(OpenEOWidgetsError, match="has no order"):
        rows(table, sort="a")
