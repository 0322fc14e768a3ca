"""Both widgets without a browser, against a real server on loopback."""

import asyncio
import json
import queue
import threading
import time
from itertools import pairwise

import pytest
from harness import ITEM
from harness.widgets import wait_until

from openeo_widgets import JobFailedError, JobWidget, ResultsWidget, connect

LONG_S = 20
SECRET = "s3cr3t"


@pytest.fixture
def job(scripted):
    return connect(scripted.url).job("j-1")


@pytest.fixture
def shown(job):
    widget = JobWidget(job)
    yield widget
    widget.close()


@pytest.fixture
def results(job):
    widget = ResultsWidget(job)
    yield widget
    widget.close()


def unfinished(scripted):
    """Let the back-end answer as it does while there are no results."""
    answer = {"code": "JobNotFinished", "message": "Not computed yet.", "id": "r-8"}
    scripted.answers["GET /jobs/j-1/results"] = (400, answer)


def test_results_of_an_unfinished_job_come_by_themselves(scripted, job):
    unfinished(scripted)
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.state == "waiting")
    assert widget.error["message"] == "Not computed yet."
    scripted.answers["GET /jobs/j-1/results"] = (200, ITEM)
    scripted.job["status"] = "finished"
    wait_until(widget, ready)
    assert widget.error is None
    widget.close()


