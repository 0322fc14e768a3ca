"""When a job will end: from its progress, or from past jobs that are asked for once."""

import threading

import pytest

from openeo_widgets import JobWidget, connect
from openeo_widgets.widgets._base import ASIDE

GRAPH = {"1": {"process_id": "load_collection"}, "2": {"process_id": "ndvi"}}
OTHER = {"1": {"process_id": "load_collection"}}


def described(name, graph, seconds=None, **more):
    usage = {} if seconds is None else {"usage": {"duration": {"value": seconds, "unit": "s"}}}
    process = {"process": {"process_graph": graph}}
    return {"id": name, "status": "finished", **process, **usage, **more}


@pytest.fixture
def past(scripted):
    """Past jobs: two of the same processes, one of others, and what does not count."""
    jobs = {
        "a": described("a", GRAPH, 100, created="2026-01-01T00:00:00Z"),
        "b": described("b", GRAPH, 300, created="2026-01-02T00:00:00Z"),
        "c": described("c", OTHER, 5, created="2026-01-03T00:00:00Z"),
        "d": described("d", GRAPH, created="2026-01-04T00:00:00Z", updated="2026-01-05T00:00:00Z"),
        "e": described("e", GRAPH, 7) | {"status": "error"},
    }
    short = [{key: job[key] for key in ("id", "status", "created") if key in job}
             for job in jobs.values()]  # fmt: skip
    scripted.answers["GET /jobs"] = (200, {"jobs": [*short, None, {"id": 5}, scripted.job]})
    for name, job in jobs.items():
        scripted.answers[f"GET /jobs/{name}"] = (200, job)
    scripted.job |= {
        "status": "running",
        "updated": "2026-01-06T00:00:00Z",
        "process": {"process_graph": GRAPH},
    }
    return scripted


@pytest.fixture
def connection(scripted):
    return connect(scripted.url)


@pytest.fixture
def widget(past, connection):
    made = JobWidget.from_id("j-1", connection)
    yield made
    made.close()


def seen_twice(widget, until):
    until(widget, lambda w: w.status == "running")
    asked = widget.freshness["asked_ms"]
    widget.refresh()
    until(widget, lambda w: w.freshness["asked_ms"] != asked)


def all_is_asked():
    """Wait until what was to be asked has been: of one back-end one at a time is."""
    done = threading.Event()
    ASIDE.submit(done.set, lane="127.0.0.1")
    assert done.wait(20)


def described_of(past):
    return sorted(name for name in past.asked if name in {f"GET /jobs/{n}" for n in "abcde"})


def test_past_jobs_with_the_same_processes_tell_the_end(past, widget, until):
    widget._look(visible=True)
    seen_twice(widget, until)
    until(widget, lambda w: w.eta is not None)
    began = widget.steps[-1]["at_ms"]
    assert widget.eta == {
        "ends_ms": began + 200_000,
        "basis": "from 2 jobs of yours with the same processes",
    }
    assert described_of(past) == [f"GET /jobs/{name}" for name in "abcd"]
    pythons = [row["python"] for row in widget._request_panel.since(0)["requests"]]
    assert "connection.list_jobs()" in pythons
    assert "connection.job('a').describe()" in pythons


def test_past_jobs_are_described_once_a_connection(past, connection, widget, until):
    widget._look(visible=True)
    seen_twice(widget, until)
    until(widget, lambda w: w.eta is not None)
    again = JobWidget.from_id("j-1", connection)
    again._look(visible=True)
    seen_twice(again, until)
    until(again, lambda w: w.eta is not None)
    assert described_of(past) == [f"GET /jobs/{name}" for name in "abcd"]
    again.close()


def test_nobody_asks_for_past_jobs_where_nobody_looks(past, widget, until):
    seen_twice(widget, until)
    all_is_asked()
    assert "GET /jobs" not in past.asked
    assert widget.eta is None


def test_nobody_asks_for_past_jobs_where_there_is_progress(past, connection, until):
    past.job["progress"] = 3
    widget = JobWidget.from_id("j-1", connection)
    widget._look(visible=True)
    seen_twice(widget, until)
    all_is_asked()
    assert "GET /jobs" not in past.asked
    widget.close()


@pytest.mark.parametrize("status", [404, 501, 500])
def test_a_back_end_without_a_list_tells_no_end_and_is_asked_once(past, widget, until, status):
    past.answers["GET /jobs"] = (status, {"code": "Unsupported", "message": "No."})
    widget._look(visible=True)
    seen_twice(widget, until)
    all_is_asked()
    seen_twice(widget, until)
    all_is_asked()
    assert past.asked.count("GET /jobs") == 1
    assert (widget.eta, widget.error) == (None, None)
    assert widget.freshness["state"] == "live"


def test_the_end_is_forgotten_when_it_has_come(past, widget, until):
    widget._look(visible=True)
    seen_twice(widget, until)
    until(widget, lambda w: w.eta is not None)
    past.job["status"] = "finished"
    widget.refresh()
    until(widget, lambda w: w.status == "finished")
    assert widget.eta is None


def test_a_long_list_is_not_read_to_its_end_and_ten_are_described(past, connection, until):
    many = [{"id": f"m-{n}", "status": "finished", "created": f"2026-02-01T00:{n:02}:00Z"}
            for n in range(60)]  # fmt: skip
    following = {"rel": "next", "href": f"{past.url}/jobs-again"}
    past.answers["GET /jobs"] = (200, {"jobs": many, "links": [following]})
    pages = iter(range(100))

    def page():
        href = f"{past.url}/jobs-again?page={next(pages)}"
        return 200, {"jobs": many, "links": [{"rel": "next", "href": href}]}

    past.answers["GET /jobs-again"] = page
    for job in many:
        past.answers[f"GET /jobs/{job['id']}"] = (200, described(job["id"], GRAPH, 60))
    widget = JobWidget.from_id("j-1", connection)
    widget._look(visible=True)
    seen_twice(widget, until)
    until(widget, lambda w: w.eta is not None)
    assert past.asked.count("GET /jobs-again") == 3
    asked = {name for name in past.asked if name.startswith("GET /jobs/m-")}
    assert asked == {f"GET /jobs/m-{n}" for n in range(50, 60)}
    widget.close()
