"""GeoJSON geometries (RFC 7946) as back-ends send them: what a map can draw, or nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["drawable", "is_number"]

# How deep the positions lie in the coordinates of each type.
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def drawable(geometry: Any) -> dict[str, Any] | None:
    """Take from a geometry what is to be drawn, and nothing else that came with it.

    Args:
        geometry: What a back-end sent.

    Returns:
        A geometry of a known type whose positions are finite numbers, or None.
    """
    if not isinstance(geometry, Mapping):
        return None
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        members = geometry.get("geometries")
        parts = [_simple(member) for member in members] if isinstance(members, list) else []
        whole = parts and all(parts)
        return {"type": kind, "geometries": parts} if whole else None
    return _simple(geometry)


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer that no float can hold
        return False


def _simple(geometry: Any) -> dict[str, Any] | None:
    if not isinstance(geometry, Mapping) or not isinstance(geometry.get("type"), str):
        return None
    depth = _DEPTHS.get(geometry["type"])
    coordinates = geometry.get("coordinates")
    if depth is None or not _nested(coordinates, depth):
        return None
    return {"type": geometry["type"], "coordinates": coordinates}


def _nested(value: Any, depth: int) -> bool:
    """Whether positions lie so deep in lists."""
    if not isinstance(value, list) or not value:
        return False
    if depth == 0:
        return len(value) > 1 and all(map(is_number, value))
    return all(_nested(part, depth - 1) for part in value)
