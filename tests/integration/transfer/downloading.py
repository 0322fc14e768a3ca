"""A download in a process of its own, and waiting for it."""

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

PATIENCE_S = 20

_CODE = """
import signal, sys, threading, requests
from pathlib import Path
from openeo_widgets import DownloadError, transfer
signal.signal(signal.SIGINT, signal.default_int_handler)
url, target, *limit = sys.argv[1:]
if limit:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), resource.RLIM_INFINITY))
seen = set()
def report(state):
    if state.state not in seen:
        seen.add(state.state)
        print(state.state, flush=True)
sessions = threading.local()
def ask(headers):
    if not hasattr(sessions, "one"):
        sessions.one = requests.Session()
    headers = {"Accept-Encoding": "identity", **headers}
    return sessions.one.get(url, headers=headers, stream=True, timeout=20)
try:
    transfer.download(ask, Path(target), report=report)
except DownloadError as error:
    print(error)
    sys.exit(3)
"""


@contextmanager
def child(url, target, *limit):
    """Run a download in another process; killed at the end, if it is not over."""
    command = [sys.executable, "-c", _CODE, url, str(target), *map(str, limit)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - ours
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(holds):
    """Wait for a condition."""
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.005)


@contextmanager
def small_disk(folder):
    """A file system of 8 MB; the test is skipped where that is not allowed."""
    if not shutil.which("mount"):
        pytest.skip("May not mount.")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        pytest.skip("May not mount.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607
