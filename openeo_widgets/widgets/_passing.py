"""Bytes on their way through the kernel to the browser, which fetches them piece by piece."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer import Workers
from openeo_widgets.widgets._base import Bytes, error_info

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MOST_BYTES", "Passing", "too_large"]

#: More than this is not passed through the kernel: the browser holds it all in memory.
MOST_BYTES = 256 * 1000 * 1000

# Bytes of one message. Larger ones gain little, and keep other messages waiting.
_PIECE = 8 << 20

# Bytes that are fetched ahead.
_AHEAD = 2 * _PIECE

# Seconds after which a browser that asks no more is taken to be gone.
_GONE_S = 60.0

_workers = Workers("openeo-widgets-pass", 4)


class Passing:
    """One file, or archive, that a browser fetches.

    It is read a little ahead of the browser and no further, so that no message is larger, and
    none comes sooner, than the browser asked for.

    Args:
        chunks: Its bytes.
        failed: Names of files that are not in it, and why; read at the end.
    """

    def __init__(self, chunks: Iterator[bytes], failed: dict[str, str] | None = None) -> None:
        self._chunks = chunks
        self._failed = failed if failed is not None else {}
        self._changed = threading.Condition()
        self._ahead = bytearray()
        self._count = 0
        self._is_whole = False
        self._is_over = False
        self._error: BaseException | None = None
        self._asked_at = time.monotonic()

    def start(self) -> None:
        """Begin to read."""
        _workers.submit(self._read)

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to fetch: it came to its end, or nobody asks any more."""
        with self._changed:
            return self._is_over or time.monotonic() > self._asked_at + _GONE_S

    def take(self) -> Bytes:
        """The bytes that are there now, at most so many; see ``Piece`` in the protocol."""
        with self._changed:
            self._asked_at = time.monotonic()
            if self._error is not None:
                self._is_over = True
                return Bytes({"state": "failed", "error": error_info(self._error)}, b"")
            piece = bytes(self._ahead[:_PIECE])
            del self._ahead[:_PIECE]
            self._changed.notify_all()
            ended = self._is_whole and not self._ahead
            self._is_over |= ended
            state: dict[str, Any] = {"state": "whole" if ended else "more"}
            if ended and self._failed:
                state["failed"] = list(self._failed)
        return Bytes(state, piece)

    def end(self) -> None:
        """Give it up."""
        with self._changed:
            self._is_over = True
            self._ahead.clear()
            self._changed.notify_all()

    def _read(self) -> None:
        try:
            whole = all(self._put(chunk) for chunk in self._chunks)
            with self._changed:
                self._is_whole = whole
        except Exception as error:  # noqa: BLE001 - told with the next piece
            with self._changed:
                self._error = error
        finally:
            close = getattr(self._chunks, "close", None)
            if close is not None:
                close()

    def _put(self, chunk: bytes) -> bool:
        """Hold bytes for the browser, once there is room; whether it still wants them."""
        self._count += len(chunk)
        if self._count > MOST_BYTES:
            raise too_large(None)
        with self._changed:
            while not self._is_over and len(self._ahead) >= _AHEAD:
                if not self._changed.wait(_GONE_S) and len(self._ahead) >= _AHEAD:
                    self._is_over = True
                    self._ahead.clear()
            self._ahead += chunk
            return not self._is_over


def too_large(size: int | None) -> DownloadError:
    """Make the error for what is too large to pass through the kernel."""
    what = "It is larger" if size is None else f"It has {size / 1e6:,.0f} MB, more"
    return DownloadError(
        f"{what} than the {MOST_BYTES / 1e6:.0f} MB that the kernel passes on to a browser.",
        hint="Download it to the Jupyter server, and fetch it from there.",
    )
