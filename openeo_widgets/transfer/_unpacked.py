"""Bodies that are compressed on the way: unpacked as they come, and only whole ones end well."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import urllib3

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["CODINGS", "unpacked"]

#: What is unpacked here, by the names of ``Content-Encoding``.
CODINGS = frozenset({"gzip", "x-gzip", "deflate"})

# Bytes that are given out at a time, at most: a few on the wire may be a thousand times as many.
_MOST = 1 << 18

# What zlib takes to read the form of gzip, and to read no form around the bytes at all.
_GZIP, _BARE = 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS

_GZIP_MARK = b"\x1f"


def unpacked(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Unpack a body as it comes. The libraries below take one that is cut for a whole one.

    Args:
        pieces: The body, as it is on the wire.
        coding: One of `CODINGS`.

    Raises:
        urllib3.exceptions.HTTPError: It is not in this form, or its end is missing.
    """
    unpacker = None
    try:
        for piece in pieces:
            data = piece
            while data:
                if unpacker is None:
                    unpacker = _unpacker(coding, data)
                elif unpacker.eof:
                    # One may follow another (RFC 1952, 2.2); what else follows is no part of it.
                    if coding == "deflate" or not data.startswith(_GZIP_MARK):
                        return
                    unpacker = _unpacker(coding, data)
                yield from _drained(unpacker, data)
                data = unpacker.unused_data
    except zlib.error:
        raise urllib3.exceptions.DecodeError(f"The body is no {coding}.") from None
    if unpacker is None or not unpacker.eof:
        raise urllib3.exceptions.HTTPError("The body ended early.")


def _unpacker(coding: str, data: bytes) -> zlib._Decompress:
    if coding != "deflate":
        return zlib.decompressobj(_GZIP)
    # By the rules "deflate" is what zlib writes; some servers leave its two bytes out.
    has_head = data[0] & 0x0F == zlib.DEFLATED
    return zlib.decompressobj() if has_head else zlib.decompressobj(_BARE)


def _drained(unpacker: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """All that these bytes give, in pieces."""
    while chunk := unpacker.decompress(data, _MOST):
        yield chunk
        data = unpacker.unconsumed_tail
