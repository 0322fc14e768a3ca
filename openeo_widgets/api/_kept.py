"""A file that is here already under the name of one to download: the same, or another."""

from __future__ import annotations

import hashlib
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from openeo_widgets.errors import TargetExistsError
from openeo_widgets.transfer import mark_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["bring"]

_CHUNK = 1 << 20

# Multihash function codes (multiformats table) that hashlib knows.
_MULTIHASH = {0x11: "sha1", 0x12: "sha256", 0x13: "sha512", 0x14: "sha3_512", 0x16: "sha3_256"}


def bring(
    path: Path,
    download: Callable[..., bool],
    *,
    key: str,
    size: int | None,
    checksum: str | None,
    overwrite: bool,
) -> bool:
    """Download to a path unless the file is here already; never destroy another file unasked.

    A file that is here is the same if its checksum is. Where the back-end gives none, a size that
    differs tells; where that does not either, the server may know by the ETag that it had; and
    last of all the file is downloaded beside it and compared.

    Args:
        path: The file to write.
        download: Brings the file to a path; returns whether it was verified. With
            ``replace=False`` it raises TargetExistsError if the server says that it is another.
        key: The asset's key, for messages.
        size: Expected size in bytes, or None.
        checksum: Expected multihash in hexadecimal, or None.
        overwrite: Whether another file may be replaced.

    Returns:
        Whether size or checksum were there to compare with, and agreed.

    Raises:
        DownloadError: The file could not be brought here whole.
        TargetExistsError: Another file has this path, and may not be replaced.
    """
    if not path.is_file():
        return download(path)
    same = _is_same(path, size, checksum)
    if same:
        return True
    if overwrite:
        return download(path)
    if same is None and mark_of(path):  # the server can tell by it, without sending the file
        with suppress(TargetExistsError):
            return download(path, replace=False)
    if same is None:
        is_same, verified = _fetched_beside(path, download)
        if is_same:
            return verified
    raise TargetExistsError(
        f"{path.name!r} is in {str(path.parent)!r} already, and is not the file of {key!r}.",
        hint="It was kept. Say overwrite=True to replace it, or choose another folder.",
    )


def _fetched_beside(path: Path, download: Callable[..., bool]) -> tuple[bool, bool]:
    """Download beside a file, to compare: whether it is the same, and whether it was verified."""
    beside = path.with_name(f".{path.name[:40]}.{uuid.uuid4().hex}.new")
    try:
        verified = download(beside)
        return _same_bytes(path, beside), verified
    finally:
        beside.unlink(missing_ok=True)


def _is_same(path: Path, size: int | None, checksum: str | None) -> bool | None:
    """Whether it is the file that is told of, or None where what is told does not decide it."""
    if size is not None and path.stat().st_size != size:
        return False
    try:
        raw = bytes.fromhex(checksum or "")
        name = _MULTIHASH[raw[0]]
    except (ValueError, IndexError, KeyError):
        return None
    digest = hashlib.new(name)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.digest() == raw[2:]


def _same_bytes(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while chunk := first.read(_CHUNK):
            if chunk != second.read(_CHUNK):
                return False
    return True
