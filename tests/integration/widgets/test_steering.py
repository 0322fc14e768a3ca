"""Steering a job from its card: against back-ends that can do little, and one that can do all."""

import json
import queue
import threading

import openeo
import pytest

from openeo_widgets import BackendError, JobWidget, NoAnswerError, connect
from openeo_widgets.backend import LocalBackend

LONG_S = 30
SECRET = "s3cr3t"
PROCESS = {
    "process_graph": {
        "load1": {"process_id": "load_collection", "arguments": {"id": "X"}, "result": True}
    }
}
CREATED = {"id": "j-1", "status": "created", "created": "2026-01-01T10:00:00Z", "title": "NDVI"}
WRONG = [None, True, -1, 1e300, "x", [], {}, [None], [{}], {"a": [1]}, "\ud800"]
NO_SUCH = (404, {"code": "NotFound", "message": "There is no such thing.", "id": "r-404"})


def wait_until(widget, wanted):
    """Wait for a change of traits after which the widget is as wanted."""
    reached = threading.Event()

    def look(_change=None):
        if wanted(widget):
            reached.set()

    widget.observe(look)
    look()
    assert reached.wait(LONG_S), (repr(widget), widget.actions, widget.preflight, widget.error)
    widget.unobserve(look)


def ask(widget, kind, **fields):
    """Send a message as the browser does, and return its answer."""
    answers = queue.Queue()
    send = widget.send

    def hear(content, buffers=None):
        if content.get("id") == "m-1":
            answers.put(content)
        send(content, buffers)

    widget.send = hear
    widget._receive(widget, {"id": "m-1", "kind": kind, **fields}, [])
    answer = answers.get(timeout=LONG_S)
    widget.send = send
    return answer


@pytest.fixture
def described(scripted):
    """A back-end whose job is described with a process."""
    scripted.job = {**CREATED, "process": PROCESS}
    return scripted


@pytest.fixture
def shown(described):
    widget = JobWidget.from_id("j-1", connect(described.url))
    wait_until(widget, lambda w: w.status == "created")
    yield widget
    widget.close()


def flown(widget):
    """Ask what a start would come to, and return what is told in the end."""
    assert ask(widget, "preflight")["ok"]
    wait_until(widget, lambda w: w.preflight and w.preflight["state"] == "ready")
    return widget.preflight


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
        flown(widget)
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


# Copies


def accepts_copies(scripted):
    def create():
        scripted.answers["GET /jobs/j-2"] = (
            200,
            {**CREATED, **scripted.sent["POST /jobs"], "id": "j-2"},
        )
        return 201, b"", {"OpenEO-Identifier": "j-2", "Location": f"{scripted.url}/jobs/j-2"}

    scripted.answers["POST /jobs"] = create


def test_a_copy_is_made_of_the_form_and_shown_below(described, shown):
    accepts_copies(described)
    described.job |= {"log_level": "debug", "job_options": {"a": 1}, "costs": 5, "budget": 7}
    drafted = ask(shown, "draft", copy=True)["data"]
    assert json.loads(drafted["options"]) == {"log_level": "debug", "job_options": {"a": 1}}
    assert drafted["budget"] == 7
    form = {name: drafted[name] for name in ("title", "description", "plan", "budget")}
    form |= {"options": '{"job_options": {"a": 2}}', "budget": None}
    assert ask(shown, "duplicate", **form)["ok"]
    assert described.sent["POST /jobs"] == {
        "process": PROCESS,
        "title": "NDVI (copy)",
        "job_options": {"a": 2},
    }
    (copy,) = shown.copies
    wait_until(copy, lambda w: w.title == "NDVI (copy)")
    assert copy.job_id == "j-2"
    assert not any(asked.startswith("POST /jobs/") for asked in described.asked)
    shown.close()
    assert copy.comm is None


@pytest.mark.parametrize(("options", "said"), [("{,}", "no JSON"), ("[1]", "JSON object")])
def test_options_that_are_no_object_make_no_copy(described, shown, options, said):
    form = {"title": "", "description": "", "plan": "", "budget": None}
    refused = ask(shown, "duplicate", **form, options=options)
    assert said in refused["error"]["message"]
    assert "Error:" not in refused["error"]["message"]
    assert "POST /jobs" not in described.asked


