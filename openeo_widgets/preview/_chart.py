"""Lines of a chart, and how many of their points the browser gets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openeo_widgets.preview._words import joined, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["MOST_LINES", "Chart", "Line", "finite", "lines_shown"]

# More lines than this are no longer told apart.
MOST_LINES = 24

# Of what is sent: most of the budget, and what a point takes of it, in digits and commas.
_CHART_BYTES = 130_000
_POINT_BYTES = 32

# What is kept of a column of pixels: the lowest, the highest, and a gap.
_KEPT = 3


@dataclass(frozen=True)
class Line:
    """One line of a chart.

    Attributes:
        name: What it is, for the legend.
        x: Milliseconds since the epoch, or numbers; ascending.
        y: The values; None for a gap.
        group: The geometry that it is of, or "".
        band: The band that it is of, or "".
    """

    name: str
    x: Sequence[float]
    y: Sequence[float | None]
    group: str = ""
    band: str = ""


@dataclass(frozen=True)
class Chart:
    """Lines to draw.

    Attributes:
        lines: The lines.
        x: What their x are: "time" or "number".
        x_name: What x is called.
        note: What is left out, or "".
        places: Number of each group's geometry, from 0, in what the lines are summed up by; empty
            for lines that are not of geometries.
        geometries: How many geometries there are; 0 where that is not known.
    """

    lines: tuple[Line, ...]
    x: str = "time"
    x_name: str = "date"
    note: str = ""
    places: Mapping[str, int] = field(default_factory=dict)
    geometries: int = 0

    def shown(self) -> dict[str, Any]:
        """Tell as many lines, and points of them, as are for the browser."""
        lines, note = lines_shown(self.lines)
        return {
            "kind": "chart",
            "label": "Chart",
            "lines": lines,
            "x": self.x,
            "x_name": short(self.x_name, 100),
            "note": joined(self.note, note),
        }


def lines_shown(lines: Sequence[Line]) -> tuple[list[dict[str, Any]], str]:
    """Lines as the browser gets them, and what is left out of them.

    Of each column of pixels the lowest and the highest value and a gap are kept, so that no
    peak is lost by it.
    """
    drawn = lines[:MOST_LINES]
    points = sum(len(line.x) for line in drawn)
    most = max(_KEPT, _CHART_BYTES // _POINT_BYTES // max(1, len(drawn)))
    kept = [_thinned(line, most) for line in drawn]
    fewer = sum(len(line.x) for line in kept)
    notes = [
        f"{len(drawn)} of {len(lines):,} lines are drawn." if len(drawn) < len(lines) else "",
        f"Of {points:,} points the lowest and highest of each column of pixels are drawn, "
        f"{fewer:,} in all."
        if fewer < points
        else "",
    ]
    return [_line_shown(line) for line in kept], joined(*notes)


def _line_shown(line: Line) -> dict[str, Any]:
    return {
        "name": short(line.name, 100),
        "group": short(line.group, 100),
        "band": short(line.band, 100),
        "x": [int(x) if float(x).is_integer() else x for x in line.x],
        "y": list(line.y),
    }


def _thinned(line: Line, most: int) -> Line:
    """A line of so many points at most that is drawn like the whole."""
    if len(line.x) <= most:
        return line
    columns = max(1, (most - 2) // _KEPT)
    # Of the largest numbers even the distance is none: of a part of them it is.
    part = 0.25 if math.isinf(line.x[-1] - line.x[0]) else 1.0
    first = line.x[0] * part
    width = (line.x[-1] * part - first) / columns or 1.0
    column_of = [min(int((x * part - first) / width), columns - 1) for x in line.x]
    begins = [
        place for place in range(1, len(column_of)) if column_of[place] != column_of[place - 1]
    ]
    spans = zip([0, *begins], [*begins, len(column_of)], strict=True)
    extremes = [place for begin, end in spans for place in _extremes(line.y, begin, end)]
    places = sorted({0, *extremes, len(line.x) - 1})
    x, y = [line.x[place] for place in places], [line.y[place] for place in places]
    return Line(line.name, x, y, line.group, line.band)


def _extremes(y: Sequence[float | None], begin: int, end: int) -> list[int]:
    """Where the lowest and the highest value are, and the first gap."""
    values = [(value, place) for place in range(begin, end) if (value := y[place]) is not None]
    gap = next((place for place in range(begin, end) if y[place] is None), None)
    found = [] if gap is None else [gap]
    return [*found, min(values)[1], max(values)[1]] if values else found


def finite(value: Any) -> float | None:
    """A number that can be drawn, or None."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:  # an integer of hundreds of digits
        return None
    return found if math.isfinite(found) else None
