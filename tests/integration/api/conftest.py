"""A scripted back-end: a real HTTP server on loopback that says what a test tells it to say."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openeo
import pytest

import openeo_widgets
from openeo_widgets.api import BatchJob, _schedule

POLYGON = {
    "type": "Polygon",
    "coordinates": [[[3.5, 51.0], [3.5, 51.1], [3.6, 51.1], [3.6, 51.0], [3.5, 51.0]]],
}


@dataclass
class Answer:
    """One answer. `cut` sends only so many bytes of the body and closes the connection."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None

    def payload(self) -> tuple[bytes, dict[str, str]]:
        if isinstance(self.body, bytes):
            return self.body, {"Content-Length": str(len(self.body)), **self.headers}
        content = json.dumps(self.body).encode()
        usual = {"Content-Length": str(len(content)), "Content-Type": "application/json"}
        return content, {**usual, **self.headers}


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    target: str  # exactly as sent: escapes and query included
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    def json(self) -> Any:
        return json.loads(self.body)


class Scripted:
    """The script, and what was asked. Of several answers the last one stays."""

    def __init__(self) -> None:
        self.url = ""
        self.all: list[Asked] = []
        self._answers: dict[tuple[str, str], list[Any]] = {}
        self._lock = threading.Lock()
        self._arrived: dict[tuple[str, str], threading.Event] = defaultdict(threading.Event)

    def on(self, method: str, path: str, *answers: Any) -> None:
        """Set what is answered: an `Answer`, JSON, or a function from `Asked` to one of both."""
        self._answers[method, path] = list(answers)

    def asked(self, method: str, path: str) -> list[Asked]:
        return [asked for asked in self.all if (asked.method, asked.path) == (method, path)]

    def wait_until_asked(self, method: str, path: str) -> None:
        assert self._arrived[method, path].wait(30)

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.all.append(asked)
            queue = self._answers.get((asked.method, asked.path))
            self._arrived[asked.method, asked.path].set()
            if not queue:
                return Answer({"code": "NotFound", "message": "No such thing."}, 404)
            found = queue.pop(0) if len(queue) > 1 else queue[0]
        found = found(asked) if callable(found) else found
        return found if isinstance(found, Answer) else Answer(found)


def _handler(script: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, dict(self.headers), body)
            answer = script.answer(asked)
            content, headers = answer.payload()
            self.send_response(answer.status)
            for name, value in {**headers, "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content[: answer.cut])
            self.close_connection = True

        do_GET = do_POST = do_PATCH = do_DELETE = do_HEAD = _reply  # noqa: N815 - http.server's names

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler


@contextmanager
def _serving(script: Scripted):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    server.daemon_threads = True
    server.block_on_close = False
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _process(name: str, *parameters: dict[str, Any], returns: Any = None) -> dict[str, Any]:
    cube = {"name": "data", "schema": {"type": "object", "subtype": "datacube"}}
    schema = returns or {"type": "object", "subtype": "datacube"}
    return {"id": name, "parameters": [cube, *parameters], "returns": {"schema": schema}}


PROCESSES = [
    {"id": "load_collection", "parameters": [{"name": "id", "schema": {}}]},
    _process("ndvi", {"name": "nir", "schema": {}}, {"name": "red", "schema": {}}),
    _process("filter_bbox", {"name": "extent", "schema": {}}),
    _process("save_result", {"name": "format", "schema": {}}, returns={"type": "boolean"}),
]

CAPABILITIES = {
    "api_version": "1.2.0",
    "backend_version": "1",
    "stac_version": "1.0.0",
    "type": "Catalog",
    "id": "scripted",
    "title": "Scripted",
    "description": "",
    "endpoints": [
        {"path": "/jobs", "methods": ["GET", "POST"]},
        {"path": "/credentials/basic", "methods": ["GET"]},
        {"path": "/credentials/oidc", "methods": ["GET"]},
    ],
    "links": [],
}


def _results(base: str, *names: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": "job-1",
        "bbox": [3.5, 51.0, 3.6, 51.1],
        "geometry": POLYGON,
        "properties": {"datetime": "2021-02-24T10:59:23Z"},
        "links": [],
        "assets": {
            name: {
                "href": f"{base}/files/{name}",
                "type": "application/json" if name.endswith("json") else "image/tiff",
            }
            for name in names
        },
        **more,
    }


@pytest.fixture
def script():
    """Classes to script with, since test modules cannot import this file."""
    return Answer


@pytest.fixture
def results():
    return _results


@pytest.fixture
def backend(monkeypatch):
    # The proxies and the .netrc of whoever runs the tests are none of theirs.
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with _serving(Scripted()) as scripted:
        scripted.on("GET", "/", CAPABILITIES)
        scripted.on("GET", "/credentials/basic", {"access_token": "s3cret"})
        scripted.on("GET", "/processes", {"processes": PROCESSES, "links": []})
        scripted.on("GET", "/file_formats", {"input": {}, "output": {"GTiff": {}, "netCDF": {}}})
        created = {"OpenEO-Identifier": "job-1", "Location": f"{scripted.url}/jobs/job-1"}
        scripted.on("POST", "/jobs", Answer(b"", 201, created))
        scripted.on("POST", "/jobs/job-1/results", Answer(b"", 202))
        scripted.on("DELETE", "/jobs/job-1/results", Answer(b"", 204))
        yield scripted


@pytest.fixture
def elsewhere():
    """A server of another origin."""
    with _serving(Scripted()) as scripted:
        yield scripted


@pytest.fixture
def connection(backend):
    """Our connection, signed in."""
    return openeo_widgets.connect(backend.url).authenticate_basic("demo", "demo")


@pytest.fixture
def official(backend):
    """The official client's connection, signed in."""
    found = openeo.connect(backend.url).authenticate_basic("demo", "demo")
    yield found
    found.session.close()


@pytest.fixture(params=["ours", "official"])
def job(request, backend):
    """One job over each of the two connections."""
    return BatchJob(
        "job-1", request.getfixturevalue({"ours": "connection"}.get(request.param, "official"))
    )


@pytest.fixture
def quick(monkeypatch):
    """Poll without pauses: what is said is under test, not how long it takes."""
    monkeypatch.setattr(_schedule, "FLOOR_S", 0.0)
