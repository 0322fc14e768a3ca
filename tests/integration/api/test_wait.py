"""Waiting for a batch job, in threads and in coroutines."""

from __future__ import annotations

import asyncio
import builtins
import itertools
import queue
import signal
import sys
import threading

import pytest

from openeo_widgets import (
    BatchJob,
    JobFailedError,
    NoAnswerError,
    NotFoundError,
    SignInError,
    WaitTimeoutError,
)
from openeo_widgets.watch import watcher

LOGS = "/jobs/job-1/logs"
JOB = "/jobs/job-1"


def _states(backend, *states):
    backend.on("GET", JOB, *({"id": "job-1", "status": state} for state in states))


def test_a_job_that_fails_says_why(backend, job, quick):
    _states(backend, "running", "error")
    entries = [
        {"id": "1", "level": "error", "message": "First."},
        {"id": "2", "level": "error", "message": "Disk full.", "code": "Full"},
        {"id": "3", "level": "info", "message": "Bye."},
    ]
    backend.on("GET", LOGS, {"logs": entries})
    lines = []
    with pytest.raises(JobFailedError, match=r"'error': Disk full\. \(Full\)") as caught:
        job.start_and_wait(print=lines.append)
    error = caught.value
    assert (error.job_id, error.status, error.code) == ("job-1", "error", "Full")
    assert error.log_entry == entries[1]
    assert lines[-2:] == ["[1] ERROR: First.", "[2] ERROR: Disk full."]


def test_a_job_that_fails_without_logs(backend, script, job, quick):
    _states(backend, "error")
    backend.on("GET", LOGS, script(b"", 501))
    with pytest.raises(JobFailedError, match=r"'error'\."):
        job.wait(progress=None)


def test_of_a_job_that_is_not_there_the_error_tells_and_no_line(backend, script, job, quick):
    backend.on("GET", JOB, script({"code": "JobNotFound", "message": "No such job."}, 404))
    lines = []
    with pytest.raises(NotFoundError, match="No such job"):
        job.wait(progress=lines.append)
    assert lines == []


def test_success_is_not_required(backend, job, quick):
    _states(backend, "canceled")
    assert job.wait(progress=None, require_success=False) is job


@pytest.mark.parametrize("end", ["canceled", "created"])
def test_a_canceled_job_is_an_end(backend, job, quick, end):
    _states(backend, "queued", end)
    with pytest.raises(JobFailedError) as caught:
        job.wait(progress=None)
    assert caught.value.status == end
    assert caught.value.log_entry is None


def test_a_job_that_nobody_started_is_told_and_not_waited_for(backend, job, quick):
    _states(backend, "created")
    with pytest.raises(JobFailedError, match=r"was not started\. Start it with job\.start\(\)"):
        job.wait(progress=None)
    assert len(backend.asked("GET", JOB)) == 2


def test_of_a_job_that_nobody_started_no_success_is_required_either(backend, job, quick):
    _states(backend, "created")
    assert job.wait(progress=None, require_success=False) is job


def test_a_job_that_was_just_started_may_look_created_for_a_while(backend, job, quick):
    _states(backend, *["created"] * 6, "finished")
    job.start().wait(progress=None)
    assert len(backend.asked("GET", JOB)) == 7


def test_an_end_of_before_the_start_is_not_the_end_of_it(backend, job, quick):
    """Some back-ends answer 202, and take a moment before anything moves."""
    old = {"id": "job-1", "status": "finished", "updated": "2020-01-01T00:00:00Z"}
    backend.on("GET", JOB, old, old, {"id": "job-1", "status": "running"}, {"status": "error"})
    backend.on("GET", LOGS, {"logs": []})
    with pytest.raises(JobFailedError, match="'error'"):
        job.start_and_wait(print=len)


def test_an_end_that_came_before_the_first_question_is_the_end(backend, job, quick):
    new = {"id": "job-1", "status": "finished", "updated": "2999-01-01T00:00:00Z"}
    backend.on("GET", JOB, new)
    job.start().wait(progress=None)
    assert len(backend.asked("GET", JOB)) == 1


class Quiet:
    """A listener to whom nothing matters."""

    def hear(self, state):
        """Let it pass."""


