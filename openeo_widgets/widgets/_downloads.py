"""Downloads of a `ResultsWidget`: in the background, few at a time, each with its row."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.transfer import Workers
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import error_info

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openeo_widgets.api import ResultAsset

__all__ = ["Downloads", "shown_path"]

_AT_A_TIME = 4

# All rows are sent together, ten times a second at most, and less often the more they are (a row
# is about 250 bytes): past a megabyte a second the Jupyter server drops messages.
_PAUSE_S = 0.1
_PAUSE_PER_ROW_S = 0.0005

_workers = Workers("openeo-widgets-download", _AT_A_TIME)


class Downloads:
    """The downloads of one widget.

    Args:
        publish: Called when `rows` has changed. It reads them itself: threads that report at
            the same time may come here in any order, and an older state must not come last.
    """

    def __init__(self, publish: Callable[[], None]) -> None:
        self._publish = publish
        self._lock = threading.Lock()
        self._rows: dict[str, dict[str, Any]] = {}
        self._cancels: dict[str, threading.Event] = {}
        self._shown = float("-inf")
        self._showing_later = False

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """All rows by key; see ``Download`` in js/src/protocol.ts."""
        with self._lock:
            return dict(self._rows)

    def begin(self, assets: Iterable[ResultAsset], folder: Path) -> None:
        """Download assets into a folder; those that are on their way already just go on."""
        begun = []
        with self._lock:
            for asset in assets:
                if self._rows.get(asset.key, {}).get("state") in {"waiting", "running"}:
                    continue
                cancel = self._cancels[asset.key] = threading.Event()
                self._rows[asset.key] = _waiting(asset)
                begun.append(partial(self._download, asset, folder, cancel))
        self._publish()  # the rows are there when this returns
        for task in begun:
            _workers.submit(task)

    def cancel(self, key: str) -> None:
        """Cancel a download; nothing if there is none."""
        with self._lock:
            event = self._cancels.get(key)
        if event is not None:
            event.set()

    def cancel_all(self) -> None:
        """Cancel whatever is on its way."""
        with self._lock:
            events = list(self._cancels.values())
        for event in events:
            event.set()

    def _download(self, asset: ResultAsset, folder: Path, cancel: threading.Event) -> None:
        began = time.monotonic()

        def progress(done: int, total: int | None) -> None:
            speed = done / max(time.monotonic() - began, 1e-3)
            self._show(asset.key, done_bytes=done, total_bytes=total, bytes_per_s=speed)

        try:
            self._show(asset.key, state="running")
            path = folder / asset.filename
            verified = asset.fetch_to(path, progress=progress, canceled=cancel.is_set)
        except Exception as error:  # noqa: BLE001 - every failure is shown in its row
            self._failed(asset.key, error, canceled=cancel.is_set())
        else:
            size = path.stat().st_size
            self._show(
                asset.key,
                state="done",
                done_bytes=size,
                total_bytes=size,
                bytes_per_s=None,
                path=shown_path(path),
                verified=verified,
            )

    def _failed(self, key: str, error: Exception, *, canceled: bool) -> None:
        if canceled and isinstance(error, OpenEOWidgetsError):
            self._show(key, state="canceled", bytes_per_s=None)
        else:
            self._show(key, state="failed", bytes_per_s=None, error=error_info(error))

    def _show(self, key: str, **changes: Any) -> None:
        with self._lock:
            self._rows[key] = {**self._rows[key], **changes}
            if self._showing_later:
                return
            self._showing_later = True
            pause = max(_PAUSE_S, _PAUSE_PER_ROW_S * len(self._rows))
            wait = max(0.0, self._shown + pause - time.monotonic())
        watcher().later(wait, self._show_now)

    def _show_now(self) -> None:
        with self._lock:
            self._showing_later = False
            self._shown = time.monotonic()
        self._publish()


def _waiting(asset: ResultAsset) -> dict[str, Any]:
    return {
        "key": asset.key,
        "state": "waiting",
        "done_bytes": 0,
        "total_bytes": asset.size,
        "bytes_per_s": None,
        "path": "",
        "verified": False,
        "error": None,
    }


def shown_path(path: Path) -> str:
    """A path as a person reads it: relative to the kernel's folder where it is below that."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    try:
        return f"./{absolute.relative_to(Path.cwd()).as_posix()}"
    except ValueError:
        return str(absolute)
