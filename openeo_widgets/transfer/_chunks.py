"""A file from an HTTP server, passed on as it comes: compared at its end, and kept nowhere."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._answer import (
    BROKEN,
    broken,
    check_size,
    check_status,
    chunks_of,
    length_of,
    range_of,
)
from openeo_widgets.transfer._verify import checksum_of

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Generator

    import requests

    from openeo_widgets.transfer._verify import Checksum

__all__ = ["chunks", "read", "read_head"]

_PARTIAL, _NO_SUCH_RANGE = 206, 416


def chunks(
    response: requests.Response, name: str, *, size: int | None = None, checksum: str | None = None
) -> Generator[bytes, None, None]:
    """Give out an answer's body as it comes.

    Args:
        response: A streamed answer.
        name: What is read, for messages.
        size: Expected size in bytes, or None.
        checksum: Expected multihash in hexadecimal, or None.

    Raises:
        DownloadError: It is no success, breaks off, or is another file than expected. What was
            given out before is of no use then.
    """
    check_status(response, name)
    known = checksum_of(checksum)
    digest = known.new() if known else None
    done = 0
    try:
        for chunk in chunks_of(response):
            done += len(chunk)
            if digest:
                digest.update(chunk)
            yield chunk
    except BROKEN as error:
        raise broken(name, error) from None  # the cause holds the link
    check_size(name, done, length_of(response))
    check_size(name, done, size)
    if known and digest:
        _check_digest(name, known, digest)


def _check_digest(name: str, known: Checksum, digest: hashlib._Hash) -> None:
    if not known.agrees(digest):
        raise DownloadError(
            f"{name!r} does not agree with its checksum.", hint="Try again, or tell the back-end."
        )


def read(
    response: requests.Response,
    name: str,
    *,
    most: int,
    size: int | None = None,
    checksum: str | None = None,
) -> tuple[bytes, bool]:
    """Read an answer's body into memory, up to a limit.

    Args:
        response: A streamed answer.
        name: What is read, for messages.
        most: Most bytes to read.
        size: Expected size in bytes, or None; compared if all of it is read.
        checksum: Expected multihash in hexadecimal, or None; likewise.

    Returns:
        The bytes, and whether there were more.

    Raises:
        DownloadError: It is no success, breaks off, or is another file than expected.
    """
    content = bytearray()
    with closing(chunks(response, name, size=size, checksum=checksum)) as body:
        for chunk in body:
            content += chunk
            if len(content) > most:
                return bytes(content[:most]), True
    return bytes(content), False


def read_head(
    response: requests.Response,
    name: str,
    *,
    most: int,
    size: int | None = None,
    checksum: str | None = None,
) -> tuple[bytes, bool] | None:
    """Read the answer to a request for the first bytes of a file (``Range: bytes=0-...``).

    Args:
        response: A streamed answer: the part, or the whole file where the server gives no parts.
        name: What is read, for messages.
        most: Most bytes to read, which were asked for.
        size: Expected size in bytes, or None; compared if all of it is read.
        checksum: Expected multihash in hexadecimal, or None; likewise.

    Returns:
        The bytes, and whether the file has more; None for a part of which that cannot be told.

    Raises:
        DownloadError: It is no success, breaks off, or is another file than expected.
    """
    told = range_of(response)
    if response.status_code == _NO_SUCH_RANGE and told and told.total == 0:
        return b"", False
    if response.status_code != _PARTIAL:
        return read(response, name, most=most, size=size, checksum=checksum)
    if told is None or told.start != 0 or told.total is None:
        return None
    content = bytearray()
    try:
        for chunk in chunks_of(response):
            content += chunk
            if len(content) >= most:
                break
    except BROKEN as error:
        raise broken(name, error) from None  # the cause holds the link
    check_size(name, min(len(content), most), min(told.total, most))
    if told.total > most:
        return bytes(content[:most]), True
    check_size(name, told.total, size)
    known = checksum_of(checksum)
    if known:
        digest = known.new()
        digest.update(content)
        _check_digest(name, known, digest)
    return bytes(content), False
