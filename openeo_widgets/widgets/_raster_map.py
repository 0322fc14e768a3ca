"""The side of a raster layer that knows ipyleaflet: pictures on a map, and what the map shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ipyleaflet
import traitlets

from openeo_widgets.preview import View
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._map_geometry import view_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from openeo_widgets.preview import Box, Grid

__all__ = ["MapOfRaster"]

_NAME = "raster"

# What tells of a move; the first two come before a map is displayed.
_MOVES = ("center", "zoom", "west", "north", "left", "right", "top", "bottom")

# As large as a map is taken to be before it is displayed, in screen pixels.
_WIDTH, _HEIGHT = 500, 400
_LARGEST = 4096

# A new picture is decoded within that time; until then the old one stays below it.
_OVERLAP_S = 0.4


class _Overlay(ipyleaflet.ImageOverlay):  # type: ignore[misc]
    """A picture above the shapes of its pane, whose fills would change its colours."""

    # Leaflet draws shapes at 200.
    z_index = traitlets.Int(250).tag(sync=True, o=True)


class MapOfRaster:
    """A map with at most one raster on it.

    Args:
        chart: Returns the map, an ipyleaflet one.
        moved: Called when it shows something else. Has to return at once.
        clicked: Called with longitude and latitude of a click. Has to return at once.
        kept_open: The widget's: while it lasts nobody else changes the map or closes it.
    """

    def __init__(
        self,
        chart: Callable[[], Any],
        moved: Callable[[], None],
        clicked: Callable[[float, float], None],
        kept_open: Callable[[], AbstractContextManager[bool]],
    ) -> None:
        self._chart = chart
        self._tell_moved = moved
        self._tell_clicked = clicked
        self._kept_open = kept_open
        self._listening: Any = None
        self._layer: Any = None
        # Layers that go when the one after them is seen.
        self._going: list[Any] = []
        self._bounds: Any = None
        self._opacity = 1.0

    @property
    def opacity(self) -> float:
        """Opacity of the raster, 0 to 1."""
        return self._opacity

    @opacity.setter
    def opacity(self, share: float) -> None:
        self._opacity = share
        if self._layer is not None:
            self._layer.opacity = share

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude of the map's middle, in degrees."""
        lat, lon = self._chart().center
        return float(lat), float(lon)

    @property
    def view(self) -> View:
        """What the map shows; of one that is not displayed what it would show if it were small."""
        chart = self._chart()
        (left, top), (right, bottom) = chart.pixel_bounds or ((0, 0), (0, 0))
        width, height = round(right - left), round(bottom - top)
        if width <= 0 or height <= 0:
            width, height = _WIDTH, _HEIGHT
        lat, lon = self.centre
        size = min(width, _LARGEST), min(height, _LARGEST)
        return View(lat, lon, float(chart.zoom), *size)

    def listen(self) -> None:
        """Hear of moves and clicks from now on."""
        chart = self._chart()
        if chart is None or chart is self._listening:
            return
        self._stop_listening()
        self._listening = chart
        chart.observe(self._on_move, list(_MOVES))
        chart.on_interaction(self._on_interaction)

    def look_at(self, place: Box) -> None:
        """Bring a place into view."""
        (south, west), (north, east) = place.lat_lon
        chart = self._chart()
        chart.center, chart.zoom = view_of((west, south, east, north))

    def put(self, url: str, grid: Grid) -> None:
        """Show a picture in place of the one before, which goes when this one is seen.

        Another layer each time: ipyleaflet sets a layer's picture and its place one after the
        other, so that for a moment the old picture were at the new place.
        """
        chart, before = self._chart(), self._layer
        bounds = grid.box.moved(grid.worlds).lat_lon
        if before is not None and (before.url, self._bounds) == (url, bounds):
            return
        self._bounds = bounds
        self._layer = _Overlay(url=url, bounds=bounds, name=_NAME, opacity=self._opacity)
        chart.layers = (*chart.layers, self._layer)
        if before is not None:
            self._going.append(before)
            watcher().later(_OVERLAP_S, partial(self._let_go, chart, before))

    def leave(self) -> None:
        """Take the raster off the map, and hear of nothing more."""
        self._stop_listening()
        with self._kept_open():
            layers = [*self._going, *([self._layer] if self._layer is not None else [])]
            self._going, self._layer = [], None
            for layer in layers:
                _take_off(self._chart(), layer)

    def _let_go(self, chart: Any, layer: Any) -> None:
        """Take off a layer that another one has covered, unless that was done. In a worker."""
        with self._kept_open() as is_open:
            if is_open and layer in self._going:
                self._going.remove(layer)
                _take_off(chart, layer)

    def _stop_listening(self) -> None:
        chart, self._listening = self._listening, None
        if chart is not None:
            chart.unobserve(self._on_move, list(_MOVES))
            chart.on_interaction(self._on_interaction, remove=True)

    def _on_move(self, _change: Any) -> None:
        self._tell_moved()

    def _on_interaction(self, **content: Any) -> None:
        where = content.get("coordinates")
        if content.get("type") == "click" and isinstance(where, list | tuple):
            lat, lon = where
            self._tell_clicked(float(lon), float(lat))


def _take_off(chart: Any, layer: Any) -> None:
    chart.layers = tuple(other for other in chart.layers if other is not layer)
    layer.close()
