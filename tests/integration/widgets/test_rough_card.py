"""A card among back-ends that hang, and after its end."""

import copy
import logging
import threading
from functools import partial
from urllib.parse import quote

import pytest
from harness import ITEM

from openeo_widgets import JobWidget, connect
from openeo_widgets.widgets import _job_preflight, _job_steering
from openeo_widgets.widgets._base import ASIDE, COMMANDS

LONG_S = 20
HANGING = 4


@pytest.fixture
def hang(described):
    """Lets the back-end hang when its job is asked for; set it to let go."""
    go_on = threading.Event()

    def answer():
        go_on.wait(2 * LONG_S)  # longer than anybody waits for an answer
        return 200, described.job

    yield lambda: described.answers.update({"GET /jobs/j-1": answer}) or go_on
    go_on.set()


def send(widget, kind, number="1", **fields):
    widget._receive(widget, {"id": number, "kind": kind, **fields}, [])


def all_is_done(widget):
    """Wait until the commands before have been carried out: two of a back-end at a time are."""
    for workers in (COMMANDS, ASIDE):
        together = threading.Barrier(3 if workers is COMMANDS else 2)
        for _ in range(together.parties - 1):
            workers.submit(partial(together.wait, LONG_S), lane=widget.backend)
        together.wait(LONG_S)


def test_a_back_end_that_hangs_holds_up_no_other(shown, hang, another_scripted, answered, until):
    go_on = hang()
    for number in range(HANGING):
        send(shown, "graph", f"g{number}")
    # Both are on this computer; a lane is that of a host.
    other = JobWidget.from_id(
        "j-1", connect(another_scripted.url.replace("127.0.0.1", "localhost"))
    )
    until(other, lambda w: w.status)
    assert not answered(other, "graph")["ok"]  # it tells of no process, at once
    assert answered(shown, "logs_save", form="txt", level="", search="")["ok"]
    assert not go_on.is_set()
    other.close()


def test_after_the_closing_nothing_that_waited_is_carried_out(shown, hang, described):
    go_on = hang()
    described.answers["PATCH /jobs/j-1"] = (204, b"")
    for number in range(HANGING):
        send(shown, "graph", f"g{number}")
    send(shown, "update", "u", title="late", description="")
    send(shown, "duplicate", "d", title="t", description="", plan="", budget=None, options="")
    shown.close()
    go_on.set()
    all_is_done(shown)
    assert not {"PATCH /jobs/j-1", "POST /jobs"} & set(described.asked)


def test_after_the_closing_no_message_is_heard(shown, described):
    all_is_done(shown)
    shown.close()
    before = list(described.asked)
    send(shown, "logs_open", wanted=True)
    send(shown, "preflight")
    send(shown, "start")
    shown._log_panel.open(wanted=True)
    all_is_done(shown)
    assert described.asked == before
    assert shown._log_panel._follower.known.state == "idle"


def test_results_of_more_bytes_than_there_are_take_nothing_else_along(described, until):
    item = copy.deepcopy(ITEM)
    item["assets"] = {f"a{n}": {"href": f"/{n}", "file:size": 10**308} for n in range(3)}
    described.answers["GET /jobs/j-1/results"] = (200, item)
    described.job |= {"status": "finished", "title": "old"}
    widget = JobWidget.from_id("j-1", connect(described.url))
    until(widget, lambda w: w.results and w.results.state == "ready")
    described.job |= {"title": "new"}
    widget.refresh()
    until(widget, lambda w: w.title == "new")
    assert "3 result files" in widget.start_warning
    widget.close()


def test_a_part_that_fails_takes_no_other_along(shown, described, until, monkeypatch):
    def fail(*_):
        raise OverflowError

    monkeypatch.setattr(_job_steering, "start_warning", fail)
    described.job |= {"title": "new", "description": "d"}
    shown.refresh()
    until(shown, lambda w: w.title == "new" and w.details["description"] == "d")


def test_what_was_asked_before_a_start_does_not_count_for_the_next(shown, described, until):
    asked, go_on = threading.Event(), threading.Event()
    answers = iter(["OLD", ""])

    def check():
        code = next(answers)
        if code:
            asked.set()
            go_on.wait(LONG_S)
        return 200, {"errors": [{"code": code, "message": code}] if code else []}

    described.answers["POST /validation"] = check
    described.answers["GET /me"] = (200, {})
    said = []
    shown.observe(lambda change: said.append(change.new), "preflight")
    send(shown, "preflight")
    assert asked.wait(LONG_S)
    described.job |= {"status": "running"}
    shown.refresh()
    until(shown, lambda w: w.status == "running")
    described.job |= {"status": "created"}
    shown.refresh()
    until(shown, lambda w: w.status == "created")
    send(shown, "preflight")
    go_on.set()
    until(shown, lambda w: w.preflight and w.preflight["state"] == "ready")
    assert not [told for told in said if told and told["problems"]]


def test_what_failed_before_a_start_is_logged_without_secrets(caplog):
    def fail():
        raise RuntimeError("GET https://h.example/me?access_token=S3cr3tTok3n99 failed")

    with caplog.at_level(logging.DEBUG, "openeo_widgets"):
        assert _job_preflight._settled("nothing", fail) == "nothing"
    assert "RuntimeError" in caplog.text
    assert "S3cr3tTok3n99" not in caplog.text


def test_a_card_asks_for_nothing_but_its_job(scripted, until, answered):
    odd = "a/b?x=1#y&%2e ü"
    below = f"/jobs/{quote(odd, safe='')}"
    scripted.answers[f"GET {below}"] = (200, {**scripted.job, "id": odd, "status": "finished"})
    scripted.answers[f"GET {below}/results"] = (200, ITEM)
    for action in ("POST", "DELETE"):
        scripted.answers[f"{action} {below}/results"] = (202, b"")
    widget = JobWidget.from_id(odd, connect(scripted.url))
    until(widget, lambda w: w.results and w.results.state == "ready")
    answered(widget, "logs_open", wanted=True)
    until(widget, lambda w: w.log_summary["state"] in {"ready", "error"})
    answered(widget, "draft", copy=True)
    answered(widget, "update", title="t", description="d")
    for kind in ("start", "delete"):
        answered(widget, kind)
        until(widget, lambda w: not w.pending)
    widget.close()
    asked = {line.split(" ", 1)[1] for line in scripted.asked}
    theirs = {path for path in asked if path == below or path.startswith(f"{below}/")}
    assert theirs == {below, *(f"{below}/{part}" for part in ("results", "logs"))}
    assert asked - theirs <= {"/", "/.well-known/openeo", "/jobs"}
