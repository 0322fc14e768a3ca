"""The bytes of one file, over as many connections as it takes."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import IO, NamedTuple, Protocol

import requests
import urllib3

from openeo_widgets.errors import DownloadError

__all__ = [
    "BROKEN",
    "CHUNK",
    "Arrival",
    "Ask",
    "Progress",
    "Source",
    "check_size",
    "check_status",
    "length_of",
]

# Bytes; large enough for speed, small enough that a cancel is quick. What came of a chunk before
# its connection broke is lost.
CHUNK = 1 << 16

# What a connection that fails raises; urllib3's own where requests lets them through.
BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError)

# So many connections in a row may break without a byte more than before.
_TRIES = 3

# Seconds before the first of them is made again; each further one waits twice as long.
_PAUSE_S = 0.25

Ask = Callable[[Mapping[str, str]], requests.Response]


class Progress(Protocol):
    """Called as bytes arrive, in the thread that downloads."""

    def __call__(self, done: int, total: int | None) -> None:
        """Take note.

        Args:
            done: Bytes on disk.
            total: Bytes in all, or None where the server does not tell.
        """


class Source(NamedTuple):
    """Where a file comes from, and what is known of it.

    Attributes:
        ask: Makes the request with these headers besides, streamed, and returns the answer.
        name: What arrives, for messages.
        size: Expected size in bytes, or None.
        algorithm: Name of the hash to take on the way, or None.
    """

    ask: Ask
    name: str
    size: int | None
    algorithm: str | None


class Arrival:
    """Writes a body to a file, and goes on where a connection broke.

    It goes on only if the server says that the file is still the same: the strong ETag of the
    first answer goes back as ``If-Range`` (RFC 9110, 13.1.5). Else it begins anew.

    Args:
        source: Where the file comes from.
        file: Where the bytes go; empty.
        progress: Told as bytes arrive.
        canceled: Asked before requests and between chunks; True ends it.
    """

    def __init__(
        self,
        source: Source,
        file: IO[bytes],
        progress: Progress | None,
        canceled: Callable[[], bool],
    ) -> None:
        self._source = source
        self._file = file
        self._progress = progress
        self._canceled = canceled
        # Of the file that the bytes so far are of.
        self._etag = ""
        self._total: int | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._done = 0
        # Hashing costs time: not done where there is nothing to compare with.
        self._digest = hashlib.new(self._source.algorithm) if self._source.algorithm else None

    def finish(self) -> bytes | None:
        """Bring all of it.

        Returns:
            The digest, or None if no algorithm was given.

        Raises:
            DownloadError: What the server offers is not the file, or it was canceled.
            requests.RequestException: The connection broke too often; as `BROKEN` has it.
        """
        furthest = tries = 0
        while True:
            try:
                self._receive()
                break
            except BROKEN:
                tries = tries + 1 if self._done <= furthest else 0
                furthest = max(furthest, self._done)
                if tries == _TRIES:
                    raise
            self._pause(_PAUSE_S * 2**tries)
        check_size(self._source.name, self._done, self._source.size)
        return self._digest.digest() if self._digest else None

    def _receive(self) -> None:
        """Take what one connection brings."""
        self._stop_if_canceled()
        resuming = bool(self._etag and self._done)
        headers = {"Range": f"bytes={self._done}-", "If-Range": self._etag} if resuming else {}
        with closing(self._source.ask(headers)) as response:
            self._accept(response, resuming=resuming)
            length = length_of(response)
            before = self._done
            total = self._source.size if self._total is None else self._total
            for chunk in response.iter_content(CHUNK):
                self._stop_if_canceled()
                self._write(chunk)
                if self._source.size is not None and self._done > self._source.size:
                    return  # it is not the file; what never ends would fill the disk
                if self._progress:
                    self._progress(self._done, total)
        check_size(self._source.name, self._done - before, length)

    def _accept(self, response: requests.Response, *, resuming: bool) -> None:
        """Look at the head of an answer: is it the rest, all of it anew, or neither."""
        if resuming and self._is_the_rest(response):
            return
        if resuming and response.status_code in _NOT_THAT_RANGE:
            self._etag = ""
            raise urllib3.exceptions.HTTPError("The server answered with another range.")
        check_status(response, self._source.name)
        self._begin_anew()
        self._etag, self._total = _strong_etag(response), length_of(response)

    def _is_the_rest(self, response: requests.Response) -> bool:
        """Whether it is the range that was asked for, of the same file: not all servers compare."""
        told = re.fullmatch(
            r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", "").strip()
        )
        return (
            response.status_code == requests.codes.partial_content
            and told is not None
            and int(told[1]) == self._done
            and (self._total is None or told[2] in {str(self._total), "*"})
            and response.headers.get("ETag", self._etag) == self._etag
        )

    def _write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        if self._digest is not None:
            self._digest.update(chunk)
        self._done += len(chunk)

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._stop_if_canceled()
            time.sleep(min(left, 0.05))

    def _stop_if_canceled(self) -> None:
        if self._canceled():
            raise DownloadError(f"The download of {self._source.name!r} was canceled.")


_NOT_THAT_RANGE = frozenset(
    {requests.codes.partial_content, requests.codes.requested_range_not_satisfiable}
)


def _strong_etag(response: requests.Response) -> str:
    """The answer's ETag if it promises the same bytes, else "".

    Of a body that is compressed on the way, ranges count the compressed bytes.
    """
    etag = response.headers.get("ETag", "")
    same_bytes = etag.startswith('"') and "Content-Encoding" not in response.headers
    return etag if same_bytes else ""


def check_status(response: requests.Response, name: str) -> None:
    """Refuse what is no success.

    Raises:
        DownloadError: It is an error, or another thing than a whole file.
    """
    status = response.status_code
    if status >= requests.codes.bad_request:
        raise DownloadError(
            f"The server answered {status} instead of {name!r}.",
            http_status=status,
            hint="The link may have expired; ask for the results again.",
        )
    if status != requests.codes.ok:
        raise DownloadError(
            f"The server answered {status} instead of {name!r}.", http_status=status
        )


def length_of(response: requests.Response) -> int | None:
    """Bytes that the body will have once decoded, or None.

    Content-Length counts the bytes on the wire, which differ when they are compressed.
    """
    length = response.headers.get("Content-Length", "")
    return (
        int(length) if length.isdecimal() and "Content-Encoding" not in response.headers else None
    )


def check_size(name: str, done: int, size: int | None) -> None:
    """Compare sizes in bytes.

    Raises:
        DownloadError: They differ.
    """
    if size is not None and done != size:
        raise DownloadError(
            f"{name!r} should have {size} bytes, and {done} came.",
            hint="Nothing was kept; try again.",
        )
