"""Widgets that were closed leave nothing behind."""

import gc
import sys
import threading
import traceback
import tracemalloc

import comm
import pytest

from openeo_widgets import JobWidget, ResultsWidget, connect

MANY = 500
MOST_BYTES = 10_000_000


def still_at_work():
    """What our threads do that do not end: a name alone would not tell whose fault it is."""
    ours = [t for t in threading.enumerate() if t.name.startswith("openeo-widgets")]
    for thread in ours:
        thread.join(5.0)
    frames = sys._current_frames()
    return [
        f"{thread.name}: {''.join(traceback.format_stack(frames[thread.ident]))}"
        for thread in ours
        if thread.ident in frames
    ]


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
    assert still_at_work() == []
    # Of urllib3 it may be the outage of a test before this one.
    assert [r for r in caplog.records if not r.name.startswith("urllib3")] == []


def test_five_hundred_leave_no_thread_no_comm_and_little_memory(connection):
    made_and_closed(connection, 20)  # what is made once stays
    gc.collect()
    comms = set(comm.get_comm_manager().comms)
    tracemalloc.start()
    at_first, _ = tracemalloc.get_traced_memory()
    made_and_closed(connection, MANY)
    left = still_at_work()
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert left == []
    assert set(comm.get_comm_manager().comms) <= comms
    assert after - at_first < MOST_BYTES
