"""Parquet: as many groups of rows as fit the budget, and all of them when somebody says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._arrow import ArrowRows, arrow
from openeo_widgets.preview._file import MOST_WHOLE
from openeo_widgets.preview._parquet_size import fixed_size, texts_of, unpacked_size
from openeo_widgets.preview._rows import TextRows
from openeo_widgets.preview._table import Table
from openeo_widgets.preview._views import BUDGET_BYTES, Facts, Made

if TYPE_CHECKING:
    from openeo_widgets.preview._file import PreviewFile
    from openeo_widgets.preview._views import View

__all__ = ["is_parquet", "make_parquet"]

_TYPES = frozenset(
    ("application/vnd.apache.parquet", "application/x-parquet", "application/parquet")
)
_EXTENSIONS = frozenset((".parquet", ".geoparquet", ".pq"))

# As it is in memory, unpacked: a few bytes of a file may be a lot.
_MOST_UNPACKED = 2_000_000_000
# What is read unasked stays light in memory, too.
_MOST_UNPACKED_UNASKED = 100_000_000


def is_parquet(file: PreviewFile) -> bool:
    """Whether a file is said to be Parquet."""
    return file.media_type in _TYPES or file.extension in _EXTENSIONS


def make_parquet(file: PreviewFile) -> Made:
    """Show a table: of all rows where that is allowed, else of the first groups of them."""
    parquet = arrow("pyarrow.parquet")
    if file.size is not None and file.size > MOST_WHOLE and file.whole:
        raise file.too_large()
    try:
        with file.open() as opened:
            meta = parquet.read_metadata(opened)
            schema = meta.schema.to_arrow_schema()
            groups = _groups(meta, whole=file.whole)
            table = _read(parquet, opened, meta, groups, whole=file.whole) if groups else None
    except (arrow().ArrowInvalid, arrow().ArrowNotImplementedError) as error:
        raise OpenEOWidgetsError(f"{file.name!r} cannot be read as Parquet: {error}") from None
    geometries = _geometries(schema)
    facts = {
        "Name": file.name,
        "Kind": "GeoParquet" if geometries else "Parquet",
        "Size": file.size_text,
        "Rows": f"{meta.num_rows:,}",
        "Columns": f"{len(schema.names):,}",
        "Groups of rows": f"{meta.num_row_groups:,}",
        "Written by": meta.created_by or "not told",
    }
    partial = table is None or len(groups) < meta.num_row_groups
    python = ".load_table()"
    if table is None and meta.num_rows:
        columns = TextRows(["column", "type"], [[field.name, str(field.type)] for field in schema])
        why = "too much for memory" if file.whole else "more than is read unasked"
        note = f"Its columns are listed: the first rows alone are {why}."
        return Made((Table(columns), Facts(facts)), note=note, partial=True, python=python)
    rows = table if table is not None else schema.empty_table()
    note = ""
    if partial:
        note = f"The first {rows.num_rows:,} of {meta.num_rows:,} rows are shown."
    views: tuple[View, ...] = (Table(ArrowRows(rows, geometries)), Facts(facts))
    return Made(views, note=note, partial=partial, python=python)


def _read(parquet: Any, opened: Any, meta: Any, groups: list[int], *, whole: bool) -> Any:
    """Groups of rows as a table; None where they are too much for memory."""
    texts = texts_of(meta, all_of_them=not whole)
    source = parquet.ParquetFile(opened, metadata=meta, pre_buffer=False, read_dictionary=texts)
    table = source.read_row_groups(groups)
    if unpacked_size(table) > _most_unpacked(whole=whole):
        return None
    try:
        return table.cast(meta.schema.to_arrow_schema())
    except (arrow().ArrowInvalid, arrow().ArrowNotImplementedError):  # of texts within others
        return table


def _most_unpacked(*, whole: bool) -> int:
    return _MOST_UNPACKED if whole else _MOST_UNPACKED_UNASKED


def _groups(meta: Any, *, whole: bool) -> list[int]:
    """The first groups of rows that may be read."""
    # What was read so far, and may be: the footer with all the metadata among it.
    left = MOST_WHOLE if whole else BUDGET_BYTES * 3 // 4 - meta.serialized_size
    room = _most_unpacked(whole=whole)
    groups = []
    for number in range(meta.num_row_groups):
        group = meta.row_group(number)
        left -= sum(group.column(place).total_compressed_size for place in range(group.num_columns))
        room -= max(group.total_byte_size, fixed_size(meta, group))
        if left < 0 or room < 0:
            break
        groups.append(number)
    return groups


def _geometries(schema: Any) -> list[str]:
    """Names of the columns that hold geometries (GeoParquet), as well-known binary."""
    told = (schema.metadata or {}).get(b"geo")
    try:
        columns = json.loads(told)["columns"] if told else {}
        return [name for name, one in columns.items() if one.get("encoding") == "WKB"]
    except (ValueError, LookupError, TypeError, AttributeError):
        return []
