"""Showing the progress of downloads outside of widgets: a bar, plain lines, or nothing."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openeo_widgets import transfer

__all__ = ["Shown", "shown"]

# What may be asked for: a callback, True or False, or None to have it decided here.
Shown = Callable[[int, "int | None"], object] | bool | None

# Seconds between two lines.
_PAUSE_S = 2.0


@contextmanager
def shown(progress: Shown, name: str) -> Iterator[transfer.Progress | None]:
    """Show the progress of a download while it lasts.

    Args:
        progress: Called with bytes done and bytes in all; or True for a bar of tqdm where that is
            installed, else plain lines; False for nothing. None is a bar on a terminal where
            tqdm is installed, and nothing else: a notebook has the widgets, a log has no use.
        name: What is downloaded.

    Yields:
        What is to be called as bytes arrive, or None.
    """
    if callable(progress):
        yield progress  # type: ignore[misc]
        return
    if progress is False or (progress is None and not _on_terminal()):
        yield None
        return
    made = _bar(name)
    if made is not None:
        with made as bar:
            yield lambda done, total: _moved(bar, done, total)
    elif progress:
        with _lines(name) as told:
            yield told
    else:
        yield None


def _on_terminal() -> bool:
    return "ipykernel" not in sys.modules and bool(sys.stderr) and sys.stderr.isatty()


def _bar(name: str) -> Any:
    """A bar, or None if tqdm is not installed."""
    try:
        tqdm = importlib.import_module("tqdm.auto" if "ipykernel" in sys.modules else "tqdm")
    except ImportError:
        return None
    return tqdm.tqdm(desc=name, unit="B", unit_scale=True, unit_divisor=1000)


def _moved(bar: Any, done: int, total: int | None) -> None:
    bar.total = total
    bar.update(done - bar.n)


@contextmanager
def _lines(name: str) -> Iterator[transfer.Progress]:
    """A line now and then, and one at the end."""
    last, latest = float("-inf"), ""

    def told(done: int, total: int | None) -> None:
        nonlocal last, latest
        of = f" of {total / 1e6:.1f}" if total is not None else ""
        latest = f"{name}: {done / 1e6:.1f}{of} MB"
        if time.monotonic() - last >= _PAUSE_S:
            last = time.monotonic()
            print(latest, file=sys.stderr)  # noqa: T201 - was asked for

    yield told
    if latest:
        print(latest, file=sys.stderr)  # noqa: T201 - was asked for
