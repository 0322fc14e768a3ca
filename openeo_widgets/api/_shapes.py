"""What a back-end sent, as what was expected: pure. Unknown, missing and wrong is nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["dicts_of", "mapping_of", "number_of", "text_of"]

# JavaScript knows no larger integer, and does its sums with no larger number.
_MOST_INTEGER, _LARGEST = 2**53, 1e300


def text_of(value: Any) -> str:
    """A text; "" for what is none."""
    return value if isinstance(value, str) else ""


def number_of(value: Any) -> float | None:
    """A number that JSON and the browser can hold, as it is; None for what is none, such as yes."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        return value if abs(value) < _MOST_INTEGER else None
    return value if math.isfinite(value) and abs(value) < _LARGEST else None


def dicts_of(value: Any, most: int | None = None) -> list[dict[str, Any]]:
    """The objects of a list, of its first entries; none where it is no list.

    Args:
        value: What was sent.
        most: How many entries are looked at; None for all.
    """
    found = value if isinstance(value, list) else []
    return [one for one in found[:most] if isinstance(one, dict)]


def mapping_of(value: Any) -> Mapping[str, Any]:
    """An object; an empty one for what is none."""
    # Nearly all are dicts, and to ask after them takes a tenth of the time.
    return value if isinstance(value, dict | Mapping) else {}
