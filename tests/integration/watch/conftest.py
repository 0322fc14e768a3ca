"""Watchers, listeners and time for the tests of watching."""

import queue
import threading
import time

import pytest
from fast_clock import FastClock
from fleet import Fleet, Life

from openeo_widgets.api import BatchJob, Connection
from openeo_widgets.watch import Watcher

# Longer than anything here takes: reached only when something is broken.
LONG_S = 30


class Listener:
    """Collects the states it is told."""

    def __init__(self):
        self.states = queue.Queue()

    def hear(self, state):
        self.states.put(state)

    def until(self, wanted):
        """The first state that is as wanted."""
        while True:
            state = self.states.get(timeout=LONG_S)
            if wanted(state):
                return state

    def until_status(self, status):
        return self.until(lambda state: state.status == status)


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def listeners():
    """A function that makes so many."""
    return lambda count: [Listener() for _ in range(count)]


@pytest.fixture
def fast_watcher():
    """A function that makes a watcher whose time runs so many times as fast."""
    return lambda speed: Watcher(FastClock(speed))


@pytest.fixture
def watcher():
    """A watcher of its own; its thread has to be gone a second after the last subscription."""
    return Watcher()


@pytest.fixture
def job(scripted):
    return BatchJob("j-1", Connection(scripted.url))


@pytest.fixture
def fleet():
    """A function that starts a back-end with many jobs, each ``(queued, runs, end)``."""
    started = []

    def start(*lives, **options):
        made = Fleet([Life(*life) for life in lives], **options)
        started.append(made)
        return made

    yield start
    for made in started:
        made.close()


@pytest.fixture(autouse=True)
def no_thread_is_left():
    """Threads end within the second that is promised."""
    before = set(threading.enumerate())
    yield
    ours = [t for t in set(threading.enumerate()) - before if t.name.startswith("openeo-widgets")]
    until = time.monotonic() + 1.0
    for thread in ours:
        thread.join(max(0.0, until - time.monotonic()))
    assert not [thread for thread in ours if thread.is_alive()]
