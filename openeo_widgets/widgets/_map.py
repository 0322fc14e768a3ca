"""The map of a result: an ordinary ipyleaflet map that needs no internet."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import TYPE_CHECKING, Any

import ipyleaflet
import traitlets

from openeo_widgets.widgets._base import STATIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openeo_widgets.api._stac import BBox, Footprint

__all__ = ["Basemap", "close_map", "footprint_layer", "new_map", "show_footprint", "view_of"]

# The size that a map is at least drawn in, in CSS pixels: what must be in view fits into it.
_WIDTH, _HEIGHT = 260, 190
_TILE = 256
_CLOSEST = 17

# Web Mercator ends here (EPSG:3857), in degrees of latitude.
_MERCATOR_LAT = 85.051129

_FOOTPRINT = "footprint"
_LAND_NAME = "land"
_LAND = {"color": "#8a97a3", "weight": 0.6, "fillColor": "#c9d6c0", "fillOpacity": 0.55}
_STYLE = {"color": "#1a66c9", "weight": 2, "fillOpacity": 0.12}


class Basemap(ipyleaflet.GeoJSON):  # type: ignore[misc]
    """Land and borders (Natural Earth), drawn below everything and deaf to clicks."""

    interactive = traitlets.Bool(default_value=False).tag(sync=True, o=True)


@cache
def _world() -> dict[str, Any]:
    """Land and borders of the world, as the front end's build made them, with their look."""
    world: dict[str, Any] = json.loads((STATIC / "basemap.json").read_text(encoding="utf-8"))
    for feature in world["features"]:
        # A `style` of the layer would do the same in a copy of it all, for each map.
        feature["properties"] = {"style": _LAND}
    return world


def new_map() -> Any:
    """A map with the offline basemap and nothing else."""
    basemap = Basemap(
        data=_world(),
        name=_LAND_NAME,
        pane="basemap",
    )
    return ipyleaflet.Map(
        layers=(basemap,),
        center=(20.0, 0.0),
        zoom=1,
        panes={"basemap": {"zIndex": 150}},
        scroll_wheel_zoom=True,
        attribution_control=False,
        layout={"height": "100%", "min_height": "260px"},
    )


def close_map(chart: Any) -> None:
    """Close a map and what came with it. Layers that somebody else added are theirs."""
    ours = [layer for layer in chart.layers if layer.name in {_LAND_NAME, _FOOTPRINT}]
    looks = (chart.layout, chart.style, chart.default_style, chart.dragging_style)
    for part in (*ours, *chart.controls, *looks, chart):
        part.close()


def show_footprint(chart: Any, found: Footprint) -> None:
    """Put a footprint on a map and bring it into view; an earlier one goes.

    Args:
        chart: An ipyleaflet map.
        found: What is known of where the result lies.
    """
    outdated = [layer for layer in chart.layers if layer.name == _FOOTPRINT]
    others = tuple(layer for layer in chart.layers if layer not in outdated)
    layer = footprint_layer(found)
    chart.layers = (*others, layer) if layer is not None else others
    for gone in outdated:
        gone.close()
    if found.bbox is not None:
        chart.center, chart.zoom = view_of(found.bbox)


def footprint_layer(found: Footprint) -> Any:
    """The layer of a footprint: its geometry, or else its bbox; None if there is neither."""
    geometry: Mapping[str, Any] | None = found.geometry
    if geometry is None and found.bbox is not None:
        geometry = _box(found.bbox)
    if geometry is None:
        return None
    feature = {"type": "Feature", "properties": {}, "geometry": dict(geometry)}
    return ipyleaflet.GeoJSON(data=feature, name=_FOOTPRINT, style=_STYLE)


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


def _box(bbox: BBox) -> dict[str, Any]:
    west, south, east, north = bbox
    if west > east:
        east += 360
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
