"""The side of a raster layer that knows ipyleaflet: pictures on a map, and what the map shows."""

from __future__ import annotations

import itertools
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
    from openeo_widgets.widgets._map_layers import MapLayers

__all__ = ["MapOfRaster", "RasterPictures"]

# Not the file's: a control of layers shows names as HTML.
_NAME = "raster"

# What tells of a move; the first two come before a map is displayed.
_MOVES = ("center", "zoom", "west", "north", "left", "right", "top", "bottom")

# As large as a map is taken to be before it is displayed, in screen pixels.
_WIDTH, _HEIGHT = 500, 400
_LARGEST = 4096
_MOST_DENSE = 2

# A new picture is decoded within that time; until then the old one stays below it.
_OVERLAP_S = 0.4

_numbers = itertools.count()


class _Overlay(ipyleaflet.ImageOverlay):  # type: ignore[misc]
    """A picture above the shapes of its pane, whose fills would change its colours."""

    # Leaflet draws shapes at 200.
    z_index = traitlets.Int(250).tag(sync=True, o=True)
    # By this the browser finds it in the page.
    class_name = traitlets.Unicode("").tag(sync=True, o=True)


class RasterPictures:
    """The pictures of one raster, each in the place of the one before: one layer of the map.

    Args:
        layers: Returns the layers of the map.
        key: Key of this one.
        kept_open: The widget's: while it lasts nobody else changes the map or closes it.

    Attributes:
        key: The same.
        mark: Class of their elements in the page, which no other raster's have.
    """

    def __init__(
        self,
        layers: Callable[[], MapLayers],
        key: str,
        kept_open: Callable[[], AbstractContextManager[bool]],
    ) -> None:
        self.key = key
        self.mark = f"oew-raster-picture-{next(_numbers)}"
        self._layers = layers
        self._kept_open = kept_open
        self._name = ""
        self._again: Callable[[], None] | None = None
        self._shown: Any = None
        # Layers that go when the one after them is seen.
        self._going: list[Any] = []

    @property
    def are_hidden(self) -> bool:
        """Whether the person has hidden them."""
        return self._layers().is_hidden(self.key)

    def put(self, url: str, grid: Grid, name: str, again: Callable[[], None]) -> None:
        """Show a picture in place of the one before, which goes when this one is seen.

        Another layer each time: ipyleaflet sets a layer's picture and its place one after the
        other, so that for a moment the old picture were at the new place.

        Args:
            url: The picture.
            grid: Where it lies.
            name: What the layer is called.
            again: Called when they are shown again after they were hidden.
        """
        before = self._shown
        bounds = [list(corner) for corner in grid.box.moved(grid.worlds).lat_lon]
        if before is not None and (before.url, before.bounds) == (url, bounds):
            return
        self._name, self._again = name, again
        self._shown = _Overlay(url=url, bounds=bounds, name=_NAME, class_name=self.mark)
        if before is not None:
            self._going.append(before)
            watcher().later(_OVERLAP_S, partial(self._let_go, before))
        self._show()

    def leave(self) -> None:
        """Take them off the map."""
        with self._kept_open():
            self._going, self._shown = [], None
            self._layers().remove(self.key)

    def _let_go(self, layer: Any) -> None:
        """Take off a picture that another one has covered, unless that was done. In a worker."""
        with self._kept_open() as is_open:
            if is_open and layer in self._going:
                self._going.remove(layer)
                self._show()

    def _show(self) -> None:
        layers = (*self._going, self._shown)
        self._layers().add(self._name, *layers, key=self.key, again=self._again)


class MapOfRaster:
    """A map with rasters on it: what it shows, and what is done on it.

    Args:
        chart: Returns the map, an ipyleaflet one.
        moved: Called when it shows something else. Has to return at once.
        clicked: Called with longitude and latitude of a click. Has to return at once.
    """

    def __init__(
        self,
        chart: Callable[[], Any],
        moved: Callable[[], None],
        clicked: Callable[[float, float], None],
    ) -> None:
        self._chart = chart
        self._tell_moved = moved
        self._tell_clicked = clicked
        self._listening: Any = None
        self._density = 1

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
        return View(lat, lon, float(chart.zoom), *size, self._density)

    def screen(self, density: float) -> None:
        """Take in what kind of screen the map is on.

        Args:
            density: How many pixels of the screen are one of CSS. More than two are not seen.
        """
        self._density = max(1, min(_MOST_DENSE, round(density)))

    def listen(self) -> None:
        """Hear of moves and clicks from now on."""
        chart = self._chart()
        if chart is None or chart is self._listening:
            return
        self.stop_listening()
        self._listening = chart
        chart.observe(self._on_move, list(_MOVES))
        chart.on_interaction(self._on_interaction)

    def look_at(self, place: Box) -> None:
        """Bring a place into view."""
        (south, west), (north, east) = place.lat_lon
        chart = self._chart()
        chart.center, chart.zoom = view_of((west, south, east, north))

    def stop_listening(self) -> None:
        """Hear of nothing more."""
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
