"""What a copy of a job is made of."""

import pytest

from openeo_widgets.api._copying import copy_request
from openeo_widgets.errors import NoAnswerError

PROCESS = {
    "process_graph": {"a": {"process_id": "x", "arguments": {"v": [1.50, None]}, "result": True}},
    "parameters": [{"name": "p", "schema": {}}],
    "id": "mine",
}
WRITTEN_BY_THE_BACK_END = {
    "id": "j-1",
    "status": "error",
    "progress": 62,
    "created": "2026-01-01T00:00:00Z",
    "updated": "2026-01-01T00:00:00Z",
    "queued": "2026-01-01T00:00:00Z",
    "started": "2026-01-01T00:00:00Z",
    "unpublished": True,
    "costs": 3,
    "usage": {"cpu": {"value": 1, "unit": "s"}},
    "links": [{"rel": "result", "href": "https://secret.example"}],
    "federation:backends": ["a"],
    "openeo:status": "error",
}
ASKED_FOR = {
    "process": PROCESS,
    "title": "NDVI",
    "description": "Text.",
    "plan": "free",
    "budget": 0,
    "log_level": "debug",
    "job_options": {"driver-memory": "4g", "links": [1]},
    "additional": None,
}


def test_a_copy_is_all_that_was_asked_for_and_nothing_that_came_of_it():
    described = {**WRITTEN_BY_THE_BACK_END, **ASKED_FOR}
    wanted = {k: v for k, v in ASKED_FOR.items() if v is not None} | {"title": "NDVI (copy)"}
    assert copy_request(described) == wanted
    assert copy_request(described)["process"] is PROCESS


def test_changes_replace_and_none_leaves_out():
    found = copy_request(ASKED_FOR, title="New", plan=None, job_options={"a": 1}, extra=2)
    assert found["title"] == "New"
    assert "plan" not in found
    assert (found["job_options"], found["extra"]) == ({"a": 1}, 2)
    assert found["budget"] == 0


@pytest.mark.parametrize("title", [None, "", 7])
def test_a_job_without_a_title_has_a_copy_without_one(title):
    assert copy_request({"process": PROCESS, "title": title}).get("title") in {None, "", 7}


@pytest.mark.parametrize("process", [None, [], "x"])
def test_without_its_process_a_job_cannot_be_copied(process):
    with pytest.raises(NoAnswerError, match="without its process"):
        copy_request({"id": "j-1", "process": process})
