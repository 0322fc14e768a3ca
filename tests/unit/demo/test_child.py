"""Programs that start, end early, or do not want to end."""

import asyncio
import os
import re
import sys

import pytest

from openeo_widgets.demo._child import Child, ChildError

READY = re.compile(r"ready at (\d+)")


def with_child(tmp_path, code, use):
    """Start a Python program, hand it to a coroutine function, and stop it."""

    async def body():
        child = await Child.start(
            "It", [sys.executable, "-uc", code], environment=os.environ, log=tmp_path / "log"
        )
        try:
            return await use(child), child
        finally:
            await child.stop()

    return asyncio.run(body())


def test_waits_for_the_line_that_tells_it(tmp_path):
    code = "print('hello'); print('ready at 42'); import time; time.sleep(60)"
    match, _ = with_child(tmp_path, code, lambda child: child.said(READY, 30))
    assert match[1] == "42"
    assert (tmp_path / "log").read_text(encoding="utf-8") == "hello\nready at 42\n"


def test_early_end_is_told_with_the_last_lines(tmp_path):
    with pytest.raises(ChildError, match=r"(?s)exit code 3.*the reason"):
        with_child(
            tmp_path, "print('the reason'); raise SystemExit(3)", lambda it: it.said(READY, 30)
        )


def test_silence_is_told_too(tmp_path):
    with pytest.raises(ChildError, match="not ready"):
        with_child(tmp_path, "import time; time.sleep(60)", lambda child: child.said(READY, 0.1))


def test_later_end_is_an_error_where_it_must_go_on(tmp_path):
    with pytest.raises(ChildError, match="exit code 0"):
        with_child(tmp_path, "print('bye')", lambda child: child.must_go_on())


def test_exit_code_is_returned_where_it_may_end(tmp_path):
    assert with_child(tmp_path, "raise SystemExit(7)", lambda child: child.ended())[0] == 7


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_stubborn_program_is_ended_with_what_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr("openeo_widgets.demo._child._STOP_S", 0.2)
    code = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
inner = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready at 1'); "
inner += "time.sleep(60)"
subprocess.Popen([sys.executable, "-uc", inner])
time.sleep(60)
"""
    # The pipe's end is seen only once every program that holds it is gone, so returning is proof.
    with_child(tmp_path, code, lambda child: child.said(READY, 30))
