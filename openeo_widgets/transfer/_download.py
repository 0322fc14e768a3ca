"""One file from an HTTP answer to disk: complete and verified, or not there."""

from __future__ import annotations

import os
import uuid
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError, OpenEOWidgetsError
from openeo_widgets.transfer._arrival import (
    BROKEN,
    CHUNK,
    Arrival,
    Ask,
    Progress,
    Source,
    check_size,
    check_status,
    length_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import requests

__all__ = ["BROKEN", "Progress", "broken", "download", "read", "write_whole"]

# Multihash function codes (multiformats table) that hashlib knows.
_MULTIHASH = {0x11: "sha1", 0x12: "sha256", 0x13: "sha512", 0x14: "sha3_512", 0x16: "sha3_256"}


def download(
    ask: Ask,
    target: Path,
    *,
    size: int | None = None,
    checksum: str | None = None,
    progress: Progress | None = None,
    canceled: Callable[[], bool] = bool,
) -> bool:
    """Write the body of an answer to a file.

    The bytes go to a temporary file beside the target, over as many connections as it takes, are
    compared with what is known of the file, flushed to disk, and only then get the final name,
    in one step.

    Args:
        ask: Makes the request with these headers besides, streamed, and returns the answer.
        target: The file to write. An existing one is replaced when the new one is complete.
        size: Expected size in bytes (``file:size``), or None.
        checksum: Expected multihash in hexadecimal (``file:checksum``), or None.
        progress: Told as bytes arrive.
        canceled: Asked before requests and between chunks; True ends the download and leaves
            nothing behind.

    Returns:
        True if size or checksum was there to compare with, and agreed.

    Raises:
        DownloadError: The file could not be brought here whole, or was canceled.
    """
    if target.is_dir():
        raise DownloadError(f"{target.name!r} is a folder here, and so cannot be the file.")
    with _to_become(target) as partial, partial.open("xb") as file:
        digest = Arrival(
            Source(ask, target.name, size, _hash_name(checksum)), file, progress, canceled
        ).finish()
        verified = _agrees(target.name, digest, size, checksum)
        file.flush()
        os.fsync(file.fileno())
    return verified


@contextmanager
def _to_become(target: Path) -> Iterator[Path]:
    """Make room for a file that becomes the target if all goes well, and is gone else.

    Yields:
        The path to write to.

    Raises:
        DownloadError: The connection broke, or the disk does not take the file.
    """
    partial = _beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        partial.replace(target)
    except BROKEN as error:
        raise broken(target.name, error) from None  # the cause holds the link
    except OpenEOWidgetsError:
        raise
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        with suppress(OSError):  # what has failed already is what is to be told
            partial.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file in one step: it is there whole, or as it was before."""
    partial = _beside(path)
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read(response: requests.Response, name: str, *, most: int) -> tuple[bytes, bool]:
    """Read an answer's body into memory, up to a limit.

    Args:
        response: A streamed answer.
        name: What is read, for messages.
        most: Most bytes to read.

    Returns:
        The bytes, and whether there were more.

    Raises:
        DownloadError: It is no success, or breaks off.
    """
    check_status(response, name)
    content = bytearray()
    try:
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > most:
                return bytes(content[:most]), True
    except BROKEN as error:
        raise broken(name, error) from None  # the cause holds the link
    check_size(name, len(content), length_of(response))
    return bytes(content), False


def _beside(path: Path) -> Path:
    """A name for the file while it is incomplete: hidden, and on the same file system.

    Not tempfile's: its files are private to their owner, and a result is an ordinary file.
    """
    return path.with_name(f".{path.name[:40]}.{uuid.uuid4().hex}.part")


def broken(name: str, error: Exception) -> DownloadError:
    """Make the error for a connection that failed, without the link that its text holds."""
    return DownloadError(
        f"The connection broke while {name!r} was downloaded ({type(error).__name__}).",
        hint="Nothing was kept; try again.",
    )


def _unwritable(target: Path, error: OSError) -> DownloadError:
    """Make the error for a file that the disk does not take: full, read-only, no permission."""
    return DownloadError(
        f"{target.name!r} cannot be written to {str(target.parent)!r}: {error.strerror or error}.",
        hint="Nothing was kept; make room there, or choose another folder.",
    )


def _hash_name(checksum: str | None) -> str | None:
    """The name of the hash that a multihash is of, or None if it is of none that we know."""
    try:
        return _MULTIHASH.get(bytes.fromhex(checksum or "")[0])
    except (ValueError, IndexError):
        return None


def _agrees(name: str, digest: bytes | None, size: int | None, checksum: str | None) -> bool:
    """Compare with a multihash: two bytes of function and length, then the digest.

    Returns:
        Whether there was anything to compare with, the size (which agreed) included.
    """
    if digest is None or checksum is None:
        return size is not None
    if digest != bytes.fromhex(checksum)[2:]:
        raise DownloadError(
            f"{name!r} arrived, but its checksum is not the one that the back-end gave.",
            hint="Nothing was kept; try again, and tell the back-end if it happens again.",
        )
    return True
