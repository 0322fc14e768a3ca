"""openEO's time series as lines: date -> value, or bands, or geometries of bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openeo_widgets.api._times import seconds_of_time
from openeo_widgets.preview._chart import Line, finite

__all__ = ["geometries_of", "geometry_name", "milliseconds", "series"]

# Of one date so many values: what has more is no time series.
_MOST_VALUES = 10_000

# Values that may be missing at all dates together; and as many as there are.
_MOST_GAPS = 1_000_000

Position = tuple[int, ...]
Row = tuple[float, dict[Position, float | None]]


def series(data: Any) -> tuple[Line, ...]:
    """Read a time series; nothing where it is none.

    That is the JSON that back-ends write for a series of one place (values or lists of bands)
    and for ``aggregate_spatial`` (a list for each geometry, in it a value for each band).
    """
    rows = _rows(data)
    if len(rows) < 2:  # noqa: PLR2004 - one point is no line
        return ()
    positions = sorted({position for _, values in rows for position in values})
    # A date with far more values than the others have would be as many lines of gaps.
    if len(positions) * len(rows) > _MOST_GAPS + 2 * sum(len(values) for _, values in rows):
        return ()
    times = [at for at, _ in rows]
    groups = {position[0] for position in positions if len(position) > 1}
    bands = {position[-1] for position in positions if position}
    return tuple(
        _line(position, times, [values.get(position) for _, values in rows], groups, bands)
        for position in positions
    )


def geometry_name(number: int) -> str:
    """What the geometry of a number, from 0, is called."""
    return f"geometry {number + 1}"


def geometries_of(data: Mapping[str, Any]) -> int:
    """Of how many geometries a time series is; 0 where it tells none apart.

    Args:
        data: What `series` made lines of. A geometry without a value has an empty list.
    """
    lists = (value for value in data.values() if isinstance(value, list))
    return max((len(one) for one in lists if any(isinstance(of, list) for of in one)), default=0)


def milliseconds(text: Any) -> float | None:
    """Milliseconds since the epoch of a date, or None."""
    at = seconds_of_time(text)
    return None if at is None else at * 1000


def _rows(data: Any) -> list[Row]:
    """Dates with their values by position, in order; nothing if any key is no date."""
    if not isinstance(data, Mapping):
        return []
    rows = []
    for key, value in data.items():
        at = milliseconds(key)
        cells = _cells(value) if at is not None else None
        if at is None or cells is None or len(cells) > _MOST_VALUES:
            return []
        rows.append((at, cells))
    rows.sort(key=lambda row: row[0])
    drawable = any(value is not None for _, cells in rows for value in cells.values())
    return rows if drawable else []


def _cells(value: Any) -> dict[Position, float | None] | None:
    """A number, a list of them, or a list of lists; None for anything else."""
    if _is_value(value):
        return {(): finite(value)}
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    cells: dict[Position, float | None] = {}
    for first, item in enumerate(value):
        if _is_value(item):
            cells[(first,)] = finite(item)
        elif isinstance(item, list) and all(map(_is_value, item)):
            cells |= {(first, second): finite(inner) for second, inner in enumerate(item)}
        else:
            return None
    return cells


def _is_value(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _line(
    position: Position,
    times: Sequence[float],
    values: Sequence[float | None],
    groups: set[int],
    bands: set[int],
) -> Line:
    """Name a line by what tells it from the others: its geometry, its band, or both."""
    if not position:
        return Line("value", times, values)
    group = geometry_name(position[0]) if len(position) > 1 else ""
    band = f"band {position[-1] + 1}"
    if len(position) == 1:
        return Line(band, times, values, band=band)
    named = [group if len(groups) > 1 or len(bands) == 1 else "", band if len(bands) > 1 else ""]
    return Line(", ".join(part for part in named if part), times, values, group, band)
