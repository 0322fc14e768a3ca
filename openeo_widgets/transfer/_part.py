"""The file while it is incomplete, and the journal that says which of its bytes are there.

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
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._lock import NoLocksError, is_still, try_lock
from openeo_widgets.transfer._mark import mark
from openeo_widgets.transfer._ranges import Spans, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "WORTH_KEEPING",
    "Part",
    "Version",
    "beside",
    "is_kept",
    "kept_names",
    "kept_of",
]

# Less than this is not worth a journal: it is fetched again sooner than it is looked after.
WORTH_KEEPING = 1 << 20

# Bytes that may come before the journal tells of them: what a kill costs. See also `CHUNK`.
_EVERY = 1 << 19

# Seconds between two waits for the disk.
_SYNC_S = 30.0

# A journal longer than this is written anew: only its last line counts.
_LONG = 1 << 18

# Seconds by which two reckonings of the time of the machine's start may differ.
_CLOCK_S = 60.0

# Seconds between two looks at a lock that somebody else has.
_LOOK_S = 0.1

# Bytes of a file's name on common file systems, less room for what we put around it.
_MOST_NAME = 255 - len(".~0123456789abcdef.part.journal.new")

# No file has as many; a journal that says so is damaged.
_MOST_BYTES = 1 << 62

_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Version(NamedTuple):
    """What tells one version of a file on a server from another.

    Attributes:
        validator: Its strong ETag, or its Last-Modified; "" if neither promises the same bytes.
        total: Its length in bytes, or None.
    """

    validator: str
    total: int | None


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
    spans = entry["done" if _same_start(entry["start"]) else "disk"]
    here = sum(max(0, min(end, size) - start) for start, end in spans)
    return (here, entry["total"]) if here else None


class Part:
    """An incomplete file that is ours alone, open.

    Args:
        target: What it is to become.
        wait: Called while another process or thread has it, ten times a second; what it raises
            ends the waiting.

    Attributes:
        waited: Whether somebody else had it first.

    Raises:
        OSError: The folder does not take it.
    """

    def __init__(self, target: Path, wait: Callable[[float], None]) -> None:
        self._target = target
        self.waited = False
        self.path = self._stable = beside(target)
        try:
            self._file = self._locked(wait)
        except NoLocksError:
            # Nobody else may write to it; and so nobody can go on with it.
            self.path.unlink(missing_ok=True)
            self.path = beside(target, uuid.uuid4().hex)
            self._file = os.open(self.path, _FLAGS | os.O_EXCL, 0o666)
        self._journal_path = _journal_of(self.path)
        self._journal = -1
        self._place = threading.Lock()  # where the system has no positional writes
        self._lock = threading.Lock()
        self._noted = 0
        self._synced: Spans = ()
        # Counts the times that it was cleared: what the disk has of an earlier time is gone.
        self._times = 0
        self._synced_at = time.monotonic()

    def _locked(self, wait: Callable[[float], None]) -> int:
        while True:
            file = os.open(self.path, _FLAGS, 0o666)
            try:
                if try_lock(file) and is_still(file, self.path):
                    return file
            except BaseException:
                os.close(file)
                raise
            os.close(file)
            self.waited = True
            wait(_LOOK_S)

    def write_at(self, data: bytes, position: int) -> None:
        """Write bytes at a place, all of them, from any thread.

        Raises:
            OSError: The disk is full, for example.
        """
        view = memoryview(data)
        while view:
            if hasattr(os, "pwrite"):
                count = os.pwrite(self._file, view, position)
            else:
                with self._place:
                    os.lseek(self._file, position, os.SEEK_SET)
                    count = os.write(self._file, view)
            view, position = view[count:], position + count

    def read_at(self, count: int, position: int) -> bytes:
        """Read bytes from a place, at most so many, in any thread."""
        if hasattr(os, "pread"):
            return os.pread(self._file, count, position)
        with self._place:
            os.lseek(self._file, position, os.SEEK_SET)
            return os.read(self._file, count)

    @property
    def size(self) -> int:
        """Its length in bytes; there may be gaps in it."""
        return os.fstat(self._file).st_size

    def clear(self) -> None:
        """Drop all that is in it."""
        with self._lock:
            self._forget()
            os.ftruncate(self._file, 0)
            self._noted, self._synced = 0, ()
            self._times += 1

    def recall(self) -> tuple[Version, Spans]:
        """What an earlier download left here: of which version, and which bytes."""
        entry = _last_entry(self._journal_path)
        if entry is None:
            return Version("", None), ()
        same_start = _same_start(entry["start"])
        kept = [
            (start, min(end, self.size)) for start, end in entry["done" if same_start else "disk"]
        ]
        self._synced = entry["disk"]
        return Version(entry["validator"], entry["total"]), merged(kept)

    def note(self, version: Version, done: Spans, *, now: bool = False) -> None:
        """Write down which bytes are here, if many have come since that was done last."""
        have = sum(end - start for start, end in done)
        with self._lock:
            if not version.validator or have < WORTH_KEEPING or self.path != self._stable:
                return
            # The first as soon as it is worth it: a full disk takes a line more, and no new file.
            if self._noted and not now and have - self._noted < _EVERY:
                return
            self._noted = have
            entry = {
                "validator": version.validator,
                "total": version.total,
                "start": _start(),
                "done": done,
                "disk": self._synced,
            }
            self._append(json.dumps(entry).encode())

    def _append(self, line: bytes) -> None:
        if self._journal < 0 or os.fstat(self._journal).st_size > _LONG:
            self._close_journal()
            new = self._journal_path.with_name(f"{self._journal_path.name}.new")
            new.write_bytes(line + b"\n")
            new.replace(self._journal_path)
            self._journal = os.open(self._journal_path, os.O_WRONLY | os.O_APPEND)
        else:
            os.write(self._journal, line + b"\n")

    def sync_sometimes(self, done: Spans) -> None:
        """Bring to the disk what is here, if that was done long ago; without waiting for it."""
        if time.monotonic() - self._synced_at < _SYNC_S:
            return
        self._synced_at = time.monotonic()
        # A descriptor of its own: ours may be closed before the disk is ready.
        threading.Thread(
            target=self._sync,
            args=(os.dup(self._file), done, self._times),
            name="openeo-widgets-sync",
            daemon=True,
        ).start()

    def _sync(self, file: int, done: Spans, times: int) -> None:
        try:
            os.fsync(file)
        except OSError:  # the next one, or the last one, will tell
            return
        finally:
            os.close(file)
        with self._lock:
            if times == self._times:
                self._synced = done

    def finish(self, *, validator: str, sync: bool) -> None:
        """Give the file its final name, once it is on the disk.

        Raises:
            DownloadError: Somebody else removed it, or put another in its place.
        """
        if not is_still(self._file, self.path):
            raise DownloadError(
                f"What came of {self._target.name!r} was removed or replaced by another program."
            )
        mark(self._file, validator)
        if sync:
            os.fsync(self._file)
        if os.name == "nt":  # an open file cannot be renamed there
            self._close()
        self.path.replace(self._target)
        self._forget()
        self._close()
        if sync:
            _sync_folder(self._target.parent)

    def __enter__(self) -> Part:  # noqa: PYI034 - Self is not in Python 3.10
        """Take it as it is."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; incomplete, it stays if there is a journal to go on with, and else goes."""
        if self._file < 0:
            return
        with suppress(OSError):  # what has failed already is what is to be told
            if not self._journal_path.exists() and is_still(self._file, self.path):
                self.path.unlink(missing_ok=True)
        self._close_journal()
        self._close()

    def _forget(self) -> None:
        self._close_journal()
        self._journal_path.unlink(missing_ok=True)

    def _close_journal(self) -> None:
        if self._journal >= 0:
            os.close(self._journal)
            self._journal = -1

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _last_entry(path: Path) -> dict[str, Any] | None:
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
                return dict(entry)
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


def _sync_folder(folder: Path) -> None:
    """Bring a new name to the disk; where folders cannot be synced the system does it alone."""
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
