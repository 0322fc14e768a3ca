"""Copies of a job, as the form says or as Python does."""

import copy
import json

import pytest
from harness.widgets import ask, wait_until

from openeo_widgets import BackendError, NoAnswerError, connect

PROCESS = {
    "process_graph": {
        "load1": {"process_id": "load_collection", "arguments": {"id": "X"}, "result": True}
    }
}


def accepts_copies(scripted):
    def create():
        scripted.answers["GET /jobs/j-2"] = (
            200,
            {**scripted.job, **scripted.sent["POST /jobs"], "id": "j-2"},
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
        "process": described.job["process"],
        "title": "NDVI (copy)",
        "job_options": {"a": 2},
    }
    (made,) = shown.copies
    wait_until(made, lambda w: w.title == "NDVI (copy)")
    assert made.job_id == "j-2"
    assert not any(asked.startswith("POST /jobs/") for asked in described.asked)
    shown.close()
    assert made.comm is None


def test_a_closed_copy_is_shown_no_longer(described, shown):
    accepts_copies(described)
    first, second = shown.duplicate(), shown.duplicate()
    told = []
    shown.observe(lambda change: told.append((change["new"], first.comm is None)), "copies")
    first.close()
    assert shown.copies == (second,)
    assert told == [((second,), False)]  # so that no view shows what is gone
    shown.close()
    assert second.comm is None


OTHER = {"load1": {"process_id": "load_collection", "arguments": {"id": "Y"}, "result": True}}


def test_the_process_of_a_copy_is_that_of_the_form(described, shown):
    accepts_copies(described)
    described.job["process"] = {**PROCESS, "description": "d"}
    drafted = ask(shown, "draft", copy=True)["data"]
    assert json.loads(drafted["process"]) == described.job["process"]
    form = {name: drafted[name] for name in ("title", "description", "plan", "budget", "options")}
    # The whole of it, as it is written; a graph alone keeps the rest; none is that of the job.
    for process, made in [
        (json.dumps({"process_graph": OTHER}), {"process_graph": OTHER}),
        (json.dumps(OTHER), {"process_graph": OTHER, "description": "d"}),
        (None, described.job["process"]),
    ]:
        assert ask(shown, "duplicate", **form, process=process)["ok"]
        assert described.sent["POST /jobs"]["process"] == made


@pytest.mark.parametrize(
    ("process", "said"),
    [("{,}", "no JSON"), ("", "no JSON"), ("[1]", "JSON object"), ('{"a": {}}', "process_id")],
)
def test_a_process_that_is_none_makes_no_copy(described, shown, process, said):
    form = {"title": "", "description": "", "plan": "", "budget": None, "options": ""}
    refused = ask(shown, "duplicate", **form, process=process)
    assert said in refused["error"]["message"]
    assert "POST /jobs" not in described.asked


def test_a_process_that_no_form_can_hold_is_copied_as_it_is(described, shown):
    accepts_copies(described)
    graph = copy.deepcopy(OTHER)
    graph["load1"]["arguments"]["id"] = "x" * 1_000_000
    described.job["process"] = {"process_graph": graph}
    drafted = ask(shown, "draft", copy=True)["data"]
    assert drafted["process"] is None
    form = {name: drafted[name] for name in ("title", "description", "plan", "budget", "options")}
    assert ask(shown, "duplicate", **form, process=None)["ok"]
    assert described.sent["POST /jobs"]["process"] == {"process_graph": graph}


def test_a_copy_computes_another_graph(described, shown, tmp_path):
    accepts_copies(described)
    described.job["process"] = {**PROCESS, "description": "d"}
    file = tmp_path / "graph.json"
    file.write_text(json.dumps(OTHER), encoding="utf-8")
    cube = connect(described.url).load_collection("Z")
    for graph, flat in [
        (OTHER, OTHER),
        ({"process_graph": OTHER}, OTHER),
        (json.dumps(OTHER), OTHER),
        (file, OTHER),
        (cube, cube.flat_graph()),
    ]:
        shown.duplicate(process_graph=graph, title="t")
        sent = described.sent["POST /jobs"]
        assert sent["process"] == {"process_graph": flat, "description": "d"}
        assert "process_graph" not in sent


def test_what_is_no_graph_makes_no_copy(described, shown):
    for graph, error in [(5, TypeError), ({}, ValueError), ("{", ValueError), (None, TypeError)]:
        with pytest.raises(error):
            shown.duplicate(process_graph=graph)
    with pytest.raises(TypeError, match="not both"):
        shown.duplicate(process_graph=OTHER, process=PROCESS)
    assert "POST /jobs" not in described.asked


def test_a_copy_that_was_deleted_is_taken_off_and_no_other_card_is(described, shown):
    accepts_copies(described)
    described.answers["DELETE /jobs/j-2"] = (204, b"")
    made = shown.duplicate()
    wait_until(made, lambda w: w.status == "created")
    assert "remove" not in made.actions
    assert ask(made, "remove")["ok"]
    assert shown.copies == (made,)
    described.answers["GET /jobs/j-2"] = (404, {"code": "JobNotFound", "message": "Gone."})
    made.delete()
    wait_until(made, lambda w: "remove" in w.actions)
    described.answers["DELETE /jobs/j-1"] = (204, b"")
    described.answers["GET /jobs/j-1"] = (404, {"code": "JobNotFound", "message": "Gone."})
    shown.delete()
    wait_until(shown, lambda w: w.freshness["state"] == "deleted")
    assert "remove" not in shown.actions
    made._receive(made, {"id": "m-2", "kind": "remove"}, [])
    assert shown.copies == ()
    assert made.comm is None


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
