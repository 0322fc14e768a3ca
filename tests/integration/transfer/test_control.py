"""Cancel, pause, and what a download tells of itself."""

import os
import threading

import pytest
import requests
from downloading import PATIENCE_S, wait_until

from openeo_widgets import DownloadError, transfer
from openeo_widgets.transfer import _part


@pytest.fixture
def running(server, small, tmp_path):
    """A download on its way, whose server has stopped sending; ends with the test."""
    control, states, outcome = transfer.Control(), [], []

    def bring(**more):
        def work():
            try:
                outcome.append(
                    transfer.download(
                        server.asker(),
                        tmp_path / "file",
                        control=control,
                        report=states.append,
                        **more,
                    )
                )
            except BaseException as error:  # noqa: BLE001 - looked at by the test
                outcome.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        wait_until(lambda: server.sent > 0)
        return thread, control, states, outcome

    server.begin()
    server.gate.clear()
    yield bring
    control.cancel()
    server.gate.set()


def test_cancel_while_nothing_comes(running, server, tmp_path):
    thread, control, states, outcome = running()
    wait_until(lambda: states and states[-1].done)
    control.cancel()
    thread.join(PATIENCE_S)  # the server still holds its connections
    assert "was canceled" in str(outcome[0])
    assert "only the rest is fetched" in str(outcome[0])
    assert states[-1].state == "canceled"
    assert not (tmp_path / "file").exists()


def test_cancel_while_no_answer_comes(server, tmp_path):
    control, asked, release = transfer.Control(), threading.Event(), threading.Event()

    def ask(_headers):
        asked.set()
        release.wait(PATIENCE_S)
        raise requests.ConnectionError

    threading.Thread(target=lambda: asked.wait(PATIENCE_S) and control.cancel()).start()
    with pytest.raises(DownloadError, match="was canceled"):
        transfer.download(ask, tmp_path / "file", control=control)
    release.set()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def waiting(server, tmp_path):
    """Downloads that wait, by what they wait for."""
    target, size = tmp_path / "file", 3 << 30

    def begin(plan=(), *, here=b"", retry_after="0"):
        server.begin(plan)
        server.retry_after = retry_after
        server.gate.clear()
        if here:
            target.write_bytes(here)
        return {"patience_s": 1000}

    def hashing():
        begin(here=b"x")
        os.truncate(target, size)  # holes
        return {"size": size, "checksum": "1220" + "00" * 32}

    def taken():
        begin()
        held.append(_part.Part(target, pytest.fail))
        return {}

    held = []
    yield {
        "an answer": lambda: begin([("late", 0)]),
        "the server to be less busy": lambda: begin([("503", 0)] * 9, retry_after="100"),
        "an answer about what is here": lambda: begin([("late", 0)], here=b"x"),
        "a busy server, about what is here": lambda: begin(
            [("503", 0)] * 9, here=b"x", retry_after="100"
        ),
        "the hash of what is here": hashing,
        "another one to leave the file": taken,
        "bytes": begin,
    }
    server.gate.set()
    for part in held:
        part.__exit__()


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize(
    "what",
    [
        "an answer",
        "the server to be less busy",
        "an answer about what is here",
        "a busy server, about what is here",
        "the hash of what is here",
        "another one to leave the file",
        "bytes",
    ],
)
def test_whatever_it_waits_for_it_pauses_and_ends(server, waiting, tmp_path, what, paused):
    known, control, states, outcome = waiting[what](), transfer.Control(), [], []

    def bring():
        try:
            transfer.download(
                server.asker(), tmp_path / "file", control=control, report=states.append, **known
            )
        except DownloadError as error:
            outcome.append(str(error))

    thread = threading.Thread(target=bring)
    thread.start()
    wait_until(lambda: server.asked or states)
    if paused:
        control.pause()
        wait_until(lambda: states and states[-1].state == "paused")
    control.cancel()
    thread.join(PATIENCE_S)
    assert "was canceled" in outcome[0]
    assert states[-1].state == "canceled"


def test_a_pause_while_it_asks_what_is_here_is_no_failure(server, tmp_path):
    server.begin()
    transfer.download(server.asker(), tmp_path / "file")
    server.begin([("late", 0)])
    server.gate.clear()
    control, states, outcome = transfer.Control(), [], []
    thread = threading.Thread(
        target=lambda: outcome.append(
            transfer.download(
                server.asker(), tmp_path / "file", control=control, report=states.append
            )
        )
    )
    thread.start()
    wait_until(lambda: server.asked)
    control.pause()
    wait_until(lambda: states and states[-1].state == "paused")
    control.resume()
    thread.join(PATIENCE_S)  # the first request still has no answer
    server.gate.set()
    assert states[-1].state == "kept"
    assert server.sent == 0


def test_canceled_before_it_asked_asks_for_nothing(server, tmp_path):
    server.begin([])
    with pytest.raises(DownloadError, match="was canceled"):
        transfer.download(server.asker(), tmp_path / "file", canceled=lambda: True)
    assert server.asked == []


def test_pause_holds_no_connection_and_resume_goes_on(running, server, tmp_path):
    thread, control, states, outcome = running()
    wait_until(lambda: states and states[-1].done)
    control.pause()
    wait_until(lambda: states[-1].state == "paused")
    paused_at = len(server.asked)
    server.gate.set()
    control.resume()
    thread.join(PATIENCE_S)
    assert outcome == [False]
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert server.asked[paused_at]["Range"].startswith("bytes=")
    assert states[-1].state == "done"


def test_a_stalled_connection_is_made_anew(server, small, at_once, tmp_path):
    server.begin()
    server.gate.clear()

    told = threading.Thread(
        target=lambda: (wait_until(lambda: len(server.asked) > 1), server.gate.set())
    )
    told.start()
    transfer.download(server.asker(), tmp_path / "file", stall_s=0.2, most_connections=1)
    told.join(PATIENCE_S)
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert server.asked[1]["Range"].startswith("bytes=")


def test_what_is_told(server, tmp_path):
    server.begin()
    states, bytes_ = [], []
    size = len(server.versions[0])
    transfer.download(
        server.asker(),
        tmp_path / "file",
        size=size,
        report=states.append,
        progress=lambda *now: bytes_.append(now),
    )
    last = states[-1]
    assert (last.name, last.state, last.done, last.total, last.verified) == (
        "file",
        "done",
        size,
        size,
        True,
    )
    assert bytes_[-1] == (size, size)


def test_what_callbacks_raise_does_no_harm(server, tmp_path):
    server.begin()

    def fail(*_):
        raise ZeroDivisionError

    transfer.download(server.asker(), tmp_path / "file", report=fail, progress=fail)
    assert (tmp_path / "file").read_bytes() == server.versions[0]


def test_an_error_of_who_asks_is_the_download_s(server, tmp_path):
    def ask(_headers):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transfer.download(ask, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []
