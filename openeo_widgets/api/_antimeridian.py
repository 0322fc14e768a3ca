"""What crosses the antimeridian or encloses a pole: drawn in one piece, boxed as RFC 7946 says."""

from __future__ import annotations

import itertools
import warnings
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._boxes import BBox, joined, wrapped
from openeo_widgets.api._geojson import around, drawable, lines, mapped, parts_of, positions

if TYPE_CHECKING:
    from openeo_widgets.api._geojson import Geometry

__all__ = ["placed"]

_HALF, _TURN = 180.0, 360.0

# A step of a whole turn is from one edge of the map to the other, as boxes of the world have it.
_WHOLE = 359.999

# The package takes minutes for a line of a hundred thousand positions that goes back and forth.
_MOST_POSITIONS = 10_000


def placed(geometry: Geometry, stated: BBox | None = None) -> tuple[Geometry, BBox]:
    """Lay out a geometry for one map.

    Args:
        geometry: What `drawable` made, in lon/lat degrees.
        stated: The box that the back-end gave with it, or None: it tells what is very wide from
            what crosses the antimeridian.

    Returns:
        The geometry, whose longitudes count on past 180 where it crosses the antimeridian, as web
        maps need it; and the box around it, with west > east then.
    """
    found = [around(part) for part in parts_of(geometry)]
    narrow = all(east - west <= _HALF for west, _, east, _ in found)
    if not narrow and _jumps(geometry) and not _is_wide(geometry, stated):
        geometry = _mended(geometry)
        found = [around(part) for part in parts_of(geometry)]
    boxes = [wrapped(one) for one in found]
    # One box for many points that lie on both sides would be a guess: the stated one is none.
    crossing = stated is not None and stated[0] > stated[2]
    box = stated if stated is not None and crossing else joined(boxes)
    assert box is not None  # noqa: S101 - what is drawable has parts
    if box[0] > box[2]:
        middle = (box[0] + box[2]) / 2
        geometry = mapped(
            geometry, lambda line: [[x + _TURN if x < middle else x, y] for x, y in line]
        )
    return geometry, box


def _jumps(geometry: Geometry) -> bool:
    """Whether two neighbours are more than half the world apart."""
    return any(
        _HALF < abs(b[0] - a[0]) < _WHOLE
        for line in lines(geometry)
        for a, b in itertools.pairwise(line)
    )


def _is_wide(geometry: Geometry, stated: BBox | None) -> bool:
    if stated is None or stated[2] - stated[0] <= _HALF:
        return False
    longitudes = [x for x, _ in positions(geometry)]
    return stated[0] <= min(longitudes) and max(longitudes) <= stated[2]


def _mended(geometry: Geometry) -> Geometry:
    """The geometry without jumps: cut by the `antimeridian` package, which knows of poles."""
    try:
        import antimeridian  # noqa: PLC0415 - an extra, and heavy
    except ImportError:
        return mapped(geometry, _unwrapped)
    made = [_cut(antimeridian, part) or mapped(part, _unwrapped) for part in parts_of(geometry)]
    return drawable({"type": "GeometryCollection", "geometries": made}) or geometry


def _cut(antimeridian: Any, part: Geometry) -> Geometry | None:
    if part["type"] == "Point":
        return part
    if sum(len(line) for line in lines(part)) > _MOST_POSITIONS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of rings that turn the other way, which it mends
            found = antimeridian.fix_geojson(part, great_circle=False, fix_winding=True)
    except Exception:  # noqa: BLE001 - a ring of two positions, or one that crosses itself
        return None
    return drawable(found)


def _unwrapped(line: list[Any]) -> list[Any]:
    """A line whose longitudes count on where it crosses, without regard to poles."""
    made, turns = [], 0.0
    for place, (x, y) in enumerate(line):
        step = x - line[place - 1][0] if place else 0.0
        if _HALF < abs(step) < _WHOLE:
            turns -= _TURN if step > 0 else -_TURN
        made.append([x + turns, y])
    return made
