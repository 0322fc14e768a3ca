"""Previews in the widget: what is told at once, what is asked for, and what a file may cost."""

import json
import struct
import threading
import zlib

import pytest
from harness.comms import Comms
from harness.widgets import wait_until

import openeo_widgets
from openeo_widgets import ResultsWidget, connect

SECRET = "Zq10mVx0Lw9Tn4pR7k"
SERIES = {"2022-01-01": [[1, 2]], "2022-02-01": [[None, 4]]}
CSV = b"a,b\n2,y\n1,x\n"


def picture():
    chunk = b"IHDR" + struct.pack(">II5B", 4, 3, 8, 2, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + crc


HOSTILE = "<img src=x onerror=alert(1)>"
FILES = {
    "series.json": ("application/json", json.dumps(SERIES).encode()),
    "table.csv": ("text/csv", CSV),
    "hostile.json": ("application/json", json.dumps({HOSTILE: HOSTILE}).encode()),
    "tree.json": ("application/json", b'{"a": {"b": [1, "needle"]}}'),
    "picture.png": ("image/png", picture()),
    "large.bin": ("image/png", picture() + bytes(6_000_000)),
    "broken.parquet": ("application/vnd.apache.parquet", b"x" * 100),
}


@pytest.fixture
def comms(monkeypatch):
    return Comms(monkeypatch)


@pytest.fixture
def results(scripted, comms):
    assets = {}
    for name, (media_type, content) in FILES.items():
        href = f"{scripted.url}/files/{name}?sig={SECRET}"
        assets[name] = {"href": href, "type": media_type, "file:size": len(content)}
        scripted.answers[f"GET /files/{name}"] = (200, content)
    _, item = scripted.answers["GET /jobs/j-1/results"]
    scripted.answers["GET /jobs/j-1/results"] = (200, {**item, "assets": assets})
    widget = ResultsWidget(connect(scripted.url).job("j-1"))
    wait_until(widget, lambda w: w.state == "ready")
    yield widget
    widget.close()


@pytest.fixture
def preview(results, comms):
    """A function that opens a preview as the browser does, and returns what it is told."""

    def open_it(key, **fields):
        assert comms.ask(results, "preview", key=key, **fields)["ok"]
        wait_until(results, lambda w: w.preview["state"] != "loading")
        return results.preview

    return open_it


@pytest.fixture
def ask(results, comms):
    def asked(kind, **fields):
        return comms.ask(results, kind, **fields)

    return asked


def test_a_time_series_is_a_chart_first_and_has_a_line_of_python(preview):
    told = preview("series.json")
    assert [view["kind"] for view in told["views"]] == ["chart", "table", "tree", "text"]
    assert told["views"][0]["lines"][1]["y"] == [2, 4]
    python = "data = connection.job('j-1').get_results().get_asset('series.json').load_json()"
    assert told["python"] == python
    assert told["state"] == "ready"


def test_the_line_of_python_loads_the_same(preview, scripted):
    told = preview("series.json")
    found = {"connection": connect(scripted.url)}
    exec(told["python"], found)  # noqa: S102 - a person would
    assert found["data"] == SERIES


def test_rows_are_asked_for(preview, ask):
    preview("table.csv")
    fields = {"view": 0, "start": 0, "count": 10, "descending": False, "search": ""}
    answer = ask("preview_rows", sort="a", **fields)
    rows = [["1", "x"], ["2", "y"]]
    assert answer["data"] == {"start": 0, "total": 2, "rows": rows}
    answer = ask("preview_columns", view=0, x="", y=["a"])
    assert answer["data"]["lines"][0]["y"] == [2, 1]


def test_branches_are_asked_for_and_searched(preview, ask):
    preview("tree.json")
    answer = ask("preview_children", path="$.a.b", start=0, count=5)
    assert [node["text"] for node in answer["data"]["nodes"]] == ["1", "needle"]
    assert ask("preview_find", text="needle")["data"] == {"paths": ["$.a.b[1]"], "more": False}


def test_a_picture_comes_as_bytes(preview, results):
    told = preview("picture.png")
    assert (told["views"][0]["width"], told["views"][0]["height"]) == (4, 3)
    sent, came = [], threading.Event()

    def send(content, buffers=None):
        sent.append((content, buffers))
        came.set()

    results.send = send
    results._receive(results, {"id": "1", "kind": "preview_image"}, [])
    assert came.wait(20)
    ((content, buffers),) = sent
    assert content["data"] == {"media_type": "image/png"}
    assert bytes(buffers[0]) == picture()


def test_what_costs_more_is_asked_for_and_read_when_somebody_agrees(preview):
    told = preview("large.bin")
    assert (told["state"], told["views"]) == ("ask", [])
    assert told["question"] == "large.bin has 6 MB: read all of it?"
    told = preview("large.bin", whole=True)
    assert (told["state"], told["question"]) == ("ready", "")
    assert told["views"][0]["kind"] == "image"


def test_what_cannot_be_shown_is_said(preview):
    told = preview("broken.parquet")
    assert told["state"] == "error"
    assert "cannot be read as Parquet" in told["error"]["message"]


def test_an_error_of_a_function_of_the_users_is_said_in_the_panel(preview):
    take_back = openeo_widgets.register_preview(".csv", lambda _: {}["nothing"])
    try:
        told = preview("table.csv")
    finally:
        take_back()
    assert told["state"] == "error"
    assert "KeyError" in told["error"]["message"]
    assert "register_preview" in told["error"]["hint"]


ROWS = {"view": 0, "start": 0, "count": 1, "sort": "", "descending": False, "search": ""}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("preview_rows", {**ROWS, "view": "x"}),
        ("preview_rows", {**ROWS, "view": 1}),
        ("preview_rows", {**ROWS, "view": -1}),
        ("preview_rows", {**ROWS, "start": None}),
        ("preview_rows", {**ROWS, "count": True}),
        ("preview_rows", {**ROWS, "sort": "nowhere"}),
        ("preview_rows", {**ROWS, "sort": 1}),
        ("preview_rows", {**ROWS, "search": ["x"]}),
        ("preview_columns", {"view": 0, "x": "", "y": "a"}),
        ("preview_columns", {"view": 0, "x": "", "y": [1]}),
        ("preview_columns", {"view": 0, "x": "b", "y": ["a"]}),
        ("preview_children", {"path": "$", "start": 0, "count": 1}),
        ("preview_children", {"path": 1, "start": 0, "count": 1}),
        ("preview_find", {"text": None}),
        ("preview_image", {}),
        ("preview_rows", {**ROWS, "start": 10**400}),
    ],
)
def test_messages_that_make_no_sense_are_answered_in_words(preview, ask, kind, fields):
    preview("table.csv")
    answer = ask(kind, **fields)
    if answer["ok"]:  # there is no row of such a number
        assert answer["data"]["rows"] == []
        return
    message = answer["error"]["message"]
    assert "Error:" not in message
    assert message.endswith(".")


