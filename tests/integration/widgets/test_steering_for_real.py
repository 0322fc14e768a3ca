"""Steering over both connections, with a back-end that can do all."""

import copy

import openeo
import pytest
from harness.widgets import ask, wait_until

from openeo_widgets import JobWidget, connect
from openeo_widgets.backend import LocalBackend


def flown(widget):
    """Ask what a start would come to, and return what is told in the end."""
    assert ask(widget, "preflight")["ok"]
    wait_until(widget, lambda w: w.preflight and w.preflight["state"] == "ready")
    return widget.preflight


@pytest.fixture(scope="module")
def backend(tmp_path_factory):
    with LocalBackend(tmp_path_factory.mktemp("backend")) as local:
        yield local


def ours(url):
    return connect(url).authenticate_basic("demo", "demo")


def official(url):
    return openeo.connect(url).authenticate_basic("demo", "demo")


GRAPH = {
    "load1": {
        "process_id": "load_collection",
        "arguments": {
            "id": "SENTINEL2_SAMPLE",
            "spatial_extent": None,
            "temporal_extent": ["2022-06-01", "2022-06-20"],
            "bands": ["B04"],
        },
    },
    "save1": {
        "process_id": "save_result",
        "arguments": {"data": {"from_node": "load1"}, "format": "GTiff"},
        "result": True,
    },
}


@pytest.mark.parametrize("signed_in", [ours, official])
def test_the_whole_way_with_a_real_back_end(backend, signed_in):
    connection = signed_in(backend.url)
    widget = JobWidget(connection.create_job(GRAPH, title="First"))
    wait_until(widget, lambda w: w.status == "created")
    found = flown(widget)
    assert found["estimate"]["costs"] >= 1
    assert (found["currency"], found["plan"]) == ("credits", "free")
    assert found["credits"] > 0
    assert (found["checked"], found["problems"]) == (True, [])
    widget.update(title="Second", description="Text.")
    wait_until(widget, lambda w: w.title == "Second")
    made = widget.duplicate(budget=5)
    wait_until(made, lambda w: w.title == "Second (copy)")
    assert made.job.describe()["process"]["process_graph"] == GRAPH
    assert made.job.describe()["budget"] == 5
    made.delete()
    wait_until(made, lambda w: w.freshness["state"] == "deleted")
    widget.delete()
    wait_until(widget, lambda w: w.freshness["state"] == "deleted")
    widget.close()


def test_a_graph_that_cannot_work_is_told_before_the_start(backend):
    graph = copy.deepcopy(GRAPH)
    graph["load1"]["arguments"]["bands"] = ["B99"]
    widget = JobWidget(ours(backend.url).create_job(graph))
    wait_until(widget, lambda w: w.status == "created")
    (problem,) = flown(widget)["problems"]
    assert (problem["code"], problem["node"]) == ("BandNotFound", "load1")
    assert "(node" not in problem["message"]
    assert widget.preflight["estimate_note"] == "No estimate."
    corrected = widget.duplicate(process_graph=GRAPH)
    wait_until(corrected, lambda w: w.status == "created")
    assert flown(corrected)["problems"] == []
    # By the form, too: from the process that it begins with.
    drafted = ask(widget, "draft", copy=True)["data"]
    form = {name: drafted[name] for name in ("title", "description", "plan", "budget", "options")}
    process = drafted["process"].replace("B99", "B04")
    assert ask(widget, "duplicate", **form, process=process)["ok"]
    wait_until(widget.copies[-1], lambda w: w.status == "created")
    assert flown(widget.copies[-1])["problems"] == []
    widget.close()
