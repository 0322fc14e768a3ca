"""What nobody plans: other people's code that raises; threads, clocks, answers that misbehave."""

import gc
import json
import queue
import sys
import threading
import weakref

import pytest

from openeo_widgets.api import BatchJob, Connection
from openeo_widgets.transfer import Workers
from openeo_widgets.watch import watcher as the_watcher

LONG_S = 30
START = "POST /jobs/j-1/results"
STATUS = "GET /jobs/j-1"


def live(state):
    return state.freshness.state == "live"


def test_a_listener_may_end_where_the_garbage_collector_runs(watcher, job, listener):
    """Which is anywhere, also where this very thread holds the watcher's lock."""
    subscription = watcher.watch(job, listener.hear)
    listener.until_status("created")
    with watcher._lock:
        subscription.close()


def test_callbacks_that_end_their_thread_keep_nobody_from_hearing(scripted, caplog):
    connection = Connection(scripted.url)
    heard = queue.SimpleQueue()
    for number in range(12):
        told = {"id": f"j-{number}", "status": "finished", "created": "2026-01-01T00:00:00Z"}
        scripted.answers[f"GET /jobs/j-{number}"] = (200, told)
        BatchJob(f"j-{number}", connection).on_change(lambda _: (heard.put(1), sys.exit(1)))
    for _ in range(12):
        heard.get(timeout=LONG_S)
    BatchJob("j-1", connection).wait(LONG_S, progress=None)
    assert "SystemExit" in caplog.text


class OddConnection(Connection):
    """One whose credentials cannot be looked at."""

    @property
    def auth(self):
        raise LookupError("locked")


def test_a_connection_that_raises_anywhere_harms_no_other(scripted, watcher, job, listeners):
    odd, other = listeners(2)
    first = watcher.watch(BatchJob("j-1", OddConnection(scripted.url)), odd.hear)
    odd.until(lambda state: state.freshness.state == "lost")
    second = watcher.watch(job, other.hear)
    other.until_status("created")
    first.close()
    second.close()


def test_a_machine_without_more_threads_is_waited_for(monkeypatch):
    workers, done = Workers("few", 2), threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", lambda _: (_ for _ in ()).throw(RuntimeError()))
        workers.submit(done.set)
    assert not done.is_set()
    workers.submit(len)
    workers.submit(lambda: None)
    assert done.wait(LONG_S)


def test_many_starts_at_a_back_end_that_hangs_hold_up_no_other(
    scripted, another_scripted, watcher, listeners
):
    release = threading.Event()
    hanging, healthy = Connection(scripted.url), Connection(another_scripted.url)
    subscriptions = []
    for number, one in enumerate(listeners(8)):
        job = BatchJob(f"h-{number}", hanging)
        scripted.answers[f"POST /jobs/h-{number}/results"] = lambda: (
            release.wait(LONG_S) and (202, b"")
        )
        subscriptions.append(watcher.watch(job, one.hear))
        subscriptions[-1].act("start", job.start)
    (listener,) = listeners(1)
    job = BatchJob("j-1", healthy)
    subscriptions.append(watcher.watch(job, listener.hear))
    subscriptions[-1].act("start", job.start)
    listener.until_status("running")
    assert not release.is_set()
    for subscription in subscriptions:
        subscription.close()
    release.set()


def test_two_back_ends_that_hang_leave_a_third_one_its_place(
    scripted, another_scripted, fleet, watcher, listeners
):
    release = threading.Event()
    subscriptions = []
    for backend in (scripted, another_scripted):
        connection = Connection(backend.url)
        for number, one in enumerate(listeners(6)):
            backend.answers[f"GET /jobs/h-{number}"] = lambda: release.wait(LONG_S) and (404, b"")
            subscriptions.append(watcher.watch(BatchJob(f"h-{number}", connection), one.hear))
    (listener,) = listeners(1)
    third = BatchJob("j-0", Connection(fleet((0, 0, "finished")).url))
    subscriptions.append(watcher.watch(third, listener.hear))
    listener.until_status("finished")
    assert not release.is_set()
    release.set()
    for subscription in subscriptions:
        subscription.close()


def test_an_answer_that_never_ends_is_no_answer(scripted, fast_watcher, job, listener):
    """It drips, so that no timeout is ever met: here it does not come at all while time flies."""
    release = threading.Event()
    scripted.answers[STATUS] = lambda: release.wait(LONG_S) and (200, scripted.job)
    subscription = fast_watcher(100).watch(job, listener.hear)
    state = listener.until(lambda state: state.freshness.state == "lost")
    assert "No whole answer came in 90 s." in state.freshness.reason
    release.set()
    listener.until(live)
    subscription.close()


