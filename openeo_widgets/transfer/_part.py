"""The file while it is incomplete: what comes is written to it, and noted in its journal."""

from __future__ import annotations

import os
import threading
import time
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._kept import Journal, Version, beside
from openeo_widgets.transfer._lock import NoLocksError, is_still, try_lock
from openeo_widgets.transfer._mark import mark
from openeo_widgets.transfer._ranges import merged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openeo_widgets.transfer._ranges import Spans

__all__ = ["WORTH_KEEPING", "Part"]

# Less than this is not worth a journal: it is fetched again sooner than it is looked after.
WORTH_KEEPING = 1 << 20

# Bytes that may come before the journal tells of them: what a kill costs. See also `CHUNK`.
_EVERY = 1 << 19

# Seconds between two waits for the disk.
_SYNC_S = 30.0

# Seconds between two looks at a lock that somebody else has.
_LOOK_S = 0.1

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


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
        self._journal = Journal(self.path)
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
            self._journal.remove()
            os.ftruncate(self._file, 0)
            self._noted, self._synced = 0, ()
            self._times += 1

    def recall(self) -> tuple[Version, Spans]:
        """What an earlier download left here: of which version, and which bytes."""
        entry = self._journal.last()
        if entry is None:
            return Version("", None), ()
        self._synced = entry.disk
        return entry.version, merged([(start, min(end, self.size)) for start, end in entry.here])

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
            self._journal.add(version, done, self._synced)

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
        self._journal.remove()
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
            if not self._journal.exists and is_still(self._file, self.path):
                self.path.unlink(missing_ok=True)
        self._journal.close()
        self._close()

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _sync_folder(folder: Path) -> None:
    """Bring a new name to the disk; where folders cannot be synced the system does it alone."""
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
