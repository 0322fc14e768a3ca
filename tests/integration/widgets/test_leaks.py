"""Widgets that were closed leave nothing behind."""

import gc
import threading
import tracemalloc

import comm
import pytest

from openeo_widgets import JobWidget, ResultsWidget, connect

MANY = 500
MOST_BYTES = 10_000_000


def ours():
    return [t for t in threading.enumerate() if t.name.startswith("openeo-widgets")]


def made_and_closed(connection, count):
    for _ in range(count):
        job = JobWidget.from_id("j-1", connection)
        results = ResultsWidget(job.job)
        job.close()
        results.close()


@pytest.fixture
def connection(scripted):
    return connect(scripted.url)


def test_results_that_come_after_the_closing_harm_nobody(connection, caplog):
    made_and_closed(connection, 20)
    for thread in ours():
        thread.join(5.0)
    assert ours() == []
    # Of urllib3 it may be the outage of a test before this one.
    assert [r for r in caplog.records if not r.name.startswith("urllib3")] == []


def test_five_hundred_leave_no_thread_no_comm_and_little_memory(connection):
    made_and_closed(connection, 20)  # what is made once stays
    gc.collect()
    comms = set(comm.get_comm_manager().comms)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    made_and_closed(connection, MANY)
    for thread in ours():
        thread.join(5.0)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ours() == []
    assert set(comm.get_comm_manager().comms) <= comms
    assert after - before < MOST_BYTES
