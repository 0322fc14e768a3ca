"""What the tests of widgets share."""

import threading

import pytest
from harness.rasters import RangeServer
from harness.widgets import wait_until

from openeo_widgets import JobWidget, connect

LONG_S = 20

PROCESS = {
    "process_graph": {
        "load1": {"process_id": "load_collection", "arguments": {"id": "X"}, "result": True}
    }
}
CREATED = {"id": "j-1", "status": "created", "created": "2026-01-01T10:00:00Z", "title": "NDVI"}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path_factory, monkeypatch):
    """Downloads go to the current folder by default: not to that of the project."""
    monkeypatch.chdir(tmp_path_factory.mktemp("cwd"))


@pytest.fixture
def described(scripted):
    """A back-end whose job is described with a process."""
    scripted.job = {**CREATED, "process": PROCESS}
    return scripted


@pytest.fixture
def shown(described):
    widget = JobWidget.from_id("j-1", connect(described.url))
    wait_until(widget, lambda w: w.status == "created")
    yield widget
    widget.close()


@pytest.fixture
def until():
    """A function that waits for a change of traits after which a widget is as wanted."""
    return wait_until


@pytest.fixture
def answered():
    """A function that sends a widget a message, and returns what was answered."""

    def ask(widget, kind, **fields):
        came, there = [], threading.Event()

        def send(content, *_):
            came.append(content)
            there.set()

        widget.send = send
        widget._receive(widget, {"id": "1", "kind": kind, **fields}, [])
        assert there.wait(LONG_S)
        return came[-1]

    return ask


@pytest.fixture
def server():
    """A server of files by ranges."""
    made = RangeServer()
    yield made
    made.stop()