def test_nothing_is_open_before_and_after(preview, ask, results):
    assert "No table is open" in ask("preview_rows", **ROWS)["error"]["message"]
    preview("table.csv")
    assert ask("close_preview")["ok"]
    assert results.preview is None
    assert "No table is open" in ask("preview_rows", **ROWS)["error"]["message"]


def test_a_preview_that_is_not_wanted_any_more_does_not_come_back(preview, results, ask):
    begun, go_on = threading.Event(), threading.Event()

    def slow(_file):
        begun.set()
        assert go_on.wait(20)
        return "too late"

    take_back = openeo_widgets.register_preview(".csv", slow)
    try:
        assert ask("preview", key="table.csv")["ok"]
        assert begun.wait(20)
        told = preview("tree.json")
        go_on.set()
        assert preview("series.json")["key"] == "series.json"
        assert told["views"][0]["kind"] == "tree"
        assert results.preview["key"] == "series.json"
    finally:
        go_on.set()
        take_back()


def test_no_link_is_in_what_is_told(preview, results, ask, comms):
    for key in FILES:
        preview(key)
        assert SECRET not in json.dumps(results.preview)
    assert SECRET not in comms.text()


def test_a_text_of_a_file_stays_text(preview):
    told = preview("hostile.json")
    assert HOSTILE in json.dumps(told["views"][-1]["text"]).replace('\\\\"', '"')


def test_an_open_preview_is_let_go_of_when_the_widget_is_closed(preview, results):
    preview("table.csv")
    results.close()
    assert results._previews._opened.views == ()


def test_a_host_that_hangs_holds_up_no_previews_of_others(
    scripted, another_scripted, results, comms
):
    go_on = threading.Event()

    def hanging():
        go_on.wait(60)
        return 200, b"{}"

    assets = {}
    for number in range(10):
        path = f"/files/slow-{number}.json"
        another_scripted.answers[f"GET {path}"] = hanging
        assets[f"slow-{number}.json"] = {"href": f"{another_scripted.url}{path}"}
    assets["tree.json"] = {"href": f"{scripted.url}/files/tree.json"}
    _, item = scripted.answers["GET /jobs/j-1/results"]
    scripted.answers["GET /jobs/j-1/results"] = (200, {**item, "assets": assets})
    widget = ResultsWidget(connect(scripted.url).job("j-1"))
    try:
        wait_until(widget, lambda w: w.state == "ready")
        for key in assets:  # the last one is not of the host that hangs
            assert comms.ask(widget, "preview", key=key)["ok"]
        wait_until(widget, lambda w: w.preview["state"] == "ready")
        assert widget.preview["name"] == "tree.json"
    finally:
        go_on.set()
        widget.close()
