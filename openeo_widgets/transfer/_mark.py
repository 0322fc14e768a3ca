"""What is noted with a complete file: which version it was on the server."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["mark", "mark_of"]

_MARK = "user.openeo-widgets.version"


def mark(file: int | Path, validator: str) -> None:
    """Note with a complete file which version it is, where the file system has such a place.

    Its size and the time when it was written are noted too: once these are others, somebody has
    changed it.

    Args:
        file: The file, or its descriptor.
        validator: See `Version`.
    """
    if validator and hasattr(os, "setxattr"):
        with suppress(OSError, UnicodeError):
            found = os.stat(file)  # noqa: PTH116 - of a descriptor too
            noted = f"{found.st_size} {found.st_mtime_ns} {validator}"
            os.setxattr(file, _MARK, noted.encode())


def mark_of(path: Path) -> str | None:
    """What was noted with a file: "" if nothing was, None if it has been changed since."""
    if hasattr(os, "getxattr"):
        with suppress(OSError, ValueError):
            size, written, validator = os.getxattr(path, _MARK).decode().split(" ", 2)
            found = path.stat()
            unchanged = (int(size), int(written)) == (found.st_size, found.st_mtime_ns)
            return validator if unchanged else None
    return ""
