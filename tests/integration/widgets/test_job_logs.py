"""The logs of a job's card without a browser, against a real server on loopback."""

import json
import threading

import pytest
from harness.widgets import wait_until

from openeo_widgets import JobWidget, connect

LONG_S = 20
SECRET = "s3cr3t"

KILLED = {
    "id": "r-24",
    "level": "error",
    "message": "Container killed: memory limit of 4 GB exceeded",
    "path": [
        {"node_id": "agg1", "process_id": "aggregate_temporal"},
        {"node_id": "root1", "process_id": "apply"},
        {"node_id": None},
        "no step",
    ],
}


@pytest.fixture
def shown(scripted):
    widget = JobWidget(connect(scripted.url).job("j-1"))
    yield widget
    widget.close()


@pytest.fixture
def ask(shown):
    """A function that asks the card as the browser does, and returns the answer's data."""
    answers = {}
    came = threading.Condition()

    def keep(content, buffers=None):
        with came:
            answers[content["id"]] = content
            came.notify_all()

    shown.send = keep

    def send(kind, **fields):
        number = f"m-{len(answers)}-{kind}"
        shown._receive(shown, {"id": number, "kind": kind, **fields}, [])
        with came:
            assert came.wait_for(lambda: number in answers, LONG_S)
        return answers[number]

    return send


def tell(scripted, *entries, status=None):
    scripted.answers["GET /jobs/j-1/logs"] = (200, {"logs": list(entries), "links": []})
    if status:
        scripted.job["status"] = status


def opened(shown, ask):
    ask("logs_open", wanted=True)
    wait_until(shown, lambda w: w.log_summary["state"] in {"ready", "error"})


def test_logs_are_fetched_when_they_are_opened_and_shown_by_windows(scripted, shown, ask):
    tell(scripted, *({"id": str(n), "message": f"m {n}", "level": "warning"} for n in range(9)))
    wait_until(shown, lambda w: w.status == "created")
    assert not any("logs" in asked for asked in scripted.asked)
    opened(shown, ask)
    assert (shown.log_summary["total"], shown.log_summary["warnings"]) == (9, 9)
    window = ask("logs_window", start=7, count=5, level="debug", search="")["data"]
    assert window["matching"] == 9
    assert [row["index"] for row in window["rows"]] == [7, 8]
    assert set(window["rows"][0]) == {"index", "level", "time_ms", "message", "count", "node"}


def test_no_secret_is_in_a_row_nor_in_details_nor_in_a_file(scripted, shown, ask):
    link = f"https://store.example/a?sig={SECRET}"
    entry = {
        "id": "1",
        "level": "info",
        "message": f"Reading {link} with token={SECRET}",
        "data": {"href": link, "list": [f"Bearer {SECRET}{SECRET}"]},
        "links": [{"href": link, "rel": "about", "title": "More"}, {"href": "javascript:1"}],
    }
    tell(scripted, entry)
    opened(shown, ask)
    everything = [
        ask("logs_window", start=0, count=5, level="debug", search=""),
        ask("log_details", index=0, level="debug", search=""),
        ask("logs_save", form="text", level="debug", search=""),
        ask("logs_save", form="ndjson", level="debug", search=""),
        shown.get_state()["log_summary"],
    ]
    assert SECRET not in json.dumps(everything)
    details = everything[1]["data"]
    assert details["links"] == [{"title": "More", "rel": "about", "media_type": ""}]
    assert json.loads(details["data"])["list"]
    # A link is told when it is to be opened, and only one that a browser may open.
    assert ask("log_link", index=0, link=0)["data"] == {"url": link}
    assert ask("log_link", index=0, link=1)["ok"] is False


def test_saved_lines_are_the_entries(scripted, shown, ask):
    entries = [
        {"id": "1", "level": "info", "message": "a", "time": "2026-01-01T00:00:00Z"},
        {"id": "2", "level": "error", "message": "b\nc", "code": "X", "data": {"n": [1]}},
        {"id": "3", "level": "error", "message": "d", "data": None, "path": [{"node_id": "n1"}]},
    ]
    tell(scripted, *entries)
    opened(shown, ask)
    saved = ask("logs_save", form="ndjson", level="debug", search="")["data"]
    assert saved["name"] == "j-1-logs.ndjson"
    assert [json.loads(line) for line in saved["text"].splitlines()] == entries
    saved = ask("logs_save", form="text", level="error", search="")["data"]
    assert saved["text"] == "- ERROR   [X] b\n    c\n- ERROR   d (n1)\n"


