"""Figures in words, as the front end writes them (js/src/lib/format.ts)."""

from __future__ import annotations

__all__ = ["amount", "count_of", "figure", "size_in_words"]

_ASTRONOMIC = 1e15
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
# What is told beyond is nonsense, and would push everything else aside.
_MOST_PB = 9999


def figure(value: float) -> str:
    """``1,234.57``, ``0.0041``: as many digits as somebody reads."""
    size = abs(value)
    if size >= _ASTRONOMIC:
        return f"{value:.3e}"
    return f"{value:,.{6 if size < 1 else 2}f}".rstrip("0").rstrip(".")


def amount(value: float, unit: str) -> str:
    """``14 credits``; without a unit the figure alone."""
    if unit == "credits" and value == 1:  # other units are abbreviations, or nobody knows
        unit = "credit"
    return f"{figure(value)} {unit}" if unit else figure(value)


def count_of(count: int, one: str, many: str = "") -> str:
    """``1 file``, ``1,200 files``."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def size_in_words(size: float) -> str:
    """Bytes as people read them: ``512 B``, ``4.6 MB``, ``12 MB``; decimal units."""
    if size > _MOST_PB * 1e15:
        return f"over {_MOST_PB} PB"
    value, unit = max(0.0, float(size)), 0
    # 999.5 kB would round to "1000 kB".
    while value >= 999.5 and unit < len(_UNITS) - 1:  # noqa: PLR2004 - see above
        value, unit = value / 1000, unit + 1
    digits = 1 if unit and value < 9.95 else 0  # noqa: PLR2004 - more would round to 10.0
    return f"{value:.{digits}f} {_UNITS[unit]}"
