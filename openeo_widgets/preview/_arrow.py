"""Tables of Apache Arrow: sorted and searched where they are, a million rows as well."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._extras import needed
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.preview._table import Cells

__all__ = ["ArrowRows", "arrow"]

# Well-known binary: the type of a geometry by its number.
_GEOMETRIES = (
    *("Geometry", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString"),
    *("MultiPolygon", "GeometryCollection"),
)


def arrow(module: str = "pyarrow") -> Any:
    """Import a module of pyarrow.

    Raises:
        MissingExtraError: It is not installed.
    """
    return needed(module, "tables", "This table cannot be read")


class ArrowRows:
    """Rows of an Arrow table.

    Args:
        table: The table (`pyarrow.Table`).
        geometries: Names of columns that hold geometries as well-known binary.
    """

    note = ""

    def __init__(self, table: Any, geometries: Sequence[str] = ()) -> None:
        self._arrow, self._compute = arrow(), arrow("pyarrow.compute")
        self._table = table.combine_chunks()
        self._columns = [self._plain(column) for column in self._table.columns]
        self._geometries = [name in geometries for name in table.column_names]
        self.count = table.num_rows
        self.columns = [
            self._column(name, column.type, is_geometry)
            for name, column, is_geometry in zip(
                table.column_names, self._columns, self._geometries, strict=True
            )
        ]

    def order(self, sort: int | None, search: str, *, descending: bool) -> Any:
        """Numbers of the rows that hold a text, in the order of a column; empty cells last."""
        found: Any = range(self.count)
        if sort is not None:
            keys = [("", "descending" if descending else "ascending")]
            values = self._columns[sort]
            try:
                if self.columns[sort].type == "text":  # as people look for words
                    values = self._compute.utf8_lower(values)
                found = self._compute.sort_indices(values, sort_keys=keys)
            except (
                *(self._arrow.ArrowNotImplementedError, self._arrow.ArrowTypeError),
                self._arrow.ArrowInvalid,
            ):
                name = self.columns[sort].name
                raise OpenEOWidgetsError(
                    f"Column {name!r} has no order: it holds {self.columns[sort].type}."
                ) from None
        if not search:
            return found
        held = self._holding(search)
        if sort is None:
            return self._compute.indices_nonzero(held)
        return found.filter(held.take(found))

    def cells(self, places: Any) -> list[Cells]:
        """Rows, by their numbers; None where there is no value."""
        places = self._arrow.array(places, self._arrow.uint64())
        columns = [
            [_text(value, is_geometry) for value in _values(column.take(places))]
            for column, is_geometry in zip(self._columns, self._geometries, strict=True)
        ]
        return [list(row) for row in zip(*columns, strict=True)]

    def numbers(self, column: int) -> list[float | None]:
        """A column as numbers, dates as milliseconds since the epoch; None for what is none."""
        values, types = self._columns[column], self._arrow
        if self.columns[column].type == "time":
            values = values.cast(types.timestamp("ms"), safe=False).cast(types.int64())
        values = values.cast(types.float64(), safe=False)
        values = self._compute.if_else(self._compute.is_finite(values), values, None)
        found: list[float | None] = values.to_pylist()
        return found

    def _plain(self, column: Any) -> Any:
        """A column without what only saves room, of a type of which Arrow can do all."""
        kind, types = column.type, self._arrow.types
        if types.is_dictionary(kind):
            return column.cast(kind.value_type)
        if types.is_string_view(kind):
            return column.cast(self._arrow.large_string())
        return column.cast(self._arrow.large_binary()) if types.is_binary_view(kind) else column

    def _column(self, name: str, kind: Any, is_geometry: bool) -> Column:  # noqa: FBT001 - names itself
        types = self._arrow.types
        if is_geometry:
            return Column(name, "geometry")
        if types.is_integer(kind):
            return Column(name, "integer", numeric=True)
        if types.is_floating(kind) or types.is_decimal(kind):
            return Column(name, "number", numeric=True)
        if types.is_timestamp(kind) or types.is_date(kind):
            return Column(name, "time")
        if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
            return Column(name, "text")
        return Column(name, "boolean" if types.is_boolean(kind) else str(kind))

    def _holding(self, search: str) -> Any:
        """Which rows hold a text in any column, in whatever case."""
        held = self._arrow.array([False] * self.count)
        for column, is_geometry in zip(self._columns, self._geometries, strict=True):
            if is_geometry:
                continue
            try:
                texts = column.cast(self._arrow.string())
            except (self._arrow.ArrowNotImplementedError, self._arrow.ArrowInvalid):
                continue  # lists, and what else has no one text
            holds = self._compute.match_substring(texts, search, ignore_case=True)
            held = self._compute.or_(held, self._compute.fill_null(holds, fill_value=False))
        return held


def _values(column: Any) -> list[Any]:
    """The values of a column; what Python has no value for as a text."""
    try:
        return list(column.to_pylist())
    except Exception:  # noqa: BLE001 - whatever is raised of a date, a time zone, a text
        return [_value(one) for one in column]


def _value(one: Any) -> Any:
    try:
        return one.as_py()
    except UnicodeDecodeError:
        return one.as_buffer().to_pybytes().decode(errors="replace")
    except Exception:  # noqa: BLE001 - as above
        return f"{one.value} ({one.type})" if hasattr(one, "value") else f"({one.type})"


def _text(value: Any, is_geometry: bool) -> str | None:  # noqa: FBT001 - names itself
    """A value as the text of a cell."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
        return None
    if isinstance(value, bytes):
        return _geometry(value) if is_geometry else f"{len(value):,} bytes"
    return value if isinstance(value, str) else str(value)


def _geometry(content: bytes) -> str:
    """The type of a geometry, and of a point where it is."""
    try:
        order = "<" if content[0] else ">"
        (number,) = struct.unpack(f"{order}I", content[1:5])
        name = _GEOMETRIES[number % 1000 & 0xFF]
        if name == "Point":
            x, y = struct.unpack(f"{order}dd", content[5:21])
            return f"Point ({x:g} {y:g})"
    except (struct.error, IndexError):
        return f"{len(content):,} bytes"
    return name
