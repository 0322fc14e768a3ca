"""Bars of downloads, drawn by tqdm where that is installed."""

from __future__ import annotations

import importlib
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openeo_widgets.transfer._progress import FileState, Report

__all__ = ["bars"]

# Seconds after which a file among others gets a bar: thousands of small ones would only flicker.
_SOON_S = 0.5

_OVER = frozenset({"canceled", "done", "failed", "kept"})


@contextmanager
def bars(*, alone: bool = False, **options: Any) -> Iterator[Report | None]:
    """Draw a bar for each download that tells of itself.

    Args:
        alone: Whether there is one file only, whose bar stays. Of several the bar of a file goes
            with the file; that of all together stays.
        **options: For ``tqdm``: ``file``, ``ncols``, ``disable``.

    Yields:
        What to give to downloads as ``report``, from any thread; None where there is no tqdm.
    """
    try:
        # In a notebook it draws widgets.
        module = importlib.import_module("tqdm.auto" if "ipykernel" in sys.modules else "tqdm")
    except ImportError:
        yield None
        return
    drawn = _Bars(module.tqdm, options, alone=alone)
    try:
        yield drawn.draw
    finally:
        drawn.close()


class _Bars:
    """The bars on the screen, by the name of the file; "" for all together."""

    def __init__(self, tqdm: Any, options: dict[str, Any], *, alone: bool) -> None:
        self._tqdm = tqdm
        self._alone = alone
        self._options = options
        self._lock = threading.Lock()
        self._bars: dict[str, Any] = {}
        self._since: dict[str, float] = {}

    def draw(self, state: FileState) -> None:
        """Show a state."""
        with self._lock:
            if self._is_too_soon(state):
                return
            bar = self._bars.get(state.name)
            if bar is None:
                bar = self._bars[state.name] = self._tqdm(
                    desc=state.name or "all",
                    total=state.total,
                    leave=self._alone or not state.name,
                    unit="B",
                    unit_scale=True,
                    **self._options,
                )
            bar.total = state.total
            bar.set_postfix_str("" if state.state == "running" else state.state, refresh=False)
            bar.update(state.done - bar.n)
            if state.state in _OVER:
                self._bars.pop(state.name).close()

    def _is_too_soon(self, state: FileState) -> bool:
        if self._alone or not state.name or state.name in self._bars:
            return False
        now = time.monotonic()
        since = self._since.setdefault(state.name, now)
        if state.state in _OVER:
            del self._since[state.name]
            return True
        return now - since < _SOON_S

    def close(self) -> None:
        """Take away what is left of them."""
        with self._lock:
            for bar in self._bars.values():
                bar.close()
            self._bars.clear()
