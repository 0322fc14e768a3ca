"""A file from an HTTP server, passed on as it comes: compared at its end, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._answer import BROKEN, check_size, check_status, chunks_of, length_of
from openeo_widgets.transfer._download import broken
from openeo_widgets.transfer._verify import checksum_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

__all__ = ["chunks"]


def chunks(
    response: requests.Response, name: str, *, size: int | None = None, checksum: str | None = None
) -> Iterator[bytes]:
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
    if known and digest and digest.digest()[: len(known.digest)] != known.digest:
        raise DownloadError(
            f"{name!r} does not agree with its checksum.", hint="Try again, or tell the back-end."
        )
