"""What the tests of downloads share."""

import threading
import time

import pytest
from fault_server import FaultServer

from openeo_widgets.transfer import _intake, _part, _patience, _ranges, _tuning, _workers

# Two versions of one file: no mixture of them may ever arrive. Large enough to share, with what
# `small` makes of that.
VERSIONS = [bytes(range(256)) * 3000, bytes(reversed(range(256))) * 3000]

PATIENCE_S = 20


@pytest.fixture(scope="module")
def server():
    made = FaultServer(VERSIONS)
    yield made
    made.stop()


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(_patience, "PAUSE_S", 0)
    monkeypatch.setattr(_patience, "PATIENCE_S", PATIENCE_S)


@pytest.fixture
def small(monkeypatch):
    """Have a small file treated as a large one, over several connections whatever their speed."""
    monkeypatch.setattr(_intake, "LOOK_S", 0.002)
    monkeypatch.setattr(_ranges, "LEAST_SHARE", 1 << 15)
    monkeypatch.setattr(_tuning, "LEAST_SHARE", 1 << 15)
    for name, value in (("_WORTH", 0), ("_ENOUGH", 1e18), ("_FIRST_S", 0), ("_NEXT_S", 0)):
        monkeypatch.setattr(_tuning, name, value)
    monkeypatch.setattr(_part, "WORTH_KEEPING", 1 << 14)
    monkeypatch.setattr(_part, "_EVERY", 1 << 16)


@pytest.fixture(autouse=True)
def no_thread_stays(monkeypatch):
    """A download leaves no thread behind."""
    monkeypatch.setattr(_workers, "_IDLE_S", 0.1)
    yield
    until = time.monotonic() + PATIENCE_S
    while left := [one.name for one in threading.enumerate() if "openeo-widgets-" in one.name]:
        assert time.monotonic() < until, left
        time.sleep(0.02)