def test_a_start_that_another_object_is_making_is_waited_for(backend, job, quick):
    """Two objects of one job, as in a notebook with a widget and a handle."""
    release = threading.Event()

    def answer(_asked):
        if len(backend.asked("GET", JOB)) > 6:
            release.set()
        return {"id": "job-1", "status": "finished" if release.is_set() else "created"}

    backend.on("POST", "/jobs/job-1/results", lambda _: release.wait(30) and b"")
    backend.on("GET", JOB, answer)
    quiet = Quiet()
    subscription = watcher().watch(job, quiet.hear)
    subscription.act("start", job.start)
    BatchJob("job-1", job.connection).wait(30, progress=None)
    subscription.close()


def test_a_start_that_had_no_effect_is_told(backend, job, quick):
    _states(backend, "created")
    with pytest.raises(JobFailedError, match="was not started"):
        job.start_and_wait(print=len)


def test_an_unknown_status_is_no_failure(backend, job, quick):
    _states(backend, "submitted", "brewing", "running", "finished")
    job.wait(progress=None)


def test_an_answer_without_status(backend, job, quick):
    backend.on("GET", JOB, {}, {"status": None}, {"status": "finished", "progress": "lots"})
    lines = []
    job.wait(progress=lines.append)
    assert "0:00:00 finished - batch job 'job-1'" in lines


def test_progress_that_is_no_percentage_is_not_told(backend, job, quick):
    running = {"status": "running", "progress": 10**400}
    backend.on("GET", JOB, running, {"status": "finished"})
    lines = []
    job.wait(progress=lines.append)
    assert "%" not in lines[0]


def test_outages_are_waited_through(backend, script, connection, quick):
    html = script(b"<html>", 200, {"Content-Type": "text/html"})
    faults = [script(b"", 503), script(b"", 500), html, script({"status": "x"}, cut=3)]
    backend.on("GET", JOB, *faults, {"status": "finished"})
    lines = []
    connection.job("job-1").wait(progress=lines.append)
    assert sum("asking again" in line for line in lines) == len(faults)


def test_outages_are_waited_through_over_the_official_connection(backend, script, official, quick):
    backend.on("GET", JOB, script(b"", 500), {"status": "finished"})
    BatchJob("job-1", official).wait(progress=None)


@pytest.mark.parametrize(("status", "error"), [(401, SignInError), (404, NotFoundError)])
def test_what_does_not_pass_ends_the_waiting(backend, script, job, quick, status, error):
    backend.on("GET", JOB, script({"code": "Refused", "message": "No."}, status))
    with pytest.raises(error):
        job.wait(progress=None)
    assert len(backend.asked("GET", JOB)) == 1


def test_time_runs_out(backend, job):
    _states(backend, "running")
    with pytest.raises(WaitTimeoutError, match="is 'running' after") as caught:
        job.wait(1, progress=None)
    assert isinstance(caught.value, TimeoutError)
    assert backend.asked("DELETE", "/jobs/job-1/results") == []


def test_time_runs_out_during_an_outage(backend, script, job):
    backend.on("GET", JOB, script(b"", 500))
    with pytest.raises(WaitTimeoutError, match="told nothing after"):
        job.wait(0.01, progress=None)


@pytest.mark.parametrize("timeout", [0.3, 0, -5])
def test_no_longer_than_it_may_also_where_nobody_answers(backend, job, timeout):
    """The back-end answers when the test is over."""
    over = threading.Event()
    backend.on("GET", JOB, lambda _: over.wait(60) and {"id": "job-1", "status": "finished"})
    with pytest.raises(WaitTimeoutError, match="told nothing after"):
        job.wait(timeout, progress=None)
    with pytest.raises(WaitTimeoutError, match="told nothing after"):
        asyncio.run(job.finished(timeout))
    over.set()


@pytest.mark.parametrize("limit", ["timeout", "poll_max", "max_runtime"])
@pytest.mark.parametrize("value", ["3600", float("nan"), True])
def test_what_is_no_number_of_seconds_is_refused(job, limit, value):
    with pytest.raises(TypeError, match=f"{limit} is a number of seconds, not {value!r}"):
        job.wait(progress=None, **{limit: value})


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="POSIX signals")
def test_ctrl_c_ends_the_waiting_and_not_the_job(backend, script, connection):
    # Asked to come back in an hour: only Ctrl-C can end this pause while the test still runs.
    backend.on("GET", JOB, script(b"", 503, {"Retry-After": "3600"}))
    main = threading.main_thread().ident
    paused = threading.Event()

    def interrupt():
        assert paused.wait(30)
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        connection.job("job-1").wait(progress=lambda _line: paused.set())
    thread.join()
    assert backend.asked("DELETE", "/jobs/job-1/results") == []


