"""The requests that a job's widget tells of: its own, in order, and nothing secret."""

import gc
import json
import threading

import openeo
import pytest
import requests
from harness import ITEM

from openeo_widgets import BatchJob, Connection, JobWidget, NoAnswerError, connect
from openeo_widgets.api import _journal
from openeo_widgets.api._journal import listen, made_for

SECRET = "s3cr3t"


class Listener:
    def __init__(self):
        self.heard = []

    def hear(self, entry):
        self.heard.append(entry)

    def told(self):
        return [(entry.method, entry.path, entry.status) for entry in self.heard]


@pytest.fixture(params=["ours", "official"])
def connection(request, scripted):
    if request.param == "ours":
        yield connect(scripted.url)
        return
    made = openeo.connect(scripted.url)
    yield made
    made.session.close()


@pytest.fixture
def job(connection):
    return BatchJob("j-1", connection)


@pytest.fixture
def listener(connection):
    made = Listener()
    stop = listen(connection, "/jobs/j-1", made.hear)
    yield made
    stop()


def rows(widget):
    return widget._request_panel.since(0)["requests"]


def test_requests_are_told_in_order_with_what_came_of_them(scripted, job, listener):
    scripted.answers["GET /jobs/j-1/estimate"] = (501, {"code": "FeatureUnsupported"})
    job.describe()
    job.start()
    with pytest.raises(Exception, match="501"):
        job.estimate()
    job.stop()
    assert listener.told() == [
        ("GET", "/jobs/j-1", 200),
        ("POST", "/jobs/j-1/results", 202),
        ("GET", "/jobs/j-1/estimate", 501),
        ("DELETE", "/jobs/j-1/results", 204),
    ]
    assert all(entry.seconds > 0 and entry.at > 1.7e9 for entry in listener.heard)


def test_no_answer_is_told_as_none(scripted, job, listener):
    scripted.answers["GET /jobs/j-1"] = (200, ConnectionError())
    with pytest.raises(NoAnswerError):
        job.describe()
    assert listener.told() == [("GET", "/jobs/j-1", None)]


def test_further_pages_and_files_are_told_by_their_host_only(scripted, job, listener, tmp_path):
    host = scripted.url.removeprefix("http://")
    following = {"rel": "next", "href": f"{scripted.url}/page-{SECRET}?token={SECRET}"}
    scripted.answers["GET /jobs/j-1/logs"] = (200, {"logs": [], "links": [following]})
    scripted.answers[f"GET /page-{SECRET}"] = (200, {"logs": [], "links": []})
    job.logs(offset=SECRET, level="warning")
    asset = job.get_results().get_asset("series.json")
    asset.download(tmp_path)
    asset.load_json()
    paths = [(entry.path, entry.host) for entry in listener.heard]
    assert paths == [
        ("/jobs/j-1/logs", ""),
        ("/jobs/j-1/logs", host),
        ("/jobs/j-1/results", ""),
        ("/jobs/j-1/results", host),
        ("/jobs/j-1/results", host),
    ]
    assert [entry.asset for entry in listener.heard] == ["", "", "", "series.json", "series.json"]
    assert (listener.heard[0].level, listener.heard[0].offset) == ("warning", True)
    assert SECRET not in repr(listener.heard)


def test_a_level_that_is_none_is_not_told(scripted, connection, listener):
    _journal_call(connection, "/jobs/j-1/logs", params={"level": SECRET, "x": SECRET})
    assert SECRET not in repr(listener.heard)


def _journal_call(connection, path, **kwargs):
    from openeo_widgets.api._http import call  # noqa: PLC0415 - only wanted here

    return call(connection, "get", path, **kwargs)


def test_changes_are_told_by_name_and_never_by_value(scripted, job, listener):
    scripted.answers["PATCH /jobs/j-1"] = (204, b"")
    job.update(title=SECRET, plan=SECRET, own=SECRET)
    assert listener.heard[0].fields == ("title", "plan")
    assert SECRET not in repr(listener.heard)


def test_a_job_hears_of_itself_and_of_what_serves_all(scripted, connection, listener):
    scripted.answers["GET /jobs"] = (200, {"jobs": [], "links": []})
    scripted.answers["GET /me"] = (200, {"user_id": "u"})
    scripted.answers["GET /jobs/j-2"] = (200, {"id": "j-2", "status": "created"})
    scripted.answers["GET /jobs/j-11"] = (200, {"id": "j-11", "status": "created"})
    for path in ("/jobs", "/me", "/jobs/j-2", "/jobs/j-11", "/processes"):
        _journal_call(connection, path)
    with made_for("/jobs/j-1"):
        _journal_call(connection, "/jobs/j-2")
    assert [entry.path for entry in listener.heard] == ["/jobs", "/jobs/j-2"]


def test_other_connections_are_not_heard(scripted, listener):
    connect(scripted.url).job("j-1").describe()
    assert listener.heard == []


def test_a_listener_that_is_gone_or_stopped_hears_nothing_and_leaves_nothing(scripted):
    connection = connect(scripted.url)
    gone, stopped = Listener(), Listener()
    heard = gone.heard
    listen(connection, "/jobs/j-1", gone.hear)
    stop = listen(connection, "/jobs/j-1", stopped.hear)
    del gone
    gc.collect()
    stop()
    stop()
    connection.job("j-1").describe()
    assert heard == stopped.heard == []
    assert connection not in _journal._listeners


