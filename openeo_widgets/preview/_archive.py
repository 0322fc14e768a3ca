"""Zip and tar as a listing. Nothing is unpacked, and a name in them is a text and no path."""

from __future__ import annotations

import datetime as dt
import io
import tarfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from openeo_widgets.preview._rows import TextRows
from openeo_widgets.preview._table import Table
from openeo_widgets.preview._text import make_anything
from openeo_widgets.preview._views import Facts, Made
from openeo_widgets.preview._words import counted, joined, size_text
from openeo_widgets.transfer import TooMuchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openeo_widgets.preview._file import PreviewFile

__all__ = ["is_archive", "make_archive"]

_ZIPS = frozenset(("application/zip", "application/x-zip-compressed"))
_TARS = frozenset(("application/x-tar", "application/tar", "application/x-gtar"))

_MOST_ENTRIES = 50_000

# Of what is packed so tight that a few bytes make gigabytes, so much is unpacked on the way.
_MOST_UNPACKED = 200_000_000
_CHUNK = 1 << 16

# What is raised of archives that are not as they should be; headers may follow headers for ever.
_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error),
    *(ValueError, EOFError, ArithmeticError, NotImplementedError, RecursionError),
)

Entry = list["str | None"]


def is_archive(file: PreviewFile) -> bool:
    """Whether a file is said to be an archive."""
    return _is_zip(file) or _is_tar(file)


def _is_zip(file: PreviewFile) -> bool:
    return file.media_type in _ZIPS or file.extension == ".zip"


def _is_tar(file: PreviewFile) -> bool:
    return file.media_type in _TARS or file.name.lower().endswith((".tar", ".tar.gz", ".tgz"))


def make_archive(file: PreviewFile) -> Made:
    """List what an archive holds."""
    entries: list[Entry] = []
    note, partial = "", False
    try:
        for entry in _zipped(file) if _is_zip(file) else _tarred(file):
            if len(entries) == _MOST_ENTRIES:
                note = f"The first {_MOST_ENTRIES:,} files are shown."
                break
            entries.append(entry)
    except TooMuchError:
        if not entries:
            raise
        note, partial = "More of it would have to be read to list the others.", True
    except _BROKEN as error:
        if not entries:
            made = make_anything(file)
            return Made(made.views, f"The archive cannot be read: {error}", python=made.python)
        note = f"It cannot be read any further: {error}"
    rows = TextRows(["name", "bytes", "packed", "modified"], entries)
    total = sum(int(entry[1] or 0) for entry in entries)
    facts = {"Name": file.name, "Files": f"{len(entries):,}", "Unpacked": size_text(total)}
    if file.size is not None:
        facts["Size"] = size_text(file.size)
    views = (Table(rows, joined(note)), Facts(facts))
    python = "import zipfile; archive = zipfile.ZipFile({}.open())"
    if not _is_zip(file):
        python = "import tarfile; archive = tarfile.open(fileobj={}.open())"
    said = f"{counted(len(entries), 'file')} so far." if partial else ""
    return Made(views, note=said, partial=partial, python=python)


def _zipped(file: PreviewFile) -> Iterator[Entry]:
    with file.open() as opened, zipfile.ZipFile(opened) as archive:
        for one in archive.infolist():
            when = "{}-{:02}-{:02} {:02}:{:02}:{:02}".format(*one.date_time)
            yield [one.filename, str(one.file_size), str(one.compress_size), when]


def _tarred(file: PreviewFile) -> Iterator[Entry]:
    begun, _ = file.head(2)
    with file.open() as opened:
        if begun.startswith(b"\x1f\x8b"):
            stream: IO[bytes] = io.BufferedReader(_Unpacked(opened), _CHUNK)
            archive = tarfile.open(fileobj=stream, mode="r|")  # noqa: SIM115 - closed below
        else:
            archive = tarfile.open(fileobj=opened, mode="r:")  # noqa: SIM115 - closed below
        with archive:
            for one in archive:
                size = str(one.size) if one.isfile() else None
                yield [one.name + ("/" if one.isdir() else ""), size, None, _moment(one.mtime)]
                archive.members = []  # type: ignore[attr-defined]  # it would keep each of them


def _moment(seconds: float) -> str | None:
    try:
        moment = dt.datetime.fromtimestamp(seconds, dt.timezone.utc)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.strftime("%Y-%m-%d %H:%M:%S")


class _Unpacked(io.RawIOBase):
    """What is in a gzip file, as far as it may be unpacked."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._unpacker = zlib.decompressobj(wbits=31)
        self._left = _MOST_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while True:
            begun = self._unpacker.unconsumed_tail or self._packed.read(_CHUNK)
            content = self._unpacker.decompress(begun, len(buffer))
            if content or not begun:
                break
        self._left -= len(content)
        if self._left < 0:
            raise ValueError("too much would have to be unpacked")
        buffer[: len(content)] = content
        return len(content)
