"""What integration tests share."""

import pytest
from harness import ScriptedBackend

from openeo_widgets.transfer import _patience


@pytest.fixture(autouse=True)
def little_patience(monkeypatch):
    """What is to fail fails soon."""
    monkeypatch.setattr(_patience, "PATIENCE_S", 1.5)


@pytest.fixture
def another_scripted():
    """A second one."""
    made = ScriptedBackend()
    yield made
    made.stop()


@pytest.fixture
def scripted():
    """A back-end with one job, `j-1`, whose every answer the test can set."""
    made = ScriptedBackend()
    yield made
    made.stop()
