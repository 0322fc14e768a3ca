"""A zip archive as a stream: made while it is sent, and never whole anywhere."""

from __future__ import annotations

import time
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Member", "zip_of"]

# Their bytes are compressed already: to do it again takes time and saves nothing.
_COMPRESSED = frozenset(
    {
        *(".7z", ".br", ".bz2", ".geoparquet", ".gpkg", ".gz", ".h5", ".jp2", ".jpeg", ".jpg"),
        *(".nc", ".parquet", ".png", ".tgz", ".tif", ".tiff", ".webp", ".xlsx", ".xz", ".zip"),
        *(".zst", ".grib2", ".grb2"),
    }
)

# A file that may be longer needs other fields in the archive, which have to be there before it.
_LARGE = 1 << 30

_ERRORS = "ERRORS"


@dataclass(frozen=True)
class Member:
    """One file of an archive.

    Attributes:
        name: Its name there.
        size: Its size in bytes, or None where that is not known.
        chunks: Makes its bytes. What it raises keeps the file out of the archive, not the others.
    """

    name: str
    size: int | None
    chunks: Callable[[], Iterable[bytes]]


class _Out:
    """What a zip archive is written to: it cannot seek, and is emptied after each write."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


def zip_of(members: Iterable[Member], failed: dict[str, str]) -> Iterator[bytes]:
    """Make a zip archive, piece by piece.

    Files that cannot be read whole are not in it: a text file in it says which, and why.

    Args:
        members: The files; their names differ.
        failed: Gets the name of each file that could not be read, and why.

    Returns:
        Its bytes. A file that breaks off has taken its room in them all the same, unlisted.
    """
    out, names = _Out(), set()
    with zipfile.ZipFile(out, "w", strict_timestamps=False) as archive:  # type: ignore[call-overload]
        for member in members:
            names.add(member.name.casefold())
            try:
                yield from _added(archive, out, member)
            except (OpenEOWidgetsError, OSError) as error:
                _take_out(archive, member.name)
                failed[member.name] = _reason(error)
        if failed:
            archive.writestr(_free_name(names), _told(failed))
    yield out.take()


def _added(archive: zipfile.ZipFile, out: _Out, member: Member) -> Iterator[bytes]:
    info = zipfile.ZipInfo(member.name, time.localtime()[:6])
    stored = PurePath(member.name).suffix.lower() in _COMPRESSED
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    large = member.size is None or member.size >= _LARGE
    # Its first bytes come before its entry: most of what fails does so before there are any.
    chunks = iter(member.chunks())
    first = next(chunks, b"")
    with archive.open(info, "w", force_zip64=large) as entry:
        entry.write(first)
        for chunk in chunks:
            yield out.take()
            entry.write(chunk)
    yield out.take()


def _take_out(archive: zipfile.ZipFile, name: str) -> None:
    """Leave a file that broke off out of the directory: no program shows it then."""
    info = archive.NameToInfo.pop(name, None)
    if info is not None:
        archive.filelist.remove(info)


def _reason(error: Exception) -> str:
    if isinstance(error, OpenEOWidgetsError):
        return redacted(error.message)
    return redacted(getattr(error, "strerror", None) or type(error).__name__)


def _free_name(names: set[str]) -> str:
    name, number = f"{_ERRORS}.txt", 1
    while name.casefold() in names:
        number += 1
        name = f"{_ERRORS} ({number}).txt"
    return name


def _told(failed: dict[str, str]) -> str:
    lines = [f"{name}: {reason}" for name, reason in failed.items()]
    return "\n".join(
        ["These files could not be read, and are not in this archive.", "", *lines, ""]
    )
