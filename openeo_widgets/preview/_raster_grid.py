"""Where the pixels of a picture lie on the map: Web Mercator, as screens draw it. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

__all__ = ["WORLD", "Box", "Grid", "View", "mercator", "on_earth", "visible_part"]

_RADIUS = 6_378_137.0

#: Width of the world in Web Mercator, in metres.
WORLD = 2 * math.pi * _RADIUS

_MOST_LAT = 85.0511287798066
_TILE = 256

# What is drawn beyond the visible part, as a share of it: a small move shows no edge.
_MARGIN = 0.1


@dataclass(frozen=True)
class Box:
    """A box in metres of Web Mercator; across the antimeridian `right` is beyond the world's end.

    Attributes:
        left: West.
        bottom: South.
        right: East.
        top: North.
    """

    left: float
    bottom: float
    right: float
    top: float

    @property
    def lat_lon(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """South-west and north-east corner, as latitude and longitude in degrees."""
        (west, south), (east, north) = (
            on_earth(self.left, self.bottom),
            on_earth(self.right, self.top),
        )
        return (south, west), (north, east)

    def moved(self, worlds: int) -> Box:
        """The same as many worlds further east."""
        by = worlds * WORLD
        return replace(self, left=self.left + by, right=self.right + by)


@dataclass(frozen=True)
class View:
    """What a map shows.

    Attributes:
        lat: Latitude of its centre, in degrees.
        lon: Longitude of its centre, in degrees; beyond 180 where the map was moved there.
        zoom: Zoom, as Leaflet counts it.
        width: Width in screen pixels.
        height: Height in screen pixels.
        density: How many pixels of the picture are one screen pixel, across and down.
    """

    lat: float
    lon: float
    zoom: float
    width: int
    height: int
    density: int = 1


@dataclass(frozen=True)
class Grid:
    """The pixels of a picture.

    Attributes:
        box: What it covers; its own place, whichever copy of the world the map shows.
        worlds: How many worlds further east the map shows it.
        width: In pixels.
        height: In pixels.
        density: How many of them are one screen pixel, across and down.
    """

    box: Box
    worlds: int
    width: int
    height: int
    density: int = 1

    @property
    def metres(self) -> float:
        """Size of a pixel in metres of Web Mercator."""
        return (self.box.right - self.box.left) / self.width


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Metres of Web Mercator, of degrees."""
    inside = math.radians(max(-_MOST_LAT, min(_MOST_LAT, lat)))
    return _RADIUS * math.radians(lon), _RADIUS * math.asinh(math.tan(inside))


def on_earth(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude in degrees, of metres of Web Mercator."""
    return math.degrees(x / _RADIUS), math.degrees(math.atan(math.sinh(y / _RADIUS)))


def visible_part(raster: Box, view: View) -> Grid | None:
    """The part of a raster that a map shows, in the map's own pixels; None if it shows none.

    Its edges are edges of screen pixels, so that nothing is stretched when it is drawn.

    Args:
        raster: Where the raster lies.
        view: What the map shows.
    """
    metres = WORLD / (_TILE * 2**view.zoom)
    x, y = mercator(view.lon, view.lat)
    worlds = round((x - (raster.left + raster.right) / 2) / WORLD)
    x -= worlds * WORLD
    half_width = view.width * metres * (0.5 + _MARGIN)
    half_height = view.height * metres * (0.5 + _MARGIN)
    left, right = max(raster.left, x - half_width), min(raster.right, x + half_width)
    bottom, top = max(raster.bottom, y - half_height), min(raster.top, y + half_height)
    if left >= right or bottom >= top:
        return None
    # Counted from the world's middle, where edges of pixels meet at every zoom.
    first, last = math.floor(left / metres), math.ceil(right / metres)
    lowest, highest = math.floor(bottom / metres), math.ceil(top / metres)
    box = Box(first * metres, lowest * metres, last * metres, highest * metres)
    width, height = (last - first) * view.density, (highest - lowest) * view.density
    return Grid(box, worlds, width, height, view.density)
