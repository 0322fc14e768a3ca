"""One process, and one thread of it, at a time: an advisory lock on an open file."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["NoLocksError", "is_still", "try_lock"]

_TAKEN = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})


class NoLocksError(OSError):
    """The file system has no locks, as some network file systems."""


if os.name == "nt":
    import msvcrt

    # Far behind the end of any file: a locked byte cannot be written on Windows.
    _FAR = 1 << 62

    def _lock(file: int) -> None:
        os.lseek(file, _FAR, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _lock(file: int) -> None:
        # Not lockf: those locks belong to the process, and threads would share them.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def try_lock(file: int) -> bool:
    """Lock an open file until it is closed, or its process ends however it ends.

    Args:
        file: Its descriptor.

    Returns:
        False if somebody else has it.

    Raises:
        NoLocksError: The file system has no locks.
    """
    try:
        _lock(file)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise NoLocksError(error.errno, error.strerror) from error
    return True


def is_still(file: int, path: Path) -> bool:
    """Whether an open file is the one that has that name now.

    While we waited for its lock, who had it may have given it its final name, or removed it.
    """
    try:
        return os.path.samestat(os.fstat(file), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False
