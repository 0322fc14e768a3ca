"""A file on a server, read like one on disk: only the parts that are asked for are fetched."""

from __future__ import annotations

import io
import re
import threading
import time
from collections import OrderedDict
from contextlib import closing
from typing import TYPE_CHECKING

import urllib3

from openeo_widgets.errors import DownloadError, FileChangedError
from openeo_widgets.transfer._answer import BROKEN, CHUNK, check_size, check_status
from openeo_widgets.transfer._download import broken, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

__all__ = ["RemoteFile", "TooMuchError", "read_head"]

# Bytes. A block is what is fetched at least; readers of scientific formats jump a lot.
_BLOCK = 1 << 16

# Blocks that are kept, and blocks that are fetched with one request at most.
_MOST_KEPT = 256
_MOST_AT_ONCE = 64

# A server that gives no ranges gives all of it: up to so many bytes that is for memory.
_MOST_WHOLE = 64 * 1024 * 1024

# So many attempts in a row may bring nothing, with pauses that double.
_TRIES = 4
_PAUSE_S = 0.25

# Longest pause that a server is granted which asks for one.
_LONGEST_PAUSE_S = 30

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})

_PARTIAL, _OK, _NO_SUCH_RANGE = 206, 200, 416


class TooMuchError(DownloadError):
    """More of a file would be fetched than was allowed."""


class RemoteFile(io.BufferedReader):
    """A file on a server, read-only and seekable, for whatever reads a binary file.

    It may be used from several threads; each call is whole, and they share one position. A file
    that is replaced at the server while it is read raises `FileChangedError`: parts of two files
    are never mixed.

    Args:
        ask: Makes the request with these headers besides, streamed, and returns the answer.
        name: What it is called in messages.
        size: Its size in bytes as the metadata tell, or None.
        most: Bytes that may be fetched in all, or None for as many as are read.

    Raises:
        TooMuchError: The server gives no parts of it, and it is larger than `most`. Reading
            raises it too.
        DownloadError: It cannot be read, or the server gives no parts of it and it is larger
            than 64 MiB.
    """

    def __init__(
        self,
        ask: Callable[[Mapping[str, str]], requests.Response],
        name: str,
        *,
        size: int | None = None,
        most: int | None = None,
    ) -> None:
        ranges = _Ranges(ask, name, most)
        check_size(name, ranges.size, size)
        self.size = ranges.size
        super().__init__(ranges, _BLOCK)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}, {self.size} bytes>"


