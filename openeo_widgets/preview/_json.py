"""A JSON file, as text and, where it is a time series, as lines to draw."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openeo_widgets.api._times import seconds_of_time

__all__ = ["BUDGET_BYTES", "SHOWN_CHARS", "JsonPreview", "Series", "preview_json"]

# What is fetched, and what is sent to the browser, without asking.
BUDGET_BYTES = 5_000_000
SHOWN_CHARS = 200_000

# More lines than this are no longer told apart, more points no longer seen.
_MOST_LINES = 24
_MOST_POINTS = 10_000


@dataclass(frozen=True)
class Series:
    """One line of a chart.

    Attributes:
        name: What it is, for the legend.
        times: Milliseconds since the epoch, ascending.
        values: The values; None for a gap.
    """

    name: str
    times: tuple[float, ...]
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class JsonPreview:
    """What is shown of a JSON file.

    Attributes:
        text: The text, as far as it is shown.
        complete: Whether that is all of it, and JSON.
        note: What is left out, or why it cannot be read; "" if nothing.
        series: Lines of a chart; empty where it is no time series.
    """

    text: str
    complete: bool
    note: str
    series: tuple[Series, ...]


def preview_json(content: bytes, *, truncated: bool = False) -> JsonPreview:
    """Prepare a JSON file for showing.

    Args:
        content: The file, or its first bytes.
        truncated: Whether more of it was left at the back-end.
    """
    text = content.decode("utf-8", errors="replace")
    if truncated:
        shown = text[:SHOWN_CHARS]
        note = (
            f"The first {len(shown):,} characters are shown: the file has more than the "
            f"{len(content) / 1e6:.1f} MB that a preview reads. Download it to see all of it."
        )
        return JsonPreview(shown, complete=False, note=note, series=())
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        note = f"This is not JSON that can be read ({type(error).__name__})."
        return JsonPreview(text[:SHOWN_CHARS], complete=False, note=note, series=())
    series, left_out = _series(data)
    shown = text[:SHOWN_CHARS]
    notes = [
        f"The first {len(shown):,} of {len(text):,} characters are shown."
        if len(shown) < len(text)
        else "",
        left_out,
    ]
    return JsonPreview(
        shown,
        complete=len(shown) == len(text),
        note=" ".join(note for note in notes if note),
        series=series,
    )


def _series(data: Any) -> tuple[tuple[Series, ...], str]:
    """Read openEO's time series: date -> value, or bands, or geometries of bands.

    That is the JSON that back-ends write for a series of one place (values or lists of bands)
    and for ``aggregate_spatial`` (a list for each geometry, in it a value for each band).
    """
    rows = _rows(data)
    if len(rows) < 2:  # noqa: PLR2004 - one point is no line
        return (), ""
    positions = sorted({position for _, values in rows for position in values})
    shown = positions[:_MOST_LINES]
    points = rows[:_MOST_POINTS]
    notes = [
        f"{len(shown)} of {len(positions)} lines are drawn." if shown != positions else "",
        f"{len(points)} of {len(rows)} dates are drawn." if len(points) < len(rows) else "",
    ]
    times = tuple(at for at, _ in points)
    lines = tuple(
        Series(_line_name(position, positions), times, tuple(v.get(position) for _, v in points))
        for position in shown
    )
    return lines, " ".join(note for note in notes if note)


Position = tuple[int, ...]


def _rows(data: Any) -> list[tuple[float, dict[Position, float | None]]]:
    """Dates with their values by position, in order; nothing if any key is no date."""
    if not isinstance(data, Mapping):
        return []
    rows = []
    for key, value in data.items():
        at = _milliseconds(key)
        cells = _cells(value)
        if at is None or cells is None:
            return []
        rows.append((at, cells))
    rows.sort(key=lambda row: row[0])
    drawable = any(value is not None for _, cells in rows for value in cells.values())
    return rows if drawable else []


def _cells(value: Any) -> dict[Position, float | None] | None:
    """A number, a list of them, or a list of lists; None for anything else."""
    if _is_value(value):
        return {(): _finite(value)}
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    cells: dict[Position, float | None] = {}
    for first, item in enumerate(value):
        if _is_value(item):
            cells[(first,)] = _finite(item)
        elif isinstance(item, list) and all(map(_is_value, item)):
            cells |= {(first, second): _finite(inner) for second, inner in enumerate(item)}
        else:
            return None
    return cells


def _is_value(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _finite(value: float | None) -> float | None:
    try:
        found = math.nan if value is None else float(value)
    except OverflowError:  # an integer of hundreds of digits
        return None
    return found if math.isfinite(found) else None


def _line_name(position: Position, positions: Sequence[Position]) -> str:
    """Name a line by what tells it from the others: its geometry, its band, or both."""
    if not position:
        return "value"
    if len(position) == 1:
        return f"band {position[0] + 1}"
    geometry, band = position
    several_bands = len({p[-1] for p in positions}) > 1
    several_geometries = len({p[0] for p in positions}) > 1
    parts = [
        f"geometry {geometry + 1}" if several_geometries or not several_bands else "",
        f"band {band + 1}" if several_bands else "",
    ]
    return ", ".join(part for part in parts if part)


def _milliseconds(text: Any) -> float | None:
    at = seconds_of_time(text)
    return None if at is None else at * 1000
