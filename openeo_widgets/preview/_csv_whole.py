"""CSV beyond the budget, all of it: read by Arrow, whose texts take little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._arrow import ArrowRows, arrow
from openeo_widgets.preview._file import MOST_WHOLE
from openeo_widgets.preview._table import Table
from openeo_widgets.preview._views import Made
from openeo_widgets.preview._words import counted

if TYPE_CHECKING:
    from openeo_widgets.preview._file import PreviewFile

__all__ = ["make_csv_whole"]

_BLOCK = 1 << 23


def make_csv_whole(file: PreviewFile, delimiter: str, encoding: str) -> Made:
    """Make a table of a whole file.

    Args:
        file: The file.
        delimiter: What stands between its cells.
        encoding: Its encoding.

    Raises:
        MissingExtraError: Arrow is not installed.
        OpenEOWidgetsError: It cannot be read as a table, or is too large.
    """
    if file.size is not None and file.size > MOST_WHOLE:
        raise file.too_large()
    odd: list[int] = []
    table = _read(file, delimiter, encoding, odd)
    note = ""
    if odd:
        note = (
            f"Left out: {counted(len(odd), 'row')} with another number of cells than there are "
            "names."
        )
    return Made((Table(ArrowRows(table), note),), python=".load_table()")


def _read(file: PreviewFile, delimiter: str, encoding: str, odd: list[int]) -> Any:
    """Read it. What a column holds is told by all of its cells."""
    types, csv = arrow(), arrow("pyarrow.csv")

    def skip(_row: Any) -> str:
        odd.append(1)
        return "skip"

    reading = csv.ReadOptions(encoding=encoding, block_size=_BLOCK)
    parsing = csv.ParseOptions(
        delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip
    )
    try:
        with file.open() as opened:
            return _without_empty(csv.read_csv(opened, reading, parsing), types)
    except (types.ArrowInvalid, types.ArrowTypeError, UnicodeDecodeError) as error:
        raise OpenEOWidgetsError(f"{file.name!r} cannot be read as a table: {error}") from None


def _without_empty(table: Any, types: Any) -> Any:
    """The table with nothing where a text is empty: Arrow makes a difference, CSV has none."""
    compute = arrow("pyarrow.compute")
    for place, column in enumerate(table.columns):
        if types.types.is_string(column.type):
            texts = compute.if_else(compute.equal(column, ""), None, column)
            table = table.set_column(place, table.field(place), texts)
    return table
