"""Waiting for a batch job."""

from __future__ import annotations

import signal
import threading

import pytest

from openeo_widgets import (
    BatchJob,
    JobFailedError,
    NotFoundError,
    SignInError,
    WaitTimeoutError,
)

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


def test_a_job_that_was_just_started_may_look_created_for_a_while(backend, job, quick):
    _states(backend, *["created"] * 6, "finished")
    job.start().wait(progress=None)
    assert len(backend.asked("GET", JOB)) == 7


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
    assert lines[-1].endswith("finished")


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
    backend.on("GET", JOB, script(b"", status))
    with pytest.raises(error):
        job.wait(progress=None)
    assert len(backend.asked("GET", JOB)) == 1


def test_time_runs_out(backend, job):
    _states(backend, "running")
    with pytest.raises(WaitTimeoutError, match="'running' after 0 s") as caught:
        job.wait(0, progress=None)
    assert isinstance(caught.value, TimeoutError)
    assert backend.asked("DELETE", "/jobs/job-1/results") == []


def test_time_runs_out_during_an_outage(backend, script, job):
    backend.on("GET", JOB, script(b"", 500))
    with pytest.raises(WaitTimeoutError, match="out of reach"):
        job.wait(0.01, progress=None)


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
