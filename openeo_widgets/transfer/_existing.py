"""Is what lies under the target's name already the file that is to be downloaded?"""

from __future__ import annotations

import email.utils
import enum
import stat
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._answer import RefusedError, length_of, modified_of
from openeo_widgets.transfer._asking import answered, controlled
from openeo_widgets.transfer._kept import is_kept, kept_names
from openeo_widgets.transfer._mark import mark_of
from openeo_widgets.transfer._names import has_extension
from openeo_widgets.transfer._patience import Patience
from openeo_widgets.transfer._verify import Follower

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from pathlib import Path

    import requests

    from openeo_widgets.transfer._control import Control
    from openeo_widgets.transfer._intake import Source
    from openeo_widgets.transfer._progress import Meter

__all__ = ["There", "found_as", "has_same_bytes", "what_is_there"]

# Bytes that are compared at a time.
_BLOCK = 1 << 20

_NOT_MODIFIED, _ERROR = 304, 400


class There(enum.Enum):
    """What lies under a name."""

    NOTHING = enum.auto()
    SAME = enum.auto()
    OTHER = enum.auto()
    #: Perhaps the same: only its bytes can tell.
    UNKNOWN = enum.auto()


def found_as(path: Path) -> Path:
    """Find a file to whose name an extension was put only when its answer told one.

    Args:
        path: Its name before that.

    Returns:
        The path of what is here, whole or in part; the one that was given if nothing is.
    """
    try:
        if path.is_file() or is_kept(path):
            return path
        names = sorted(one.name for one in path.parent.iterdir() if one.is_file())
    except OSError:  # there is no such folder, or none that can be read
        return path
    for name in [*names, *kept_names(names)]:
        if name.rpartition(".")[0] == path.name and has_extension(name):
            return path.with_name(name)
    return path


def what_is_there(target: Path, source: Source, control: Control, meter: Meter) -> There:
    """Compare an existing file with what is known of the one to be downloaded.

    By its size and its checksum, if the metadata have them. Without a checksum the server is
    asked for the file, on condition that it is another one than that which was downloaded: by the
    ETag or Last-Modified that was noted with it; or, of a file that somebody else put there, by
    its length and by whether it was written later than the server's. Of an answer with the file
    only the head is taken.

    Args:
        target: Where it may lie.
        source: What is known of the file, and where to ask for it.
        control: Says whether it is canceled or paused.
        meter: Told while it is hashed.

    Raises:
        DownloadError: It is a folder, the server refused to answer, or it was canceled.
        requests.RequestException: The connection broke; as `BROKEN` has it.
    """
    try:
        found = target.stat()
    except FileNotFoundError:
        # A link that leads nowhere is somebody's too.
        return There.OTHER if target.is_symlink() else There.NOTHING
    if stat.S_ISDIR(found.st_mode):
        raise DownloadError(
            f"{target.name!r} is a folder here, and so cannot be the file.",
            hint="Choose another name, or another folder.",
        )
    if not stat.S_ISREG(found.st_mode):  # to read a pipe would wait for ever
        raise DownloadError(
            f"{target.name!r} is a device or a pipe here, and so cannot be the file.",
            hint="Choose another name, or another folder.",
        )
    if source.size is not None and found.st_size != source.size:
        return There.OTHER
    if source.checksum is not None:
        return _by_checksum(target, found.st_size, source, control, meter)
    return _by_answer(target, found, source, control, meter)


def _by_checksum(target: Path, size: int, source: Source, control: Control, meter: Meter) -> There:
    assert source.checksum is not None  # noqa: S101 - the caller's
    with target.open("rb") as file:
        follower = Follower(source.checksum, lambda count, _: file.read(count))

        def look() -> None:
            _heed(control, meter, source.name, follower.position, size)
            meter.tell("verifying", follower.position, size)

        same = follower.agrees_with(size, look, lambda: control.halted)
    return There.SAME if same else There.OTHER


def _by_answer(
    target: Path, found: os.stat_result, source: Source, control: Control, meter: Meter
) -> There:
    mark = mark_of(target)
    headers = {}
    if mark:
        headers = {"If-None-Match" if mark.startswith('"') else "If-Modified-Since": mark}
    elif mark is not None and source.size is not None:
        # Without a size, "not modified" would hold for any newer file that has the name.
        headers = {"If-Modified-Since": email.utils.formatdate(found.st_mtime, usegmt=True)}

    def tell_paused() -> None:
        meter.tell("paused", 0, source.size)

    def ask() -> There:
        asking = partial(source.ask, headers)
        with closing(answered(asking, control, source.name, tell_paused)) as response:
            return _judged(response, found, source.name, mark)

    patience = Patience(source.patience_s)
    return controlled(ask, patience, control, meter, source.name, source.size)


def _judged(
    response: requests.Response, found: os.stat_result, name: str, mark: str | None
) -> There:
    """What an answer says of the file that is here."""
    if response.status_code == _NOT_MODIFIED:
        return There.SAME
    if response.status_code >= _ERROR:
        raise RefusedError(name, response)
    length = length_of(response)
    if length is not None and length != found.st_size:
        return There.OTHER
    told = response.headers.get("ETag" if mark and mark.startswith('"') else "Last-Modified")
    if mark and told is not None:
        return There.SAME if told == mark else There.OTHER
    modified = modified_of(response)
    is_older = modified is not None and modified <= found.st_mtime
    # What was changed here after its download is newer than the server's, and not the same.
    return There.SAME if is_older and length is not None and mark is not None else There.UNKNOWN


def has_same_bytes(
    target: Path, read: Callable[[int, int], bytes], size: int, control: Control, meter: Meter
) -> bool:
    """Compare an existing file with one that has come, byte for byte.

    Args:
        target: The existing one.
        read: Reads so many bytes of the other, at most, from a position on.
        size: Bytes of the other.
        control: Says whether it is canceled or paused.
        meter: Told of it.

    Raises:
        DownloadError: It was canceled.
        OSError: It cannot be read.
    """
    with target.open("rb") as file:
        position = 0
        while block := file.read(_BLOCK):
            _heed(control, meter, target.name, position, size)
            meter.tell("verifying", size, size)
            if _all_of(read, len(block), position) != block:
                return False
            position += len(block)
    return position == size


def _all_of(read: Callable[[int, int], bytes], count: int, position: int) -> bytes:
    """Read bytes, all of them unless there are fewer."""
    found = bytearray()
    while len(found) < count and (more := read(count - len(found), position + len(found))):
        found += more
    return bytes(found)


def _heed(control: Control, meter: Meter, name: str, done: int, total: int | None) -> None:
    control.heed(name, lambda: meter.tell("paused", done, total))
