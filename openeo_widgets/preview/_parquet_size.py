"""What Parquet is in memory, unpacked: of values that repeat a file holds one, and a count."""

from __future__ import annotations

from typing import Any

from openeo_widgets.preview._arrow import arrow

__all__ = ["fixed_size", "texts_of", "unpacked_size"]

# Bytes of a value, by the type that it is stored as; of texts those beside the text itself.
_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT64": 8, "DOUBLE": 8, "INT96": 8}
_BESIDE_TEXT = 4


def fixed_size(meta: Any, group: Any) -> int:
    """Bytes of a group of rows in memory, without what its texts hold.

    Args:
        meta: The metadata of the file.
        group: Those of the group.
    """
    size = 0
    for place in range(group.num_columns):
        column = group.column(place)
        width = meta.schema.column(place).length or _WIDTHS.get(column.physical_type, _BESIDE_TEXT)
        size += column.num_values * max(1, width)
    return size


def texts_of(meta: Any, *, all_of_them: bool) -> list[str]:
    """Columns of texts that are to be read as they are stored: each text once.

    Args:
        meta: The metadata of the file.
        all_of_them: Whether also those of which the metadata say that all texts are stored; it
            takes longer.
    """
    found: dict[str, None] = {}
    for number in range(meta.num_row_groups):
        group = meta.row_group(number)
        for place in range(group.num_columns):
            column = group.column(place)
            # Of texts that are stored as what differs from the last one Arrow cannot do it.
            if column.physical_type == "BYTE_ARRAY" and "DELTA_BYTE_ARRAY" not in column.encodings:
                repeats = any("DICTIONARY" in encoding for encoding in column.encodings)
                found |= {column.path_in_schema: None} if repeats or all_of_them else {}
    return list(found)


def unpacked_size(table: Any) -> int:
    """Bytes of all texts of a table, each as often as it comes.

    Args:
        table: The table, with texts as they are stored.
    """
    return sum(_texts(chunk) for column in table.columns for chunk in column.chunks)


def _texts(array: Any) -> int:
    types, compute = arrow().types, arrow("pyarrow.compute")
    kind = array.type
    if types.is_dictionary(kind):
        lengths = compute.binary_length(array.dictionary)
        return compute.sum(lengths.take(array.indices)).as_py() or 0
    if types.is_struct(kind):
        return sum(map(_texts, array.flatten()))
    is_nested = types.is_list(kind) or types.is_large_list(kind) or types.is_map(kind)
    return _texts(array.flatten()) if is_nested else 0
