"""One connection: asks for a range of a file, and brings it to its place in the part."""

from __future__ import annotations

import socket
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Protocol

import urllib3

from openeo_widgets.transfer._answer import (
    Asked,
    check_answer,
    check_size,
    chunks_of,
)
from openeo_widgets.transfer._workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

    from openeo_widgets.transfer._ranges import Segment

__all__ = ["Book", "DiskError", "Stream", "connections"]

#: The threads of all connections. They outlive a file, and with them what the caller keeps for
#: each thread: sessions, whose connections the next file goes on with.
connections = Workers("openeo-widgets-connection", 64)


class DiskError(Exception):
    """The disk does not take the bytes; the cause says why."""


class Book(Protocol):
    """What a stream asks and tells, of the file that it brings a part of."""

    name: str
    size: int | None
    ask: Callable[[Mapping[str, str]], requests.Response]

    def next_for(self, stream: Stream) -> tuple[Segment, Asked | None] | None:
        """Give out the next segment, and what is to be asked for; None when there is none."""

    def begin(self, stream: Stream, response: requests.Response, end: int | None) -> bool:
        """Note that a good answer is there; whether it is still wanted."""

    def write(self, stream: Stream, chunk: bytes) -> bool:
        """Bring bytes to their place; whether there are more to bring."""

    def end_of_body(self, stream: Stream) -> None:
        """Note that the segment, whose end nobody knew, is whole."""

    def give_back(self, stream: Stream) -> None:
        """Take the stream's segment back."""

    def ended(self, stream: Stream, error: Exception | None) -> None:
        """Note that the stream is over."""


class Stream:
    """One connection to a server, after one another for several segments.

    Args:
        book: The file that it brings a part of.

    Attributes:
        segment: What it fetches now.
        is_over: Whether it is to end. Set by the book, under its lock.
        is_reading: Whether bytes of an answer come. Set by the book, under its lock.
        is_writing: Whether it writes to the part now. Set by the book, under its lock.
        heard: When the last byte came, by the monotonic clock; None while an answer is waited for.
        host: Where its connection is counted.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self.segment: Segment | None = None
        self.is_over = False
        self.is_reading = False
        self.is_writing = False
        self.heard: float | None = None
        self.host: str | None = None
        self._response: requests.Response | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        connections.submit(self._run)

    def _run(self) -> None:
        error: Exception | None = None
        try:
            while (given := self._book.next_for(self)) is not None:
                self._bring(*given)
                self._book.give_back(self)
        except Exception as raised:  # noqa: BLE001 - judged by the book
            error = raised
        self._response = None
        self._book.ended(self, error)

    def _bring(self, segment: Segment, asked: Asked | None) -> None:
        book = self._book
        headers = {}
        if asked is not None:
            # Up to the end that it has now: a connection that has brought all can be used again.
            last = "" if segment.end in {None, asked.total} else (segment.end or 0) - 1
            headers = {"Range": f"bytes={asked.start}-{last}", "If-Range": asked.validator}
        with closing(book.ask(headers)) as response:
            end = check_answer(response, book.name, asked)
            self._response, self.heard = response, time.monotonic()
            if not book.begin(self, response, end):
                return
            for chunk in chunks_of(response):
                self.heard = time.monotonic()
                if not book.write(self, chunk) and segment.position != end:
                    return  # the rest of the answer is another's, or nobody's
            self._check_end(segment, response, end)

    def _check_end(self, segment: Segment, response: requests.Response, end: int | None) -> None:
        """Look whether the body ended where it should: a connection that is cut may look whole."""
        if self.is_over:
            return
        if end is not None:
            if segment.position < min(end, segment.end or end):
                raise urllib3.exceptions.HTTPError("The body ended early.")
            return
        framed = "Transfer-Encoding" in response.headers or not _ends_with_connection(response)
        size = self._book.size
        if not framed and size is not None and segment.position < size:
            raise urllib3.exceptions.HTTPError("The body ended early.")
        check_size(self._book.name, segment.position, size)
        self._book.end_of_body(self)

    def hang_up(self) -> None:
        """Close the connection, from another thread, so that a wait for bytes ends."""
        response = self._response
        if response is not None:
            with suppress(Exception):  # whatever it is: it is over, or will notice
                _shut(response)


def _ends_with_connection(response: requests.Response) -> bool:
    return "Content-Length" not in response.headers


def _shut(response: requests.Response) -> None:
    """Wake up a thread that waits for bytes of this answer."""
    shutdown = getattr(response.raw, "shutdown", None)
    if shutdown is not None:
        shutdown()
        return
    # Before urllib3 2.3 there is no other way.
    raw: Any = response.raw
    raw._fp.fp.raw._sock.shutdown(socket.SHUT_RD)  # noqa: SLF001
