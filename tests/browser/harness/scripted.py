"""A back-end whose every answer a test can set: for what a good back-end never does."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

ITEM = {
    "type": "Feature",
    "stac_version": "1.0.0",
    "id": "j-1",
    "geometry": None,
    "properties": {"datetime": "2022-07-01T00:00:00Z"},
    "links": [],
    "assets": {
        "series.json": {"href": "/files/series.json?sig=s3cr3t", "type": "application/json"}
    },
}


class ScriptedBackend:
    """A server on loopback with one job, `j-1`.

    `job` is what it says of the job; `answers` maps "GET /path" to a status and a body (bytes,
    what becomes JSON, or a ConnectionError for no answer at all), or to a function that
    makes them, and headers behind these where there are some; `asked` lists the requests, and
    `sent` has the last body of each as JSON. `logs`, where it is set, makes the answer to a
    question for logs of the request's target, query included.
    """

    def __init__(self, port=0):
        self.job = {"id": "j-1", "status": "created", "created": "2026-01-01T10:00:00Z"}
        self.answers = {
            "GET /": (200, {"api_version": "1.2.0", "endpoints": [], "id": "scripted"}),
            "GET /processes": (200, {"processes": [], "links": []}),
            "GET /jobs/j-1": lambda: (200, self.job),
            "GET /jobs/j-1/logs": (200, {"logs": [], "links": []}),
            "POST /jobs/j-1/results": self._start,
            "DELETE /jobs/j-1/results": self._cancel,
            "GET /jobs/j-1/results": (200, ITEM),
            "GET /files/series.json": (200, {"2022-01-01": [1.5], "2022-02-01": [2.5]}),
        }
        self.asked = []
        self.logs = None
        self.sent = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _start(self):
        self.job = {**self.job, "status": "running"}
        return 202, b""

    def _cancel(self):
        self.job = {**self.job, "status": "canceled"}
        return 204, b""

    def _answer(self, method, target):
        path = urlsplit(target).path
        self.asked.append(f"{method} {path}")
        if self.logs is not None and path == "/jobs/j-1/logs":
            return self.logs(target)
        missing = (404, {"code": "NotFound", "message": f"There is no {path}.", "id": "r-404"})
        answer = self.answers.get(f"{method} {path}", missing)
        return answer() if callable(answer) else answer

    def _handler(self):
        backend = self

        class Handler(BaseHTTPRequestHandler):
            # Each answer closes its connection, so that a stopped back-end is gone at once.
            protocol_version = "HTTP/1.0"

            def log_message(self, *_):
                """Say nothing: `asked` keeps the requests."""

            def _respond(self):
                path = urlsplit(self.path).path
                given = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if given:
                    backend.sent[f"{self.command} {path}"] = json.loads(given)
                status, body, *more = backend._answer(self.command, self.path)
                if isinstance(body, ConnectionError):
                    return  # not a word, though it was carried out
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                kind = "text/html" if content.startswith(b"<") else "application/json"
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                for name, value in (more[0] if more else {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = do_PATCH = _respond  # noqa: N815 - http.server's names

        return Handler
