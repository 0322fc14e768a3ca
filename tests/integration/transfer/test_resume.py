"""A download over connections that break, from a server that does all that servers do."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openeo_widgets import DownloadError, transfer
from openeo_widgets.transfer import _arrival
from openeo_widgets.transfer._arrival import CHUNK

# Two versions of one file: no mixture of them may ever arrive.
VERSIONS = [bytes(range(256)) * 3000, bytes(reversed(range(256))) * 3000]
SIZE = len(VERSIONS[0])


class Server:
    """Serves one file with ranges; `plan` holds the faults of the coming answers, in order."""

    def __init__(self):
        self.plan = []
        self.asked = []
        self._version = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/file"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def begin(self, plan):
        self.plan, self.asked, self._version = list(plan), [], 0

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def ask(self, headers):
        return requests.get(self.url, headers=headers, stream=True, timeout=20)

    def answer(self, asked):
        """Status, headers, whole body, and how many bytes of it are sent."""
        self.asked.append(dict(asked))
        fault, number = self.plan.pop(0) if self.plan else ("none", 0)
        if fault.startswith("changed"):
            self._version = 1
        if fault == "503":
            return 503, {}, b"busy", None
        etag = f'{"W/" if fault == "weak" else ""}"v{self._version}"'
        content, cut = VERSIONS[self._version], number if fault == "cut" else None
        heads = {} if fault == "no etag" else {"ETag": etag}
        start = int(asked["Range"].split("=")[1].rstrip("-")) if "Range" in asked else 0
        same = asked.get("If-Range") == etag or fault.endswith("does not compare")
        if not start or fault == "no ranges" or not same:
            return 200, heads, content, cut
        begin = max(0, start - number) if fault == "another range" else start
        heads["Content-Range"] = f"bytes {begin}-{SIZE - 1}/{SIZE}"
        return 206, heads, content[begin:], cut

    def _handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def log_message(self, *_):
                """Say nothing."""

            def do_GET(self):
                status, heads, body, cut = server.answer(self.headers)
                self.send_response(status)
                for name, value in {**heads, "Content-Length": len(body)}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body[:cut])

        return Handler


@pytest.fixture(scope="module")
def server():
    made = Server()
    yield made
    made.stop()


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(_arrival, "_PAUSE_S", 0)


faults = st.sampled_from(
    [
        "none",
        "cut",
        "no ranges",
        "another range",
        "changed",
        "weak",
        "no etag",
        "503",
        "does not compare",
    ]
)
plans = st.lists(
    st.one_of(
        st.tuples(st.just("cut"), st.integers(0, SIZE - 1)),
        st.tuples(faults, st.integers(0, SIZE - 1)),
    ),
    max_size=8,
)


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=plans, knows_size=st.booleans(), knows_checksum=st.booleans())
def test_what_arrives_is_one_version_whole_or_an_error_and_nothing(
    server, at_once, tmp_path_factory, plan, knows_size, knows_checksum
):
    server.begin(plan)
    folder = tmp_path_factory.mktemp("run")
    checksum = "1220" + hashlib.sha256(VERSIONS[0]).hexdigest() if knows_checksum else None
    size = SIZE if knows_size else None
    try:
        verified = transfer.download(server.ask, folder / "file", size=size, checksum=checksum)
    except DownloadError as refused:
        error = refused
    else:
        error = None
    if error:
        assert "'file'" in str(error)
        assert list(folder.iterdir()) == []
        return
    assert list(folder.iterdir()) == [folder / "file"]
    assert verified == (knows_size or knows_checksum)
    assert (folder / "file").read_bytes() in (VERSIONS[:1] if knows_checksum else VERSIONS)


def test_a_cut_is_resumed_where_it_was(server, at_once, tmp_path):
    server.begin([("cut", 500_000), ("cut", 100_000)])
    transfer.download(server.ask, tmp_path / "file", size=SIZE)
    assert (tmp_path / "file").read_bytes() == VERSIONS[0]
    first = 500_000 // CHUNK * CHUNK
    second = first + 100_000 // CHUNK * CHUNK
    ranges = [asked.get("Range") for asked in server.asked]
    assert ranges == [None, f"bytes={first}-", f"bytes={second}-"]
    assert {asked.get("If-Range") for asked in server.asked[1:]} == {'"v0"'}


def test_a_server_that_never_gets_further_is_given_up(server, at_once, tmp_path):
    server.begin([("cut", 100_000)] + [("cut", 0)] * 20)
    with pytest.raises(DownloadError, match=r"connection broke while 'file'"):
        transfer.download(server.ask, tmp_path / "file")
    assert len(server.asked) == 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("change", ["changed", "changed, does not compare"])
def test_a_file_that_changed_meanwhile_is_fetched_anew(server, at_once, tmp_path, change):
    server.begin([("cut", 500_000), (change, 0)])
    transfer.download(server.ask, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == VERSIONS[1]


def test_canceled_before_it_asked_asks_for_nothing(server, tmp_path):
    server.begin([])
    with pytest.raises(DownloadError, match="was canceled"):
        transfer.download(server.ask, tmp_path / "file", canceled=lambda: True)
    assert server.asked == []
