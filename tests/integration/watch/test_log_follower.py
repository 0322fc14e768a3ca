"""Following the log of a job, against a real server."""

import itertools
import queue
import threading
from urllib.parse import parse_qs, urlsplit

import pytest

import openeo_widgets.watch._log_follower as module
from openeo_widgets.watch import JobState, LogFollower

LONG_S = 30
RUNNING, FINISHED = JobState(status="running"), JobState(status="finished", started=True)


class Told:
    """Collects what a follower tells, until it is as wanted."""

    def __init__(self):
        self.news = queue.Queue()
        self.follower = None

    def hear(self):
        if self.follower is not None:
            self.news.put(self.follower.known)

    def until(self, wanted):
        known = self.follower.known
        while not wanted(known):
            known = self.news.get(timeout=LONG_S)
        return known


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def follower(job, told, fast_watcher, monkeypatch):
    """One whose time runs a hundred times as fast."""
    quick = fast_watcher(100)
    monkeypatch.setattr(module, "watcher", lambda: quick)
    made = told.follower = LogFollower(job, told.hear)
    yield made
    made.leave()


class Log:
    """The back-end's log: honours the offset, or does not; a page at a time."""

    def __init__(self, scripted, page=1000):
        self.lines = []
        self.page = page
        self.queries = queue.Queue()
        self.honours_offset = True
        self.level = None
        self.fault = None
        self.gate = threading.Event()
        self.gate.set()
        self._scripted = scripted
        scripted.logs = self.answer

    def add(self, *messages, **fields):
        begin = len(self.lines)
        self.lines += [
            {"id": f"{n}", "level": "info", "message": message, **fields}
            for n, message in enumerate(messages, start=begin)
        ]

    def answer(self, target):
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        ids = [line["id"] for line in self.lines]
        begin = 0
        if self.honours_offset and query.get("offset") in ids:
            begin = ids.index(query["offset"]) + 1
        begin = int(query.get("from", begin))
        page = self.lines[begin : begin + self.page]
        links = []
        if begin + self.page < len(self.lines):
            href = f"{self._scripted.url}/jobs/j-1/logs?from={begin + self.page}"
            links = [{"rel": "next", "href": href}]
        level = {"level": self.level} if self.level else {}
        found = self.fault or (200, {"logs": page, "links": links, **level})
        self.queries.put(query)
        assert self.gate.wait(LONG_S)
        return found


@pytest.fixture
def log(scripted):
    return Log(scripted)


def messages(follower):
    return [row.entry.message for row in follower.store.window(0, 1000, "debug", "").rows]


def test_nothing_is_asked_before_the_log_is_opened(follower, log, scripted):
    follower.heed(RUNNING)
    follower.heed(FINISHED)
    assert follower.known.state == "idle"
    assert not any("logs" in asked for asked in scripted.asked)


def test_every_level_is_asked_for_and_all_pages_are_read(follower, told, log):
    log.page = 2
    log.add("a", "b", "c", "d", "e")
    follower.open()
    told.until(lambda known: known.state == "ready")
    assert messages(follower) == ["a", "b", "c", "d", "e"]
    assert log.queries.get()["level"] == "debug"


@pytest.mark.parametrize("honours", [True, False])
def test_it_follows_by_the_last_id_and_holds_nothing_twice(follower, told, log, honours):
    log.honours_offset = honours
    log.add("a", "b")
    follower.heed(RUNNING)
    follower.open()
    told.until(lambda known: known.state == "ready" and known.following)
    log.add("c")
    told.until(lambda _: len(follower.store) == 3)
    assert messages(follower) == ["a", "b", "c"]
    queries = [log.queries.get(timeout=LONG_S) for _ in range(3)]
    assert "offset" not in queries[0]
    assert queries[1]["offset"] == "1"


def test_a_job_that_has_ended_is_asked_once(follower, told, log):
    log.add("a")
    follower.heed(FINISHED)
    follower.open()
    known = told.until(lambda known: known.state == "ready")
    assert not known.following
    follower.open()
    told.until(lambda known: known.state == "ready")
    log.queries.get(timeout=LONG_S)
    log.queries.get(timeout=LONG_S)
    assert log.queries.empty()


def test_the_end_of_the_job_is_worth_one_last_question(follower, told, log):
    follower.heed(RUNNING)
    follower.open()
    told.until(lambda known: known.following)
    log.add("last words")
    follower.heed(FINISHED)
    told.until(lambda known: not known.following and len(follower.store) == 1)


def test_an_end_that_comes_while_it_is_asked_is_asked_for_again(follower, told, log):
    log.gate.clear()
    follower.heed(RUNNING)
    follower.open()
    log.queries.get(timeout=LONG_S)
    follower.heed(FINISHED)
    assert log.queries.empty()  # one question at a time
    log.add("last words")
    log.gate.set()
    told.until(lambda known: not known.following and len(follower.store) == 1)
    log.queries.get(timeout=LONG_S)


def test_it_stops_when_it_is_left(follower, told, log):
    follower.heed(RUNNING)
    follower.open()
    told.until(lambda known: known.following)
    follower.leave()
    assert not told.until(lambda known: not known.following).following


