"""Whatever a back-end sends, the widgets say something that a message and a page can hold."""

import json
import threading

import pytest
from harness import ITEM
from harness.comms import Comms
from harness.hostile import (
    NAMES,
    TEXTS,
    VALUES,
    Page,
    hostile_job,
    hostile_logs,
    hostile_results,
)

from openeo_widgets import JobWidget, ResultsWidget, connect
from openeo_widgets.widgets._static import as_html, as_text

# A text of a megabyte in every field takes a slow machine its time.
LONG_S = 60
# What it says of a job and its results is this and the names of all fields.
MOST_BYTES = 300_000
LINKS = ["http://[", "javascript:alert(1)", "file:///etc/passwd", "s3://x/y", "//evil/x", "a\nb"]
# In each field alone; all of them in all fields at once are below.
SOME = ["", TEXTS["long"], "\ud800", TEXTS["script-closed"], TEXTS["bidi-override"]]
BOXES = [
    [1, 2, 3, 4, 5, 6],
    [1e308, -1e308, float("inf"), 1],
    [-200, -100, 500, 300],
    [[1, 2], [3]],
]
JOB = {
    "id": "j-1",
    "status": "running",
    "title": "t",
    "created": "2026-01-01T00:00:00Z",
    "updated": "2026-01-01T00:00:00Z",
}
ASSET = {
    "href": "/files/series.json?sig=s3cr3t",
    "type": "application/json",
    "title": "t",
    "roles": ["data"],
    "file:size": 5,
    "file:checksum": "1220aa",
}
RESULTS = {
    **ITEM,
    "bbox": [1, 2, 3, 4],
    "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 4], [1, 2]]]},
    "assets": {"a.json": ASSET},
}


def assert_can_be_sent(widget):
    state = {name: value for name, value in widget.get_state().items() if name not in BUILT}
    text = json.dumps(state, allow_nan=False, ensure_ascii=False, default=str)
    assert len(text.encode("utf-8")) < MOST_BYTES


# The front end's own code, and the basemap.
BUILT = {"_esm", "_css"}


def asked(widget, name, unwanted):
    """Wait until a widget is no longer as it is at first."""
    changed = threading.Event()

    def look(_=None):
        if not unwanted(widget):
            changed.set()

    # Of all traits: what is looked at may change before or after the one that it is about.
    widget.observe(look)
    look()
    assert changed.wait(LONG_S), (name, repr(widget)[:200])


@pytest.mark.parametrize(
    "field", ["id", "status", "title", "created", "updated", "queued", "progress", "links"]
)
def test_a_job(scripted, field):
    connection = connect(scripted.url)
    for value in [*VALUES, *SOME]:
        scripted.answers["GET /jobs/j-1"] = (200, json.dumps({**JOB, field: value}).encode())
        widget = JobWidget.from_id("j-1", connection)
        asked(widget, "freshness", lambda w: w.freshness["state"] == "never")
        assert_can_be_sent(widget)
        assert repr(widget)
        assert widget._repr_mimebundle_()
        widget.close()


@pytest.mark.parametrize(
    "path",
    [
        "type", "bbox", "geometry", "geometry.type", "geometry.coordinates", "assets", "links",
        "assets.a:json", "properties", "properties.datetime",
        *(f"assets.a:json.{k}" for k in ASSET),
    ],
)  # fmt: skip
def test_results(scripted, path):
    connection = connect(scripted.url)
    for value in [*VALUES, *SOME, *BOXES, *LINKS]:
        changed = json.loads(json.dumps(RESULTS))
        *above, last = (part.replace(":json", ".json") for part in path.split("."))
        inner = changed
        for part in above:
            inner = inner[part]
        inner[last] = value
        scripted.answers["GET /jobs/j-1/results"] = (200, json.dumps(changed).encode())
        widget = ResultsWidget(connection.job("j-1"))
        asked(widget, "state", lambda w: w.state == "loading")
        assert widget.state == "ready", widget.error
        assert_can_be_sent(widget)
        for layer in widget.map.layers:
            if layer.name != "Land and borders":
                assert_can_be_sent(layer)
        assert "s3cr3t" not in str(widget._repr_mimebundle_())
        widget.close()


@pytest.mark.parametrize("field", ["message", "code", "id"])
def test_an_error_of_any_length(scripted, field):
    body = {"code": "c", "message": "m", field: "x" * 1_000_000}
    scripted.answers["GET /jobs/j-1/results"] = (500, json.dumps(body).encode())
    widget = ResultsWidget(connect(scripted.url).job("j-1"))
    asked(widget, "state", lambda w: w.state == "loading")
    assert widget.state == "error"
    assert_can_be_sent(widget)
    widget.close()


@pytest.mark.parametrize("href", ["http://x:s3cr3t/", "http://[s3cr3t"])
def test_links_that_are_no_address_are_left_out(scripted, href):
    changed = {**RESULTS, "assets": {"a.json": {**ASSET, "href": href}}}
    scripted.answers["GET /jobs/j-1/results"] = (200, json.dumps(changed).encode())
    assert connect(scripted.url).job("j-1").get_results().get_assets() == []