def test_no_more_outages_than_are_borne(backend, script, job, quick):
    backend.on("GET", JOB, script(b"", 500))
    with pytest.raises(NoAnswerError, match="no usable answer to 4 questions in a row"):
        job.wait(progress=None, soft_error_max=3)


def test_a_job_that_runs_too_long_is_canceled(backend, job):
    _states(backend, "running", "running", "canceled")
    with pytest.raises(JobFailedError, match=r"'canceled': .* longer than max_runtime"):
        job.wait(progress=None, max_runtime=0.1)
    assert len(backend.asked("DELETE", "/jobs/job-1/results")) == 1


def test_a_coroutine_waits_while_others_live_on(backend, script, job, quick):
    ticked = threading.Event()
    backend.on("GET", JOB, lambda _: ticked.wait(30) and {"id": "job-1", "status": "finished"})

    async def both():
        waiting = asyncio.create_task(job.finished())
        await asyncio.sleep(0)
        ticked.set()
        return await waiting

    assert asyncio.run(both()) is job


def test_a_coroutine_hears_of_a_failure_as_a_thread_does(backend, job, quick):
    _states(backend, "running", "error")
    backend.on("GET", LOGS, {"logs": [{"id": "1", "level": "error", "message": "Disk full."}]})
    with pytest.raises(JobFailedError, match=r"'error': Disk full\.") as caught:
        asyncio.run(job.finished())
    assert caught.value.log_entry["message"] == "Disk full."
    assert asyncio.run(job.finished(require_success=False)) is job


def test_a_coroutine_waits_no_longer_than_it_may(backend, job):
    _states(backend, "running")
    with pytest.raises(WaitTimeoutError, match="It goes on"):
        asyncio.run(job.finished(0.05))


def test_a_waiting_task_can_be_given_up(backend, job):
    _states(backend, "running")

    async def give_up():
        waiting = asyncio.create_task(job.finished())
        await asyncio.to_thread(backend.wait_until_asked, "GET", JOB)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return waiting.cancelled()

    assert asyncio.run(give_up())


def test_changes_are_told_once_each(backend, job, quick):
    _states(backend, "queued", "queued", "running", "finished")
    told = queue.Queue()
    job.on_change(lambda state: told.put(state.status))
    assert [told.get(timeout=30) for _ in range(3)] == ["queued", "running", "finished"]
    job.wait(progress=None)
    assert told.empty()


def test_changes_are_told_no_more_when_that_was_ended(backend, job, quick):
    _states(backend, "running")
    told = queue.Queue()
    end = job.on_change(lambda state: told.put(state.status))
    assert told.get(timeout=30) == "running"
    end()
    _states(backend, "finished")
    job.wait(progress=None)
    assert told.empty()


def test_one_line_is_kept_up_to_date_on_a_terminal(backend, job, quick, capsys, monkeypatch):
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    _states(backend, "queued", "running", "finished")
    job.wait(progress=builtins.print)
    written = capsys.readouterr().out
    assert written.count("\n") == 1
    told = [part.split()[1] for part in written.split("\r")[1:]]
    assert [status for status, _ in itertools.groupby(told)] == ["queued", "running", "finished"]
    assert {len(part.rstrip("\n")) for part in written.split("\r")[1:]} == {59}


def test_the_official_session_may_be_used_meanwhile(backend, official, quick):
    """Its session is not ours alone: what the user asks and what is watched do not mix."""
    seen = iter(range(10**6))
    backend.on("GET", JOB, lambda _: {"id": "job-1", "status": f"running-{next(seen)}"})
    backend.on("GET", "/jobs", {"jobs": [{"id": "of-the-user"}], "links": []})
    told = queue.Queue()
    end = BatchJob("job-1", official).on_change(told.put)
    for _ in range(50):
        assert official.get("/jobs").json()["jobs"][0]["id"] == "of-the-user"
        assert told.get(timeout=30).status.startswith("running-")
    end()
