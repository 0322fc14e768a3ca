"""What integration tests share."""

import pytest
from harness import ScriptedBackend


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
