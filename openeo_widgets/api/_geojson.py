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
    coordinates = None if depth is None else _lon_lat(geometry.get("coordinates"), depth)
    return {"type": geometry["type"], "coordinates": coordinates} if coordinates else None


def _lon_lat(value: Any, depth: int) -> list[Any] | None:
    """Positions inside so many lists, without their heights; None if there is anything else."""
    if not isinstance(value, list):
        return None
    if depth == 0:
        position = value[:2]
        return position if len(position) > 1 and all(map(is_number, position)) else None
    parts = [_lon_lat(part, depth - 1) for part in value]
    return parts if all(parts) else None
