"""Rows of texts in memory: all that is needed for tables within the budget."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from openeo_widgets.preview._series import milliseconds
from openeo_widgets.preview._table import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openeo_widgets.preview._table import Cells

__all__ = ["TextRows", "columns_in", "text_of"]

# Cells of a table. What is within the budget has fewer, but for rows that are much longer than
# others, or objects that each have other names: of a thousand of them a million cells are empty.
_MOST_CELLS = 3_000_000

# Columns that are looked at; a table shows fewer.
_MOST_COLUMNS = 500

_CODE = re.compile(r"[+-]?0\d")

# What people and libraries write where there is no value.
_NOTHING = frozenset({"", "na", "n/a", "nan", "null", "none"})


class TextRows:
    """Rows of texts. What a column holds is found by looking at all of it.

    Args:
        names: Names of the columns.
        rows: The cells, row by row: as many as there are names; None or "" for no value.
        comma: Whether numbers may be written with a comma: "2,5".
        note: What of it is left out, or "".

    Attributes:
        note: What of it is left out, or "".
    """

    def __init__(
        self,
        names: Sequence[str],
        rows: Sequence[Sequence[str | None]],
        *,
        comma: bool = False,
        note: str = "",
    ) -> None:
        self.note = note
        self._rows = rows
        self._comma = comma
        self._values: dict[int, list[float | None]] = {}
        self.count = len(rows)
        self.columns = [self._column(place, name) for place, name in enumerate(names)]

    def order(self, sort: int | None, search: str, *, descending: bool) -> list[int]:
        """Numbers of the rows that hold a text, in the order of a column; empty cells last."""
        wanted = search.casefold()
        places = [
            place
            for place, row in enumerate(self._rows)
            if not wanted or any(cell and wanted in cell.casefold() for cell in row)
        ]
        if sort is None:
            return places
        texts = ((row[sort] or "").casefold() or None for row in self._rows)
        keys: list[Any] = list(self._values.get(sort, texts))
        full = [place for place in places if keys[place] is not None]
        empty = [place for place in places if keys[place] is None]
        full.sort(key=lambda place: keys[place], reverse=descending)
        return full + empty

    def cells(self, places: Sequence[int]) -> list[Cells]:
        """Rows, by their numbers; None where there is no value."""
        return [[cell or None for cell in self._rows[place]] for place in places]

    def numbers(self, column: int) -> list[float | None]:
        """A column as numbers, dates as milliseconds since the epoch; None for what is none."""
        return self._values.get(column) or [None] * self.count

    def _column(self, place: int, name: str) -> Column:
        """Find what a column holds, and read it as that."""
        cells = [row[place] for row in self._rows]
        kinds = [("integer", _integer), ("number", _number), ("time", milliseconds)]
        if self._comma:
            kinds.insert(2, ("number", lambda text: _number(text.replace(",", ".", 1))))
        for kind, read in kinds:
            values = _read(cells, read)
            if values is not None:
                self._values[place] = values
                return Column(name, kind, numeric=kind != "time")
        return Column(name, "text")


def columns_in(names: Sequence[str], rows: int) -> tuple[list[str], str]:
    """The first columns of a table: as many as there is room for.

    Args:
        names: Names of all columns.
        rows: How many rows there are.

    Returns:
        The names of those, and what is left out, or "".
    """
    most = min(_MOST_COLUMNS, max(1, _MOST_CELLS // max(1, rows)))
    note = f"Of {len(names):,} columns no more than {most:,} are read."
    return list(names[:most]), note if len(names) > most else ""


def _read(
    cells: Sequence[str | None], read: Callable[[str], float | None]
) -> list[float | None] | None:
    """Read all cells in one way, or None where one cannot be read so, or all are empty."""
    values: list[float | None] = []
    for cell in cells:
        if cell is None or cell.strip().lower() in _NOTHING:
            values.append(None)
            continue
        value = read(cell)
        if value is None:
            return None
        values.append(value if math.isfinite(value) else None)
    return values if any(value is not None for value in values) else None


def _integer(text: str) -> float | None:
    digits = text.strip().lstrip("+-")
    return _number(text) if digits.isdecimal() else None


def _number(text: str) -> float | None:
    # Of 1_0 only Python makes a number, and 007 is a code.
    if "_" in text or _CODE.match(text.strip()):
        return None
    try:
        return float(text)
    except ValueError:
        return None


def text_of(value: Any) -> str | None:
    """A value of a JSON file as the text of a cell."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - all its digits are exact
        return str(int(value))
    return str(value)
