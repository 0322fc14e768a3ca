"""What the tests of widgets share."""

import pytest
from harness.widgets import wait_until

from openeo_widgets import JobWidget, connect

PROCESS = {
    "process_graph": {
        "load1": {"process_id": "load_collection", "arguments": {"id": "X"}, "result": True}
    }
}
CREATED = {"id": "j-1", "status": "created", "created": "2026-01-01T10:00:00Z", "title": "NDVI"}


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
