"""What files do, over both connections, while their server is busy or cannot be reached."""

from __future__ import annotations

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from openeo_widgets import DownloadError
from openeo_widgets.api._own_retries import without_own_retries

PATH = "/jobs/job-1/results"
FILE = "/files/a.tif"
HOUR = {"Retry-After": "3600"}


@pytest.fixture
def offered(backend, job, results):
    """The one asset, whose answers the test sets."""
    backend.on("GET", PATH, results(backend.url, "a.tif"))
    return job.get_results().get_asset()


@pytest.mark.parametrize("status", [429, 503])
def test_who_wants_an_hour_is_not_waited_for(backend, script, offered, tmp_path, status):
    backend.on("GET", FILE, script(b"", status, HOUR))
    for bring in (
        lambda: offered.download(tmp_path),
        offered.load_bytes,
        lambda: next(offered.chunks()),
        offered.open,
    ):
        with pytest.raises(DownloadError, match="asked again in 60 minutes, not before"):
            bring()
    assert len(backend.asked("GET", FILE)) == 4


def test_what_passes_is_waited_out(backend, script, offered):
    busy = [script(b"", 503, {"Retry-After": "0"}), script(b"", 429, {"Retry-After": "0"})]
    for load in (
        offered.load_bytes,
        lambda: offered.load_head(5)[0],
        lambda: offered.open().read(),
    ):
        backend.on("GET", FILE, *busy, b"bytes")
        assert load() == b"bytes"


@pytest.fixture
def nameless(backend, job):
    """A file of which only the answer tells the extension."""
    asset = {"href": f"{backend.url}/download?id=1"}
    backend.on("GET", PATH, {"type": "Feature", "id": "job-1", "assets": {"ndvi": asset}})
    return job.get_results().get_asset()


def test_a_file_that_has_no_name_yet_waits_out_an_outage(
    backend, script, nameless, tmp_path, monkeypatch
):
    monkeypatch.setattr("openeo_widgets.transfer._patience.PATIENCE_S", 20)
    good = script(b"bytes", headers={"Content-Type": "image/tiff"})
    backend.on("GET", "/download", good)
    ask, failed, states = nameless._open, [], []

    def ask_in_outage(headers, **more):
        if not failed:
            failed.append(True)
            raise requests.ConnectionError
        return ask(headers, **more)

    monkeypatch.setattr(nameless, "_open", ask_in_outage)
    path = nameless.bring_into(tmp_path, report=lambda state: states.append(state.state))
    assert (path.name, path.read_bytes()) == ("ndvi.tif", b"bytes")
    assert states[0] == "lost"


def test_the_official_connection_keeps_its_own_retries(official):
    adapters = dict(official.session.adapters)
    once = without_own_retries(official)
    assert {adapter.max_retries.total for adapter in once.session.adapters.values()} == {0}
    assert official.session.adapters == adapters
    assert all(adapter.max_retries.total == 3 for adapter in adapters.values())
    # Connections are shared, and credentials, and whatever else was set.
    assert once.auth is official.auth
    assert once.session.cookies is official.session.cookies
    for where, adapter in adapters.items():
        assert once.session.adapters[where].poolmanager is adapter.poolmanager
    official.session.verify = False
    assert without_own_retries(official).session.verify is False


def test_adapters_of_somebody_else_keep_what_they_are(official):
    class Odd(HTTPAdapter):
        def __init__(self):
            self.secret = "odd"
            super().__init__(max_retries=Retry(2))

    official.session.mount("https://", Odd())
    adapter = without_own_retries(official).session.get_adapter("https://x")
    assert isinstance(adapter, Odd)
    assert (adapter.secret, adapter.max_retries.total) == ("odd", 0)


def test_a_connection_without_retries_is_left_as_it_is(connection):
    assert without_own_retries(connection) is connection
