"""Boxes of longitudes and latitudes in degrees, as back-ends send them: read, judged and joined.

Everything here is a pure function. A box is west, south, east, north; west > east crosses the
antimeridian.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._geojson import is_number

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "BEYOND",
    "EXCHANGED",
    "BBox",
    "exchanged",
    "is_world",
    "joined",
    "overlap",
    "read_box",
    "wrapped",
]

BBox = tuple[float, float, float, float]

#: What is said of coordinates that are not what they should be.
EXCHANGED = "The back-end gave latitude before longitude: shown with the two exchanged."
BEYOND = "The back-end gave coordinates that are no longitudes and latitudes."

_LAT, _LON, _TURN = 90.0, 180.0, 360.0

# A box of at least so many degrees is the whole world, up to what grids leave out at its edges.
_WORLD_WIDE, _WORLD_HIGH = 359.0, 168.0


def read_box(values: Any) -> tuple[BBox | None, str]:
    """Four numbers from four or six (west, south, lowest, east, north, highest).

    Returns:
        The box, or None; and what is to be said of it, or "". One that has latitudes first is
        exchanged if that can be seen: nothing lies at 120 degrees north.
    """
    if not isinstance(values, list | tuple) or len(values) not in {4, 6}:
        return None, ""
    if not all(map(is_number, values)):
        return None, ""
    half = len(values) // 2
    box = (float(values[0]), float(values[1]), float(values[half]), float(values[half + 1]))
    west, south, east, north = box
    if _fits(west, south) and _fits(east, north):
        return (wrapped(box), "") if south <= north else (None, "")
    if _is_latitude(west, east) and max(abs(south), abs(north)) <= _LON and west <= east:
        return exchanged(box), EXCHANGED
    return None, BEYOND


def exchanged(box: BBox) -> BBox:
    """A box with its longitudes and latitudes exchanged."""
    return box[1], box[0], box[3], box[2]


def wrapped(box: BBox) -> BBox:
    """A box whose longitudes are within 180 degrees, from one that may count on past that."""
    west, south, east, north = box
    if east - west >= _TURN:
        return -_LON, south, _LON, north
    if west >= -_LON and east <= _LON and west <= _LON and east >= -_LON:
        return box
    west, east = _wrapped(west), _wrapped(east)
    return west, south, (_LON if east == -_LON else east), north


def is_world(box: BBox) -> bool:
    """Whether it is the whole world, or the one point 0, 0: both are sent for "unknown"."""
    west, south, east, north = box
    if not any(box):
        return True
    return east - west >= _WORLD_WIDE and north - south >= _WORLD_HIGH


def joined(boxes: Sequence[BBox]) -> BBox | None:
    """The box around boxes; across the antimeridian if one crosses it or two meet there."""
    if len(boxes) < 2:  # noqa: PLR2004 - nothing to join
        return boxes[0] if boxes else None
    south, north = min(box[1] for box in boxes), max(box[3] for box in boxes)
    wests, easts = [box[0] for box in boxes], [box[2] for box in boxes]
    crosses = any(west > east for west, east in zip(wests, easts, strict=True))
    # A part that goes all the way around touches both by itself.
    short = [box for box in boxes if box[2] - box[0] < _WORLD_WIDE]
    meet = any(box[0] == -_LON for box in short) and any(box[2] == _LON for box in short)
    if not (crosses or (meet and len(short) == len(boxes))):
        return min(wests), south, max(easts), north
    # Counted on past 180: what begins west of Greenwich lies a turn further.
    begins = [west if west >= 0 else west + _TURN for west in wests]
    ends = [
        begin + (east - west) % _TURN
        for begin, west, east in zip(begins, wests, easts, strict=True)
    ]
    return wrapped((min(begins), south, max(ends), north))


def overlap(one: BBox, other: BBox) -> bool:
    """Whether two boxes have a point in common."""
    if one[1] > other[3] or other[1] > one[3]:
        return False
    if one[0] <= one[2] and other[0] <= other[2]:
        return one[0] <= other[2] and other[0] <= one[2]
    return any(a[0] <= b[1] and b[0] <= a[1] for a in _spans(one) for b in _spans(other))


def _spans(box: BBox) -> list[tuple[float, float]]:
    west, east = box[0], box[2]
    return [(west, east)] if west <= east else [(west, _LON), (-_LON, east)]


def _fits(lon: float, lat: float) -> bool:
    # Up to 360 is how some count on across the antimeridian, and how climate models count.
    return abs(lon) <= _TURN and abs(lat) <= _LAT


def _is_latitude(*values: float) -> bool:
    return all(abs(value) <= _LAT for value in values)


def _wrapped(lon: float) -> float:
    return (lon + _LON) % _TURN - _LON if not -_LON <= lon <= _LON else lon
