"""The polling thread against a real server on loopback."""

import queue
import subprocess
import sys
import threading

import pytest

from openeo_widgets import BatchJob, connect

# Longer than anything here takes: reached only when something is broken.
LONG_S = 20


def status_is(status):
    return lambda state: state.status == status


def threads():
    return {thread for thread in threading.enumerate() if thread.name.startswith("openeo-widgets")}


def all_gone(alive):
    """Whether threads end within the second that is promised."""
    for thread in alive:
        thread.join(1.0)
    return not any(thread.is_alive() for thread in alive)


def test_states_are_told_from_start_to_end_and_then_nobody_asks(
    scripted, job, fast_watcher, listener
):
    watcher = fast_watcher(1)
    subscription = watcher.watch(job, listener.hear)
    listener.until(status_is("created"))
    job.start()
    subscription.refresh()
    listener.until(status_is("running"))
    scripted.job["status"] = "finished"
    subscription.refresh()
    assert listener.until(status_is("finished")).freshness.state == "resting"
    asked = len(scripted.asked)
    watcher.clock.slept += 3600
    looked_round = threading.Event()
    watcher.later(0, looked_round.set)
    assert looked_round.wait(LONG_S)
    subscription.close()
    assert len(scripted.asked) == asked


def test_a_job_that_is_watched_by_many_is_asked_once(scripted, job, watcher, listeners):
    scripted.job["status"] = "finished"
    listeners = listeners(5)
    release = threading.Event()
    scripted.answers["GET /jobs/j-1"] = lambda: release.wait(LONG_S) and (200, scripted.job)
    subscriptions = [watcher.watch(job, listener.hear) for listener in listeners]
    release.set()
    for listener in listeners:
        listener.until(status_is("finished"))
    assert scripted.asked.count("GET /jobs/j-1") == 1
    for subscription in subscriptions:
        subscription.close()


class Failing:
    """A listener that fails."""

    def hear(self, _state):
        raise RuntimeError("on purpose")


def test_a_listener_that_fails_leaves_the_others_told(scripted, job, watcher, listener, caplog):
    failing = Failing()
    subscriptions = [watcher.watch(job, one.hear) for one in (failing, listener)]
    listener.until(status_is("created"))
    scripted.job["status"] = "finished"
    subscriptions[0].refresh()
    listener.until(status_is("finished"))
    assert "on purpose" in caplog.text
    for subscription in subscriptions:
        subscription.close()


class Waiter:
    """Waits where it could hear nothing."""

    def __init__(self, job):
        self.job, self.refused = job, queue.SimpleQueue()

    def hear(self, _state):
        with pytest.raises(RuntimeError, match=r"'j-1'.* another thread") as refused:
            self.job.wait(progress=None)
        self.refused.put(refused.value)


def test_a_listener_that_would_wait_for_itself_is_told_so(job, watcher):
    waiter = Waiter(job)
    subscription = watcher.watch(job, waiter.hear)
    waiter.refused.get(timeout=LONG_S)
    subscription.close()


def test_a_callback_may_wait_for_its_own_job(scripted, job):
    scripted.job["status"] = "running"
    told = queue.SimpleQueue()

    def wait(state):
        if state.status == "running":
            scripted.job["status"] = "finished"
            told.put(job.wait(LONG_S, progress=None))

    job.on_change(wait)
    assert told.get(timeout=LONG_S) is job


class OddLogs(BatchJob):
    """A job whose logs fail in another library's way."""

    def logs(self, *_arguments, **_options):
        raise RuntimeError("another client's own")


def test_a_failed_job_whose_logs_cannot_be_read_is_a_failed_job(scripted, watcher, listener):
    scripted.job["status"] = "error"
    subscription = watcher.watch(OddLogs("j-1", connect(scripted.url)), listener.hear)
    assert listener.until(status_is("error")).error == {}
    subscription.close()


def test_threads_are_gone_after_the_last_close(job, watcher, listener):
    before = threads()
    subscription = watcher.watch(job, listener.hear)
    listener.until(status_is("created"))
    ours = threads() - before
    assert ours
    subscription.close()
    assert all_gone(ours)


def test_a_listener_that_is_gone_is_no_reason_to_go_on(job, watcher, listeners):
    before = threads()
    (listener,) = listeners(1)
    watcher.watch(job, listener.hear)
    listener.until(status_is("created"))
    ours = threads() - before
    del listener
    assert all_gone(ours)


def test_an_answer_to_a_question_from_before_an_action_does_not_count(
    scripted, job, watcher, listener
):
    asked, release = threading.Event(), threading.Event()

    def slowly():
        old = dict(scripted.job)
        asked.set()
        release.wait(LONG_S)
        return 200, old

    scripted.answers["GET /jobs/j-1"] = slowly
    subscription = watcher.watch(job, listener.hear)
    assert asked.wait(LONG_S)
    job.start()
    subscription.refresh()
    scripted.answers["GET /jobs/j-1"] = lambda: (200, scripted.job)
    release.set()
    assert listener.states.get(timeout=LONG_S).status == "running"
    subscription.close()


def test_an_outage_keeps_the_state_and_the_back_end_is_asked_again(
    scripted, job, watcher, listener
):
    scripted.job["status"] = "running"
    subscription = watcher.watch(job, listener.hear)
    listener.until(status_is("running"))
    scripted.answers["GET /jobs/j-1"] = (503, b"")
    subscription.refresh()
    lost = listener.until(lambda state: state.freshness.state == "lost")
    assert lost.status == "running"
    assert lost.freshness.next is not None
    scripted.answers["GET /jobs/j-1"] = (200, scripted.job)
    assert listener.until(lambda state: state.freshness.state == "live").freshness.attempt == 0
    subscription.close()


@pytest.mark.parametrize(
    ("status", "kind"), [(401, "signed_out"), (403, "signed_out"), (404, "gone")]
)
def test_refused_is_told_and_not_asked_again(scripted, job, watcher, listener, status, kind):
    scripted.answers["GET /jobs/j-1"] = (status, {"code": "X", "message": "No."})
    subscription = watcher.watch(job, listener.hear)
    told = listener.until(lambda state: state.freshness.state == kind)
    assert told.freshness.next is None
    scripted.answers["GET /jobs/j-1"] = (200, scripted.job)
    subscription.refresh()
    listener.until(status_is("created"))
    subscription.close()


LEAVE = """
import sys, threading
from openeo_widgets.api import BatchJob, Connection
from openeo_widgets.watch import watcher

class Listener:
    def hear(self, state):
        pass

listener = Listener()
subscription = watcher().watch(BatchJob("j-1", Connection(sys.argv[1])), listener.hear)
sys.stdin.readline()
"""


def test_an_interpreter_ends_with_a_request_under_way(scripted):
    asked, release = threading.Event(), threading.Event()
    scripted.answers["GET /jobs/j-1"] = lambda: (asked.set(), release.wait(LONG_S), (404, b""))[-1]
    command = [sys.executable, "-c", LEAVE, scripted.url]
    with subprocess.Popen(  # noqa: S603 - our own words
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert asked.wait(LONG_S)
        assert process.communicate("leave\n", timeout=LONG_S)[1] == ""
    assert not release.is_set()
    assert process.returncode == 0
    release.set()
