"""What is said before a start, by back-ends that can tell little, or nothing that makes sense."""

import json
import threading

import pytest
from harness.widgets import LONG_S, ask, wait_until

from openeo_widgets import JobWidget, connect
from openeo_widgets.widgets._base import ASIDE

WRONG = [None, True, -1, 1e300, "x", [], {}, [None], [{}], {"a": [1]}, "\ud800"]
NO_SUCH = (404, {"code": "NotFound", "message": "There is no such thing.", "id": "r-404"})


def flown(widget):
    """Ask what a start would come to, and return what is told in the end."""
    assert ask(widget, "preflight")["ok"]
    wait_until(widget, lambda w: w.preflight and w.preflight["state"] == "ready")
    return widget.preflight


def test_a_back_end_that_can_tell_nothing_is_no_error(described, shown):
    found = flown(shown)
    assert found["estimate"] is None
    assert found["estimate_note"] == "No estimate: this back-end does not make any."
    assert (found["checked"], found["problems"], found["credits"]) == (False, [], None)
    assert shown.error is None


def test_each_part_is_told_though_the_others_fail(described, shown):
    described.answers["GET /jobs/j-1/estimate"] = (
        500,
        {"code": "EstimateComplexity", "message": "Too complex to tell."},
    )
    described.answers["GET /me"] = (200, b"<html>")
    described.answers["POST /validation"] = (
        200,
        {"errors": [{"code": "E", "message": "No band in 'load1'."}]},
    )
    found = flown(shown)
    assert found["estimate_note"] == "No estimate: Too complex to tell."
    assert found["problems"] == [{"code": "E", "message": "No band in 'load1'.", "node": "load1"}]
    assert described.sent["POST /validation"] == described.job["process"]
    described.answers["GET /jobs/j-1/estimate"] = (200, {"duration": "PT4M", "costs": 12})
    described.answers["GET /me"] = (200, {"budget": 380, "default_plan": "pro"})
    described.answers["POST /validation"] = (200, ConnectionError())
    found = flown(shown)
    assert (found["checked"], found["problems"]) == (False, [])
    assert (found["plan"], found["credits"]) == ("pro", 380)
    assert found["estimate"] == {
        "costs": 12,
        "duration_s": 240,
        "size": None,
        "downloads_included": None,
        "expires": "",
    }


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_shapes_are_not_told(described, wrong):
    described.answers["GET /"] = (
        200,
        {"api_version": "1.2.0", "endpoints": wrong, "billing": wrong, "links": wrong},
    )
    described.answers["GET /me"] = (
        200,
        {"budget": wrong, "default_plan": wrong, "storage": wrong},
    )
    described.answers["POST /validation"] = (200, {"errors": wrong})
    described.answers["GET /jobs/j-1/estimate"] = (
        200,
        {"costs": wrong, "duration": wrong, "size": wrong, "expires": wrong},
    )
    described.job |= {"plan": wrong, "budget": wrong, "description": wrong, "links": wrong}
    widget = JobWidget.from_id("j-1", connect(described.url))
    wait_until(widget, lambda w: w.status == "created")
    found = flown(widget)
    json.dumps(found, allow_nan=False).encode()
    assert ask(widget, "draft", copy=True)["ok"]
    assert ask(widget, "open_link", index=0)["ok"] is False
    assert ask(widget, "update", title="NDVI", description="")["ok"] in {True, False}
    widget.close()


def test_a_back_end_that_hangs_keeps_nobody_from_starting(described, shown):
    asked, go_on = threading.Event(), threading.Event()

    def hang():
        asked.set()
        go_on.wait(LONG_S)
        return NO_SUCH

    described.answers["GET /jobs/j-1/estimate"] = hang
    described.answers["GET /me"] = (200, {"budget": 380})
    assert ask(shown, "preflight")["ok"]
    assert asked.wait(LONG_S)
    assert (shown.preflight["state"], shown.preflight["credits"]) == ("loading", 380)
    assert ask(shown, "preflight")["ok"]
    shown.start()
    wait_until(shown, lambda w: w.status == "running")
    go_on.set()
    assert described.asked.count("GET /jobs/j-1/estimate") == 1
    assert shown.preflight is None


@pytest.mark.parametrize("ended", ["closed", "started"])
def test_who_wants_to_know_no_more_is_not_asked_for(described, shown, ended):
    asked, go_on, flown_through = (threading.Event() for _ in range(3))

    def slow():
        asked.set()
        go_on.wait(LONG_S)
        return 200, {"budget": 380}

    described.answers["GET /me"] = slow
    assert ask(shown, "preflight")["ok"]
    assert asked.wait(LONG_S)
    if ended == "closed":
        shown.close()
    else:
        shown.start()
        wait_until(shown, lambda w: w.status == "running")
    go_on.set()
    ASIDE.submit(flown_through.set, lane=shown.backend)  # its turn comes after that
    assert flown_through.wait(LONG_S)
    assert "POST /validation" not in described.asked
    assert "GET /jobs/j-1/estimate" not in described.asked


def test_a_start_ends_what_is_said_before_it(described, shown):
    flown(shown)
    shown.start()
    wait_until(shown, lambda w: w.status == "running")
    assert shown.preflight is None