def test_an_extent_in_a_system_of_any_shape(scripted):
    extent = {"west": 1, "south": 2, "east": 3, "north": 4, "crs": {"type": "ProjectedCRS"}}
    graph = {"l": {"process_id": "load_collection", "arguments": {"spatial_extent": extent}}}
    world = {**RESULTS, "bbox": [-180, -90, 180, 90], "geometry": None}
    job = {**JOB, "process": {"process_graph": graph}}
    scripted.answers["GET /jobs/j-1"] = (200, json.dumps(job).encode())
    scripted.answers["GET /jobs/j-1/results"] = (200, json.dumps(world).encode())
    widget = ResultsWidget(connect(scripted.url).job("j-1"))
    asked(widget, "state", lambda w: w.state == "loading")
    assert (widget.state, widget.error, widget.bbox) == ("ready", None, None)
    widget.close()


def test_results_without_a_map(scripted):
    widget = ResultsWidget(connect(scripted.url).job("j-1"))
    asked(widget, "state", lambda w: w.state == "loading")
    widget.map = None
    widget.publish(state="loading")
    widget.refresh()
    asked(widget, "state", lambda w: w.state == "loading")
    assert widget.state == "ready"
    widget.close()


def test_very_many_downloads_send_few_messages(scripted, tmp_path):
    assets = {f"{n}.bin": {"href": f"{scripted.url}/files/x", "file:size": 1} for n in range(300)}
    scripted.answers["GET /jobs/j-1/results"] = (
        200, json.dumps({**RESULTS, "assets": assets}).encode(),
    )  # fmt: skip
    scripted.answers["GET /files/x"] = (200, b"x")
    widget = ResultsWidget(connect(scripted.url).job("j-1"), target=tmp_path)
    asked(widget, "state", lambda w: w.state == "loading")
    sent, done = [], threading.Event()

    def look(change):
        sent.append(len(change["new"]))
        if {row["state"] for row in change["new"].values()} == {"done"}:
            done.set()

    widget.observe(look, "downloads")
    widget.download_all()
    assert sent[0] == 300
    assert done.wait(60)
    assert len(sent) < 300
    widget.close()


def assert_is_only_text(widget):
    card = widget._static_card()
    html = as_html(card, widget.static_id)
    page = Page()
    page.feed(html)
    page.close()
    html.encode("utf-8")
    assert html.count("<style>") == 1
    assert len(html) < MOST_BYTES
    for text in (as_text(card), repr(widget)):
        assert not any(ord(letter) < 32 and letter != "\n" for letter in text)
        assert not set(text) & set("\x7f\x9b\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "\n" not in repr(widget)


# Whatever a card can be asked for, and what makes sense to ask with.
FIELDS = {
    "logs_open": {"wanted": True},
    "logs_window": {"start": 0, "count": 50, "level": "debug", "search": ""},
    "log_details": {"index": 0, "level": "debug", "search": ""},
    "log_link": {"index": 0, "link": 0},
    "logs_save": {"form": "ndjson", "level": "debug", "search": ""},
    "open_link": {"index": 0},
    "web_editor": {},
    "copy_python": {},
    "draft": {},
    "preflight": {},
    "graph": {},
    "copy_graph": {},
    "requests": {"since": 0},
}


def assert_everything_can_be_asked(comms, widget):
    for kind, fields in FIELDS.items():
        answer = comms.ask(widget, kind, **fields)
        data = answer.get("data")
        if isinstance(data, dict) and "url" in data:
            assert data["url"].startswith(("http://", "https://"))


@pytest.fixture
def comms(monkeypatch):
    return Comms(monkeypatch)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_everywhere_stays_text(scripted, comms, name):
    text = TEXTS[name]
    connection = connect(scripted.url)
    scripted.answers["GET /jobs/j-1/logs"] = (200, hostile_logs(text))
    scripted.answers["GET /jobs/j-1/results"] = (200, hostile_results(text))
    widgets = []
    for status in ("error", "finished", text or "none"):
        scripted.answers["GET /jobs/j-1"] = (200, hostile_job(text, status=status))
        widget = JobWidget.from_id("j-1", connection)
        widgets.append(widget)
        asked(widget, "freshness", lambda w: w.freshness["state"] == "never")
        if status == "finished":
            asked(widget, "results", lambda w: w.results is None)
            widgets.append(widget.results)
            asked(widget.results, "state", lambda w: w.state == "loading")
            for row in widget.results.assets:
                assert comms.ask(widget.results, "preview", key=row["key"])["ok"]
        assert_everything_can_be_asked(comms, widget)
    answer = {"code": text, "message": text, "id": text, "links": [{"href": text}]}
    scripted.answers["POST /jobs/j-1/results"] = (400, answer)
    comms.ask(widgets[0], "start")
    asked(widgets[0], "error", lambda w: w.pending)
    for widget in widgets:
        assert_can_be_sent(widget)
        assert_is_only_text(widget)
    for widget in widgets:
        widget.close()
    comms.text().encode("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_text_as_an_id_stays_text(scripted, name):
    try:
        widget = JobWidget.from_id(TEXTS[name], connect(scripted.url))
    except ValueError:
        return  # it can be no id
    asked(widget, "freshness", lambda w: w.freshness["state"] == "never")
    assert_can_be_sent(widget)
    assert_is_only_text(widget)
    line = widget._static_card().line
    assert line.isprintable()
    compile(line, "cell", "eval")
    widget.close()
