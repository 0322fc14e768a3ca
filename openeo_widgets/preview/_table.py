"""A table of which the browser has the rows that are looked at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._chart import MOST_LINES, Line, lines_shown
from openeo_widgets.preview._words import joined, short
from openeo_widgets.redact import names_secret

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MOST_ROWS", "Column", "Rows", "Table"]

#: Rows that are told of at once.
MOST_ROWS = 200

# Columns, and characters of a cell, that are shown: of more nobody reads a table.
_MOST_COLUMNS = 300
_CELL = 300

# Orders that are remembered: scrolling asks for the same again and again.
_KEPT = 4

Cells = list["str | None"]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its name; no other column has it.
        type: What it holds, in a word: "integer", "number", "time", "text".
        numeric: Whether that are numbers.
    """

    name: str
    type: str
    numeric: bool = False


class Rows(Protocol):
    """The rows of a table, wherever they are."""

    @property
    def columns(self) -> Sequence[Column]:
        """Its columns."""
        ...

    @property
    def count(self) -> int:
        """How many rows there are."""
        ...

    @property
    def note(self) -> str:
        """What of it is left out, or ""."""
        ...

    def order(self, sort: int | None, search: str, *, descending: bool) -> Any:
        """Numbers of the rows that hold a text, in the order of a column; empty cells last."""
        ...

    def cells(self, places: Any) -> list[Cells]:
        """Rows, by their numbers, as texts; None where there is no value."""
        ...

    def numbers(self, column: int) -> list[float | None]:
        """A column as numbers, dates as milliseconds since the epoch; None for what is none."""
        ...


class Table:
    """A table.

    Args:
        rows: Its rows.
        note: What is left out, or "".
    """

    def __init__(self, rows: Rows, note: str = "") -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self._orders: OrderedDict[tuple[int | None, str, bool], Any] = OrderedDict()
        self._count = min(len(rows.columns), _MOST_COLUMNS)
        self._names = _distinct([short(one.name, 100) for one in rows.columns[: self._count]])
        self._hidden = [names_secret(name) for name in self._names]
        cut = len(rows.columns) - self._count
        left_out = f"{cut:,} more columns are left out." if cut else ""
        self._note = joined(note, rows.note, left_out)

    def shown(self) -> dict[str, Any]:
        """Tell its columns, and how many rows there are."""
        columns = [
            {"name": name, "type": short(one.type, 100), "numeric": one.numeric}
            for name, one in zip(self._names, self._rows.columns, strict=False)
        ]
        return {
            "kind": "table",
            "label": "Table",
            "columns": columns,
            "rows": self._rows.count,
            "note": self._note,
            "charts": any(column["numeric"] for column in columns),
        }

    def window(
        self, start: int, count: int, sort: str, search: str, *, descending: bool
    ) -> dict[str, Any]:
        """Some rows; see ``PreviewRows`` in js/src/protocol-preview.ts.

        Args:
            start: Number of the first row, among those that match.
            count: How many; `MOST_ROWS` at most.
            sort: Name of a column, or "" for the order of the file.
            search: Text that a row has to hold, in whatever case; "" for all rows.
            descending: Whether the largest comes first.

        Raises:
            OpenEOWidgetsError: There is no such column.
        """
        order = self._order(self._column(sort) if sort else None, search, descending=descending)
        places = order[start : start + min(count, MOST_ROWS)]
        rows = [self._cells(cells) for cells in self._rows.cells(places)]
        return {"start": start, "total": len(order), "rows": rows}

    def number_at(self, position: int, sort: str, search: str, *, descending: bool) -> int:
        """The number, in the file, of the row at a position; the arguments as for `window`.

        Raises:
            OpenEOWidgetsError: There is no such column, or no such row.
        """
        order = self._order(self._column(sort) if sort else None, search, descending=descending)
        if not 0 <= position < len(order):
            raise OpenEOWidgetsError("There is no such row.")
        return int(order[position])

    def position_of(self, number: int, sort: str, search: str, *, descending: bool) -> int | None:
        """The position of a row by its number in the file; None where it is not among them.

        Raises:
            OpenEOWidgetsError: There is no such column.
        """
        order = self._order(self._column(sort) if sort else None, search, descending=descending)
        places = order if isinstance(order, list | range) else order.to_pylist()
        return places.index(number) if number in places else None

    def lines(self, x: str, y: Sequence[str]) -> dict[str, Any]:
        """Columns as lines; see ``PreviewLines`` in js/src/protocol-preview.ts.

        Args:
            x: Name of the column to draw over; "" for the number of the row.
            y: Names of the columns to draw.

        Raises:
            OpenEOWidgetsError: There is no such column, or it holds no numbers.
        """
        kind, along = "number", list[float | None](range(1, self._rows.count + 1))
        if x:
            column = self._column(x)
            kind = "time" if self._rows.columns[column].type == "time" else "number"
            along = self._drawable(column)
        lines = []
        for name in y[:MOST_LINES]:
            values = self._drawable(self._column(name))
            points = [
                (at, value) for at, value in zip(along, values, strict=True) if at is not None
            ]
            if x:
                points.sort(key=itemgetter(0))
            lines.append(Line(name, [at for at, _ in points], [value for _, value in points]))
        shown, note = lines_shown(lines)
        more = len(y) - len(lines)
        left_out = f"{more} more columns are not drawn." if more > 0 else ""
        return {"lines": shown, "x": kind, "note": joined(left_out, note)}

    def _order(self, sort: int | None, search: str, *, descending: bool) -> Any:
        key = (sort, search, descending and sort is not None)
        with self._lock:
            if key not in self._orders:
                self._orders[key] = self._rows.order(sort, search, descending=key[2])
                while len(self._orders) > _KEPT:
                    self._orders.popitem(last=False)
            self._orders.move_to_end(key)
            return self._orders[key]

    def _cells(self, cells: Cells) -> Cells:
        """Cells as they are shown: not too long, and without what is secret by its name."""
        return [
            None if cell is None else "…" if hidden else short(cell, _CELL)
            for cell, hidden in zip(cells[: self._count], self._hidden, strict=False)
        ]

    def _drawable(self, column: int) -> list[float | None]:
        found = self._rows.columns[column]
        if not found.numeric and found.type != "time":
            raise OpenEOWidgetsError(
                f"Column {self._names[column]!r} holds neither numbers nor dates: it is not drawn."
            )
        return self._rows.numbers(column)

    def _column(self, name: str) -> int:
        if name not in self._names:
            raise OpenEOWidgetsError(f"There is no column {short(name, 100)!r}.")
        return self._names.index(name)


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of which no two are the same: columns are called by them."""
    found: list[str] = []
    taken: set[str] = set()
    for place, name in enumerate(names, 1):
        bare = shown = name or f"column {place}"
        number = 1
        while shown in taken:
            number += 1
            shown = f"{bare} ({number})"
        taken.add(shown)
        found.append(shown)
    return found
