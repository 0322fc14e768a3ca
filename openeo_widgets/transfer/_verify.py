"""Checksums as STAC has them (``file:checksum``): multihashes in hexadecimal."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Checksum", "Follower", "checksum_of"]

# Function codes of the multiformats table that hashlib knows.
_FUNCTIONS = {
    0x11: "sha1",
    0x12: "sha256",
    0x13: "sha512",
    0x14: "sha3_512",
    0x15: "sha3_384",
    0x16: "sha3_256",
    0x17: "sha3_224",
    0x20: "sha384",
    0xD5: "md5",
    0x1013: "sha224",
    0x1014: "sha512_224",
    0x1015: "sha512_256",
}

# For BLAKE2 each length of the digest has a code of its own, one byte being the first.
_BLAKE2B, _BLAKE2S = 0xB201, 0xB241

# A multihash may hold the beginning of a digest alone. Less than this would prove nothing.
_LEAST_DIGEST = 16

# Bytes read back at a time, and hashed at most before somebody else has a say.
_BLOCK = 1 << 20
_AT_ONCE = 32 << 20

# Bytes of a varint, at most (multiformats, unsigned-varint).
_MOST_VARINT = 9


class Checksum(NamedTuple):
    """What a file's bytes have to give.

    Attributes:
        function: Name of the hash function.
        digest: Its digest, or the beginning of it.
    """

    function: str
    digest: bytes

    def new(self) -> hashlib._Hash:
        """Make the hash to be fed with the file's bytes."""
        name, _, size = self.function.partition(":")
        if name == "blake2b":
            return hashlib.blake2b(digest_size=int(size))  # type: ignore[return-value]
        if name == "blake2s":
            return hashlib.blake2s(digest_size=int(size))  # type: ignore[return-value]
        return hashlib.new(name, usedforsecurity=False)

    def agrees(self, found: hashlib._Hash) -> bool:
        """Whether the hash of a file's bytes is the one that is expected."""
        return found.digest()[: len(self.digest)] == self.digest


def checksum_of(multihash: object) -> Checksum | None:
    """Read a multihash; None for what is none, and for functions that are not known here."""
    try:
        raw = bytes.fromhex(multihash) if isinstance(multihash, str) else b""
        code, rest = _varint(raw)
        length, digest = _varint(rest)
        checksum = Checksum(_function(code), digest)
        full = checksum.new().digest_size
    except (ValueError, IndexError, KeyError):
        return None
    return checksum if len(digest) == length and _LEAST_DIGEST <= length <= full else None


def _function(code: int) -> str:
    if _BLAKE2B <= code < _BLAKE2S:
        return f"blake2b:{code - _BLAKE2B + 1}"
    if _BLAKE2S <= code < _BLAKE2S + 32:
        return f"blake2s:{code - _BLAKE2S + 1}"
    return _FUNCTIONS[code]


def _varint(raw: bytes) -> tuple[int, bytes]:
    """An unsigned number, seven bits a byte, the lowest first; and what comes after it."""
    value = 0
    for place in range(_MOST_VARINT):
        value |= (raw[place] & 0x7F) << (7 * place)
        if not raw[place] & 0x80:
            return value, raw[place + 1 :]
    raise ValueError


class Follower:
    """Hashes a file in order, while its bytes still come in any order.

    It reads back what has been written, which is in memory still: the hash functions let other
    threads run meanwhile, so that on two cores verifying costs next to no time.

    Args:
        checksum: What is expected.
        read: Reads so many bytes of the file, at most, from a position on.
    """

    def __init__(self, checksum: Checksum, read: Callable[[int, int], bytes]) -> None:
        self._checksum = checksum
        self._read = read
        self._hash = checksum.new()
        self.position = 0

    def follow(self, end: int, stop: Callable[[], bool] = bool) -> None:
        """Hash on towards a byte, and not too far at a time.

        Args:
            end: The byte after the last one to take; all before are there.
            stop: Asked between blocks; True ends it early.
        """
        last = min(end, self.position + _AT_ONCE)
        while self.position < last and not stop():
            block = self._read(min(_BLOCK, last - self.position), self.position)
            if not block:
                return  # somebody cut the file; the digest will tell
            self._hash.update(block)
            self.position += len(block)

    def agrees_with(
        self, size: int, look: Callable[[], object], stop: Callable[[], bool] = bool
    ) -> bool:
        """Hash what is left of a file, and compare: one that turns out shorter is another.

        Args:
            size: Its size in bytes.
            look: Called now and then. What it raises ends it.
            stop: Asked between blocks; True has it look at once.
        """
        while self.position < size:
            before = self.position
            look()
            self.follow(size, stop)
            if self.position == before and not stop():
                return False
        return self.agrees

    @property
    def agrees(self) -> bool:
        """Whether the digest of what it has followed is the one that is expected."""
        return self._checksum.agrees(self._hash)
