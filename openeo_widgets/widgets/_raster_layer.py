"""A raster on the map of a `ResultsWidget`: drawn by the kernel, anew whenever the map moves.

The map's own notices only say that something is wanted; reading and drawing is done by a worker,
one picture after the other, and always the one that is wanted last.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from openeo_widgets.preview import BUDGET_BYTES, CostsMore, visible_part
from openeo_widgets.transfer import Workers
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import error_info
from openeo_widgets.widgets._raster_map import MapOfRaster
from openeo_widgets.widgets._raster_shown import ShownRaster
from openeo_widgets.widgets._raster_told import cost_question, pixel_told, raster_under_way

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import ResultAsset
    from openeo_widgets.preview import RasterFile, Style
    from openeo_widgets.widgets._base import LiveWidget

__all__ = ["RasterLayer"]

# One picture of each widget at a time, and values of pixels beside them.
_workers = Workers("openeo-widgets-raster", 4)

# The map moves in many steps: it is drawn anew when it has come to rest.
_REST_S = 0.2

# A raster that would be as small, in screen pixels, is brought into view first.
_SMALL = 64


class RasterLayer:
    """The part of a `ResultsWidget` that shows one raster at a time on its map.

    Args:
        widget: The widget; has the trait `raster`, and `map`.
        find: Finds an asset by the browser's key, and says that key.
    """

    def __init__(self, widget: Any, find: Callable[[str], tuple[ResultAsset, str]]) -> None:
        self._widget: LiveWidget = widget
        self._find = find
        self._lock = threading.Lock()
        self._shown: ShownRaster | None = None
        self._wanted = self._drawing = False
        self._call_off: Callable[[], None] | None = None
        self._map = MapOfRaster(lambda: widget.map, self._moved, self.pixel, widget.kept_open)

    # What the person does. All of it returns at once.

    def show(self, key: str, *, whole: bool = False) -> None:
        """Show a raster on the map, in place of another.

        Args:
            key: Its key.
            whole: Whether to read as much as it takes.

        Raises:
            NoSuchAssetError: There is no asset of that key.
        """
        asset, key = self._find(key)
        shown = self._shown
        if whole and shown is not None and shown.key == key:
            shown.most = None
            self._tell(shown, busy=True, question="", state="loading")
        else:
            self._replace(ShownRaster(key, asset, None if whole else BUDGET_BYTES))
            self._widget.publish(raster=raster_under_way(key, asset.filename), selected=key)
            self._map.listen()
        self._draw_soon()

    def style(
        self,
        *,
        mode: str | None = None,
        chosen: list[int] | None = None,
        stretch: str | None = None,
        ends: list[list[float]] | None = None,
        colormap: str | None = None,
        opacity: float | None = None,
    ) -> None:
        """Colour it otherwise. What is None stays.

        Args:
            mode: "single", "rgb" or "palette".
            chosen: The bands, from 1: one, or red, green and blue.
            stretch: What the colours are spread over; see `Style`.
            ends: Low and high of each band, which makes the stretch "own".
            colormap: One of `COLOR_MAPS`.
            opacity: 0 to 1.

        Raises:
            ValueError: There is no such style of this raster.
        """
        shown = self._shown
        if shown is None or shown.file is None or shown.style is None:
            return
        if opacity is not None:
            self._map.opacity = min(1.0, max(0.0, float(opacity)))
            self._tell(shown, opacity=self._map.opacity)
        wanted = {"mode": mode, "chosen": chosen, "stretch": stretch, "ends": ends}
        if shown.restyle({**wanted, "colormap": colormap}):
            self._tell(shown, busy=True)
            self._draw_soon()

    def pixel(self, lon: float | None = None, lat: float | None = None) -> None:
        """Show the values of a pixel.

        Args:
            lon: Longitude in degrees; None for the middle of the map.
            lat: Latitude in degrees.
        """
        shown = self._shown
        if shown is None or shown.file is None:
            return
        if lon is None or lat is None:
            lat, lon = self._map.centre
        _workers.submit(partial(self._read_pixel, shown, float(lon), float(lat)))

    def hide(self) -> None:
        """Take the raster off the map."""
        self._replace(None)
        self._map.leave()
        self._widget.publish(raster=None)

    close = hide

    # In workers

    def _moved(self) -> None:
        """Draw anew when the map has come to rest."""
        with self._lock:
            if self._shown is None:
                return
            if self._call_off is not None:
                self._call_off()
            self._call_off = watcher().later(_REST_S, self._draw_soon)

    def _replace(self, shown: ShownRaster | None) -> None:
        with self._lock:
            before, self._shown = self._shown, shown
            call_off, self._call_off = self._call_off, None
        if call_off is not None:
            call_off()
        if before is not None:
            # Whoever reads from it now is waited for.
            _workers.submit(before.close)

    def _draw_soon(self) -> None:
        """Draw, unless a worker is at it: then that one draws once more."""
        with self._lock:
            self._wanted = True
            if self._drawing:
                return
            self._drawing = True
        _workers.submit(self._draw_all)

    def _draw_all(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._drawing = False
                    return
                self._wanted = False
                shown = self._shown
            if shown is not None:
                self._draw(shown)

    def _draw(self, shown: ShownRaster) -> None:
        try:
            changes = self._drawn(shown)
        except CostsMore as more:
            changes = {"state": "ask", "question": cost_question(shown.about, more.cost)}
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            changes = {"state": "error", "error": error_info(error)}
        self._tell(shown, **{"busy": self._wanted, **changes})

    def _drawn(self, shown: ShownRaster) -> dict[str, Any]:
        """Draw what the map shows of it. Returns what is told of that."""
        shown.open()
        place, style = shown.about.place.box, cast("Style", shown.style)
        grid = visible_part(place, self._map.view)
        if not shown.was_read and (grid is None or max(grid.width, grid.height) < _SMALL):
            self._map.look_at(place)
            grid = visible_part(place, self._map.view)
        ready = {"state": "ready", "error": None}
        if grid is None:
            return {**ready, "note": "The map shows none of it."}
        made, told = shown.draw(grid, style)
        if made is not None and not self._wanted_otherwise(shown, style):
            with self._widget.kept_open() as is_open:
                if is_open and shown is self._shown:
                    self._map.put(made.url, grid)
        return {**ready, **told}

    def _wanted_otherwise(self, shown: ShownRaster, style: Style) -> bool:
        """Whether a later picture is wanted: this one would only be in its way."""
        return self._wanted and shown.style != style

    def _read_pixel(self, shown: ShownRaster, lon: float, lat: float) -> None:
        file = cast("RasterFile", shown.file)
        # As many turns around the world as the map was moved are of no interest.
        lon = (lon + 180) % 360 - 180
        try:
            told = pixel_told(file.about, lon, lat, file.values_at(lon, lat))
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            note = error_info(error)["message"]
            told = {"lon": lon, "lat": lat, "values": [], "note": note}
        self._tell(shown, pixel=told)

    def _tell(self, shown: ShownRaster, **changes: Any) -> None:
        """Tell the browser, unless another raster is shown meanwhile."""
        widget: Any = self._widget
        with self._widget.in_order():
            if shown is self._shown and widget.raster is not None:
                self._widget.publish(raster={**widget.raster, **changes})