class _Ranges(io.RawIOBase):
    """The same, unbuffered: blocks that were fetched, and what fetches the others."""

    def __init__(
        self,
        ask: Callable[[Mapping[str, str]], requests.Response],
        name: str,
        most: int | None = None,
    ) -> None:
        self._ask = ask
        self.name = name
        self._most = most
        self._fetched = 0
        self.size = 0
        self._lock = threading.RLock()
        self._position = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._whole: bytes | None = None
        # Sent with each further request: only of this very file are parts wanted.
        self._same: dict[str, str] = {}
        self._next_block = 0
        self._ahead = 0
        self._begin()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("This is before the beginning of the file.")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with self._lock:
            begin = self._position
            length = min(len(buffer), self.size - begin)
            if length <= 0:
                return 0
            if self._whole is not None:
                found = self._whole[begin : begin + length]
            else:
                found = self._found(begin, begin + length)
            buffer[: len(found)] = found
            self._position += len(found)
            return len(found)

    def close(self) -> None:
        self._blocks.clear()
        self._whole = None
        super().close()

    def _begin(self) -> None:
        """Ask for the first block: the answer tells the size, and whether there are ranges."""
        with closing(self._answer({"Range": f"bytes=0-{_BLOCK - 1}"})) as response:
            told = _told_range(response)
            if response.status_code == _NO_SUCH_RANGE and told == (None, 0):
                return  # an empty file has no first byte
            if response.status_code == _PARTIAL and told[0] == 0 and told[1] is not None:
                self.size, self._same = told[1], _validator(response)
                first = self._body(response, min(_BLOCK, self.size))
                self._fetched += len(first)
                if len(first) == min(_BLOCK, self.size):  # else it is asked for again
                    self._keep(0, first)
                    self._next_block = 1
                return
            check_status(response, self.name)
            most = _MOST_WHOLE if self._most is None else min(self._most, _MOST_WHOLE)
            self._whole, more = read(response, self.name, most=most)
        if more and self._most is not None:
            raise self._too_much()
        if more:
            raise DownloadError(
                f"The server of {self.name!r} gives no parts of it.",
                hint="Download it instead.",
            )
        self.size = len(self._whole)

    def _found(self, begin: int, end: int) -> bytes:
        """The bytes from here, as many of them as are at hand or came with one request."""
        first, last = begin // _BLOCK, (end - 1) // _BLOCK
        if first not in self._blocks:
            # What is read in order is fetched ahead, more each time.
            self._ahead = (
                min(2 * self._ahead + 1, _MOST_AT_ONCE) if first == self._next_block else 0
            )
            self._fetch(first, self._count(first, last + self._ahead))
        found = bytearray()
        for number in range(first, last + 1):
            if number not in self._blocks:
                break
            self._blocks.move_to_end(number)
            found += self._blocks[number]
        offset = begin - first * _BLOCK
        return bytes(found[offset : offset + end - begin])

    def _count(self, first: int, last: int) -> int:
        """How many blocks to ask for: up to the next that is there."""
        last = min(last, (self.size - 1) // _BLOCK, first + _MOST_AT_ONCE - 1)
        there = (number for number in range(first, last + 1) if number in self._blocks)
        count = next(there, last + 1) - first
        if self._most is None:
            return count
        allowed = (self._most - self._fetched) // _BLOCK
        if allowed <= 0:
            raise self._too_much()
        return min(count, allowed)

    def _too_much(self) -> TooMuchError:
        return TooMuchError(f"More than {self._most} bytes of {self.name!r} would be fetched.")

    def _fetch(self, first: int, count: int) -> None:
        begin, end = first * _BLOCK, min((first + count) * _BLOCK, self.size)
        content, tries = bytearray(), 0
        while len(content) < end - begin:
            before = len(content)
            headers = {"Range": f"bytes={begin + before}-{end - 1}", **self._same}
            try:
                with closing(self._answer(headers)) as response:
                    self._check_part(response, begin + before)
                    content += self._body(response, end - begin - before)
            except BROKEN as error:
                if tries == _TRIES:
                    raise broken(self.name, error) from None  # the cause holds the link
            tries = 0 if len(content) > before else tries + 1
            if tries:
                time.sleep(_PAUSE_S * 2**tries)
        self._fetched += len(content)
        self._keep(first, bytes(content))
        self._next_block = first + count

    def _answer(self, headers: dict[str, str]) -> requests.Response:
        """The answer, once the server has one to give."""
        for attempt in range(_TRIES + 1):
            try:
                response = self._ask(headers)
            except BROKEN as error:
                if attempt == _TRIES:
                    raise broken(self.name, error) from None  # the cause holds the link
                pause = _PAUSE_S * 2**attempt
            else:
                if response.status_code not in _PASSING or attempt == _TRIES:
                    return response
                pause = _pause(response) or _PAUSE_S * 2**attempt
                response.close()
            time.sleep(pause)
        raise AssertionError  # the last attempt returns or raises

    def _check_part(self, response: requests.Response, begin: int) -> None:
        """Refuse what is no part of the file that was opened."""
        status = response.status_code
        if status not in {_OK, _PARTIAL, _NO_SUCH_RANGE}:
            check_status(response, self.name)
        other = _validator(response)
        if (
            status != _PARTIAL
            or _told_range(response)[1] != self.size
            or (self._same and other and other != self._same)
        ):
            raise FileChangedError(
                f"{self.name!r} was replaced at the server while it was read.",
                hint="Open it again.",
            )
        if _told_range(response)[0] != begin:
            raise urllib3.exceptions.HTTPError("The server answered with another range.")

    def _body(self, response: requests.Response, most: int) -> bytes:
        content = bytearray()
        try:
            for chunk in response.iter_content(CHUNK):
                content += chunk
                if len(content) >= most:
                    break
        except BROKEN:
            if not content:
                raise
        return bytes(content[:most])

    def _keep(self, first: int, content: bytes) -> None:
        for number in range(0, len(content), _BLOCK):
            self._blocks[first + number // _BLOCK] = content[number : number + _BLOCK]
        while len(self._blocks) > _MOST_KEPT:
            self._blocks.popitem(last=False)


def read_head(response: requests.Response, name: str, most: int) -> tuple[bytes, bool] | None:
    """Read the answer to a request for the first bytes of a file (``Range: bytes=0-...``).

    Args:
        response: A streamed answer: the part, or the whole file where the server gives no parts.
        name: What is read, for messages.
        most: Most bytes to read.

    Returns:
        The bytes, and whether the file has more; None for a part of which that cannot be told.

    Raises:
        DownloadError: It is no success, or breaks off.
    """
    begin, size = _told_range(response)
    if response.status_code == _NO_SUCH_RANGE and size == 0:
        return b"", False
    if response.status_code != _PARTIAL:
        return read(response, name, most=most)
    if begin != 0 or size is None:
        return None
    content = bytearray()
    try:
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) >= most:
                break
    except BROKEN as error:
        raise broken(name, error) from None  # the cause holds the link
    check_size(name, min(len(content), most), min(size, most))
    return bytes(content[:most]), size > most


def _told_range(response: requests.Response) -> tuple[int | None, int | None]:
    """First byte and size of the whole, as ``Content-Range`` tells."""
    told = re.fullmatch(
        r"bytes (?:(\d+)-\d+|\*)/(\d+)", response.headers.get("Content-Range", "").strip()
    )
    if told is None or "Content-Encoding" in response.headers:
        return None, None
    return int(told[1]) if told[1] else None, int(told[2])


def _validator(response: requests.Response) -> dict[str, str]:
    """What an ``If-Range`` may hold (RFC 9110, 13.1.5): a strong ETag, or else a date."""
    etag = response.headers.get("ETag", "")
    same = etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
    return {"If-Range": same} if same else {}


def _pause(response: requests.Response) -> float:
    told = response.headers.get("Retry-After", "")
    return min(float(told), _LONGEST_PAUSE_S) if told.isdecimal() else 0.0
