"""Where a map looks, what of a geometry it is sent, and what lies under a point: pure functions."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from openeo_widgets.api._boxes import BBox

__all__ = [
    "around",
    "box",
    "degrees_per_pixel",
    "hits",
    "joined",
    "rounded",
    "vertices",
    "view_of",
]

# The size that a map is at least drawn in, in CSS pixels: what must be in view fits into it.
_WIDTH, _HEIGHT = 260, 190
_TILE = 256
_CLOSEST = 17

# Web Mercator ends here (EPSG:3857), in degrees of latitude.
_MERCATOR_LAT = 85.051129

# A ring has its first position again at its end.
_SHORTEST_RING = 4


def view_of(bbox: BBox) -> tuple[tuple[float, float], float]:
    """Centre (latitude, longitude) and zoom that bring a box into view.

    Computed here, since ``fit_bounds`` needs a map that is displayed already.

    Args:
        bbox: West, south, east, north in degrees; west > east crosses the antimeridian.
    """
    west, south, east, north = bbox
    if west > east:
        east += 360
    top, bottom = _mercator(north), _mercator(south)
    # Both as shares of the world's width in Web Mercator.
    width = max((east - west) / 360, 1e-9)
    height = max(abs(top - bottom), 1e-9)
    zoom = min(math.log2(_WIDTH / _TILE / width), math.log2(_HEIGHT / _TILE / height))
    middle = math.degrees(math.atan(math.sinh((top + bottom) * math.pi)))
    return (middle, (west + east) / 2), float(max(0, min(_CLOSEST, math.floor(zoom))))


def _mercator(latitude: float) -> float:
    """Web Mercator's y, in shares of the world's width, 0 at the equator."""
    inside = math.radians(max(-_MERCATOR_LAT, min(_MERCATOR_LAT, latitude)))
    return math.asinh(math.tan(inside)) / (2 * math.pi)


def degrees_per_pixel(zoom: float) -> float:
    """Degrees of longitude that a pixel of the map is wide."""
    return 360 / (_TILE * 2**zoom)


def box(bbox: BBox) -> dict[str, Any]:
    """A box as a GeoJSON polygon.

    Args:
        bbox: West, south, east, north in degrees; west > east crosses the antimeridian.
    """
    west, south, east, north = bbox
    if west > east:
        east += 360
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def rounded(geometry: Mapping[str, Any], decimals: int) -> dict[str, Any]:
    """A geometry for the screen: fewer decimals, and no position twice in a row.

    Args:
        geometry: A GeoJSON geometry that can be drawn; it is left as it is.
        decimals: How many decimals of a degree are kept.
    """
    if geometry["type"] == "GeometryCollection":
        parts = [rounded(part, decimals) for part in geometry["geometries"]]
        return {"type": "GeometryCollection", "geometries": parts}
    is_area = geometry["type"].endswith("Polygon")
    shortest = _SHORTEST_RING if is_area else 2
    coordinates = _rounded(geometry["coordinates"], decimals, shortest)
    return {"type": geometry["type"], "coordinates": coordinates}


def _rounded(coordinates: Sequence[Any], decimals: int, shortest: int) -> list[Any]:
    first = coordinates[0]
    if isinstance(first, int | float):
        return [round(number, decimals) for number in coordinates]
    if not isinstance(first[0], int | float):
        return [_rounded(part, decimals, shortest) for part in coordinates]
    spots = [[round(spot[0], decimals), round(spot[1], decimals)] for spot in coordinates]
    fewer = [spots[0], *(spot for before, spot in pairwise(spots) if spot != before)]
    return fewer if len(fewer) >= shortest else spots


def joined(polygons: Iterable[Sequence[Sequence[Any]]]) -> dict[str, Any]:
    """Many polygons as one geometry that is filled where any of them is.

    Outer rings all turn one way and holes the other: by the rule that what is wound around more
    than zero times is inside, polygons that overlap do not cut holes into each other.

    Args:
        polygons: The rings of each, the outer one first.
    """
    parts = [
        [_turning(ring, left=not place) for place, ring in enumerate(rings)] for rings in polygons
    ]
    return {"type": "MultiPolygon", "coordinates": parts}


def _turning(ring: Sequence[Any], *, left: bool) -> Sequence[Any]:
    """A ring that turns to the left, or to the right, whichever way it turned before."""
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return ring if (area > 0) == left else ring[::-1]


def around(geometry: Mapping[str, Any]) -> BBox:
    """West, south, east, north of a geometry, in its own coordinates: never west > east."""
    lons: list[float] = []
    lats: list[float] = []
    for line, _ in _lines(geometry):
        lons += [spot[0] for spot in line]
        lats += [spot[1] for spot in line]
    return min(lons), min(lats), max(lons), max(lats)


def vertices(geometry: Mapping[str, Any]) -> int:
    """How many positions a geometry has."""
    return sum(len(line) for line, _ in _lines(geometry))


def hits(geometry: Mapping[str, Any], lon: float, lat: float, reach: float) -> bool:
    """Whether a point is in a geometry, or near it.

    Args:
        geometry: A GeoJSON geometry in lon/lat degrees that can be drawn.
        lon: Degrees, of the same turn around the world as the geometry.
        lat: Degrees.
        reach: What is as near as this is hit too, in degrees.
    """
    inside = False
    for line, is_ring in _lines(geometry):
        if len(line) == 1 and _near(line[0], line[0], lon, lat, reach):
            return True
        for (x1, y1, *_), (x2, y2, *_) in pairwise(line):
            if _near((x1, y1), (x2, y2), lon, lat, reach):
                return True
            if is_ring and (y1 > lat) != (y2 > lat):
                # Even and odd: a hole is out again, and so is what lies between two parts.
                inside ^= lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1)
    return inside


def _lines(geometry: Mapping[str, Any]) -> Iterator[tuple[Sequence[Any], bool]]:
    """All rows of positions of a geometry, and whether each is a ring; points by themselves."""
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _lines(part)
        return
    pending: list[Any] = [geometry["coordinates"]]
    while pending:
        value = pending.pop()
        if isinstance(value[0], int | float):
            yield [value], False
        elif isinstance(value[0][0], int | float) and geometry["type"] != "MultiPoint":
            yield value, geometry["type"].endswith("Polygon")
        else:
            pending.extend(value)


def _near(start: Sequence[float], end: Sequence[float], x: float, y: float, reach: float) -> bool:
    """Whether a point is near the straight line between two others."""
    along, up = end[0] - start[0], end[1] - start[1]
    length = along * along + up * up
    share = ((x - start[0]) * along + (y - start[1]) * up) / length if length else 0.0
    share = max(0.0, min(1.0, share))
    return math.hypot(start[0] + share * along - x, start[1] + share * up - y) <= reach
