"""CSV and what passes for it: whatever stands between the cells, and whatever encoding."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from openeo_widgets.api._texts import decoded, delimiter_of
from openeo_widgets.preview._csv_whole import make_csv_whole
from openeo_widgets.preview._rows import TextRows, columns_in
from openeo_widgets.preview._table import Table
from openeo_widgets.preview._table_series import chart_of
from openeo_widgets.preview._views import Made, Text
from openeo_widgets.preview._words import counted, joined, size_text

if TYPE_CHECKING:
    from openeo_widgets.preview._file import PreviewFile
    from openeo_widgets.preview._views import View

__all__ = ["is_csv", "make_csv", "text_table"]

_TYPES = {"text/csv": ",", "text/tab-separated-values": "\t", "application/csv": ","}
_EXTENSIONS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}

# Characters of a cell at most.
_LONGEST_CELL = 1_000_000


def is_csv(file: PreviewFile) -> bool:
    """Whether a file is a table of texts."""
    return file.media_type in _TYPES or file.extension in _EXTENSIONS


def make_csv(file: PreviewFile) -> Made:
    """Make a table of a file: of all of it where that is allowed, else of its first part."""
    content, more = file.head()
    text, encoding = decoded(content, cut=more)
    first = Text(text, complete=not more)
    note = f"It is read as {encoding}." if encoding not in {"UTF-8", "ASCII"} else ""
    if more:  # the last line came in part
        text = text[: text.rfind("\n") + 1] or text
        part = f"The first {size_text(len(content))} of {file.size_text} are shown."
        note = joined(part, note)
    preferred = _EXTENSIONS.get(file.extension) or _TYPES.get(file.media_type, ",")
    delimiter = delimiter_of(text, preferred)
    if more and file.whole:
        return make_csv_whole(file, delimiter, encoding)
    table, odd = text_table(text, delimiter)
    views: tuple[View, ...] = (first,)
    if table is not None:
        views = (Table(table, odd), first)
        chart = chart_of(table)
        if chart is not None:
            views = (chart, *views)
    return Made(views, note=note, partial=more, python=".load_table()")


def text_table(text: str, delimiter: str) -> tuple[TextRows | None, str]:
    """Read a text as a table.

    Args:
        text: The text.
        delimiter: What stands between the cells.

    Returns:
        The rows, or None where there is not even a row of names; and what is odd, or "".
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str | None]] = []
    names: list[str] = []
    shorter = longer = 0
    notes = []
    try:
        for row in reader:
            if not row:
                continue
            if not names:
                names = [name.strip() for name in row]
                continue
            shorter += len(row) < len(names)
            longer += len(row) > len(names)
            rows.append(row)  # type: ignore[arg-type]  # it is this list's own
    except csv.Error as error:
        notes.append(f"It cannot be read from row {len(rows) + 2:,} on ({error}).")
    if not names:
        return None, ""
    longest = max(map(len, rows), default=0)
    names += [""] * (longest - len(names))
    names, left_out = columns_in(names, len(rows))
    for cells in rows:
        del cells[len(names) :]
        cells += [None] * (len(names) - len(cells))  # noqa: PLW2901 - the row itself
    if shorter or longer:
        notes.append(
            f"{counted(shorter + longer, 'row')} of {len(rows):,} have another number of cells "
            "than there are names: they are shown as they are."
        )
    # Where a semicolon parts the cells, that is since the comma is in the numbers.
    return TextRows(names, rows, comma=delimiter == ";", note=left_out), joined(*notes)
