"""Telling how far a job is: one line that is kept up to date, or a line for each change."""

from __future__ import annotations

import builtins
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["line"]

# After "0:00:00 ": the time alone is no news.
_TIME = len("0:00:00 ")


@contextmanager
def line(progress: Callable[[str], object] | None) -> Iterator[Callable[[str], object]]:
    """Make the function that tells.

    Args:
        progress: Called with a line when there is news; ``print`` writes over its last line
            where it writes to a terminal; None for silence.
    """
    if progress is builtins.print and _is_terminal():
        try:
            yield _overwrite
        finally:
            sys.stdout.write("\n")
        return
    told = ""

    def say(text: str) -> None:
        nonlocal told
        if progress and text[_TIME:] != told:
            told = text[_TIME:]
            progress(text)

    yield say


def _is_terminal() -> bool:
    isatty = getattr(sys.stdout, "isatty", None)
    return bool(isatty and isatty())


def _overwrite(text: str) -> None:
    # What a back-end calls a status must not steer the terminal.
    text = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    width = shutil.get_terminal_size().columns - 1
    sys.stdout.write(f"\r{text[:width]:<{width}}")
    sys.stdout.flush()
