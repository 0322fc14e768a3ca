"""Steering a job from its card, against back-ends that can do little."""

import json

import pytest
from harness.widgets import ask, wait_until

from openeo_widgets import BackendError, JobWidget, NoAnswerError, connect
from openeo_widgets.api._capabilities import ask_capabilities, note_missing

SECRET = "s3cr3t"
NO_SUCH = (404, {"code": "NotFound", "message": "There is no such thing.", "id": "r-404"})


# What is offered


def test_only_what_the_back_end_lists_is_offered(scripted):
    endpoints = [
        {"path": "/jobs/{id}", "methods": ["GET", "DELETE"]},
        {"path": "/jobs/{id}/results", "methods": ["POST"]},
    ]
    links = [{"rel": "web-editor", "href": "https://editor.example/?token=s3cr3t"}]
    scripted.answers["GET /"] = (
        200,
        {"api_version": "1.3", "endpoints": endpoints, "links": links},
    )
    widget = JobWidget.from_id("j-1", connect(scripted.url))
    wait_until(widget, lambda w: "web_editor" in w.actions)
    assert set(widget.actions) == {"start", "refresh", "delete", "web_editor"}
    assert SECRET not in json.dumps(widget.get_state(), default=str)
    answer = ask(widget, "web_editor")
    assert answer["data"] == {"url": "https://editor.example/?token=s3cr3t"}
    widget.close()


@pytest.mark.parametrize(
    "document", [(500, {}), (200, b"<html>"), (200, []), (200, {"endpoints": 7})]
)
def test_everything_is_offered_where_the_back_end_says_nothing(scripted, document):
    connection = connect(scripted.url)
    scripted.answers["GET /"] = document
    widget = JobWidget.from_id("j-1", connection)
    wait_until(widget, lambda w: w.status == "created")
    assert {"start", "update", "duplicate", "delete", "preflight"} <= set(widget.actions)
    assert ask(widget, "web_editor")["ok"] is False
    widget.close()


def test_capabilities_are_asked_once_for_many_cards(described):
    connection = connect(described.url)
    asked_before = described.asked.count("GET /")
    widgets = [JobWidget.from_id("j-1", connection) for _ in range(5)]
    for widget in widgets:
        wait_until(widget, lambda w: w.status == "created")
        assert ask(widget, "draft", copy=True)["ok"]
    assert described.asked.count("GET /") == asked_before + 1
    for widget in widgets:
        widget.close()


# Editing


def test_editing_sends_what_differs_and_the_card_shows_it(described, shown):
    def change():
        described.job.update(described.sent["PATCH /jobs/j-1"])
        return 204, b""

    described.answers["PATCH /jobs/j-1"] = change
    assert ask(shown, "update", title="NDVI 2023", description="")["ok"]
    assert described.sent["PATCH /jobs/j-1"] == {"title": "NDVI 2023"}
    wait_until(shown, lambda w: w.title == "NDVI 2023")
    assert ask(shown, "update", title="NDVI 2023", description="")["ok"]
    assert described.asked.count("PATCH /jobs/j-1") == 1
    shown.update(budget=None)
    assert described.sent["PATCH /jobs/j-1"] == {"budget": None}


@pytest.mark.parametrize("status", [501, 405])
def test_an_edit_that_is_not_offered_is_told_and_no_longer_offered(described, shown, status):
    answer = {"code": "FeatureUnsupported", "message": "PATCH is not supported.", "id": "r-9"}
    described.answers["PATCH /jobs/j-1"] = (status, answer)
    assert "update" in shown.actions
    refused = ask(shown, "update", title="New", description="")
    assert refused["ok"] is False
    assert refused["error"]["message"] == "PATCH is not supported."
    wait_until(shown, lambda w: "update" not in w.actions)
    assert "delete" in shown.actions
    with pytest.raises(BackendError, match="not supported"):
        shown.update(title="New")


def test_what_is_learned_while_the_back_end_is_asked_is_kept(described):
    connection = connect(described.url)

    def learn():
        note_missing(connection, "PATCH", "/jobs/{job_id}")
        return 200, {"api_version": "1.2.0", "billing": {"currency": "EUR"}}

    described.answers["GET /"] = learn
    told = ask_capabilities(connection)
    assert told.currency == "EUR"
    assert not told.has("PATCH", "/jobs/{job_id}")


def test_a_locked_job_is_told_with_what_to_do(described, shown):
    described.answers["PATCH /jobs/j-1"] = (400, {"code": "JobLocked", "message": "It is queued."})
    error = ask(shown, "update", title="New", description="")["error"]
    assert error["code"] == "JobLocked"
    assert "Cancel the job" in error["hint"]
    assert "update" in shown.actions


def test_the_form_begins_with_what_nothing_was_taken_out_of(described, shown):
    text = "See https://a.example/x/1f2e3d4c5b6a?token=s3cr3t"
    described.job["description"] = text
    drafted = ask(shown, "draft", copy=False)["data"]
    assert (drafted["title"], drafted["description"]) == ("NDVI", text)
    assert ask(shown, "draft", copy=True)["data"]["title"] == "NDVI (copy)"


# Deleting


def test_a_deleted_job_is_calm_and_keeps_what_was_known(described, shown):
    def delete():
        described.answers["GET /jobs/j-1"] = NO_SUCH
        return 204, b""

    described.answers["DELETE /jobs/j-1"] = delete
    assert ask(shown, "preflight")["ok"]
    assert ask(shown, "delete")["ok"]
    wait_until(shown, lambda w: w.freshness["state"] == "deleted")
    assert (shown.title, shown.error, shown.pending) == ("NDVI", None, "")
    assert (shown.actions, shown.preflight) == ([], None)
    assert "deleted" in repr(shown)


