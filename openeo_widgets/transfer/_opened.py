"""A file on a server, read like one on disk: only the parts that are asked for are fetched."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from contextlib import closing
from typing import TYPE_CHECKING

import requests
import urllib3

from openeo_widgets.errors import DownloadError, FileChangedError
from openeo_widgets.transfer._answer import (
    BROKEN,
    Asked,
    ChangedError,
    NoRangesError,
    broken,
    check_answer,
    check_size,
    check_status,
    chunks_of,
    length_of,
    range_of,
    validator_of,
)
from openeo_widgets.transfer._chunks import read
from openeo_widgets.transfer._patience import Patience, persistently

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["RemoteFile", "TooMuchError"]

# Bytes. A block is what is fetched at least; readers of scientific formats jump a lot.
_BLOCK = 1 << 16

# Blocks that are kept, and blocks that are fetched with one request at most.
_MOST_KEPT = 256
_MOST_AT_ONCE = 64

# A server that gives no ranges gives all of it: up to so many bytes that is for memory.
_MOST_WHOLE = 64 * 1024 * 1024

# Seconds of an outage that a reader waits out: somebody sits before it.
_PATIENCE_S = 30.0

_PARTIAL, _NO_SUCH_RANGE = 206, 416


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
        ranges = _Ranges(ask, name, size, most)
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
        size: int | None,
        most: int | None,
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
        # Only of this very file are parts wanted: what is sent with each further request, and
        # what no further answer may contradict.
        self._validator = ""
        self._mark = ""
        self._next_block = 0
        self._ahead = 0
        self._patiently(lambda: self._begin(size))

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

    def _begin(self, size: int | None) -> None:
        """Ask for the first block: the answer tells the size, and whether there are ranges.

        Args:
            size: What the metadata tell, for servers that do not.
        """
        first = {"Range": f"bytes=0-{_BLOCK - 1}"}
        with closing(self._ask(first)) as response:
            told = range_of(response)
            if response.status_code == _NO_SUCH_RANGE and told and told.total == 0:
                return  # an empty file has no first byte
            if response.status_code != _PARTIAL:
                self._take_whole(response)
                return
            total = size if told and told.total is None else told and told.total
            if told and told.start == 0 and total is not None:
                self._take_first(response, total)
                return
        with closing(self._ask({})) as response:
            check_status(response, self.name)
            total = length_of(response)
            if told and told.start == 0 and total is not None:
                self.size, self._validator, self._mark = total, *_version_of(response)
            else:
                self._take_whole(response)

    def _take_first(self, response: requests.Response, size: int) -> None:
        self.size, self._validator, self._mark = size, *_version_of(response)
        first = self._body(response, min(_BLOCK, size))
        self._fetched += len(first)
        if len(first) == min(_BLOCK, size):  # else it is asked for again
            self._keep(0, first)
            self._next_block = 1

    def _take_whole(self, response: requests.Response) -> None:
        """Take a file of which there are no parts, if it is for memory."""
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

    def _patiently(self, attempt: Callable[[], object], done: Callable[[], int] = int) -> None:
        """Try something, again where the connection broke, for as long as a reader waits."""
        try:
            persistently(attempt, Patience(_PATIENCE_S), done=done)
        except BROKEN as error:
            raise broken(self.name, error) from None  # the cause holds the link

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
        content = bytearray()

        def bring() -> None:
            asked = Asked(begin + len(content), self._validator, self.size)
            headers = {"Range": f"bytes={asked.start}-{end - 1}"}
            if asked.validator:
                headers["If-Range"] = asked.validator
            with closing(self._ask(headers)) as response:
                self._check_part(response, asked)
                content.extend(self._body(response, end - asked.start))

        while len(content) < end - begin:
            self._patiently(bring, lambda: len(content))
        self._fetched += len(content)
        self._keep(first, bytes(content))
        self._next_block = first + count

    def _check_part(self, response: requests.Response, asked: Asked) -> None:
        """Refuse what is no part of the file that was opened."""
        try:
            check_answer(response, self.name, asked)
        except NoRangesError:
            if response.status_code == requests.codes.ok:  # and of the same version
                raise DownloadError(
                    f"The server of {self.name!r} gives no parts of it any more.",
                    hint="Download it instead.",
                ) from None
            told = range_of(response)
            if told is not None and told.total in {None, self.size}:
                message = "The server answered with another range."
                raise urllib3.exceptions.HTTPError(message) from None
            raise self._changed() from None
        except ChangedError:
            raise self._changed() from None
        _, mark = _version_of(response)
        if not self._validator and self._mark and mark and mark != self._mark:
            raise self._changed()

    def _changed(self) -> FileChangedError:
        return FileChangedError(
            f"{self.name!r} was replaced at the server while it was read.", hint="Open it again."
        )

    def _body(self, response: requests.Response, most: int) -> bytes:
        """Some bytes, and at most so many."""
        content = bytearray()
        try:
            for chunk in chunks_of(response):
                content += chunk
                if len(content) >= most:
                    break
        except BROKEN:
            if not content:
                raise
        if most and not content:
            raise urllib3.exceptions.HTTPError("The body ended early.")
        return bytes(content[:most])

    def _keep(self, first: int, content: bytes) -> None:
        for number in range(0, len(content), _BLOCK):
            self._blocks[first + number // _BLOCK] = content[number : number + _BLOCK]
        while len(self._blocks) > _MOST_KEPT:
            self._blocks.popitem(last=False)


def _version_of(response: requests.Response) -> tuple[str, str]:
    """What an ``If-Range`` may hold, and what tells versions apart where nothing better does."""
    mark = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
    return validator_of(response), mark
