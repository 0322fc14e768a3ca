"""What a download tells of itself, not too often."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FileState", "Meter", "Progress", "Report", "safely"]

_log = logging.getLogger(__name__)

# Seconds between two reports.
_EVERY_S = 0.1

# Seconds over which the speed is taken.
_WINDOW_S = 5.0


class Progress(Protocol):
    """Called as bytes arrive, in the thread that downloads: of several files, one of several.

    What it raises is logged, and does the download no harm.
    """

    def __call__(self, done: int, total: int | None) -> None:
        """Take note.

        Args:
            done: Bytes on disk.
            total: Bytes in all, or None where the server does not tell.
        """


@dataclass(frozen=True)
class FileState:
    """How a download stands.

    Attributes:
        name: Name of the file; of several together, "".
        state: ``"held"`` (another process has the file), ``"running"``, ``"lost"`` (the
            connection broke, and is made anew), ``"paused"``, ``"verifying"``, ``"done"``,
            ``"kept"`` (it was there already), ``"failed"`` or ``"canceled"``.
        done: Bytes on disk.
        total: Bytes in all, or None.
        bytes_per_s: Bytes a second of late, or None.
        left_s: Seconds until its end at that speed, or None.
        again_s: Seconds until the connection is made anew, where it is lost, or None.
        verified: Whether its checksum or size was there to compare with, and agreed.
    """

    name: str
    state: str
    done: int = 0
    total: int | None = None
    bytes_per_s: float | None = None
    left_s: float | None = None
    again_s: float | None = None
    verified: bool = False


class Report(Protocol):
    """Called with the state of a download: ten times a second at most, and at its end."""

    def __call__(self, state: FileState) -> None:
        """Take note."""


class Meter:
    """Measures the speed of a download, and tells of it.

    Args:
        name: Name of the file.
        progress: Told of bytes, or None.
        report: Told of states, or None.
    """

    def __init__(self, name: str, progress: Progress | None, report: Report | None) -> None:
        self._name = name
        self._progress = progress
        self._report = report
        self._told: tuple[str, int, int | None, float | None] | None = None
        self._told_at = float("-inf")
        self._marks: deque[tuple[float, int]] = deque()

    def tell(
        self,
        state: str,
        done: int,
        total: int | None,
        *,
        again_s: float | None = None,
        verified: bool = False,
        now: bool = False,
    ) -> None:
        """Take note of a state, and tell of it if that was not done just now."""
        at = time.monotonic()
        again_s = None if again_s is None else float(math.ceil(again_s))
        news = (state, done, total, again_s)
        if not now and (news == self._told or at - self._told_at < _EVERY_S):
            return
        changed = self._told is None or self._told[1:3] != news[1:3]
        self._told, self._told_at = news, at
        if self._progress and (changed or now):
            safely(self._progress, done, total)
        if self._report:
            speed = self._speed(at, done) if state == "running" else None
            left = (total - done) / speed if speed and total is not None else None
            told = FileState(self._name, state, done, total, speed, left, again_s, verified)
            safely(self._report, told)

    def end(self, state: str) -> None:
        """Tell that it is over, without having come to its end."""
        _, done, total, _ = self._told or ("", 0, None, None)
        if self._report:
            safely(self._report, FileState(self._name, state, done, total))

    def _speed(self, at: float, done: int) -> float | None:
        if self._marks and done < self._marks[-1][1]:
            self._marks.clear()  # it began anew
        self._marks.append((at, done))
        while at - self._marks[0][0] > _WINDOW_S:
            self._marks.popleft()
        since, before = self._marks[0]
        return (done - before) / (at - since) if at > since else None


def safely(call: Callable[..., object], *args: object) -> None:
    """Call what is not ours: its errors are its own."""
    try:
        call(*args)
    except Exception:  # noqa: BLE001 - whatever it raises
        _log.debug("A progress callback failed", exc_info=True)
