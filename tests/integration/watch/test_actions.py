"""Starting and canceling: once, and what became of it is told."""

import threading

import openeo
import pytest

from openeo_widgets import NoAnswerError
from openeo_widgets.api import BatchJob, Connection
from openeo_widgets.watch import watcher as the_watcher

LONG_S = 30
START = "POST /jobs/j-1/results"


def settled(state):
    return state.action is None and bool(state.status)


@pytest.fixture
def watched(watcher, job, listener):
    subscription = watcher.watch(job, listener.hear)
    listener.until_status("created")
    yield subscription
    subscription.close()


def test_of_two_presses_one_is_a_request(scripted, watcher, job, watched, listener, listeners):
    (other,) = listeners(1)
    second = watcher.watch(BatchJob(job.job_id, job.connection), other.hear)
    assert watched.act("start", job.start)
    assert not watched.act("start", job.start)
    assert not second.act("cancel", job.stop)
    listener.until(lambda state: state.status == "running" and settled(state))
    second.close()
    assert [asked for asked in scripted.asked if not asked.startswith("GET")] == [START]


def test_a_start_whose_answer_was_lost_but_which_arrived(scripted, job, watched, listener):
    def start_and_say_nothing():
        scripted.job["status"] = "queued"
        return 200, ConnectionError()

    scripted.answers[START] = start_and_say_nothing
    watched.act("start", job.start)
    state = listener.until_status("queued")
    assert state.notice == "The answer to the start was lost, but it arrived."
    assert state.problem is None
    assert scripted.asked.count(START) == 1


def test_a_start_whose_answer_was_lost_and_which_did_not_arrive(
    scripted, fast_watcher, job, listener
):
    scripted.answers[START] = (200, ConnectionError())
    subscription = fast_watcher(20).watch(job, listener.hear)
    listener.until_status("created")
    subscription.act("start", job.start)
    state = listener.until(lambda state: state.problem is not None)
    subscription.close()
    assert isinstance(state.problem, NoAnswerError)
    assert "still created" in str(state.problem)
    assert "start it again" in state.problem.hint
    assert scripted.asked.count(START) == 1


def test_what_is_refused_is_told_as_it_is(scripted, job, watched, listener):
    scripted.answers[START] = (402, {"code": "PaymentRequired", "message": "No credits."})
    watched.act("start", job.start)
    state = listener.until(lambda state: state.problem is not None)
    assert (state.problem.code, state.action) == ("PaymentRequired", None)


def test_a_deleted_job_is_gone_as_it_was_wanted(scripted, job, watched, listener):
    def delete():
        scripted.answers["GET /jobs/j-1"] = (404, {"code": "JobNotFound", "message": "Gone."})
        return 204, b""

    scripted.answers["DELETE /jobs/j-1"] = delete
    watched.act("delete", job.delete)
    state = listener.until(lambda state: state.freshness.state == "deleted")
    assert state.notice.startswith("The job was deleted.")
    assert (state.status, state.action) == ("created", None)
    watched.refresh()
    again = listener.states.get(timeout=LONG_S)
    assert again.freshness.state == "deleted"
    assert again.notice == state.notice


def test_what_is_done_elsewhere_is_seen_at_once(job, listener):
    subscription = the_watcher().watch(job, listener.hear)
    listener.until_status("created")
    subscription.look(visible=False)  # half a minute between two questions
    job.start()
    state = listener.until_status("running")
    job.stop()
    assert listener.until_status("canceled").freshness.asked - state.freshness.asked < 10
    subscription.close()


def test_a_job_that_runs_too_long_is_canceled_once(scripted, fast_watcher, job, listener):
    scripted.job["status"] = "running"
    subscription = fast_watcher(100).watch(job, listener.hear, max_runtime_s=120)
    state = listener.until_status("canceled")
    assert state.notice == "It was canceled since it ran longer than max_runtime allows: 120 s."
    subscription.close()
    assert scripted.asked.count("DELETE /jobs/j-1/results") == 1


@pytest.mark.parametrize("connect", [Connection, openeo.connect])
def test_who_signs_in_again_goes_on(scripted, watcher, listener, connect):
    connection = connect(scripted.url)
    scripted.answers["GET /jobs/j-1"] = (401, {"code": "AuthenticationRequired", "message": "?"})
    subscription = watcher.watch(BatchJob("j-1", connection), listener.hear)
    listener.until(lambda state: state.freshness.state == "signed_out")
    scripted.answers["GET /jobs/j-1"] = (200, scripted.job)
    connection.authenticate_bearer_token("basic//new")
    listener.until_status("created")
    subscription.close()


def test_a_page_that_comes_back_is_told_at_once(scripted, watcher, job, listener):
    subscription = watcher.watch(job, listener.hear, ceiling_s=3600)
    listener.until_status("created")
    subscription.look(visible=True)
    subscription.look(visible=False)
    listener.until(lambda state: (state.freshness.next or 0) - state.freshness.asked >= 25)
    scripted.job["status"] = "queued"
    subscription.look(visible=True)
    listener.until_status("queued")
    subscription.close()


def test_a_listener_that_fails_keeps_nothing_from_the_others(
    scripted, watcher, job, listener, caplog
):
    class Failing:
        def hear(self, _state):
            raise RuntimeError("not mine")

    failing = Failing()
    first = watcher.watch(job, failing.hear)
    second = watcher.watch(job, listener.hear)
    listener.until_status("created")
    first.close()
    second.close()
    assert "not mine" in caplog.text


def test_the_thread_is_gone_also_while_a_request_is_under_way(scripted, watcher, job, listener):
    asked, release = threading.Event(), threading.Event()
    scripted.answers["GET /jobs/j-1"] = lambda: (asked.set(), release.wait(LONG_S), (404, b""))[-1]
    subscription = watcher.watch(job, listener.hear)
    assert asked.wait(LONG_S)
    (polling,) = [t for t in threading.enumerate() if t.name == "openeo-widgets-watcher"]
    subscription.close()
    polling.join(1.0)
    assert not polling.is_alive()
    release.set()