def test_what_is_hidden_and_shown_again_and_again_is_no_reason_to_ask_again_and_again(
    scripted, watcher, job, listener
):
    subscription = watcher.watch(job, listener.hear, ceiling_s=3600)
    asked_at = listener.until_status("created").freshness.asked
    for _ in range(200):
        subscription.look(visible=False)
        subscription.look(visible=True)
    again = listener.until(lambda state: state.freshness.asked > asked_at)
    assert again.freshness.asked - asked_at >= 0.9
    assert scripted.asked.count(STATUS) == 2
    subscription.close()


def test_who_wants_to_be_left_alone_is_also_when_the_page_comes_back(
    scripted, watcher, job, listener
):
    headers = {"code": "Busy", "message": "Later."}
    scripted.answers[STATUS] = (429, headers)
    subscription = watcher.watch(job, listener.hear)
    listener.until(lambda state: state.freshness.state == "lost")
    watched = subscription._watched
    watched.not_before = watcher.clock.steady() + 60
    subscription.look(visible=False)
    subscription.look(visible=True)
    assert watched.soonest(watcher.clock.steady()) == watched.not_before
    subscription.refresh()  # a person may ask all the same
    scripted.answers[STATUS] = (200, scripted.job)
    listener.until_status("created")
    subscription.close()


@pytest.mark.parametrize("status", [403, 404])
def test_a_proxy_that_refuses_in_its_own_words_says_nothing_of_the_job(
    scripted, watcher, job, listener, status
):
    scripted.answers[STATUS] = (status, b"<html>No backend available.</html>")
    subscription = watcher.watch(job, listener.hear)
    state = listener.until(lambda state: state.freshness.attempt > 0)
    assert state.freshness.state == "lost"
    scripted.answers[STATUS] = (200, scripted.job)
    listener.until_status("created")
    subscription.close()


def test_a_list_that_is_forbidden_signs_nobody_out(scripted, watcher, listeners):
    scripted.answers["GET /jobs"] = (403, {"code": "PermissionsInsufficient", "message": "No."})
    connection = Connection(scripted.url)
    heard = listeners(5)
    for number in range(5):
        told = {"id": f"j-{number}", "status": "queued", "created": "2026-01-01T00:00:00Z"}
        scripted.answers[f"GET /jobs/j-{number}"] = (200, told)
    jobs = [BatchJob(f"j-{number}", connection) for number in range(5)]
    subscriptions = [watcher.watch(j, one.hear) for j, one in zip(jobs, heard, strict=True)]
    for one in heard:
        one.until_status("queued")
    # From now on they are due together, and so are asked for by the list.
    for one in heard:
        one.until(lambda state: state.freshness.state == "live" and state.status == "queued")
    assert all(s.state.freshness.state != "signed_out" for s in subscriptions)
    for subscription in subscriptions:
        subscription.close()


def test_jobs_that_are_on_no_list_are_looked_for_there_once(scripted, fast_watcher, listeners):
    scripted.answers["GET /jobs"] = (200, {"jobs": [], "links": []})
    connection = Connection(scripted.url)
    for number in range(5):
        told = {"id": f"j-{number}", "status": "queued", "created": "2026-01-01T00:00:00Z"}
        scripted.answers[f"GET /jobs/j-{number}"] = (200, told)
    heard = listeners(5)
    watcher = fast_watcher(50)
    subscriptions = [
        watcher.watch(BatchJob(f"j-{number}", connection), one.hear)
        for number, one in enumerate(heard)
    ]
    for one in heard:
        for _ in range(5):
            one.until_status("queued")
    for subscription in subscriptions:
        subscription.close()
    assert scripted.asked.count("GET /jobs") <= 2


def test_those_that_somebody_looks_at_keep_their_progress(fleet, fast_watcher, listeners):
    started = fleet(*[(1, 1000, "finished")] * 5, speed=20, progress=True)
    watcher = fast_watcher(20)
    connection = Connection(started.url)
    heard = listeners(5)
    subscriptions = [
        watcher.watch(BatchJob(f"j-{number}", connection), one.hear)
        for number, one in enumerate(heard)
    ]
    for subscription in subscriptions:
        subscription.look(visible=True)
    for one in heard:
        one.until(lambda state: state.progress is not None)
        told = [one.states.get(timeout=LONG_S).progress for _ in range(5)]
        assert None not in told
        assert told == sorted(told)
    for subscription in subscriptions:
        subscription.close()


