"""The names that Python and the browser use for each other's state and commands are the same."""

import re
from operator import attrgetter
from pathlib import Path

import pytest

from openeo_widgets import Connection, JobWidget, ResultsWidget
from openeo_widgets.api import ResultAsset
from openeo_widgets.api._log_entry import held
from openeo_widgets.api._log_store import LogStore
from openeo_widgets.widgets._base import error_info
from openeo_widgets.widgets._downloads import new_row
from openeo_widgets.widgets._job_logs import no_logs
from openeo_widgets.widgets._log_answers import details_of_entry, row_of
from openeo_widgets.widgets._results_rows import asset_row, preview_of

SOURCES = Path(__file__).parents[3] / "js" / "src"
PROTOCOL = "".join(
    (SOURCES / name).read_text(encoding="utf-8") for name in ("protocol.ts", "protocol-answers.ts")
)

# Nobody listens there.
JOB = Connection("http://127.0.0.1:1").job("j-1")

OF_ANYWIDGET = {"_anywidget_id", "_css", "_esm"}


def interface(name):
    body = re.search(rf"interface {name} {{(.*?)\n}}", PROTOCOL, re.DOTALL).group(1)
    return set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE))


def kinds(name):
    body = re.search(rf"type {name} =(.*?);\n\n", PROTOCOL, re.DOTALL).group(1)
    found = re.findall(r"kind: ([^;}]+)", body)
    return {kind for part in found for kind in re.findall(r'"(\w+)"', part)}


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
    assert set(widget.commands) == kinds(message)
    assert widget.asking <= set(widget.commands)


def test_commands_have_their_methods():
    widgets = [JobWidget(JOB), ResultsWidget(JOB)]
    for widget in widgets:
        assert all(callable(attrgetter(method)(widget)) for method in widget.commands.values())
        widget.close()


def test_errors_have_the_fields_of_the_protocol():
    assert set(error_info(ValueError("x"))) == interface("ErrorInfo")


def test_files_have_the_fields_of_the_protocol():
    asset = ResultAsset(JOB, "a", "http://127.0.0.1:1/a", {})
    assert set(asset_row(asset, "a")) == interface("AssetRow")
    assert set(new_row(asset)) == interface("Download")
    assert set(preview_of(asset, "a")) == interface("Preview")


def test_logs_have_the_fields_of_the_protocol():
    store = LogStore()
    store.append([held({"message": "m"})])
    (row,) = store.window(0, 1, "debug", "").rows
    assert set(no_logs()) == interface("LogSummary")
    assert set(row_of(row)) == interface("LogRow")
    assert set(details_of_entry(0, row.entry)) == interface("LogDetails")