def test_details_tell_whether_the_entry_is_among_those_that_are_shown(scripted, shown, ask):
    tell(scripted, {"id": "1", "level": "info", "message": "Load", "path": [{"node_id": "n1"}]})
    opened(shown, ask)

    def matches(level, search):
        return ask("log_details", index=0, level=level, search=search)["data"]["matches"]

    assert [matches("debug", ""), matches("info", "LOAD"), matches("info", "n1")] == [True] * 3
    assert [matches("warning", ""), matches("debug", "loud")] == [False] * 2


def test_an_entry_that_is_not_there_is_told(scripted, shown, ask):
    opened(shown, ask)
    answer = ask("log_details", index=5, level="debug", search="")
    assert "no longer kept" in answer["error"]["message"]


def test_huge_and_deep_entries_break_nothing(scripted, shown, ask):
    deep = b"[" * 10_000 + b"1" + b"]" * 10_000
    huge = json.dumps("m" * 1_000_000).encode()
    body = b'{"logs": [{"id": "1", "message": %s, "data": %s}, {"id": "2", "message": "b"}]}'
    scripted.answers["GET /jobs/j-1/logs"] = (200, body % (huge, deep))
    opened(shown, ask)
    assert shown.log_summary["error"] is None
    rows = ask("logs_window", start=0, count=5, level="debug", search="")["data"]["rows"]
    assert len(rows[0]["message"]) < 400
    assert rows[1]["message"] == "b"
    details = ask("log_details", index=0, level="debug", search="")["data"]
    assert len(details["message"]) == 100_000
    assert "1,000,000" in details["note"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, b"<h1>Proxy</h1>"), "not JSON"),
        ((501, {"code": "FeatureUnsupported", "message": "x"}), "does not tell the logs"),
        ((404, b""), "does not tell the logs"),
    ],
)
def test_logs_that_cannot_be_read_are_an_error_in_the_tab_only(scripted, shown, ask, answer, words):
    scripted.answers["GET /jobs/j-1/logs"] = answer
    opened(shown, ask)
    assert words in shown.log_summary["error"]["message"]
    assert shown.error is None
    tell(scripted, {"id": "1", "message": "a"})
    ask("logs_open", wanted=True)
    wait_until(shown, lambda w: w.log_summary["state"] == "ready")
    assert shown.log_summary["total"] == 1


def test_why_a_job_failed_is_said_in_words_with_its_nodes(scripted, shown):
    tell(scripted, KILLED, status="error")
    wait_until(shown, lambda w: w.error is not None)
    assert shown.error["message"] == KILLED["message"]
    assert shown.error["id"] == "r-24"
    assert shown.error["hint"].startswith("It ran out of memory.")
    assert shown.failed_nodes == ["agg1", "root1"]


def test_what_is_not_known_stays_unknown_until_the_logs_say_more(scripted, shown, ask):
    last = {"id": "9", "level": "error", "message": "The job failed."}
    tell(scripted, last, status="error")
    wait_until(shown, lambda w: w.error is not None)
    assert shown.error["hint"].startswith("Read its logs")
    tell(scripted, KILLED, KILLED, last)
    ask("logs_open", wanted=True)
    wait_until(shown, lambda w: w.error["hint"].startswith("It ran out of memory."))
    assert shown.error["message"] == "The job failed."


def test_the_logs_for_python(scripted, shown):
    tell(scripted, {"id": "1", "level": "debug", "message": "a"}, KILLED)
    assert [entry.message for entry in shown.logs(level="error")] == [KILLED["message"]]
    assert len(shown.logs()) == 2


def test_a_closed_card_asks_for_no_more_logs(scripted, shown, ask):
    scripted.job["status"] = "running"
    shown.refresh()
    wait_until(shown, lambda w: w.status == "running")
    ask("logs_open", wanted=True)
    wait_until(shown, lambda w: w.log_summary["following"])
    shown.close()
    assert shown._log_panel._follower._call_off is None


@pytest.mark.parametrize("count", [-1, float("nan"), float("inf"), True, 10**400])
def test_a_window_of_less_than_nothing_is_refused(shown, ask, scripted, count):
    scripted.logs = lambda _target: (200, {"logs": [{"id": str(n)} for n in range(30)]})
    ask("logs_open", wanted=True)
    wait_until(shown, lambda w: w.log_summary["total"] == 30)
    for fields in ({"start": 0, "count": count}, {"start": count, "count": 1}):
        answer = ask("logs_window", **fields, level="", search="")
        assert answer["error"]["message"].endswith("must be a whole number, 0 or more.")
