"""What lies below everything on a map: land and borders without a network, or tiles by choice."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

import ipyleaflet
import traitlets
from ipyleaflet.leaflet import basemap_to_tiles

from openeo_widgets.widgets._base import STATIC

__all__ = ["PANES", "SHAPES_PANE", "Land", "Plain", "tiles_of"]

# Land is below the tiles, of which not all may come; shapes of a file above rasters (400).
_PANE, SHAPES_PANE = "basemap", "shapes"
PANES = {_PANE: {"zIndex": 150}, SHAPES_PANE: {"zIndex": 420}}
_LOOK = {"color": "#8a97a3", "weight": 0.6, "fillColor": "#c9d6c0", "fillOpacity": 0.55}

# As in the official client.
_URL, _ATTRIBUTION = "OPENEO_BASEMAP_URL", "OPENEO_BASEMAP_ATTRIBUTION"


class Plain(ipyleaflet.GeoJSON):  # type: ignore[misc]
    """Shapes that all look alike, and pass clicks on to the map if they are not interactive."""

    interactive = traitlets.Bool(default_value=False).tag(sync=True, o=True)

    def _get_data(self) -> Any:
        """Leave the data as they are.

        ipyleaflet would copy them, for each change of the style, and write the style into each
        feature: the browser takes that of the layer.
        """
        return self.data


class Land(Plain):
    """Land and borders (Natural Earth), drawn below everything and deaf to clicks."""

    # An option of each of its shapes: ipyleaflet gives the pane to their group only, too late.
    pane = traitlets.Unicode(_PANE).tag(sync=True, o=True)

    def __init__(self) -> None:
        super().__init__(data=_world(), name="Land and borders", style=_LOOK)


@cache
def _world() -> dict[str, Any]:
    """Land and borders of the world, as the front end's build made them."""
    world: dict[str, Any] = json.loads((STATIC / "basemap.json").read_text(encoding="utf-8"))
    return world


def tiles_of(choice: Any = None) -> Any:
    """The layer of tiles that somebody chose, or None for none: then nothing asks the network.

    Args:
        choice: "offline", "osm", the address of tiles with {z}, {x} and {y} in it, or an
            ``ipyleaflet.TileLayer``. By default the address in ``OPENEO_BASEMAP_URL``, with
            ``OPENEO_BASEMAP_ATTRIBUTION``; "offline" where that is not set.

    Raises:
        ValueError: It is something else.
    """
    if choice is None:
        url = os.environ.get(_URL, "")
        return _tiles(url) if url else None
    if isinstance(choice, ipyleaflet.TileLayer):
        return choice
    if choice == "offline":
        return None
    if choice == "osm":
        return basemap_to_tiles(ipyleaflet.basemaps.OpenStreetMap.Mapnik)
    if isinstance(choice, str) and "{z}" in choice:
        return _tiles(choice)
    raise ValueError(
        f"There is no basemap {choice!r}: it is 'offline', 'osm', an ipyleaflet.TileLayer, or "
        "the address of tiles with {z}, {x} and {y} in it."
    )


def _tiles(url: str) -> Any:
    return ipyleaflet.TileLayer(url=url, attribution=os.environ.get(_ATTRIBUTION, ""))
