"""What a person sees in a cell when something is wrong: one line, no traceback."""

from __future__ import annotations

import atexit
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from openeo_widgets import NoAnswerError


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """A shell of its own, with a history of its own."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    # A shell puts itself in the place of the main module, which other tests need.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    found = InteractiveShell()
    found.colors = "nocolor"
    yield found
    found.atexit_operations()
    atexit.unregister(found.atexit_operations)


def test_an_error_is_one_line(backend, script, connection, shell, capsys):
    backend.on("GET", "/jobs/job-1", script({"code": "JobNotFound", "message": "Gone."}, 404))
    shell.push({"job": connection.job("job-1")})
    result = shell.run_cell("job.describe()")
    shown = capsys.readouterr()
    assert (shown.out + shown.err).strip() == "NotFoundError: Gone. (JobNotFound)"
    assert result.error_in_exec.code == "JobNotFound"


def test_other_errors_keep_their_traceback(shell, capsys):
    shell.run_cell("1 / 0")
    shown = capsys.readouterr()
    assert "Traceback" in shown.out + shown.err


def test_the_error_stays_at_hand(shell, capsys):
    shell.push({"NoAnswerError": NoAnswerError})
    shell.run_cell("raise NoAnswerError('Nobody there.', hint='Look again.')")
    assert "NoAnswerError: Nobody there. Look again." in "".join(capsys.readouterr())
    shell.run_cell("import sys; kept = sys.last_value.hint")
    assert shell.user_ns["kept"] == "Look again."
