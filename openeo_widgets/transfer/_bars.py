"""Bars for a terminal, drawn by tqdm where that is installed."""

from __future__ import annotations

import importlib
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openeo_widgets.transfer._progress import FileState, Report

__all__ = ["bars"]

_OVER = frozenset({"canceled", "done", "failed", "kept"})


@contextmanager
def bars(**options: Any) -> Iterator[Report]:
    """Draw a bar for each download that tells of itself; nothing where there is no tqdm.

    Args:
        **options: For ``tqdm``: ``file``, ``ncols``, ``disable``.

    Yields:
        What to give to downloads as ``report``, from any thread. The bar of a file goes with the
        file; that of all together stays.
    """
    try:
        tqdm = importlib.import_module("tqdm").tqdm
    except ImportError:
        yield lambda state: None  # noqa: ARG005 - the protocol's
        return
    drawn = _Bars(tqdm, options)
    try:
        yield drawn.draw
    finally:
        drawn.close()


class _Bars:
    """The bars on the screen, by the name of the file; "" for all together."""

    def __init__(self, tqdm: Any, options: dict[str, Any]) -> None:
        self._tqdm = tqdm
        self._options = options
        self._lock = threading.Lock()
        self._bars: dict[str, Any] = {}

    def draw(self, state: FileState) -> None:
        """Show a state."""
        with self._lock:
            bar = self._bars.get(state.name)
            if bar is None:
                bar = self._bars[state.name] = self._tqdm(
                    desc=state.name or "all",
                    total=state.total,
                    leave=not state.name,
                    unit="B",
                    unit_scale=True,
                    unit_divisor=1024,
                    **self._options,
                )
            bar.total = state.total
            if state.state != "running":
                bar.set_postfix_str(state.state, refresh=False)
            bar.update(state.done - bar.n)
            if state.state in _OVER:
                self._bars.pop(state.name).close()

    def close(self) -> None:
        """Take away what is left of them."""
        with self._lock:
            for bar in self._bars.values():
                bar.close()
            self._bars.clear()
