"""Jobs and logs in SQLite."""

from __future__ import annotations

import pytest

from openeo_widgets.backend.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.sqlite")
    yield store
    store.close()


@pytest.fixture
def running(store):
    job_id = store.add_job("me", {"title": "x"})
    run = store.enqueue(job_id)
    assert store.begin(job_id, run)
    return job_id, run


FILE = {"name": "a.tif", "size": 7}


def test_a_late_worker_changes_nothing_of_a_canceled_job(store, running):
    job_id, run = running
    assert store.cancel(job_id) == "canceled"
    store.set_progress(job_id, run, 90)
    store.add_file(job_id, run, FILE)
    assert not store.end(job_id, run, "finished", None)
    job = store.job(job_id)
    assert (job["status"], job["progress"], job["files"]) == ("canceled", 0, [])


def test_a_late_worker_changes_nothing_of_the_next_run(store, running):
    job_id, run = running
    store.cancel(job_id)
    following = store.enqueue(job_id)
    assert following == run + 1
    assert not store.begin(job_id, run)
    assert store.begin(job_id, following)
    store.set_progress(job_id, run, 90)
    store.add_file(job_id, run, FILE)
    store.add_log(job_id, run, {"level": "info", "message": "late"})
    assert not store.end(job_id, run, "error", None)
    job = store.job(job_id)
    assert (job["status"], job["progress"], job["files"]) == ("running", 0, [])
    assert store.logs(job_id, 0, "debug", 10) == []


def test_progress_never_goes_back(store, running):
    for value in (10, 40, 30):
        store.set_progress(*running, value)
    assert store.job(running[0])["progress"] == 40


def test_a_job_in_the_queue_is_not_queued_again(store):
    job_id = store.add_job("me", {})
    assert store.enqueue(job_id) == 1
    assert store.enqueue(job_id) is None
    assert store.cancel(job_id) == "created"
    assert store.cancel(job_id) is None
    assert store.enqueue(job_id) == 2


def test_jobs_belong_to_users(store):
    job_id = store.add_job("me", {})
    assert store.job(job_id, "you") is None
    assert store.job(job_id, "me")["id"] == job_id
    assert store.jobs("you", 10, None) == []


def test_log_ids_only_grow(store, running):
    job_id, run = running
    for number in range(3):
        store.add_log(job_id, run, {"level": "info", "message": str(number)})
    first = [int(entry["id"]) for entry in store.logs(job_id, 0, "debug", 10)]
    store.cancel(job_id)
    run = store.enqueue(job_id)
    store.add_log(job_id, run, {"level": "error", "message": "new", "code": "X"})
    (entry,) = store.logs(job_id, max(first), "debug", 10)
    assert entry["message"] == "new"
    assert store.last_error(job_id) == entry


def test_everything_survives_closing(tmp_path):
    store = Store(tmp_path / "store.sqlite")
    job_id = store.add_job("me", {"title": "kept"})
    run = store.enqueue(job_id)
    store.begin(job_id, run)
    store.add_file(job_id, run, FILE)
    store.end(job_id, run, "finished", {"cpu": {"value": 1, "unit": "cpu-seconds"}})
    store.close()
    store = Store(tmp_path / "store.sqlite")
    job = store.job(job_id)
    assert (job["status"], job["progress"], job["files"]) == ("finished", 100, [FILE])
    assert store.storage_used("me") == 7
    store.close()
