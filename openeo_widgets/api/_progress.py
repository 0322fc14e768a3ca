"""Showing the progress of downloads outside of widgets: bars, plain lines, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from openeo_widgets import transfer

__all__ = ["Shown", "shown"]

# What may be asked for: a callback, True or False, or None to have it decided here.
Shown = Callable[[int, "int | None"], object] | bool | None

# Seconds between two lines.
_PAUSE_S = 2.0


class Told(NamedTuple):
    """What a download is to call, or None.

    Attributes:
        progress: As bytes arrive; of several files with the bytes of all of them.
        report: With states; of several files with those of each, too.
    """

    progress: transfer.Progress | None = None
    report: transfer.Report | None = None


@contextmanager
def shown(progress: Shown, name: str, *, alone: bool = True) -> Iterator[Told]:
    """Show the progress of a download while it lasts.

    Args:
        progress: Called with bytes done and bytes in all; or True for bars of tqdm where that is
            installed, else plain lines; False for nothing. None is bars on a terminal where
            tqdm is installed, and nothing else: a notebook has the widgets, a log has no use.
        name: What is downloaded.
        alone: Whether it is one file.

    Yields:
        What the download is to call.
    """
    if callable(progress):
        yield Told(progress)  # type: ignore[arg-type]
        return
    if progress is False or (progress is None and not _on_terminal()):
        yield Told()
        return
    with transfer.bars(alone=alone) as report, _lines(name) as lines:
        yield Told(report=report) if report or not progress else Told(lines)


def _on_terminal() -> bool:
    return "ipykernel" not in sys.modules and bool(sys.stderr) and sys.stderr.isatty()


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
