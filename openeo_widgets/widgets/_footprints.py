"""Footprints on a map: drawn once each, however many files lie there, and found under a click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import traitlets

from openeo_widgets.widgets._basemap import Plain
from openeo_widgets.widgets._map_geometry import (
    around,
    box,
    hits,
    joined,
    rounded,
    vertices,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from openeo_widgets.api._boxes import BBox

__all__ = ["Footprints", "Placed", "Shape", "mark", "mark_layer", "shapes_of"]

_LOOK = {"color": "#1a66c9", "weight": 2, "fillOpacity": 0.12}
# Told apart by width and dashes too, not by colour alone.
_SELECTED = {"color": "#b3261e", "weight": 4, "fillOpacity": 0.2}
_LIT = {
    "color": "#111",
    "weight": 3,
    "dashArray": "6 5",
    "fillColor": "#ffd54a",
    "fillOpacity": 0.5,
}
_DOT = {"radius": 6}

# Of this many the browser looks for the one under the pointer, to show that it can be pressed. Of
# more that would be slow, and each movement a message to the kernel.
_MOST_INTERACTIVE = 200

# Of so many polygons the browser makes one shape, where it needs not tell them apart.
_JOINED = 100

# Up to so many positions so many decimals of a degree are sent: of thousands of shapes none is
# seen as large as one of a few.
_DECIMALS = ((25_000, 6), (250_000, 4))
_FEWEST_DECIMALS = 3

_NONE: dict[str, Any] = {"type": "FeatureCollection", "features": []}


@dataclass(frozen=True)
class Placed:
    """Where one file lies.

    Attributes:
        key: Its key, as the browser has it.
        geometry: A GeoJSON geometry in lon/lat degrees that can be drawn, or None.
        bbox: West, south, east, north in degrees, or None; west > east crosses the
            antimeridian.
    """

    key: str
    geometry: Mapping[str, Any] | None
    bbox: BBox | None


@dataclass(frozen=True)
class Shape:
    """One footprint, and the files that lie there.

    Attributes:
        geometry: A GeoJSON geometry in lon/lat degrees, as it is drawn.
        bbox: West, south, east, north of it in degrees, never west > east.
        keys: Of the files, in their order.
    """

    geometry: dict[str, Any]
    bbox: BBox
    keys: tuple[str, ...]


def shapes_of(placed: Iterable[Placed]) -> list[Shape]:
    """The footprints of files, those that are the same as one; the larger ones first, below.

    Args:
        placed: Where each file lies.
    """
    given: dict[int, tuple[Mapping[str, Any], list[str]]] = {}
    for one in placed:
        geometry = one.geometry or (box(one.bbox) if one.bbox else None)
        if geometry is not None:
            # Files of one Item have one geometry.
            given.setdefault(id(geometry), (geometry, []))[1].append(one.key)
    total = sum(vertices(geometry) for geometry, _ in given.values())
    decimals = next((few for most, few in _DECIMALS if total <= most), _FEWEST_DECIMALS)
    # What is the same on the screen is one shape.
    found: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for geometry, keys in given.values():
        drawn = rounded(geometry, decimals)
        found.setdefault(str(drawn), (drawn, []))[1].extend(keys)
    shapes = [Shape(drawn, around(drawn), tuple(keys)) for drawn, keys in found.values()]
    return sorted(shapes, key=_size, reverse=True)


def _size(shape: Shape) -> float:
    west, south, east, north = shape.bbox
    return (east - west) * (north - south)


class Footprints(Plain):
    """The footprints of a result.

    Args:
        shapes: What to draw, from below.
    """

    interactive = traitlets.Bool(default_value=False).tag(sync=True, o=True)

    def __init__(self, shapes: list[Shape]) -> None:
        self._shapes = shapes
        few = len(shapes) <= _MOST_INTERACTIVE
        super().__init__(
            data=_collection([shape.geometry for shape in shapes] if few else _joined(shapes)),
            name="Footprints",
            style=_LOOK if few else _LOOK | {"fillRule": "nonzero"},
            point_style=_DOT | _LOOK,
            hover_style={"fillOpacity": 0.3} if few else {},
            interactive=few,
        )

    def of(self, key: str) -> Shape | None:
        """Where a file lies, or None if it is not told."""
        return next((shape for shape in self._shapes if key in shape.keys), None)

    def at(self, lon: float, lat: float, reach: float) -> list[str]:
        """Keys of the files that lie at a point, those of the topmost footprint first.

        Args:
            lon: Degrees, of any turn around the world.
            lat: Degrees.
            reach: How near is near enough, in degrees: lines and points have no inside.
        """
        found: list[str] = []
        for shape in reversed(self._shapes):
            west, south, east, north = shape.bbox
            if not south - reach <= lat <= north + reach:
                continue
            for turn in (lon, *(lon + 360 * times for times in (-2, -1, 1, 2))):
                inside = west - reach <= turn <= east + reach
                if inside and hits(shape.geometry, turn, lat, reach):
                    found += filter(None, shape.keys)
                    break
        return found


def mark_layer(*, selected: bool) -> Any:
    """A layer for one footprint: the selected one, or that of the file that is pointed at."""
    look = _SELECTED if selected else _LIT
    name = "Selected footprint" if selected else "Footprint in the list"
    return Plain(data=_NONE, name=name, style=look, point_style=_DOT | look)


def mark(layer: Any, shape: Shape | None) -> None:
    """Draw a footprint in a layer for one; nothing for None."""
    layer.data = _NONE if shape is None else _collection([shape.geometry])


def _collection(geometries: Iterable[dict[str, Any]]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {}, "geometry": geometry} for geometry in geometries
    ]
    return {"type": "FeatureCollection", "features": features}


def _joined(shapes: list[Shape]) -> list[dict[str, Any]]:
    """Geometries for the browser, which is slow to make thousands of shapes, but not of parts."""
    polygons: list[Any] = []
    others: list[dict[str, Any]] = []
    # Neighbours together: where the map is drawn anew, only what is there has to be.
    for shape in sorted(shapes, key=lambda shape: (shape.bbox[1], shape.bbox[0])):
        if shape.geometry["type"] == "Polygon":
            polygons.append(shape.geometry["coordinates"])
        elif shape.geometry["type"] == "MultiPolygon":
            polygons += shape.geometry["coordinates"]
        else:
            others.append(shape.geometry)
    return [*(joined(some) for some in _batches(polygons)), *others]


def _batches(parts: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(parts), _JOINED):
        yield parts[start : start + _JOINED]