class Acting:
    """Starts a job as soon as it hears that it has failed."""

    def __init__(self, job):
        self.job, self.states, self.subscription = job, queue.SimpleQueue(), None

    def hear(self, state):
        if state.status == "error" and state.action is None and self.states.empty():
            self.subscription.act("start", self.job.start)
        self.states.put(state)


def test_no_older_state_comes_after_a_newer_one_also_where_a_listener_acts(
    scripted, watcher, job, listener
):
    acting = Acting(job)
    first = acting.subscription = watcher.watch(job, acting.hear)
    second = watcher.watch(job, listener.hear)
    listener.until_status("created")
    acting.states.get(timeout=LONG_S)
    scripted.job["status"] = "error"
    first.refresh()
    told = [listener.until(lambda state: state.action is not None)]
    while told[-1].status != "running":
        told.append(listener.states.get(timeout=LONG_S))
    assert not any(s.action is None and s.status == "error" for s in told)
    first.close()
    second.close()


def test_changes_of_a_job_that_was_started_again_are_told(scripted, job, listener):
    scripted.job["status"] = "finished"
    subscription = the_watcher().watch(job, listener.hear)
    listener.until(lambda state: state.freshness.state == "resting")
    heard = queue.SimpleQueue()
    subscription.act("start", job.start)
    end = job.on_change(lambda state: heard.put(state.status))
    while heard.get(timeout=LONG_S) != "running":
        pass
    end()
    subscription.close()


BEFORE_THE_FIRST_ANSWER = [
    ((200, ConnectionError()), "got no answer"),
    ((500, {"code": "Internal", "message": "Broken."}), "Broken."),
    ((202, b""), "accepted the start, but the job is still created"),
]


@pytest.mark.parametrize(("answer", "words"), BEFORE_THE_FIRST_ANSWER)
def test_what_becomes_of_a_start_before_the_first_answer_is_told(
    scripted, fast_watcher, job, listener, answer, words
):
    acted = threading.Event()
    scripted.answers[STATUS] = lambda: acted.wait(LONG_S) and (200, scripted.job)
    scripted.answers[START] = answer
    subscription = fast_watcher(20).watch(job, listener.hear)
    subscription.act("start", job.start)
    acted.set()
    state = listener.until(lambda s: s.action is None and (s.notice or s.problem))
    assert words in f"{state.notice} {state.problem}"
    subscription.close()


def test_errors_of_another_client_tell_nothing_but_their_name(fast_watcher, job, listener):
    def start():
        raise KeyError("Bearer s3cr3t-t0ken")

    subscription = fast_watcher(20).watch(job, listener.hear)
    listener.until_status("created")
    subscription.act("start", start)
    state = listener.until(lambda state: state.problem is not None)
    assert "The connection failed: KeyError." in str(state.problem)
    assert "s3cr3t" not in str(state.problem)
    subscription.close()


def test_a_clock_that_is_set_forward_cancels_nothing(scripted, fast_watcher, job, listener):
    scripted.job["status"] = "running"
    watcher = fast_watcher(1)
    subscription = watcher.watch(job, listener.hear, max_runtime_s=7200)
    listener.until_status("running")
    watcher.clock.slept += 86400
    for _ in range(2):
        subscription.refresh()
        asked = watcher.clock.wall()
        listener.until(lambda state, asked=asked: (state.freshness.asked or 0) >= asked)
    subscription.close()
    assert not any(asked.startswith("DELETE") for asked in scripted.asked)


def test_a_job_that_nobody_watches_any_more_is_forgotten(scripted, watcher, listener):
    before = set(threading.enumerate())
    job = BatchJob("j-1", Connection(scripted.url))
    kept = weakref.ref(job.connection)
    subscription = watcher.watch(job, listener.hear)
    listener.until_status("created")
    subscription.close()
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith("openeo-widgets"):
            thread.join(LONG_S)
    del job, subscription
    gc.collect()
    assert kept() is None


def test_a_status_that_would_steer_a_terminal_does_not(scripted, job, capsys, monkeypatch):
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    odd = {**scripted.job, "status": "\x1b[2J\nrunning"}
    answers = iter([odd, odd])
    finished = {**scripted.job, "status": "finished"}
    scripted.answers[STATUS] = lambda: (200, json.dumps(next(answers, finished)).encode())
    job.wait(LONG_S)
    written = capsys.readouterr().out
    assert "\x1b" not in written
    assert written.count("\n") == 1


def test_where_nothing_can_be_printed_a_wait_waits_all_the_same(scripted, job, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    scripted.job["status"] = "finished"
    job.wait(LONG_S)
