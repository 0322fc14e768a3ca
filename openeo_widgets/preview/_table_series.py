"""A table of dates and numbers as lines: by column, and by what tells rows of one date apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openeo_widgets.preview._chart import Chart, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openeo_widgets.preview._rows import TextRows

__all__ = ["chart_of"]

# Lines that are made; of them a chart draws fewer, and says so.
_MOST = 500

# The column in which back-ends tell of the geometry, counted from 0.
_FEATURE = "feature_index"


def chart_of(rows: TextRows) -> Chart | None:
    """Draw a table that begins with dates, as back-ends write time series; None for others.

    Args:
        rows: The table. Where dates come several times, a column has to tell the rows apart:
            "feature_index" of ``aggregate_spatial``.
    """
    if not rows.columns or rows.columns[0].type != "time":
        return None
    times = rows.numbers(0)
    if len({time for time in times if time is not None}) < 2:  # noqa: PLR2004 - one point is no line
        return None
    group, keys = _group(rows, times)
    if keys is None:
        return None
    bands = [
        place
        for place, column in enumerate(rows.columns)
        if column.numeric and place not in {0, group}
    ]
    places: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        if times[place] is not None:
            places.setdefault(key, []).append(place)
    prefix = rows.columns[group].name if group is not None else ""
    lines: list[Line] = []
    for key, some in list(places.items())[:_MOST]:
        some.sort(key=lambda place: times[place] or 0.0)
        name = f"{prefix} {key}".strip()
        lines += [_line(rows, times, some, band, name, len(bands)) for band in bands]
    if not lines:
        return None
    return Chart(tuple(lines[:_MOST]), "time", rows.columns[0].name, "", _places(prefix, places))


def _places(prefix: str, keys: Iterable[str]) -> dict[str, int]:
    """The geometry of each group, where the column that tells them apart has their numbers."""
    if prefix != _FEATURE:
        return {}
    return {f"{prefix} {key}": int(key) for key in keys if key.isdecimal()}


def _group(rows: TextRows, times: Sequence[float | None]) -> tuple[int | None, list[str] | None]:
    """The column that tells rows of one date apart, if it takes one, and its cells."""
    if len(set(times)) == rows.count:
        return None, [""] * rows.count
    for place, column in enumerate(rows.columns[1:], 1):
        if column.type not in {"integer", "text"}:
            continue
        cells = [row[place] or "" for row in rows.cells(range(rows.count))]
        if len(set(zip(times, cells, strict=True))) == rows.count:
            return place, cells
    return None, None


def _line(
    rows: TextRows,
    times: Sequence[float | None],
    places: Sequence[int],
    band: int,
    group: str,
    bands: int,
) -> Line:
    values, name = rows.numbers(band), rows.columns[band].name
    parts = [group, name if bands > 1 or not group else ""]
    return Line(
        ", ".join(part for part in parts if part),
        [times[place] or 0.0 for place in places],
        [values[place] for place in places],
        group,
        name,
    )
