"""One file from an HTTP answer to disk: complete and verified, or not there."""

from __future__ import annotations

import hashlib
import os
import uuid
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Protocol

import requests
import urllib3

from openeo_widgets.errors import DownloadError, OpenEOWidgetsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["BROKEN", "Progress", "broken", "download", "read", "write_whole"]

_CHUNK = 1 << 18  # bytes; large enough for speed, small enough that a cancel is quick

# Multihash function codes (multiformats table) that hashlib knows.
_MULTIHASH = {0x11: "sha1", 0x12: "sha256", 0x13: "sha512", 0x14: "sha3_512", 0x16: "sha3_256"}

# What a connection that fails raises; urllib3's own where requests lets them through.
BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError)


class Progress(Protocol):
    """Called as bytes arrive, in the thread that downloads."""

    def __call__(self, done: int, total: int | None) -> None:
        """Take note.

        Args:
            done: Bytes on disk.
            total: Bytes in all, or None where the server does not tell.
        """


def download(
    ask: Callable[[], requests.Response],
    target: Path,
    *,
    size: int | None = None,
    checksum: str | None = None,
    progress: Progress | None = None,
    canceled: Callable[[], bool] = bool,
) -> bool:
    """Write the body of an answer to a file.

    The bytes go to a temporary file beside the target, are compared with what is known of the
    file, flushed to disk, and only then get the final name, in one step.

    Args:
        ask: Makes the request, streamed, and returns the answer.
        target: The file to write. An existing one is replaced when the new one is complete.
        size: Expected size in bytes (``file:size``), or None.
        checksum: Expected multihash in hexadecimal (``file:checksum``), or None.
        progress: Told as bytes arrive.
        canceled: Asked between chunks; True ends the download and leaves nothing behind.

    Returns:
        True if size or checksum was there to compare with, and agreed.

    Raises:
        DownloadError: The file could not be brought here whole, or was canceled.
    """
    if target.is_dir():
        raise DownloadError(f"{target.name!r} is a folder here, and so cannot be the file.")
    partial = _beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("xb") as file:
            verified = _receive(ask, file, target.name, size, checksum, progress, canceled)
            file.flush()
            os.fsync(file.fileno())
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
    return verified


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
    _check_status(response, name)
    content = bytearray()
    try:
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > most:
                return bytes(content[:most]), True
    except BROKEN as error:
        raise broken(name, error) from None  # the cause holds the link
    _check_size(name, len(content), _length(response))
    return bytes(content), False


def _receive(  # noqa: PLR0917 - one step of download, with its arguments
    ask: Callable[[], requests.Response],
    file: Any,
    name: str,
    size: int | None,
    checksum: str | None,
    progress: Progress | None,
    canceled: Callable[[], bool],
) -> bool:
    algorithm = _hash_name(checksum)
    # Hashing costs time: not done where there is nothing to compare with.
    digest = hashlib.new(algorithm) if algorithm else None
    done = 0
    with closing(ask()) as response:
        _check_status(response, name)
        total = _length(response) if _length(response) is not None else size
        for chunk in response.iter_content(_CHUNK):
            if canceled():
                raise DownloadError(f"The download of {name!r} was canceled.")
            file.write(chunk)
            if digest is not None:
                digest.update(chunk)
            done += len(chunk)
            if size is not None and done > size:
                break  # it is not the file; what never ends would fill the disk
            if progress:
                progress(done, total)
        _check_size(name, done, _length(response))
    _check_size(name, done, size)
    if digest is None or checksum is None:
        return size is not None
    _check_digest(name, digest.digest(), checksum)
    return True


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


def _check_status(response: requests.Response, name: str) -> None:
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


def _length(response: requests.Response) -> int | None:
    """Bytes that the body will have once decoded, or None.

    Content-Length counts the bytes on the wire, which differ when they are compressed.
    """
    length = response.headers.get("Content-Length", "")
    return (
        int(length) if length.isdecimal() and "Content-Encoding" not in response.headers else None
    )


def _check_size(name: str, done: int, size: int | None) -> None:
    if size is not None and done != size:
        raise DownloadError(
            f"{name!r} should have {size} bytes, and {done} came.",
            hint="Nothing was kept; try again.",
        )


def _hash_name(checksum: str | None) -> str | None:
    """The name of the hash that a multihash is of, or None if it is of none that we know."""
    try:
        return _MULTIHASH.get(bytes.fromhex(checksum or "")[0])
    except (ValueError, IndexError):
        return None


def _check_digest(name: str, digest: bytes, checksum: str) -> None:
    """Compare with a multihash: two bytes of function and length, then the digest."""
    if digest != bytes.fromhex(checksum)[2:]:
        raise DownloadError(
            f"{name!r} arrived, but its checksum is not the one that the back-end gave.",
            hint="Nothing was kept; try again, and tell the back-end if it happens again.",
        )
