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
from openeo_widgets.widgets._raster_told import (
    cost_question,
    pixel_told,
    raster_under_way,
    series_question,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openeo_widgets.preview import Style
    from openeo_widgets.widgets._base import LiveWidget
    from openeo_widgets.widgets._raster_dates import Dated
    from openeo_widgets.widgets._raster_frames import RasterSource

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
        find: Finds an asset by the browser's key: the files that differ from it by their date
            only, and its place in them.
    """

    def __init__(self, widget: Any, find: Callable[[str], tuple[Sequence[Dated], int]]) -> None:
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
        files, place = self._find(key)
        key, shown = files[place].key, self._shown
        if whole and shown is not None and shown.key == key:
            shown.most = None
            self._tell(shown, busy=True, question="", state="loading")
        elif shown is not None and (frame := shown.frame_of(key)) is not None:
            self._widget.publish(selected=key)
            self.frame(frame)
        else:
            new = ShownRaster(files, place, None if whole else BUDGET_BYTES)
            self._replace(new)
            told = {**raster_under_way(key, new.name), **new.frames_told()}
            self._widget.publish(raster=told, selected=key)
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

    def frame(self, frame: int) -> None:
        """Show another date of it. Colours, opacity and map stay.

        Args:
            frame: Its place in `frames`, from 0.

        Raises:
            ValueError: There is no such date.
        """
        shown = self._shown
        if shown is None:
            return
        shown.choose(frame)
        self._tell(shown, busy=True, **shown.frames_told())
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

    def series(self, key: str, lon: float, lat: float, *, whole: bool = False) -> dict[str, Any]:
        """The values of a pixel over time; see ``RasterSeries`` in js/src/protocol-raster.ts.

        Args:
            key: The raster that is meant.
            lon: Longitude in degrees.
            lat: Latitude in degrees.
            whole: Whether to read as much as it takes.

        Raises:
            RasterError: It cannot be read.
            DownloadError: It cannot be fetched.
        """
        shown = self._shown
        if shown is None or shown.key != key:
            return {"chart": None, "question": ""}
        most = None if whole else shown.most
        try:
            found = shown.series_at(float(lon), float(lat), most=most)
        except CostsMore as more:
            return {"chart": None, "question": series_question(more.cost)}
        return {"chart": None if found is None else found.shown(), "question": ""}

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
            about = None if shown.file is None else shown.about
            changes = {"state": "ask", "question": cost_question(about, more.cost)}
            changes["note"] = shown.still_seen
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            changes = {"state": "error", "error": error_info(error), "note": shown.still_seen}
        self._tell(shown, **{"busy": self._wanted, **changes})

    def _drawn(self, shown: ShownRaster) -> dict[str, Any]:
        """Draw what the map shows of it. Returns what is told of that."""
        frame = shown.open()
        if frame != shown.frame:  # another one is wanted meanwhile: that is drawn next
            return {}
        place, style = shown.about.place.box, cast("Style", shown.style)
        grid = visible_part(place, self._map.view)
        if not shown.was_read and (grid is None or max(grid.width, grid.height) < _SMALL):
            self._map.look_at(place)
            grid = visible_part(place, self._map.view)
        ready = {"state": "ready", "error": None}
        if grid is None:
            return {**ready, "note": "The map shows none of it."}
        made, told = shown.draw(grid, style)
        if made is not None and frame == shown.frame and not self._wanted_otherwise(shown, style):
            with self._widget.kept_open() as is_open:
                if is_open and shown is self._shown:
                    self._map.put(made.url, grid)
            self._seen(shown, frame)
        return {**ready, **told}

    def _seen(self, shown: ShownRaster, frame: int) -> None:
        """Tell the values of the pixel that is looked at, where a picture is of another date."""
        before, shown.seen = shown.seen, frame
        pixel = (getattr(self._widget, "raster", None) or {}).get("pixel")
        if pixel is not None and before not in {None, frame}:
            self.pixel(pixel["lon"], pixel["lat"])

    def _wanted_otherwise(self, shown: ShownRaster, style: Style) -> bool:
        """Whether a later picture is wanted: this one would only be in its way."""
        return self._wanted and shown.style != style

    def _read_pixel(self, shown: ShownRaster, lon: float, lat: float) -> None:
        file = cast("RasterSource", shown.file)
        # As many turns around the world as the map was moved are of no interest.
        lon = (lon + 180) % 360 - 180
        try:
            values = file.values_at(lon, lat)
            told = pixel_told(file.about, lon, lat, values, series=shown.has_series)
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            note = error_info(error)["message"]
            told = {"lon": lon, "lat": lat, "values": [], "note": note, "series": False}
        self._tell(shown, pixel=told)

    def _tell(self, shown: ShownRaster, **changes: Any) -> None:
        """Tell the browser, unless another raster is shown meanwhile."""
        widget: Any = self._widget
        with self._widget.in_order():
            if shown is self._shown and widget.raster is not None:
                self._widget.publish(raster={**widget.raster, **changes})
