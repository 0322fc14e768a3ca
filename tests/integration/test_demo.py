"""The demo as a person has it: two servers that start together and end together."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from openeo_widgets.demo._servers import free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

ADDRESS = re.compile(r"The tour: +(http://127\.0\.0\.1:(\d+))/lab/tree/tour\.ipynb\?token=(\S+)")
ENDS_S = 30


class Demo:
    """`openeo-widgets demo` in a folder, up to the line with its address."""

    def __init__(self, folder, *arguments):
        command = [sys.executable, "-m", "openeo_widgets.cli", "demo", "--no-browser"]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--folder", str(folder), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.url = self.token = None
        for line in self.process.stdout:
            if match := ADDRESS.search(line):
                self.url, _, self.token = match.groups()
            if "Ctrl-C ends both" in line:
                break
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def child(self, module):
        return next(child for child in self.family if module in child.cmdline())

    def end(self, signal_number=None):
        """Return exit code and errors, once it has ended."""
        if signal_number is not None:
            self.process.send_signal(signal_number)
        _, errors = self.process.communicate(timeout=ENDS_S)
        return self.process.returncode, errors


@pytest.fixture
def demo(tmp_path):
    started = []

    def start(*arguments):
        made = Demo(tmp_path / "demo", *arguments)
        started.append(made)
        return made

    yield start
    for made in started:
        if made.process.poll() is None:
            made.end(signal.SIGTERM)
        # Kernels too have ended, or do within a moment.
        _, alive = psutil.wait_procs(made.family, timeout=10)
        assert not alive


def status_of(url, token=None, data=None):
    headers = {"Authorization": f"token {token}"} if token else {}
    request = urllib.request.Request(url, headers=headers, data=data)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_ctrl_c_ends_both_and_kernels(demo, tmp_path):
    shown = demo("--port", "0", "--backend-port", "0")
    assert status_of(f"{shown.url}/api/kernels") == 403, "a token is needed"
    assert status_of(f"{shown.url}/lab/tree/tour.ipynb", shown.token) == 200
    assert (tmp_path / "demo" / "tour.ipynb").is_file()
    kernel = json.dumps({"name": "python3"}).encode()
    assert status_of(f"{shown.url}/api/kernels", shown.token, kernel) == 201
    shown.family = psutil.Process(shown.process.pid).children(recursive=True)
    assert shown.end(signal.SIGINT) == (0, "")


def test_sigterm_ends_both(demo):
    assert demo("--port", "0", "--backend-port", "0").end(signal.SIGTERM) == (0, "")


def test_a_jupyterlab_that_dies_ends_the_demo_and_is_named(demo):
    shown = demo("--port", "0", "--backend-port", "0")
    shown.child("jupyterlab").kill()
    code, errors = shown.end()
    assert code == 1
    assert "JupyterLab ended by itself" in errors
    assert "Its last lines:" in errors


def test_a_backend_that_dies_is_named_and_leaves_jupyterlab_alone(demo):
    shown = demo("--port", "0", "--backend-port", "0")
    shown.child("openeo_widgets.backend").kill()
    lines = iter(shown.process.stderr.readline, "")
    assert "The back-end ended by itself" in next(lines)
    assert any("-m openeo_widgets.backend --port" in line for line in lines)
    assert status_of(f"{shown.url}/lab/tree/tour.ipynb", shown.token) == 200
    assert shown.end(signal.SIGINT)[0] == 0


def test_ports_that_are_taken_give_way(demo):
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        lab, backend = (str(one.getsockname()[1]) for one in taken)
        shown = demo("--port", lab, "--backend-port", backend)
        assert shown.url is not None
        assert not shown.url.endswith(f":{lab}")


def test_free_port_takes_the_preferred_one_when_it_is_free():
    port = free_port(0)
    assert free_port(port) == port


def test_once_computes_downloads_and_verifies(tmp_path):
    command = [sys.executable, "-m", "openeo_widgets.cli", "demo", "--once", "--backend-port", "0"]
    run = subprocess.run(  # noqa: S603 - our own command
        [*command, "--folder", str(tmp_path / "demo")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    steps = [
        "created",
        "running",
        "finished",
        "openEO.tif",
        "1 file\n",
        "sha256 agrees",
        "NDVI",
        "verified.",
    ]
    lines = run.stdout.splitlines()
    said = "\n".join(line for line in lines if not line.startswith((">>>", "...")))
    places = [said.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)


def test_once_fails_where_a_cell_fails(tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    tour = json.loads((Path(__file__).parents[2] / "notebooks" / "tour.ipynb").read_text("utf-8"))
    tour["cells"][-1]["source"] = "raise RuntimeError('on purpose')"
    (folder / "tour.ipynb").write_text(json.dumps(tour), encoding="utf-8")
    command = [sys.executable, "-m", "openeo_widgets.cli", "demo", "--once", "--backend-port", "0"]
    run = subprocess.run(  # noqa: S603 - our own command
        [*command, "--folder", str(folder)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "on purpose" in run.stdout
    assert "verified." not in run.stdout
