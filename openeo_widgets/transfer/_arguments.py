"""What a caller may say: a wrong kind of thing is told at once, and in words."""

from __future__ import annotations

import math
import numbers
import os
from pathlib import Path

__all__ = ["checked_count", "checked_path", "checked_seconds", "checked_text"]


def checked_count(name: str, value: object, *, least: int) -> int:
    """Take a whole number.

    Args:
        name: What the argument is called.
        value: What was said.
        least: The least that makes sense.

    Raises:
        TypeError: It is none.
        ValueError: It is too small.
    """
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise TypeError(f"{name} is a whole number, not {type(value).__name__}.")
    if value < least:
        raise ValueError(f"{name} is at least {least}, not {value}.")
    return int(value)


def checked_seconds(name: str, value: object, *, none: bool = False) -> float:
    """Take a time in seconds.

    Args:
        name: The argument, for messages.
        value: Its value.
        none: Whether it may be no time at all.

    Raises:
        TypeError: It is no number.
        ValueError: It is too short.
    """
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"{name} is a number of seconds, not {type(value).__name__}.")
    if math.isnan(value) or value < 0 or (value == 0 and not none):
        raise ValueError(
            f"{name} is {'0 seconds or more' if none else 'more than 0 seconds'}, not {value}."
        )
    return float(value)


def checked_path(name: str, value: object, *, of_file: bool = False) -> Path:
    """Take a path.

    Args:
        name: What the argument is called.
        value: What was said.
        of_file: Whether it is to end in a name.

    Raises:
        TypeError: It is none.
        ValueError: It holds what no path does, or has no name.
    """
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"{name} is a path, not {type(value).__name__}.")
    path = Path(value)
    if "\0" in str(path):
        raise ValueError(f"{name} has a NUL character in it, which no path has.")
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        raise ValueError(f"{name} has half a character in it, which no path has.") from None
    if of_file and not path.name:
        raise ValueError(f"{name} is the path of a file, and {str(path)!r} has no name.")
    return path


def checked_text(name: str, value: object) -> str:
    """Take text.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} is text, not {type(value).__name__}.")
    return value
