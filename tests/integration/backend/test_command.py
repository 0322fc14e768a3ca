"""The back-end as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import requests

from openeo_widgets.backend import main
from openeo_widgets.backend.command import PASSWORD_VARIABLE


@pytest.fixture
def start(tmp_path):
    """Starts ``python -m openeo_widgets.backend``; ends what is left of it."""
    running = []

    def start(*arguments, **environment):
        process = subprocess.Popen(  # noqa: S603 -- our own module
            [sys.executable, "-m", "openeo_widgets.backend", "--data", str(tmp_path / "data"),
             "--port", "0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **environment},
        )  # fmt: skip
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_when_it_is_ready_and_ends_cleanly(start, number):
    process = start()
    line = process.stdout.readline()
    assert line.startswith("openEO back-end ready at http://127.0.0.1:")
    reply = requests.get(line.split()[-1], timeout=30)
    assert reply.json()["api_version"] == "1.2.0"
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (0, "", "")


def test_other_hosts_need_a_password(start):
    process = start("--host", "0.0.0.0")  # noqa: S104 -- refused, and that is the test
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (2, "")
    assert "--password-file" in errors
    assert PASSWORD_VARIABLE in errors
    assert "Traceback" not in errors


def test_a_password_replaces_the_demo_password(start, tmp_path):
    path = tmp_path / "passwords"
    path.write_text("teacher:chalk\nsponge\n")
    process = start("--password-file", str(path))
    url = process.stdout.readline().split()[-1] + "/credentials/basic"
    accepted = {
        account: requests.get(url, auth=account, timeout=30).status_code
        for account in (("teacher", "chalk"), ("demo", "sponge"), ("demo", "demo"))
    }
    assert list(accepted.values()) == [200, 200, 403]


def test_a_port_that_is_taken(start, backend):
    port = backend.url.rsplit(":", 1)[1]
    process = start("--port", port)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert port in errors
    assert "Traceback" not in errors


def test_a_port_that_is_none(start):
    process = start("--port", "70000")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors.startswith("Cannot listen at 127.0.0.1:70000")


def test_a_data_folder_that_cannot_be_one(start, tmp_path):
    file = tmp_path / "file"
    file.touch()
    process = start("--data", str(file))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors.startswith(f"Cannot use the data folder {file}")
    assert "Traceback" not in errors


def test_missing_packages_are_named(monkeypatch, capsys):
    monkeypatch.setattr("openeo_widgets.backend.command._NEEDED", ("no_such_package",))
    assert main([]) == 2
    assert 'pip install "openeo-widgets[backend]"' in capsys.readouterr().err


def test_an_unreadable_password_file(tmp_path, capsys):
    assert main(["--password-file", str(tmp_path / "none")]) == 2
    assert "none" in capsys.readouterr().err
