"""The tab of the process graph without a browser, against a real server on loopback."""

import json
import queue
import threading

import pytest
from harness.widgets import wait_until

from openeo_widgets import JobWidget, connect
from openeo_widgets.widgets._base import STATIC

LONG_S = 20
SECRET = "s3cr3t-Value1"
PROCESS = {
    "id": "ndvi",
    "process_graph": {
        "load1": {
            "process_id": "load_stac",
            "arguments": {"url": f"https://store.example/item.json?sig={SECRET}"},
        },
        "reduce1": {
            "process_id": "reduce_dimension",
            "arguments": {"data": {"from_node": "load1"}},
            "result": True,
        },
    },
}


@pytest.fixture
def shown(scripted):
    scripted.job["process"] = PROCESS
    widget = JobWidget(connect(scripted.url).job("j-1"))
    wait_until(widget, lambda w: w.status == "created")
    yield widget
    widget.close()


@pytest.fixture
def ask(shown, monkeypatch):
    """Send a message as the browser does, and return the answer."""
    answers = queue.Queue()
    monkeypatch.setattr(shown, "send", lambda content, buffers=None: answers.put(content))

    def send(kind, **fields):
        shown._receive(shown, {"id": "m-1", "kind": kind, **fields}, [])
        answer = answers.get(timeout=LONG_S)
        json.dumps(answer, allow_nan=False)
        return answer

    return send


def test_the_process_is_told_with_marks_and_without_secrets(shown, ask):
    shown.publish(failed_nodes=["reduce1"], preflight={"problems": [{"node": "load1"}]})
    data = ask("graph")["data"]
    assert data["marks"] == {"load1": "problem", "reduce1": "failed"}
    assert data["note"] == ""
    assert SECRET not in data["text"]
    told = json.loads(data["text"])
    assert told["process_graph"]["reduce1"] == PROCESS["process_graph"]["reduce1"]


def test_a_copy_has_all_of_it(ask):
    text = ask("copy_graph")["data"]["text"]
    assert json.loads(text) == PROCESS
    assert "\n  " in text


def test_no_trait_holds_the_process_or_the_module(shown, ask):
    ask("graph")
    ask("chunk", name="graph")
    state = str(shown.get_state())
    assert "load_stac" not in state
    assert "dagre" not in state


@pytest.mark.parametrize("process", [None, 7, [], "x", {}, {"process_graph": [1]}])
def test_a_process_of_any_shape_is_an_answer(scripted, ask, process):
    scripted.job["process"] = process
    answer = ask("graph")
    if process is None:
        assert "does not tell what this job computes" in answer["error"]["message"]
    else:
        assert json.loads(answer["data"]["text"]) == process


def test_a_job_without_process_says_so(scripted, ask):
    del scripted.job["process"]
    for kind in ("graph", "copy_graph"):
        assert "does not tell" in ask(kind)["error"]["message"]


def nested(depth):
    """JSON text of a job whose process is nested so deeply."""
    inner = '{"a":' * depth + "1" + "}" * depth
    return f'{{"id": "j-1", "status": "created", "process": {inner}}}'.encode()


@pytest.mark.parametrize("depth", [100, 700, 10_000])
def test_deep_nesting_is_answered(scripted, ask, depth):
    scripted.answers["GET /jobs/j-1"] = (200, nested(depth))
    for kind in ("graph", "copy_graph"):
        answer = ask(kind)
        assert answer["ok"] or answer["error"]["message"]
        assert "RecursionError" not in json.dumps(answer)


def test_a_back_end_that_refuses_or_is_gone_is_told(scripted, ask):
    scripted.answers["GET /jobs/j-1"] = (
        403,
        {"code": "PermissionsInsufficient", "message": "Not yours.", "id": "r-9"},
    )
    assert ask("graph")["error"]["code"] == "PermissionsInsufficient"
    scripted.stop()
    assert "onnection refused" in ask("graph")["error"]["message"]


def test_the_module_that_draws_is_sent_when_asked_for_as_it_is(ask):
    source = ask("chunk", name="graph")["data"]["source"]
    assert source == (STATIC / "graph.js").read_text(encoding="utf-8")
    for name in ("job", "../job", "graph.js", ""):
        assert ask("chunk", name=name)["error"]["message"] == f"There is no module {name!r}."


@pytest.mark.parametrize(("kind", "fields"), [("chunk", {"name": "graph"}), ("graph", {})])
def test_what_reads_files_or_asks_keeps_no_message_waiting(shown, monkeypatch, kind, fields):
    threads = queue.Queue()
    monkeypatch.setattr(shown, "send", lambda *_: threads.put(threading.current_thread()))
    shown._receive(shown, {"id": "m-1", "kind": kind, **fields}, [])
    assert threads.get(timeout=LONG_S) is not threading.current_thread()
