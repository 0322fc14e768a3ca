"""An outage: the download waits for its end, says so, and heeds what the person does meanwhile."""

import threading

import pytest
import requests
from downloading import PATIENCE_S, wait_until

from openeo_widgets import DownloadError, transfer
from openeo_widgets.transfer import _patience

LONG_S = 1000


@pytest.fixture
def outage(server):
    """A way to ask the server, none of whose requests arrives while the event is not set."""
    server.begin()
    over = threading.Event()
    ask = server.asker()
    tried = []

    def ask_in_outage(headers):
        tried.append(headers)
        if not over.is_set():
            raise requests.ConnectionError
        return ask(headers)

    return ask_in_outage, over, tried


@pytest.fixture
def waiting(outage, tmp_path, monkeypatch):
    """A download that waits long for the end of an outage; ends with the test."""
    monkeypatch.setattr(_patience, "PAUSE_S", LONG_S)
    monkeypatch.setattr(_patience, "_LONGEST_PAUSE_S", LONG_S)
    control, states, outcome = transfer.Control(), [], []

    def work():
        try:
            transfer.download(
                outage[0],
                tmp_path / "file",
                control=control,
                report=states.append,
                patience_s=2 * LONG_S,
            )
        except DownloadError as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: any(state.state == "lost" for state in states))
    yield thread, control, states, outcome
    control.cancel()
    thread.join(PATIENCE_S)


def test_many_failures_in_a_row_end_no_download(server, outage, at_once, tmp_path):
    ask, over, tried = outage

    def ask_again(headers):
        if len(tried) == _patience._TRIES - 2:
            over.set()
        return ask(headers)

    transfer.download(ask_again, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert len(tried) == _patience._TRIES - 1


def test_it_says_when_it_tries_again(waiting):
    _, _, states, _ = waiting
    lost = next(state for state in states if state.state == "lost")
    assert 0 < lost.again_s <= LONG_S
    assert (lost.bytes_per_s, lost.left_s) == (None, None)


def test_a_cancel_is_heeded_meanwhile(waiting):
    thread, control, states, outcome = waiting
    control.cancel()
    thread.join(PATIENCE_S)
    assert "was canceled" in str(outcome[0])
    assert states[-1].state == "canceled"


def test_after_a_pause_it_is_tried_at_once(server, outage, waiting, tmp_path):
    thread, control, states, _ = waiting
    control.pause()
    wait_until(lambda: states[-1].state == "paused")
    outage[1].set()
    control.resume()
    thread.join(PATIENCE_S)
    assert (tmp_path / "file").read_bytes() == server.versions[0]


def test_how_long_it_waits_can_be_said(outage, tmp_path):
    with pytest.raises(DownloadError, match="the server cannot be reached"):
        transfer.download(outage[0], tmp_path / "file", patience_s=0)
    assert len(outage[2]) == 1


def test_progress_renews_the_patience(server, at_once, tmp_path):
    some = _patience._TRIES - 1
    server.begin([("cut", 100_000)] + [("cut", 0)] * some + [("cut", 1000)] + [("cut", 0)] * some)
    transfer.download(server.asker(), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == server.versions[0]


def test_a_refusal_is_told_at_once(server, tmp_path):
    server.begin([("403", 0)])
    with pytest.raises(DownloadError, match="answered 403"):
        transfer.download(server.asker(), tmp_path / "file", patience_s=LONG_S)
    assert len(server.asked) == 1


def test_a_server_that_asks_for_more_patience_than_there_is(server, tmp_path):
    server.begin([("503", 0)])
    server.retry_after = "30"
    with pytest.raises(DownloadError, match="asked again in 30 s, not before"):
        transfer.download(server.asker(), tmp_path / "file", patience_s=20)


def test_an_error_of_the_network_is_told_as_none_of_the_disk(server, at_once, tmp_path):
    server.begin()
    errors = [ConnectionResetError(104, "reset"), OSError("no such certificates")]

    def ask(headers):
        if errors:
            raise errors.pop()
        return server.asker()(headers)

    with pytest.raises(DownloadError, match="'file' cannot be asked for: no such certificates"):
        transfer.download(ask, tmp_path / "file")
    transfer.download(ask, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert not errors
