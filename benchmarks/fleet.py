"""A back-end on loopback with many batch jobs that live by the clock, and faults if wanted.

It computes nothing: a job's state follows from how long ago it was started. Time may run faster
than the machine's. Tests use it in their own process, benchmarks in another one:
``python benchmarks/fleet.py --jobs 1000 --speed 60`` prints its address.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FAULTS = (
    "reset", "silence", "trickle", "busy", "busy-wait", "html", "truncated", "empty", "list",
    "null", "number", "text",
)  # fmt: skip
_WRONG = {"empty": b"", "list": b"[]", "null": b"null", "number": b"7", "text": b'{"status": 5}'}
_PAGE = 100


@dataclass
class Life:
    """How a job lives, in seconds since its start, and how it ends."""

    queued: float
    runs: float
    end: str = "finished"


class Fleet:
    """A server with jobs ``j-0``, ``j-1``, ...

    Args:
        lives: One for each job; all are started when the first of them is asked for.
        speed: How many times as fast as the machine's its time runs.
        faults: Share of requests that go wrong, from 0 to 1.
        seed: Of what goes wrong.
        lists: Whether it offers the list of jobs.
        progress: Whether running jobs report progress.
    """

    def __init__(
        self,
        lives: list[Life],
        *,
        speed: float = 1.0,
        faults: float = 0.0,
        seed: int = 0,
        lists: bool = True,
        progress: bool = False,
    ) -> None:
        self.lives = lives
        self.faults = faults
        self.lists = lists
        self.asked: dict[str, int] = {}
        self._progress = progress
        self._speed = speed
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._lock = threading.Lock()
        self._began: float | None = None
        self._stopped = threading.Event()
        handler = type("Handler", (_Handler,), {"fleet": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def status(self, number: int) -> str:
        """The status of a job now."""
        life, age = self.lives[number], self._age()
        if age < life.queued:
            return "queued"
        return "running" if age < life.queued + life.runs else life.end

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        """Status and JSON for a request."""
        kind = "list" if path == "/jobs" else path.rsplit("/", 1)[-1] if "/jobs/" in path else path
        with self._lock:
            if path.startswith("/jobs") and self._began is None:
                self._began = time.monotonic()
            name = "job" if kind.startswith("j-") else kind
            self.asked[name] = self.asked.get(name, 0) + 1
        if path == "/":
            return 200, {"api_version": "1.2.0", "endpoints": [], "id": "fleet"}
        if path == "/jobs":
            return self._page(int(query.get("page", ["0"])[0]))
        if kind == "logs":
            return 200, {"logs": [{"id": "1", "level": "error", "message": "Out of luck."}]}
        if kind == "results":
            return 202, {}
        if not kind.startswith("j-"):
            return 404, {"code": "NotFound", "message": "There is nothing here."}
        return 200, self._described(int(kind.removeprefix("j-")))

    def fault(self) -> str | None:
        """What is to go wrong with a request."""
        with self._lock:
            if self._random.random() >= self.faults:
                return None
            return self._random.choice(FAULTS)

    def wait_for_the_end(self, seconds: float) -> None:
        """Keep a connection without a word."""
        self._stopped.wait(seconds)

    def _age(self) -> float:
        began = self._began
        return 0.0 if began is None else (time.monotonic() - began) * self._speed

    def _described(self, number: int) -> dict[str, Any]:
        status = self.status(number)
        life = self.lives[number]
        known = {"id": f"j-{number}", "status": status, "created": "2026-01-01T00:00:00Z"}
        if self._progress and status == "running":
            known["progress"] = min(100.0, 100 * (self._age() - life.queued) / life.runs)
        return known

    def _page(self, page: int) -> tuple[int, Any]:
        if not self.lists:
            return 501, {"code": "FeatureUnsupported", "message": "No lists here."}
        first = page * _PAGE
        last = min(first + _PAGE, len(self.lives))
        links = []
        if last < len(self.lives):
            links.append({"rel": "next", "href": f"{self.url}/jobs?page={page + 1}"})
        jobs = [self._described(number) for number in range(first, last)]
        return 200, {"jobs": [{**job, "progress": None} for job in jobs], "links": links}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that gave up: that is what faults are for."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection to a fleet, which a subclass names."""

    fleet: Fleet
    protocol_version = "HTTP/1.1"
    # An answer is two writes; without this the second may wait for the first one's receipt.
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _respond(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        status, body = self.fleet.answer(parts.path, parse_qs(parts.query))
        fault = self.fleet.fault() if parts.path != "/" else None
        content = json.dumps(body).encode()
        if fault is None:
            self._send(status, content)
        else:
            self.close_connection = True
            self._go_wrong(fault, content)

    def _go_wrong(self, fault: str, content: bytes) -> None:
        if fault == "reset":
            # With this option a socket is closed by a reset.
            off = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, off)
            self.connection.close()
        elif fault == "silence":
            self.fleet.wait_for_the_end(1.0)
        elif fault == "trickle":
            self._send(200, content, length=len(content) + 20)
            self.fleet.wait_for_the_end(0.2)
        elif fault.startswith("busy"):
            extra = {"Retry-After": "1"} if fault == "busy-wait" else {}
            self._send(429, b"{}", **extra)
        elif fault == "html":
            self._send(502, b"<html><h1>Bad gateway</h1></html>")
        elif fault == "truncated":
            self._send(200, content[: len(content) // 2], length=len(content))
        else:
            self._send(200, _WRONG[fault])

    def _send(self, status: int, content: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = _respond  # noqa: N815 - http.server's names


def main() -> None:
    """Serve until standard input ends; then print what was asked, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--queued", type=float, default=30.0)
    parser.add_argument("--runs", type=float, default=600.0)
    parser.add_argument("--faults", type=float, default=0.0)
    chosen = parser.parse_args()
    fleet = Fleet(
        [Life(chosen.queued, chosen.runs)] * chosen.jobs, speed=chosen.speed, faults=chosen.faults
    )
    print(fleet.url, flush=True)
    input()
    print(json.dumps(fleet.asked), flush=True)
    fleet.close()


if __name__ == "__main__":
    main()
