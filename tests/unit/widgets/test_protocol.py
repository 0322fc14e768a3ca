"""What Python and the browser say to each other has the same names on both sides."""

import dataclasses
import inspect
import re
from contextlib import nullcontext
from operator import attrgetter
from pathlib import Path

import ipyleaflet
import pytest

from openeo_widgets import Connection, JobWidget, ResultsWidget
from openeo_widgets.api import ResultAsset
from openeo_widgets.api._capabilities import UNKNOWN
from openeo_widgets.api._comparison import Row
from openeo_widgets.api._eta import Eta
from openeo_widgets.api._journal import Entry
from openeo_widgets.api._log_entry import held
from openeo_widgets.api._log_store import LogStore
from openeo_widgets.api._preflight import Estimate, Problem
from openeo_widgets.preview import Image, Table, Tree
from openeo_widgets.preview._chart import Chart, Line
from openeo_widgets.preview._rows import TextRows
from openeo_widgets.preview._views import Facts, Html, Text
from openeo_widgets.watch import JobState
from openeo_widgets.watch._state import after_answer
from openeo_widgets.widgets._base import error_info
from openeo_widgets.widgets._downloads import new_row
from openeo_widgets.widgets._job import _traits_of
from openeo_widgets.widgets._job_details import DetailsPanel
from openeo_widgets.widgets._job_eta import eta_shown
from openeo_widgets.widgets._job_forms import draft_of
from openeo_widgets.widgets._job_graph import graph_answer
from openeo_widgets.widgets._job_logs import LogPanel, no_logs
from openeo_widgets.widgets._job_preflight import NOTHING_TOLD
from openeo_widgets.widgets._job_requests import RequestPanel
from openeo_widgets.widgets._log_answers import details_of_entry, row_of
from openeo_widgets.widgets._map_layers import MapLayers
from openeo_widgets.widgets._previews import preview_of
from openeo_widgets.widgets._raster_told import raster_under_way
from openeo_widgets.widgets._results_reading import row_of as compared_row
from openeo_widgets.widgets._results_rows import asset_row

SOURCES = Path(__file__).parents[3] / "js" / "src"
PROTOCOL = "".join(
    (SOURCES / name).read_text(encoding="utf-8")
    for name in (
        "protocol.ts",
        "protocol-answers.ts",
        "protocol-files.ts",
        "protocol-preview.ts",
        "protocol-raster.ts",
        "protocol-shapes.ts",
    )
)

# Nobody listens there.
JOB = Connection("http://127.0.0.1:1").job("j-1")

OF_ANYWIDGET = {"_anywidget_id", "_css", "_esm"}


def interface(name):
    body = re.search(rf"interface {name} {{(.*?)\n}}", PROTOCOL, re.DOTALL).group(1)
    return set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE))


def messages(name):
    """By kind, the fields that belong to a message."""
    body = re.search(rf"type {name} =(.*?);\n\n", PROTOCOL, re.DOTALL).group(1)
    found = {}
    for part in re.sub(r"/\*\*.*?\*/", "", body, flags=re.DOTALL).split("\n  | ")[1:]:
        if part.strip().isidentifier():
            found |= messages(part.strip())
            continue
        fields = set(re.findall(r"(\w+)\??: ", part)) - {"id", "kind"}
        for base, left_out in re.findall(r"Omit<(\w+), ([^>]*)>", part):
            fields |= interface(base) - set(re.findall(r'"(\w+)"', left_out))
        of_kind = re.search(r"kind: ([^;}]+)", part).group(1)
        found |= dict.fromkeys(re.findall(r'"(\w+)"', of_kind), fields)
    return found


def synced(widget):
    ours = set(widget.class_traits(sync=True)) - OF_ANYWIDGET
    return {name for name in ours if not name.startswith(("_model", "_view", "_dom", "layout"))} - {
        "tabbable",
        "tooltip",
    }


@pytest.mark.parametrize(
    ("widget", "state"), [(JobWidget, "JobState"), (ResultsWidget, "ResultsState")]
)
def test_synced_traits_are_those_of_the_protocol(widget, state):
    assert synced(widget) == interface(state)


@pytest.mark.parametrize(
    ("widget", "message"), [(JobWidget, "JobMessage"), (ResultsWidget, "ResultsMessage")]
)
def test_commands_are_those_of_the_protocol(widget, message):
    assert set(widget.commands) == set(messages(message))
    assert widget.asking <= set(widget.commands)


@pytest.mark.parametrize(
    ("made", "message"), [(JobWidget, "JobMessage"), (ResultsWidget, "ResultsMessage")]
)
def test_methods_take_the_fields_of_their_messages(made, message):
    widget = made(JOB)
    for kind, fields in messages(message).items():
        method = attrgetter(widget.commands[kind])(widget)
        taken = inspect.signature(method).parameters
        needed = {name for name, one in taken.items() if one.default is one.empty}
        assert needed <= fields <= set(taken), kind
    widget.close()


def test_errors_have_the_fields_of_the_protocol():
    assert set(error_info(ValueError("x"))) == interface("ErrorInfo")


