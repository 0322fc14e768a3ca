"""Cancel, pause, and what a download tells of itself."""

import threading

import pytest
import requests
from downloading import PATIENCE_S, wait_until

from openeo_widgets import DownloadError, transfer


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