def test_a_connection_that_is_gone_leaves_nothing(scripted):
    listener = Listener()
    before = len(_journal._listeners)
    stop = listen(connect(scripted.url), "/jobs/j-1", listener.hear)
    gc.collect()
    assert len(_journal._listeners) == before
    stop()


def test_a_listener_that_fails_harms_no_request(scripted, caplog):
    class Failing:
        def hear(self, _entry):
            raise RuntimeError("on purpose")

    failing, connection = Failing(), connect(scripted.url)
    stop = listen(connection, "/jobs/j-1", failing.hear)
    assert connection.job("j-1").status() == "created"
    assert "on purpose" in caplog.text
    stop()


def test_a_connection_of_somebodys_own_works_unheard(scripted):
    class Own:
        __slots__ = ("root_url",)

        def __init__(self, url):
            self.root_url = url

        def get(self, path, *, check_error=True, **kwargs):
            return requests.get(self.root_url + path, timeout=20, stream=kwargs.get("stream"))

    listener, other = Listener(), connect(scripted.url)
    stop = listen(Own(scripted.url), "/jobs/j-1", listener.hear)
    stop_other = listen(other, "/jobs/j-1", listener.hear)
    assert BatchJob("j-1", Own(scripted.url)).status() == "created"
    assert listener.heard == []
    stop()
    stop_other()


def test_many_threads_at_once_lose_no_request(scripted, connection, listener):
    job = BatchJob("j-1", connection)

    def ask():
        for _ in range(20):
            job.describe()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert listener.told() == [("GET", "/jobs/j-1", 200)] * 160


# The widget


def test_a_widget_tells_the_line_of_python_of_each_request(scripted, job, until, answered):
    widget = JobWidget(job)
    until(widget, lambda w: w.status == "created")
    widget.start()
    until(widget, lambda w: w.status == "running" and w.request_count >= 3)
    told = answered(widget, "requests", since=0)["data"]["requests"]
    assert [row["number"] for row in told] == list(range(1, len(told) + 1))
    assert told[0]["method"] == "GET"
    assert told[0]["path"] == "/jobs/j-1"
    pythons = [row["python"] for row in told]
    assert pythons.index("job.describe()") < pythons.index("job.start()")
    assert "job.describe()" in pythons[pythons.index("job.start()") :]
    assert answered(widget, "requests", since=len(told))["data"]["requests"] == []
    widget.close()


def test_the_count_comes_also_where_no_news_of_the_job_come(scripted, job, until):
    widget = JobWidget(job)
    scripted.job["status"] = "finished"
    widget.refresh()
    until(widget, lambda w: w.freshness["state"] == "resting")
    job.logs()
    asked = [row["number"] for row in rows(widget) if row["python"] == "job.logs()"]
    until(widget, lambda w: w.request_count >= asked[-1])
    widget.close()


def test_two_widgets_on_one_connection_tell_of_their_own_job_each(scripted, connection, until):
    scripted.answers["GET /jobs/j-2"] = (200, {"id": "j-2", "status": "finished"})
    scripted.job["status"] = "finished"
    one, other = (JobWidget.from_id(name, connection) for name in ("j-1", "j-2"))
    for widget in (one, other):
        until(widget, lambda w: w.freshness["state"] == "resting")
    asked = {row["path"].split("/")[2] for row in rows(one) if row["path"].startswith("/jobs/")}
    assert asked == {"j-1"}
    asked = {row["path"].split("/")[2] for row in rows(other) if row["path"].startswith("/jobs/")}
    assert asked == {"j-2"}
    one.close()
    other.close()


def test_results_below_the_card_are_told_without_their_links(scripted, job, until, tmp_path):
    scripted.answers["GET /jobs/j-1/results"] = (
        200,
        {**ITEM, "assets": {"s.json": {"href": f"{scripted.url}/files/series.json?sig={SECRET}"}}},
    )
    scripted.job["status"] = "finished"
    widget = JobWidget(job)
    until(widget, lambda w: w.results is not None)
    until(widget.results, lambda w: w.state == "ready")
    widget.results.open_preview("s.json")
    until(widget.results, lambda w: w.preview["state"] == "ready")
    told = rows(widget)
    assert "job.get_results().get_asset('s.json').download()" in [row["python"] for row in told]
    assert any(row["path"].startswith("a link at 127.0.0.1:") for row in told)
    assert SECRET not in json.dumps(told)
    widget.close()


def test_the_last_five_hundred_are_kept(scripted, until):
    job = Connection(scripted.url).job("j-1")
    widget = JobWidget(job)
    until(widget, lambda w: w.status == "created")
    for _ in range(520):
        widget._request_panel._hear(_journal.Entry(0.0, "GET", "/jobs/j-1"))
    numbers = [row["number"] for row in rows(widget)]
    assert len(numbers) == 500
    assert numbers[-1] == widget._request_panel._count
    widget.close()


def test_a_closed_widget_listens_no_more(scripted, job, until):
    widget = JobWidget(job)
    until(widget, lambda w: w.status == "created")
    widget.close()
    count = widget._request_panel._count
    job.describe()
    assert widget._request_panel._count == count
