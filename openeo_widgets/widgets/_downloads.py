"""Downloads of a `ResultsWidget`: in the background, few at a time, each with its row."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.transfer import Control, kept_of
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import error_info
from openeo_widgets.widgets._download_turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openeo_widgets.api import ResultAsset
    from openeo_widgets.transfer import FileState

__all__ = ["Downloads", "new_row", "shown_path"]

_AT_A_TIME = 4

# All rows are sent together, ten times a second at most, and less often the more they are (a row
# is about 250 bytes): past a megabyte a second the Jupyter server drops messages.
_PAUSE_S = 0.1
_PAUSE_PER_ROW_S = 0.0005

# States in which a download is under way, and those in which its file is here.
_MOVING = frozenset({"waiting", "held", "running", "lost", "paused", "verifying"})
_HERE = frozenset({"done", "kept"})

_turns = Turns("openeo-widgets-download", _AT_A_TIME)


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
        self._controls: dict[str, Control] = {}
        self._paths: dict[str, Path] = {}
        self._is_closed = False
        # How many have begun and not ended, and what is to be done once none is left.
        self._left = 0
        self._then: Callable[[dict[str, Path]], object] = bool
        self._shown = float("-inf")
        self._showing_later = False

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """All rows by key; see ``Download`` in js/src/protocol.ts."""
        with self._lock:
            return dict(self._rows)

    def path(self, key: str) -> Path | None:
        """Where a file is, if it was downloaded whole."""
        with self._lock:
            here = self._rows.get(key, {}).get("state") in _HERE
            return self._paths.get(key) if here else None

    def find(self, assets: Iterable[ResultAsset], folder: Path) -> None:
        """Look what earlier downloads, of other kernels too, left of these. Reads the folder."""
        try:
            left = any(path.name.endswith(".part.journal") for path in folder.iterdir())
        except OSError:  # most often it is not there yet
            return
        if not left:
            return
        for asset in assets:
            kept = kept_of(asset.found_in(folder))
            with self._lock:
                if kept is not None and asset.key not in self._rows:
                    row = {**new_row(asset), "state": "partial"}
                    self._rows[asset.key] = {**row, "done_bytes": kept[0], "total_bytes": kept[1]}
        self._publish()

    def begin(
        self,
        assets: Iterable[ResultAsset],
        folder: Path,
        *,
        overwrite: bool = False,
        then: Callable[[dict[str, Path]], object] | None = None,
    ) -> None:
        """Download assets into a folder; those on their way go on, also those that pause.

        Nothing is begun any more once they are closed: nobody could cancel it.

        Args:
            assets: Which.
            folder: Where to.
            overwrite: Whether to replace other files of those names.
            then: Called once with the paths of what is here, by key, in the thread of the last
                download of all that are under way. It must not raise.
        """
        begun = []
        with self._lock:
            self._then = then or self._then
            for asset in assets:
                if self._is_closed:
                    continue
                if self._rows.get(asset.key, {}).get("state") in _MOVING:
                    self._go_on(asset.key)
                    continue
                control = self._controls[asset.key] = Control()
                self._rows[asset.key] = new_row(asset)
                task = partial(self._download, asset, folder, control, overwrite=overwrite)
                begun.append((task, control))
            self._left += len(begun)
        self._publish()  # the rows are there when this returns
        for task, control in begun:
            _turns.submit(task, control)
        _turns.look()

    def pause(self, *keys: str) -> None:
        """Pause downloads; those that are not under way stay as they are."""
        with self._lock:
            for key in keys:
                row = self._rows.get(key, {})
                if row.get("state") in _MOVING:
                    self._controls[key].pause()
                    self._rows[key] = {**row, **_AT_REST, "state": "paused"}
        self._publish()
        _turns.look()

    def resume(self, *keys: str) -> None:
        """Let paused downloads go on."""
        with self._lock:
            for key in keys:
                self._go_on(key)
        self._publish()
        _turns.look()

    def _go_on(self, key: str) -> None:
        """Let a download go on if it pauses. Under the lock."""
        row = self._rows.get(key, {})
        if row.get("state") == "paused":
            self._controls[key].resume()
            self._rows[key] = {**row, "state": "waiting"}

    def cancel(self, *keys: str) -> None:
        """Cancel downloads; nothing where there is none."""
        with self._lock:
            controls = [self._controls[key] for key in keys if key in self._controls]
        for control in controls:
            control.cancel()
        _turns.look()

    def cancel_all(self) -> None:
        """Cancel whatever is on its way."""
        self.cancel(*self.moving)

    def close(self) -> None:
        """Cancel whatever is on its way, and begin nothing any more."""
        with self._lock:
            self._is_closed = True
        self.cancel_all()

    @property
    def moving(self) -> list[str]:
        """Keys of the downloads that are under way."""
        with self._lock:
            return [key for key, row in self._rows.items() if row["state"] in _MOVING]

    def _download(
        self, asset: ResultAsset, folder: Path, control: Control, *, overwrite: bool
    ) -> None:
        try:
            self._bring(asset, folder, control, overwrite=overwrite)
        finally:
            with self._lock:
                self._left -= 1
                is_last = not self._left and not self._is_closed
                then, self._then = (self._then, bool) if is_last else (bool, self._then)
                here = [key for key, row in self._rows.items() if is_last and row["state"] in _HERE]
                paths = {key: self._paths[key] for key in here}
            then(paths)

    def _bring(
        self, asset: ResultAsset, folder: Path, control: Control, *, overwrite: bool
    ) -> None:
        if control.canceled:  # before its turn came
            self._show(asset.key, state="canceled", **_AT_REST)
            return
        ended: dict[str, Any] = {}

        def report(state: FileState) -> None:
            if state.state in _HERE:
                ended.update(state=state.state, verified=state.verified)
            elif state.state in {"held", "running", "lost", "paused", "verifying"}:
                self._under_way(asset.key, state, control)

        try:
            self._show(asset.key, state="paused" if control.paused else "running")
            path = asset.bring_into(folder, overwrite=overwrite, report=report, control=control)
            size = path.stat().st_size
        except Exception as error:  # noqa: BLE001 - every failure is shown in its row
            self._failed(asset.key, asset.found_in(folder), error, canceled=control.canceled)
        else:
            with self._lock:
                self._paths[asset.key] = path
            arrived = {"done_bytes": size, "total_bytes": size, "path": shown_path(path)}
            self._show(asset.key, **ended, **_AT_REST, **arrived)

    def _under_way(self, key: str, state: FileState, control: Control) -> None:
        """Show a state; what the person asked for is shown before the download heeds it."""
        _turns.note(control, waits=state.state in {"held", "lost"})
        shown = state.state
        if control.paused:
            shown = "paused"
        elif shown == "paused":
            shown = "running"
        self._show(
            key,
            state=shown,
            done_bytes=state.done,
            total_bytes=state.total,
            bytes_per_s=state.bytes_per_s,
            left_s=state.left_s,
            again_s=state.again_s,
        )

    def _failed(self, key: str, path: Path, error: Exception, *, canceled: bool) -> None:
        kept = kept_of(path)
        changes = {**_AT_REST, "done_bytes": kept[0] if kept else 0}
        if canceled and isinstance(error, OpenEOWidgetsError):
            self._show(key, state="canceled", **changes)
        else:
            exists = isinstance(error, FileExistsError)
            info = error_info(error)
            if exists:  # the error's own hint is for those who write Python
                info = {**info, "hint": "It was kept. Overwrite it, or choose another folder."}
            self._show(key, state="failed", exists=exists, error=info, **changes)

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


_AT_REST = {"bytes_per_s": None, "left_s": None, "again_s": None}


def new_row(asset: ResultAsset) -> dict[str, Any]:
    """The row of a download that waits: see ``Download`` in js/src/protocol.ts."""
    return {
        "key": asset.key,
        "state": "waiting",
        "done_bytes": 0,
        "total_bytes": asset.size,
        "bytes_per_s": None,
        "left_s": None,
        "again_s": None,
        "path": "",
        "verified": False,
        "exists": False,
        "error": None,
    }


def shown_path(path: Path) -> str:
    """A path as a person reads it: relative to the kernel's folder where it is below that."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    try:
        return f"./{absolute.relative_to(Path.cwd()).as_posix()}"
    except ValueError:
        return str(absolute)
