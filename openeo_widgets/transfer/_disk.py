"""Folders and small files on disk, and what the disk does not take, in words."""

from __future__ import annotations

import errno
import uuid
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._arguments import checked_path
from openeo_widgets.transfer._kept import beside

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["made_folder", "unwritable", "write_whole"]

# What helps, by the system's number of what is wrong with the folder; else only another one.
_HELPS: dict[object, str] = {
    errno.ENAMETOOLONG: "Choose a shorter name, or choose another folder.",
    **dict.fromkeys(
        (errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "Make room there, or choose another folder."
    ),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM), "See that you may write there, or choose another folder."
    ),
}


def made_folder(target: object) -> Path:
    """Make a folder, if it is not there yet.

    Args:
        target: Its path.

    Returns:
        Its path.

    Raises:
        TypeError, ValueError: It is no path.
        NotADirectoryError: It is a file.
        DownloadError: It cannot be made.
    """
    folder = checked_path("target", target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        what = "is a file" if folder.exists() else "leads over what is no folder"
        raise NotADirectoryError(f"{str(folder)!r} {what}, and a folder is needed.") from None
    except OSError as error:
        raise unwritable(folder, error) from None
    return folder


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file in one step: it is there whole, or as it was before.

    Args:
        path: The file. Its folder is made, if it is not there yet.
        content: What it is to hold.

    Raises:
        DownloadError: The disk does not take it.
    """
    partial = beside(path, uuid.uuid4().hex)
    try:
        path.parent.mkdir(exist_ok=True)
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: object) -> DownloadError:
    """Make the error for what the disk does not take: it is full, read-only, not ours.

    Args:
        path: The file or folder.
        error: What the system says.
    """
    why = getattr(error, "strerror", None) or error
    return DownloadError(
        f"{path.name!r} cannot be written to {str(path.parent)!r}: {why}.",
        hint=_HELPS.get(getattr(error, "errno", None), "Choose another folder."),
    )