def test_a_footprint_that_cannot_be_drawn_is_an_error_not_an_endless_wait(job, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("no map")

    monkeypatch.setattr("openeo_widgets.widgets._map.ResultsMap.draw", fail)
    widget = ResultsWidget(job)
    wait_until(widget, lambda w: w.state == "error")
    assert "no map" in widget.error["message"]
    widget.close()


def test_a_start_that_reaches_nobody_is_told_at_once(scripted, shown):
    wait_until(shown, lambda w: w.status == "created")
    scripted.stop()
    shown.start()
    wait_until(shown, lambda w: w.error is not None)
    assert "onnection refused" in shown.error["message"]
    assert "may have been carried out" not in shown.error["hint"]
    assert shown.pending == ""


def test_an_observer_that_fails_keeps_nothing_else_from_being_shown(scripted, shown, caplog):
    def fail(_change):
        raise RuntimeError("on purpose")

    wait_until(shown, lambda w: w.status == "created")
    shown.observe(fail, "status")
    scripted.job["status"] = "finished"
    shown.refresh()
    wait_until(shown, lambda w: w.results is not None)
    assert shown.freshness["state"] == "resting"
    assert "on purpose" in caplog.text


def test_an_observer_may_press_a_button(scripted, shown):
    wait_until(shown, lambda w: w.status == "created")
    shown.observe(lambda change: change.new and shown.start(), "pending")
    shown.start()
    wait_until(shown, lambda w: w.status == "running" and not w.pending)
    assert scripted.asked.count("POST /jobs/j-1/results") == 1


def test_a_widget_closed_while_its_results_are_made_leaves_none_open(scripted, job, monkeypatch):
    scripted.job["status"] = "finished"
    made, outer_closed, released = threading.Event(), threading.Event(), threading.Event()

    class Late(ResultsWidget):
        def __init__(self, results):
            super().__init__(results)
            made.set()
            assert outer_closed.wait(LONG_S)

        def _release(self):
            super()._release()
            released.set()

    monkeypatch.setattr("openeo_widgets.widgets._job.ResultsWidget", Late)
    widget = JobWidget(job)
    assert made.wait(LONG_S)
    widget.close()
    outer_closed.set()
    assert released.wait(LONG_S)


def ready(widget):
    return widget.state == "ready"


def test_nothing_is_started_by_itself(scripted, shown):
    wait_until(shown, lambda w: w.status == "created")
    assert "start" in shown.actions
    assert "cancel" not in shown.actions
    assert not any(asked.startswith("POST") for asked in scripted.asked)


def test_start_cancel_and_what_can_be_done_when(shown):
    wait_until(shown, lambda w: w.status == "created")
    shown.start()
    wait_until(shown, lambda w: w.status == "running" and not w.pending)
    assert "cancel" in shown.actions
    assert not {"start", "update", "preflight"} & set(shown.actions)
    shown.cancel()
    wait_until(shown, lambda w: w.status == "canceled" and not w.pending)
    assert "start" in shown.actions
    assert "discards" in shown.start_warning


def test_pressed_twice_is_asked_once(scripted, shown):
    wait_until(shown, lambda w: w.status == "created")
    shown.start()
    shown.start()
    wait_until(shown, lambda w: w.status == "running")
    assert scripted.asked.count("POST /jobs/j-1/results") == 1


def test_a_start_that_is_accepted_and_does_nothing_is_told(scripted, shown):
    scripted.job["status"] = "error"
    shown.refresh()
    wait_until(shown, lambda w: w.status == "error")
    scripted.answers["POST /jobs/j-1/results"] = (202, b"")
    shown.start()
    wait_until(shown, lambda w: bool(w.notice))
    assert "still error" in shown.notice
    assert shown.pending == ""


def test_a_refused_action_is_an_error_with_code_and_reference(scripted, shown):
    wait_until(shown, lambda w: w.status == "created")
    answer = {"code": "PaymentRequired", "message": "No credits.", "id": "r-7"}
    scripted.answers["POST /jobs/j-1/results"] = (402, answer)
    shown.start()
    wait_until(shown, lambda w: w.error is not None)
    assert shown.error["message"] == "No credits."
    assert (shown.error["code"], shown.error["id"]) == ("PaymentRequired", "r-7")
    assert shown.pending == ""


def test_results_appear_when_the_job_has_finished_and_go_when_it_starts_again(scripted, shown):
    wait_until(shown, lambda w: w.status == "created")
    scripted.job["status"] = "finished"
    shown.refresh()
    wait_until(shown, lambda w: w.results is not None)
    first = shown.results
    wait_until(first, ready)
    shown.start()
    wait_until(shown, lambda w: w.results is None)
    assert first.comm is None


def test_a_closed_widget_changes_no_more(scripted, job):
    widget = JobWidget(job)
    wait_until(widget, lambda w: w.status == "created")
    widget.close()
    widget.close()
    widget.publish(status="running")
    assert widget.status == "created"


def test_a_widget_can_be_waited_for(scripted, shown):
    scripted.job["status"] = "finished"
    assert asyncio.run(shown.finished()) is shown.job
    scripted.job["status"] = "error"
    # The end that the widget knows is not taken for that of this wait.
    with pytest.raises(JobFailedError):
        asyncio.run(shown.finished())
    told = queue.Queue()
    shown.on_change(told.put)
    assert told.get(timeout=LONG_S).status == "error"


def test_a_job_that_runs_too_long_is_canceled_and_that_is_told(scripted, job):
    scripted.job["status"] = "running"
    widget = JobWidget(job, max_runtime=0.1)
    wait_until(widget, lambda w: w.status == "canceled")
    assert "max_runtime" in widget.notice
    widget.close()


def test_messages_are_always_answered(shown):
    answers = []
    shown.send = answers.append
    for content in (
        {"id": "1", "kind": "refresh"},
        {"id": "2", "kind": "no such thing"},
        {"id": "3", "kind": "__init__"},
        {"id": "4", "kind": "start", "unknown": 1},
        {"id": "5"},
        {"kind": "refresh"},
        "text",
        None,
    ):
        shown._receive(shown, content, [])
    assert [(a["id"], a["ok"]) for a in answers] == [
        ("1", True),
        ("2", False),
        ("3", False),
        ("4", False),
        ("5", False),
    ]


def test_unknown_arguments_are_refused(job):
    with pytest.raises(TypeError):
        JobWidget(job, colour="red")
    with pytest.raises(TypeError, match="from_id"):
        JobWidget("j-1")


def test_a_download_is_the_file_and_leaves_nothing_else(results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wait_until(results, ready)
    results.download("series.json")
    wait_until(results, lambda w: w.downloads["series.json"]["state"] == "done")
    path = tmp_path / "results" / "j-1" / "series.json"
    assert json.loads(path.read_text()) == {"2022-01-01": [1.5], "2022-02-01": [2.5]}
    assert list(path.parent.iterdir()) == [path]
    assert results.downloads["series.json"]["path"] == "./results/j-1/series.json"


def test_a_failed_download_says_why_and_leaves_nothing(scripted, results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wait_until(results, ready)
    scripted.answers["GET /files/series.json"] = (500, b"")
    results.download_all()
    wait_until(results, lambda w: w.downloads["series.json"]["state"] == "failed")
    assert "500" in results.downloads["series.json"]["error"]["message"]
    assert list((tmp_path / "results" / "j-1").iterdir()) == []


def test_a_preview_of_a_time_series_has_its_numbers(results):
    wait_until(results, ready)
    results.open_preview("series.json")
    wait_until(results, lambda w: w.preview["state"] == "ready")
    (line,) = results.preview["series"]
    assert line["y"] == [1.5, 2.5]
    results.close_preview()
    assert results.preview is None


def test_what_was_asked_for_is_shown_where_results_do_not_say_where_they_lie(scripted, job):
    extent = {"west": 1, "south": 2, "east": 3, "north": 4}
    node = {"process_id": "load_collection", "arguments": {"spatial_extent": extent}}
    scripted.job["process"] = {"process_graph": {"load": node}}
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "bbox": [-180, -90, 180, 90]})
    widget = ResultsWidget(job)
    wait_until(widget, ready)
    assert widget.bbox == [1, 2, 3, 4]
    assert "asked for" in widget.footprint_note
    widget.close()


def test_no_link_is_in_any_trait_text_or_html(scripted, results):
    wait_until(results, ready)
    results.open_preview("series.json")
    wait_until(results, lambda w: w.preview["state"] == "ready")
    results.download("series.json")
    wait_until(results, lambda w: w.downloads["series.json"]["state"] in {"done", "failed"})
    state = {name: value for name, value in results.get_state().items() if name != "_esm"}
    for text in (str(state), repr(results), str(results._repr_mimebundle_())):
        assert SECRET not in text


def test_the_browser_is_told_at_most_twenty_times_a_second_and_the_last_state_always(shown):
    """A thousand changes in one go are two messages, and the second holds the last."""
    wait_until(shown, lambda w: w.status == "created")
    sent, last = [], threading.Event()

    def keep(message, buffers=None):
        sent.append((time.monotonic(), message["state"]))
        if message["state"].get("progress") == 999:
            last.set()

    shown._send = keep
    for progress in range(1000):
        shown.publish(progress=progress)
    assert shown.progress == 999
    assert last.wait(LONG_S)
    times = [at for at, _ in sent]
    assert all(later - earlier >= 0.049 for earlier, later in pairwise(times))
    assert sent[-1][1] == {"progress": 999.0}