def test_results_are_told_to_have_gone_with_their_job(described, shown):
    described.answers["GET /jobs/j-1"] = (200, {"id": "j-1", "status": "finished"})
    described.answers["GET /jobs/j-1/results"] = (200, {"type": "Feature", "assets": {}})
    shown.refresh()
    wait_until(shown, lambda w: w.results is not None)
    assert not shown.results.deleted
    described.answers["GET /jobs/j-1"] = NO_SUCH
    described.answers["DELETE /jobs/j-1"] = (204, b"")
    assert ask(shown, "delete")["ok"]
    wait_until(shown.results, lambda r: r.deleted)


def test_a_delete_that_is_not_offered_is_told_and_no_longer_offered(described, shown):
    described.answers["DELETE /jobs/j-1"] = (501, {"code": "FeatureUnsupported", "message": "No."})
    shown.delete()
    wait_until(shown, lambda w: w.error is not None and "delete" not in w.actions)
    assert shown.error["message"] == "No."


# Starting


def test_a_start_that_must_be_paid_for_is_told_with_what_to_do(described, shown):
    described.answers["POST /jobs/j-1/results"] = (
        402,
        {"code": "PaymentRequired", "message": "You have 2 credits left."},
    )
    shown.start()
    wait_until(shown, lambda w: w.error is not None)
    assert shown.error["message"] == "You have 2 credits left."
    assert "Add credits" in shown.error["hint"]


def test_a_start_says_which_files_it_discards(described, shown):
    described.job["status"] = "finished"
    shown.refresh()
    wait_until(shown, lambda w: "result file" in w.start_warning)
    assert shown.start_warning == "Starting again discards the result file of this job."


# What leads elsewhere


def test_the_python_that_shows_it_again_works_and_holds_no_secret(described, shown):
    described.answers["GET /credentials/basic"] = (200, {"access_token": "t0ken"})
    shown.job.connection.root_url = described.url.replace("//", "//me:s3cr3t@") + "?key=s3cr3t"
    code = ask(shown, "copy_python")["data"]["text"]
    shown.job.connection.root_url = described.url
    assert SECRET not in code
    made = {}
    exec(code.replace("JobWidget.from_id", "again = JobWidget.from_id"), made)  # noqa: S102
    assert made["again"].job_id == "j-1"
    made["again"].close()


@pytest.mark.parametrize(
    ("headers", "job_id"),
    [
        ({"Location": "/jobs/j-2/"}, "j-2"),
        ({"Location": "/jobs/j%202"}, "j 2"),
        ({"Location": "/jobs/"}, None),
        ({"Location": "https://h.example/openeo/jobs"}, None),
        ({"OpenEO-Identifier": " "}, None),
        ({}, None),
    ],
)
def test_the_id_of_a_new_job_is_told_or_it_is_not(described, shown, headers, job_id):
    described.answers["POST /jobs"] = (201, b"", headers)
    if job_id is None:
        with pytest.raises(NoAnswerError):
            shown.duplicate()
    else:
        assert shown.duplicate().job_id == job_id


# Where the back-end is down


@pytest.mark.parametrize(
    ("action", "done"), [("start", "started"), ("cancel", "canceled"), ("delete", "deleted")]
)
def test_what_reaches_nobody_is_told_without_method_and_path(described, shown, action, done):
    described.stop()
    assert ask(shown, action)["ok"]
    wait_until(shown, lambda w: w.error is not None)
    assert shown.error["message"] == (
        f"The back-end could not be reached (Connection refused), so the job was not {done}."
    )
    assert f"{action} it again" in shown.error["hint"]
    assert shown.pending == ""


def test_a_change_and_a_copy_that_reach_nobody_are_told_so(described, shown):
    described.stop()
    refused = ask(shown, "update", title="new", description="")
    assert refused["error"]["message"].endswith("so the job was not changed.")
    with pytest.raises(NoAnswerError, match="so the job was not changed"):
        shown.update(title="new")


def test_an_action_whose_answer_is_lost_is_in_doubt_and_then_cleared_up(described, shown):
    def lose():
        described.answers["GET /jobs/j-1"] = (200, ConnectionError())
        return 200, ConnectionError()

    described.job["status"] = "running"
    shown.refresh()
    wait_until(shown, lambda w: w.status == "running")
    described.answers["DELETE /jobs/j-1/results"] = lose
    shown.cancel()
    wait_until(shown, lambda w: "it is not known whether the job was canceled" in w.notice)
    assert (shown.pending, shown.error) == ("cancel", None)
    described.job["status"] = "canceled"
    described.answers["GET /jobs/j-1"] = lambda: (200, described.job)
    shown.refresh()
    wait_until(shown, lambda w: w.status == "canceled" and w.pending == "")
    assert shown.notice == "The answer to the cancel was lost, but it arrived."


def test_an_answer_of_a_proxy_is_in_doubt_too(described, shown):
    described.answers["PATCH /jobs/j-1"] = (502, b"<html>Bad gateway")
    refused = ask(shown, "update", title="new", description="")["error"]
    assert refused["message"] == (
        "The back-end could not be reached (HTTP status 502), so it is not known whether the job "
        "was changed."
    )