def test_a_page_that_says_no_more_that_it_is_open_is_taken_for_closed(
    follower, told, log, monkeypatch
):
    monkeypatch.setattr(module, "_OPEN_LASTS_S", 30.0)
    follower.heed(RUNNING)
    follower.open()
    told.until(lambda known: known.following)
    told.until(lambda known: not known.following)


def test_a_new_start_is_a_new_log(follower, told, log):
    log.add("of the first run")
    follower.heed(FINISHED)
    follower.open()
    told.until(lambda _: len(follower.store) == 1)
    log.lines.clear()
    log.add("of the second run")
    follower.heed(RUNNING)
    told.until(lambda _: messages(follower) == ["of the second run"])
    assert follower.store.window(0, 1, "debug", "").rows[0].number == 1


def test_an_answer_that_comes_after_the_new_start_does_not_count(follower, told, log):
    log.add("of the first run")
    log.gate.clear()
    follower.heed(FINISHED)
    follower.open()
    log.queries.get(timeout=LONG_S)
    follower.heed(RUNNING)
    log.lines.clear()
    log.add("of the second run", "and more of it")
    log.gate.set()
    told.until(lambda _: "and more of it" in messages(follower))
    assert messages(follower) == ["of the second run", "and more of it"]


@pytest.mark.parametrize(
    "fault",
    [(503, {"code": "InfrastructureBusy", "message": "Busy."}), (200, b"<h1>Proxy</h1>")],
)
def test_outages_are_told_and_waited_through_and_what_is_known_stays(follower, told, log, fault):
    log.add("a")
    follower.heed(RUNNING)
    follower.open()
    told.until(lambda known: known.state == "ready")
    log.fault = fault
    known = told.until(lambda known: known.state == "error")
    assert str(known.fault)
    assert messages(follower) == ["a"]
    log.fault = None
    log.add("b")
    told.until(lambda known: known.state == "ready" and len(follower.store) == 2)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ((501, {"code": "FeatureUnsupported", "message": "No."}), "does not tell the logs"),
        ((404, b""), "does not tell the logs"),
        ((404, {"code": "JobNotFound", "message": "No such job."}), "No such job."),
        ((401, {"code": "AuthenticationRequired", "message": "Who?"}), "Who?"),
        ((400, {"code": "X", "message": "Never."}), "Never."),
    ],
)
def test_what_does_not_pass_is_told_and_asked_again_only_by_hand(follower, told, log, fault, words):
    log.fault = fault
    follower.heed(RUNNING)
    follower.open()
    known = told.until(lambda known: known.state == "error")
    assert words in str(known.fault)
    assert not known.following
    log.fault = None
    log.add("a")
    follower.open()
    told.until(lambda known: known.state == "ready" and known.following)


def test_levels_that_were_never_stored_are_told(follower, told, log):
    log.level = "warning"
    follower.open()
    known = told.until(lambda known: known.state == "ready")
    assert known.stored == "Entries of levels debug and info were never stored."


def test_entries_that_are_none_and_a_crash_in_the_middle(follower, told, log, scripted):
    log.add("a")
    log.lines += [None, 5, "text", {}, {"level": None, "message": None}]
    log.lines.append({"id": "", "level": "error", "message": "Log could not be read."})
    scripted.logs = lambda _target: (200, {"logs": log.lines, "links": None})
    follower.open()
    told.until(lambda known: known.state == "ready")
    assert messages(follower) == ["a", "", "Log could not be read."]


def test_a_task_that_was_called_off_is_not_done_and_keeps_no_thread(watcher):
    done = queue.Queue()
    call_off = watcher.later(0.2, lambda: done.put("early"))
    watcher.later(0.3, lambda: done.put("late"))
    call_off()
    call_off()
    assert done.get(timeout=LONG_S) == "late"
    watcher.later(600, done.put)()  # the fixture looks for its thread


def test_a_next_page_that_is_the_first_one_is_not_read_again(follower, told, scripted):
    asked = []

    def answer(target):
        asked.append(target)
        links = [{"rel": "next", "href": "/jobs/j-1/logs"}]
        return 200, {"logs": [{"id": str(n), "message": "m"} for n in range(4)], "links": links}

    scripted.logs = answer
    follower.heed(FINISHED)
    follower.open()
    told.until(lambda known: known.state == "ready")
    assert len(follower.store) == 4
    assert len(asked) == 1


def test_a_log_without_end_is_read_slowly_from_some_page_on(follower, told, scripted, monkeypatch):
    monkeypatch.setattr(module, "MANY_PAGES", 3)
    waited = threading.Event()

    class Left:
        def wait(self, _seconds):
            waited.set()

        def set(self):
            """Nobody waits for it here."""

    follower._left = Left()
    numbers = itertools.count()

    def answer(_target):
        number = next(numbers)
        links = [{"rel": "next", "href": f"/jobs/j-1/logs?page={number}"}] if number < 5 else []
        return 200, {"logs": [{"id": str(number), "message": "m"}], "links": links}

    scripted.logs = answer
    follower.heed(FINISHED)
    follower._left.clear = follower._left.set
    follower.open()
    told.until(lambda known: known.state == "ready")
    assert waited.is_set()
    assert len(follower.store) == 6