def test_files_have_the_fields_of_the_protocol():
    asset = ResultAsset(JOB, "a", "http://127.0.0.1:1/a", {})
    assert set(asset_row(asset, "a")) == interface("AssetRow")
    assert set(new_row(asset)) == interface("Download")
    assert set(preview_of(asset, "a")) == interface("Preview")
    assert set(compared_row(Row("Area", "", ""))) == interface("Compared")


def test_layers_have_the_fields_of_the_protocol():
    chart = ipyleaflet.Map(layers=())
    layers = MapLayers(chart, nullcontext, lambda: None)
    layers.add("tiles", ipyleaflet.Marker(location=(1, 2)))
    assert set(layers.rows()[0]) == interface("LayerRow")
    chart.close()


def test_previews_have_the_fields_of_the_protocol():
    line = Line("a", [1.0, 2.0], [1.0, None])
    views = [
        (Chart((line,)), "ChartView"),
        (Table(TextRows(["a"], [["1"]])), "TableView"),
        (Tree({"a": 1}), "TreeView"),
        (Text("a"), "TextView"),
        (Image(b"", "image/png", 1, 1, "a"), "ImageView"),
        (Facts({"a": 1}), "FactsView"),
        (Html("a"), "HtmlView"),
    ]
    union = re.search(r"type PreviewView =(.*?);\n\n", PROTOCOL, re.DOTALL).group(1)
    assert re.findall(r"\w+", union) == [name for _, name in views]
    for view, name in views:
        shown = view.shown()
        assert set(shown) == interface(name), name
        kind = re.search(rf'interface {name} {{\n  kind: "(\w+)";', PROTOCOL).group(1)
        assert shown["kind"] == kind
    chart, table, tree = (view for view, _ in views[:3])
    assert set(chart.shown()["lines"][0]) == interface("ChartLine")
    assert set(table.shown()["columns"][0]) == interface("TableColumn")
    assert set(tree.shown()["root"]) == interface("TreeNode")
    assert set(table.window(0, 1, "", "", descending=False)) == interface("PreviewRows")
    assert set(table.lines("", ["a"])) == interface("PreviewLines")
    assert set(tree.children("$", 0, 1)) == interface("PreviewChildren")
    assert set(tree.find("a")) == interface("PreviewFound")


def test_a_raster_has_the_fields_of_the_protocol():
    assert set(raster_under_way("a.tif", "a.tif", "mark")) == interface("RasterState")


def test_logs_have_the_fields_of_the_protocol():
    store = LogStore()
    store.append([held({"message": "m"})])
    (row,) = store.window(0, 1, "debug", "").rows
    assert set(no_logs()) == interface("LogSummary")
    assert set(row_of(row)) == interface("LogRow")
    assert set(details_of_entry(0, row.entry)) == interface("LogDetails")


@pytest.fixture
def widget():
    made = JobWidget(JOB)
    yield made
    made.close()


def test_a_state_has_the_fields_of_the_protocol():
    traits = _traits_of(after_answer(JobState(), {"status": "running"}, 0.0))
    assert set(traits["freshness"]) == interface("Freshness")
    assert set(traits["steps"][0]) == interface("Step")
    assert set(traits) < interface("JobState")


def test_details_have_the_fields_of_the_protocol(widget):
    described = {
        "usage": {"cpu": {"value": 1, "unit": "s"}},
        "links": [{"href": "https://openeo.example/", "rel": "about"}],
    }
    panel = DetailsPanel(widget)
    details = panel.take_in(JobState(full=True, described=described))["details"]
    assert set(details) == interface("Details")
    assert set(details["usage"][0]) == interface("Metric")
    assert set(details["links"][0]) == interface("JobLink")


def test_what_is_said_before_a_start_has_the_fields_of_the_protocol():
    assert set(NOTHING_TOLD) == interface("Preflight")
    figures = re.search(r"estimate: {(.*?)\n  }", PROTOCOL, re.DOTALL).group(1)
    told = {field.name for field in dataclasses.fields(Estimate)} - {"note"}
    assert told == set(re.findall(r"^    (\w+):", figures, re.MULTILINE))
    assert {field.name for field in dataclasses.fields(Problem)} == interface("Problem")


def test_the_end_has_the_fields_of_the_protocol():
    assert set(eta_shown(Eta(1.0, "from its progress"))) == interface("Eta")


def test_answers_have_the_fields_of_the_protocol(widget):
    assert set(draft_of({"process": {}}, UNKNOWN, copy=True)) == interface("Draft")
    assert set(draft_of({}, UNKNOWN, copy=False)) == interface("Draft")
    assert set(graph_answer({}, [], None)) == interface("GraphAnswer")
    logs = LogPanel(widget)
    assert set(logs.window(0, 1, "debug", "")) == interface("LogWindow")
    assert set(logs.save("text", "debug", "").value) == interface("LogFile")
    requests = RequestPanel(widget)
    requests._hear(Entry(0.0, "GET", "/jobs/j-1"))
    assert set(requests.since(0)["requests"][0]) == interface("RequestRow")


def test_methods_of_a_job_widget_are_those_for_its_user():
    methods = {name for name, value in vars(JobWidget).items() if callable(value)}
    own = {name for name in methods if not name.startswith("_")} - set(JobWidget.class_traits())
    assert own == {
        *("start", "cancel", "delete", "update", "duplicate", "refresh"),
        *("logs", "finished", "on_change"),
    }
