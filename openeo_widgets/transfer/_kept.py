"""What is kept of an incomplete file: under which names, and the journal of its bytes.

Both lie beside the target, hidden, under names that are the same each time: ``.name.part`` and
``.name.part.journal``. The journal holds what the server says of the file's version, its length
and ranges of bytes; never a link or a token.

What has been written survives the end of a process, whichever way it ends: it is the system's
then. It does not survive a power cut before it is on the disk, and to wait for the disk all the
time would cost more than it saves. So the journal holds two lists: what is written, good until
the machine starts anew; and what was on the disk, brought there every half minute.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openeo_widgets.transfer._ranges import Spans

__all__ = ["Entry", "Journal", "Version", "beside", "is_kept", "kept_names", "kept_of"]

# A journal longer than this is written anew: only its last line counts.
_LONG = 1 << 18

# Seconds by which two reckonings of the time of the machine's start may differ.
_CLOCK_S = 60.0

# Bytes of a file's name on common file systems, less room for what we put around it.
_MOST_NAME = 255 - len(".~0123456789abcdef.part.journal.new")

# No file has as many; a journal that says so is damaged.
_MOST_BYTES = 1 << 62

_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


class Version(NamedTuple):
    """What tells one version of a file on a server from another.

    Attributes:
        validator: Its strong ETag, or its Last-Modified; "" if neither promises the same bytes.
        total: Its length in bytes, or None.
    """

    validator: str
    total: int | None


class Entry(NamedTuple):
    """A line of a journal.

    Attributes:
        version: Of which version of the file the bytes are.
        here: Which bytes outlived what happened since: all that were written, or after a start of
            the machine those that were on its disk.
        disk: Which were on the disk.
    """

    version: Version
    here: list[tuple[int, int]]
    disk: list[tuple[int, int]]


def beside(target: Path, unique: str = "") -> Path:
    """The file's name while it is incomplete: hidden, and on the same file system.

    Not tempfile's: its files are private to their owner, and a result is an ordinary file.
    """
    name = target.name.encode(errors="surrogateescape")
    kept = target.name
    if len(name) > _MOST_NAME:
        short = name[:_MOST_NAME].decode(errors="ignore")
        kept = f"{short}~{hashlib.sha256(name).hexdigest()[:16]}"
    return target.with_name(f".{kept[:40]}.{unique}.part" if unique else f".{kept}.part")


def _journal_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.journal")


def is_kept(target: Path) -> bool:
    """Whether a later download can go on where an earlier one was."""
    part = beside(target)
    try:
        return part.exists() and _journal_of(part).exists()
    except OSError:  # a path that is too long, for example: nothing can be there
        return False


def kept_names(names: Iterable[str]) -> list[str]:
    """Of which files parts are kept, among the names in a folder; long names are not told."""
    end = _journal_of(Path(".part")).name
    return [name[1 : -len(end)] for name in names if name.startswith(".") and name.endswith(end)]


def kept_of(target: Path) -> tuple[int, int | None] | None:
    """How much of a file an earlier download left beside it.

    Args:
        target: What it is to become.

    Returns:
        Bytes that are here and bytes in all (or None), or None if nothing is here. Whether the
        file on the server is still the same one only the next download finds out.
    """
    part = beside(target)
    entry = _last_entry(_journal_of(part))
    if entry is None:
        return None
    try:
        size = part.stat().st_size
    except OSError:
        return None
    here = sum(max(0, min(end, size) - start) for start, end in entry.here)
    return (here, entry.version.total) if here else None


class Journal:
    """Says which bytes of an incomplete file are there, one line after the other: the last counts.

    Args:
        part: The incomplete file, beside which it lies.
    """

    def __init__(self, part: Path) -> None:
        self._path = _journal_of(part)
        self._file = -1

    @property
    def exists(self) -> bool:
        """Whether there is anything to go on with."""
        return self._path.exists()

    def last(self) -> Entry | None:
        """The last line that makes sense."""
        return _last_entry(self._path)

    def add(self, version: Version, done: Spans, disk: Spans) -> None:
        """Write a line.

        Args:
            version: Of which version of the file the bytes are.
            done: Which are written.
            disk: Which are on the disk.

        Raises:
            OSError: The disk does not take it.
        """
        entry = {**version._asdict(), "start": _start(), "done": done, "disk": disk}
        line = json.dumps(entry).encode() + b"\n"
        if self._file < 0 or os.fstat(self._file).st_size > _LONG:
            self.close()
            new = self._path.with_name(f"{self._path.name}.new")
            new.write_bytes(line)
            new.replace(self._path)
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        else:
            os.write(self._file, line)

    def remove(self) -> None:
        """Have nothing to go on with any more."""
        self.close()
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close it. It stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _last_entry(path: Path) -> Entry | None:
    """The last whole line of a journal that makes sense; a kill may have cut the very last."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        with suppress(
            ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError
        ):
            entry = json.loads(line)
            # It is to be a header again: nothing that a server cannot have sent.
            good = _CONTROL.search(entry["validator"].encode("latin-1")) is None
            good &= entry["start"] is not None
            total = entry["total"]
            good &= total is None or (isinstance(total, int) and 0 <= total < _MOST_BYTES)
            for name in ("done", "disk"):
                entry[name] = [(int(start), int(end)) for start, end in entry[name]]
                good &= all(0 <= start < end <= (total or end) for start, end in entry[name])
            if good:
                here = entry["done" if _same_start(entry["start"]) else "disk"]
                return Entry(Version(entry["validator"], total), here, entry["disk"])
    return None


@functools.cache
def _start() -> str | float:
    """What tells one run of the machine from the next."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return time.time() - time.monotonic()  # about when it started


def _same_start(then: object) -> bool:
    now = _start()
    if isinstance(now, float) and isinstance(then, float):
        return abs(now - then) < _CLOCK_S
    return now == then
