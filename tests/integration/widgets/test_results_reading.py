"""How a `ResultsWidget` comes by what it shows: partial results, Items below them, the graph."""

from __future__ import annotations

import threading

import pytest
from harness import ITEM
from harness.widgets import wait_until

from openeo_widgets import ResultsWidget, connect

UNFINISHED = (400, {"code": "JobNotFinished", "message": "Not computed yet.", "id": "r-8"})
GRAPH = {"load": {"process_id": "load_collection", "arguments": {"id": "S2", "bands": ["B04"]}}}


@pytest.fixture
def job(scripted):
    return connect(scripted.url).job("j-1")


def settled(widget):
    """Wait until what takes longer has been read too."""
    with widget._loading._one_at_a_time:
        return widget


def test_what_there_is_so_far_and_then_the_rest(scripted, job):
    asked = []

    def results():
        asked.append(scripted.job["status"])
        return UNFINISHED if len(asked) == 1 else (200, partial_or_whole())

    def partial_or_whole():
        running = scripted.job["status"] == "running"
        return {**ITEM, "openeo:status": "running" if running else "finished"}

    scripted.job["status"] = "running"
    scripted.answers["GET /jobs/j-1/results"] = results
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.state == "waiting")
    widget.refresh(partial=True)
    wait_until(widget, lambda w: w.state == "ready")
    assert widget.partial
    scripted.job["status"] = "finished"
    wait_until(widget, lambda w: not w.partial)  # by itself
    widget.close()


def test_partial_results_asked_for_from_the_start_become_whole_too(scripted, job):
    scripted.job["status"] = "running"
    scripted.answers["GET /jobs/j-1/results"] = lambda: (
        200,
        {**ITEM, "openeo:status": scripted.job["status"]},
    )
    widget = ResultsWidget(job.get_results(partial=True))
    wait_until(widget, lambda w: w.state == "ready")
    assert widget.partial
    scripted.job["status"] = "finished"
    wait_until(widget, lambda w: not w.partial)
    widget.close()


def test_partial_results_of_a_failed_job_are_all_there_will_be(scripted, job):
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "openeo:status": "error"})
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.state == "ready")
    assert widget.partial
    assert settled(widget)._loading._awaited is None
    widget.close()


def test_a_failed_job_is_not_waited_for(scripted, job):
    scripted.job["status"] = "error"
    scripted.answers["GET /jobs/j-1/results"] = UNFINISHED
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.state == "error")
    assert widget.error["code"] == "JobNotFinished"
    assert "'error'" in widget.error["hint"]
    widget.close()


def test_items_are_read_after_the_first_paint_and_this_can_be_stopped(scripted, job, answered):
    asked, go_on = threading.Event(), threading.Event()

    def item(number):
        def answer():
            asked.set()
            assert go_on.wait(20)
            return 200, {**ITEM, "id": f"i{number}", "bbox": [1, 2, 3, 4]}

        return answer

    for number in range(30):
        scripted.answers[f"GET /i/{number}.json"] = item(number)
    links = [{"rel": "item", "href": f"/i/{number}.json"} for number in range(30)]
    scripted.answers["GET /jobs/j-1/results"] = (
        200,
        {**ITEM, "type": "Collection", "links": links},
    )
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.state == "ready")
    assert asked.wait(20)
    assert widget.bbox is None
    assert answered(widget, "stop_reading")["ok"]
    go_on.set()
    wait_until(widget, lambda w: w.bbox is not None)
    settled(widget)
    assert widget.reading is None
    assert "canceled" in widget.notes[-1]
    assert len([one for one in scripted.asked if "/i/" in one]) < 30
    widget.close()


def test_a_closed_widget_reads_no_further(scripted, job):
    asked, go_on = threading.Event(), threading.Event()

    def answer():
        asked.set()
        assert go_on.wait(20)
        return 200, ITEM

    for number in range(30):
        scripted.answers[f"GET /i/{number}.json"] = answer
    links = [{"rel": "item", "href": f"/i/{number}.json"} for number in range(30)]
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "links": links})
    widget = ResultsWidget(job)
    assert asked.wait(20)
    widget.close()
    go_on.set()
    settled(widget)
    assert len([one for one in scripted.asked if "/i/" in one]) < 30


def test_files_that_only_items_have_come_into_the_list(scripted, job):
    below = {**ITEM, "id": "below", "assets": {"b.tif": {"href": "/f/b.tif"}}}
    scripted.answers["GET /i/1.json"] = (200, below)
    links = [{"rel": "item", "href": "/i/1.json?sig=s3cr3t"}]
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "links": links})
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: len(w.assets) == 2)
    assert [row["key"] for row in widget.assets] == ["series.json", "below_b.tif"]
    widget.select("below_b.tif")
    assert widget.selected == "below_b.tif"
    widget.close()


def test_without_a_description_of_the_job_there_is_nothing_to_compare(scripted, job):
    scripted.answers["GET /jobs/j-1"] = (500, {"code": "Internal", "message": "No.", "id": "1"})
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.state == "ready")
    assert settled(widget).comparison == []
    widget.close()


def test_what_was_asked_for_is_beside_what_came(scripted, job):
    scripted.job["process"] = {"process_graph": GRAPH}
    assets = {"a": {"href": "/f/a.tif", "bands": [{"name": "B08"}]}}
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.comparison)
    (bands,) = (row for row in widget.comparison if row["what"] == "Bands")
    assert (bands["asked"], bands["delivered"], bands["differs"]) == ("B04", "B08", True)
    widget.close()


def test_a_fault_of_ours_in_what_comes_later_leaves_what_is_shown(job, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("a fault")

    monkeypatch.setattr("openeo_widgets.widgets._results_reading.compared", fail)
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.notes)
    assert widget.state == "ready"
    assert "a fault" in widget.notes[0]
    widget.close()
