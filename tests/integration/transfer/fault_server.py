"""A server of one file that does all that servers do, at will."""

from __future__ import annotations

import gzip
import re
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

#: Faults that an answer may have; some take a number.
FAULTS = (
    "none",
    "403",
    "429",
    "503",
    "another range",
    "changed",
    "changed, does not compare",
    "chunked",
    "cut",
    "does not compare",
    "gzip",
    "length too long",
    "length too short",
    "no etag",
    "no length",
    "no ranges",
    "redirect",
    "short range",
    "trickle",
    "weak",
)

# After these the end of the file cannot be told from a cut, if nothing else is known of it.
UNCLEAR = frozenset({"length too short", "no length"})

_PIECE = 1 << 16


class FaultServer:
    """Serves one of several versions of a file.

    Args:
        versions: What the file holds, one after the other.
        modified: When it was last modified, as HTTP has it; then it has no ETag.

    Attributes:
        plan: Faults of the coming answers, in order: a name and a number each.
        asked: Headers of the requests so far.
        sent: Bytes of bodies that were sent.
        retry_after: What a 429 or 503 says.
        gate: Cleared, bodies stop after their first piece, until it is set; and answers that are
            ``late``, which is a fault of the plan too, do not come at all.
        bytes_per_s: Of each connection, or None.
    """

    def __init__(self, versions, modified=""):
        self.versions, self.modified = versions, modified
        self._threads = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._threads.daemon_threads = True
        self._threads.block_on_close = False
        self._threads.handle_error = lambda *_: None  # who asked is gone
        self._lock = threading.Lock()
        self.gate = threading.Event()
        self.begin()
        self.media_type = ""
        self.url = f"http://127.0.0.1:{self._threads.server_port}/file"
        threading.Thread(
            target=self._threads.serve_forever, args=(0.05,), name="faults", daemon=True
        ).start()

    def begin(self, plan=(), *, bytes_per_s=None):
        self.plan, self.asked, self.version, self.sent = list(plan), [], 0, 0
        self.bytes_per_s, self.retry_after = bytes_per_s, "0"
        self.gate.set()

    def stop(self):
        self.gate.set()
        self._threads.shutdown()
        self._threads.server_close()

    def asker(self):
        """What `download` asks with: a session for each thread."""
        per_thread = threading.local()

        def ask(headers):
            if not hasattr(per_thread, "session"):
                per_thread.session = requests.Session()
            wanted = {"Accept-Encoding": "identity", **headers}
            return per_thread.session.get(self.url, headers=wanted, stream=True, timeout=20)

        return ask

    def _handler(server):  # noqa: N805 - the handler's own self is needed below
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                """Say nothing."""

            def do_GET(self):
                with suppress(OSError), server._lock:
                    server.asked.append(dict(self.headers))
                    fault, number = server.plan.pop(0) if server.plan else ("none", 0)
                    if fault.startswith("changed"):
                        server.version = (server.version + 1) % len(server.versions)
                    answer = server._answer(self.headers, fault, number)
                if fault == "late":
                    server.gate.wait(60)
                with suppress(OSError):
                    server._send(self, fault, number, *answer)

        return Handler

    def _answer(self, asked, fault, number):
        """Status, headers and body."""
        if fault == "redirect":
            where = self.url.replace("127.0.0.1", "localhost")
            return 302, {"Location": where}, b""
        if fault in {"403", "429", "503"}:
            return int(fault), {"Retry-After": self.retry_after}, b"no"
        content = self.versions[self.version]
        etag = f'{"W/" if fault == "weak" else ""}"v{self.version}"'
        heads = {} if fault == "no etag" else {"ETag": etag}
        if self.modified:
            heads = {"Last-Modified": self.modified}
        known = asked.get("If-Modified-Since" if self.modified else "If-None-Match")
        if known and (self.modified or known == etag):
            return 304, heads, b""
        same = asked.get("If-Range", etag) == etag or fault.endswith("does not compare")
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.get("Range", ""))
        if span is None or fault in {"no ranges", "no etag", "gzip"} or not same:
            if fault == "gzip":
                heads["Content-Encoding"] = "gzip"
                content = gzip.compress(content, 1)
            return 200, heads, content
        start, end = int(span[1]), int(span[2] or len(content) - 1) + 1
        if start >= len(content):
            return 416, {}, b""
        if fault == "another range":
            start = max(0, start - 1 - number % 1000)
        if fault == "short range":
            end = min(end, start + 1 + number % 100_000)
        heads["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
        return 206, heads, content[start:end]

    def _send(self, handler, fault, number, status, heads, body):
        length = len(body)
        if status in {200, 206}:
            length += {
                "length too long": 1 + number % 1000,
                "length too short": -1 - number % 1000,
            }.get(fault, 0)
        length = max(0, length)
        framed = fault != "chunked" or status != 200
        if fault == "no length" and status == 200:
            handler.close_connection = True
        elif framed:
            heads["Content-Length"] = str(length)
        else:
            heads["Transfer-Encoding"] = "chunked"
        if self.media_type:
            heads["Content-Type"] = self.media_type
        handler.send_response(status)
        for name, value in heads.items():
            handler.send_header(name, value)
        handler.end_headers()
        if fault == "cut":
            body = body[: number % (len(body) + 1)]
        handler.close_connection |= fault in {"cut", "length too long", "length too short"}
        self._send_body(handler, body[:length], framed=framed, slowly=fault == "trickle")

    def _send_body(self, handler, body, *, framed, slowly):
        for at in range(0, len(body), _PIECE):
            piece = body[at : at + _PIECE]
            data = piece if framed else b"%x\r\n%b\r\n" % (len(piece), piece)
            handler.wfile.write(data)
            self.sent += len(piece)
            self.gate.wait(60)
            if slowly:
                time.sleep(0.004)
            elif self.bytes_per_s:
                time.sleep(len(piece) / self.bytes_per_s)
        if not framed:
            handler.wfile.write(b"0\r\n\r\n")
