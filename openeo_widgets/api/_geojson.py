"""GeoJSON (RFC 7946) as back-ends send it: what a map can draw, or nothing.

Everything here is a pure function. Positions are lon/lat, or x/y of another reference system.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

__all__ = [
    "Geometry",
    "around",
    "drawable",
    "is_number",
    "lines",
    "mapped",
    "parts_of",
    "positions",
]

Geometry = dict[str, Any]

# How deep the positions lie in the coordinates of each type.
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def drawable(geometry: Any) -> Geometry | None:
    """Take what is to be drawn from GeoJSON of any type, and nothing else that came with it.

    Args:
        geometry: What a back-end sent: a geometry, a Feature or a FeatureCollection.

    Returns:
        A geometry of a known type whose positions are finite numbers, or None. Collections come
        without collections inside.
    """
    if not isinstance(geometry, Mapping):
        return None
    simple = []
    for part in _members(geometry):
        made = _simple(part)
        if made is None:
            return None
        simple.append(made)
    if not simple:
        return None
    return simple[0] if len(simple) == 1 else {"type": "GeometryCollection", "geometries": simple}


def parts_of(geometry: Geometry) -> list[Geometry]:
    """The simple geometries of what `drawable` made, Multi... ones taken apart."""
    if geometry["type"] == "GeometryCollection":
        return [part for member in geometry["geometries"] for part in parts_of(member)]
    kind = geometry["type"]
    if not kind.startswith("Multi"):
        return [geometry]
    return [{"type": kind[5:], "coordinates": inner} for inner in geometry["coordinates"]]


def lines(geometry: Geometry) -> Iterator[list[list[float]]]:
    """The rings and lines of what `drawable` made; a point is a line of one position."""
    for part in parts_of(geometry):
        if part["type"] == "Point":
            yield [part["coordinates"]]
        elif part["type"] == "LineString":
            yield part["coordinates"]
        else:
            yield from part["coordinates"]


def positions(geometry: Geometry) -> list[list[float]]:
    """All positions of what `drawable` made."""
    return list(chain.from_iterable(lines(geometry)))


def around(geometry: Geometry) -> tuple[float, float, float, float]:
    """Least x and y, greatest x and y of what `drawable` made."""
    xs, ys = zip(*positions(geometry), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def mapped(geometry: Geometry, change: Callable[[list[Any]], list[Any]]) -> Geometry:
    """What `drawable` made with each of its lines and rings changed; points as lines of one."""
    if geometry["type"] == "GeometryCollection":
        members = [mapped(member, change) for member in geometry["geometries"]]
        return {"type": "GeometryCollection", "geometries": members}
    depth = _DEPTHS[geometry["type"]]
    return {
        "type": geometry["type"],
        "coordinates": _mapped(geometry["coordinates"], depth, change),
    }


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    if type(value) is float:  # of large results there are hundreds of thousands
        return math.isfinite(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer that no float can hold
        return False


def _members(geometry: Mapping[str, Any]) -> Iterator[Any]:
    """The simple geometries inside, however deep, in their order. A null geometry is none."""
    pending: list[Any] = [geometry]
    while pending:
        value = pending.pop()
        kind = value.get("type") if isinstance(value, Mapping) else None
        if kind == "Feature":
            inner = value.get("geometry")
            pending += [] if inner is None else [inner]
        elif kind in ("GeometryCollection", "FeatureCollection"):
            found = value.get("geometries" if kind == "GeometryCollection" else "features")
            # What is no list is no geometry either, and spoils the whole.
            pending += reversed(found) if isinstance(found, list) else [None]
        else:
            yield value


def _simple(geometry: Any) -> Geometry | None:
    if not isinstance(geometry, Mapping) or not isinstance(geometry.get("type"), str):
        return None
    depth = _DEPTHS.get(geometry["type"])
    coordinates = None if depth is None else _lon_lat(geometry.get("coordinates"), depth)
    return {"type": geometry["type"], "coordinates": coordinates} if coordinates else None


def _lon_lat(value: Any, depth: int) -> list[Any] | None:
    """Positions inside so many lists, without their heights; None if there is anything else."""
    if not isinstance(value, list | tuple):
        return None
    if depth == 0:
        if len(value) > 1 and is_number(value[0]) and is_number(value[1]):
            return [value[0], value[1]]
        return None
    parts = [_lon_lat(part, depth - 1) for part in value]
    return parts if all(parts) else None


def _mapped(value: Any, depth: int, change: Callable[[list[Any]], list[Any]]) -> Any:
    if depth == 0:
        return change([value])[0]
    if depth == 1:
        return change(value)
    return [_mapped(part, depth - 1, change) for part in value]
