"""Is what lies under the target's name already the file that is to be downloaded?"""

from __future__ import annotations

import email.utils
import queue
import stat
from contextlib import closing
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._answer import RefusedError, length_of, modified_of
from openeo_widgets.transfer._part import mark_of
from openeo_widgets.transfer._stream import connections
from openeo_widgets.transfer._verify import Follower

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import requests

    from openeo_widgets.transfer._arrival import Source
    from openeo_widgets.transfer._control import Control

__all__ = ["is_there"]

# Seconds between two looks at whether it is canceled.
_LOOK_S = 0.05

# Bytes that are hashed between them.
_HASHED = 32 << 20

_NOT_MODIFIED, _ERROR = 304, 400


def is_there(target: Path, source: Source, control: Control) -> bool | None:
    """Compare an existing file with what is known of the one to be downloaded.

    By its checksum, if the metadata have one. Else the server is asked for the file, on condition
    that it is another one than that which was downloaded: by the ETag that was noted with it, or
    by the time when it was written. Of an answer with the file only the head is taken.

    Args:
        target: Where it may lie.
        source: What is known of the file, and where to ask for it.
        control: Says whether it is canceled.

    Returns:
        True if it is the file, False if it is another one, None if there is none.

    Raises:
        DownloadError: It is a folder, the server refused to answer, or it was canceled.
        requests.RequestException: The connection broke; as `BROKEN` has it.
    """
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise DownloadError(f"{target.name!r} is a folder here, and so cannot be the file.")
    if source.size is not None and found.st_size != source.size:
        return False
    if source.checksum is not None:
        return _has_checksum(target, found.st_size, source, control)
    return _is_unchanged(target, found, source, control)


def _has_checksum(target: Path, size: int, source: Source, control: Control) -> bool:
    assert source.checksum is not None  # noqa: S101 - the caller's
    with target.open("rb") as file:
        follower = Follower(source.checksum, lambda count, _: file.read(count))
        while follower.position < size:
            before = follower.position
            _stop_if_canceled(source, control)
            follower.follow(min(size, before + _HASHED))
            if follower.position == before:
                return False
    return follower.agrees


def _is_unchanged(target: Path, found: os.stat_result, source: Source, control: Control) -> bool:
    mark = mark_of(target)
    headers = {"If-Modified-Since": email.utils.formatdate(found.st_mtime, usegmt=True)}
    if mark:
        headers["If-None-Match"] = mark
    with closing(_answer(source, headers, control)) as response:
        if response.status_code == _NOT_MODIFIED:
            return True
        if response.status_code >= _ERROR:
            raise RefusedError(source.name, response)
        if length_of(response) != found.st_size:
            return False
        if mark and "ETag" in response.headers:
            return response.headers["ETag"] == mark
        modified = modified_of(response)
        return modified is not None and modified <= found.st_mtime


def _answer(source: Source, headers: dict[str, str], control: Control) -> requests.Response:
    """Ask in another thread: one that waits for an answer could not be canceled."""
    answers = queue.SimpleQueue[object]()

    def ask() -> None:
        try:
            answers.put(source.ask(headers))
        except Exception as error:  # noqa: BLE001 - raised below
            answers.put(error)

    connections.submit(ask)
    while True:
        try:
            answer = answers.get(timeout=_LOOK_S)
        except queue.Empty:
            _stop_if_canceled(source, control)
            continue
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[return-value]


def _stop_if_canceled(source: Source, control: Control) -> None:
    if control.canceled:
        raise DownloadError(f"The download of {source.name!r} was canceled.")