def test_a_copy_that_is_refused_is_told(described, shown):
    answer = {"code": "BudgetInvalid", "message": "The budget is too small.", "id": "r-5"}
    described.answers["POST /jobs"] = (400, answer)
    with pytest.raises(BackendError, match="too small"):
        shown.duplicate(budget=0)
    assert described.sent["POST /jobs"]["budget"] == 0
    assert shown.copies == ()


def test_a_job_without_its_process_makes_no_copy(described, shown):
    described.job.pop("process")
    with pytest.raises(NoAnswerError, match="without its process"):
        shown.duplicate()


# Deleting


def test_a_deleted_job_is_calm_and_keeps_what_was_known(described, shown):
    def delete():
        described.answers["GET /jobs/j-1"] = NO_SUCH
        return 204, b""

    described.answers["DELETE /jobs/j-1"] = delete
    flown(shown)
    assert ask(shown, "delete")["ok"]
    wait_until(shown, lambda w: w.freshness["state"] == "deleted")
    assert (shown.title, shown.error, shown.pending) == ("NDVI", None, "")
    assert (shown.actions, shown.preflight) == ([], None)
    assert "deleted" in repr(shown)


def test_a_delete_that_is_not_offered_is_told_and_no_longer_offered(described, shown):
    described.answers["DELETE /jobs/j-1"] = (501, {"code": "FeatureUnsupported", "message": "No."})
    shown.delete()
    wait_until(shown, lambda w: w.error is not None and "delete" not in w.actions)
    assert shown.error["message"] == "No."


# Before a start


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
    assert described.sent["POST /validation"] == PROCESS
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


def test_a_start_ends_what_is_said_before_it(described, shown):
    flown(shown)
    shown.start()
    wait_until(shown, lambda w: w.status == "running")
    assert shown.preflight is None


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


def test_links_are_opened_by_their_number_and_only_web_addresses(described, shown):
    described.job["links"] = [
        7,
        {"rel": "about", "href": "https://a.example/?sig=s3cr3t"},
        {"rel": "x", "href": "javascript:alert(1)"},
        {"rel": "y", "href": "rel/path"},
    ]
    shown.refresh()
    wait_until(shown, lambda w: w._steering._state.described.get("links"))
    assert ask(shown, "open_link", index=0)["data"] == {"url": "https://a.example/?sig=s3cr3t"}
    assert "no web address" in ask(shown, "open_link", index=1)["error"]["message"]
    assert ask(shown, "open_link", index=2)["data"] == {"url": f"{described.url}/rel/path"}
    for index in (3, -1, "x", None):
        assert "no such link" in ask(shown, "open_link", index=index)["error"]["message"]
    assert SECRET not in json.dumps(shown.get_state(), default=str)


def test_the_python_that_shows_it_again_works_and_holds_no_secret(described, shown):
    shown.job.connection.root_url = described.url.replace("//", "//me:s3cr3t@") + "?key=s3cr3t"
    code = ask(shown, "copy_python")["data"]["text"]
    shown.job.connection.root_url = described.url
    assert SECRET not in code
    made = {}
    exec(code.replace("JobWidget.from_id", "again = JobWidget.from_id"), made)  # noqa: S102
    assert made["again"].job_id == "j-1"
    made["again"].close()


# With a back-end that can do all, over both connections


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
    copy = widget.duplicate(budget=5)
    wait_until(copy, lambda w: w.title == "Second (copy)")
    assert copy.job.describe()["process"]["process_graph"] == GRAPH
    assert copy.job.describe()["budget"] == 5
    copy.delete()
    wait_until(copy, lambda w: w.freshness["state"] == "deleted")
    widget.delete()
    wait_until(widget, lambda w: w.freshness["state"] == "deleted")
    widget.close()


def test_a_graph_that_cannot_work_is_told_before_the_start(backend):
    graph = json.loads(json.dumps(GRAPH))
    graph["load1"]["arguments"]["bands"] = ["B99"]
    widget = JobWidget(ours(backend.url).create_job(graph))
    wait_until(widget, lambda w: w.status == "created")
    (problem,) = flown(widget)["problems"]
    assert (problem["code"], problem["node"]) == ("BandNotFound", "load1")
    assert widget.preflight["estimate_note"].startswith("No estimate: It would fail")
    widget.close()
