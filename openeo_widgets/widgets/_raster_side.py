"""One of the rasters that a map shows: drawn by a worker, anew whenever the map has moved.

One picture is made after the other, and always the one that is wanted last.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from openeo_widgets.preview import BUDGET_BYTES, CostsMore, visible_part
from openeo_widgets.transfer import Workers
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import error_info
from openeo_widgets.widgets._raster_shown import ShownRaster
from openeo_widgets.widgets._raster_told import (
    cost_question,
    pixel_told,
    raster_under_way,
    series_question,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openeo_widgets.preview import Grid, Style
    from openeo_widgets.widgets._base import LiveWidget
    from openeo_widgets.widgets._raster_dates import Dated
    from openeo_widgets.widgets._raster_frames import RasterSource
    from openeo_widgets.widgets._raster_map import MapOfRaster, RasterPictures

__all__ = ["RasterSide"]

# One picture of each raster at a time, and values of pixels beside them.
_workers = Workers("openeo-widgets-raster", 4)

# The map moves in many steps: it is drawn anew when it has come to rest.
_REST_S = 0.2

# A raster that would be as small, in screen pixels, is brought into view first.
_SMALL = 64


class RasterSide:
    """One raster at a time on a map, with what the browser is told of it.

    Args:
        widget: The widget; the trait that is named like the layer of the pictures tells of it.
        chart: The map.
        pictures: Its pictures on the map.
        leads: Whether the map is moved to where the raster lies, if it does not show that.
    """

    def __init__(
        self, widget: LiveWidget, chart: MapOfRaster, pictures: RasterPictures, *, leads: bool
    ) -> None:
        self._widget = widget
        self._trait = pictures.key
        self._map = chart
        self._pictures = pictures
        self._leads = leads
        self._lock = threading.Lock()
        self._shown: ShownRaster | None = None
        self._wanted = self._drawing = False
        self._call_off: Callable[[], None] | None = None

    # What the person does. All of it returns at once. Who shows and hides keeps the widget open
    # meanwhile: what is told is of the raster that was wanted last, whichever thread wanted it.

    @property
    def key(self) -> str:
        """What the browser calls the asset that is shown; "" for none."""
        return "" if self._shown is None else self._shown.key

    def show(self, files: Sequence[Dated], place: int, *, whole: bool) -> None:
        """Show a raster, in place of another.

        Args:
            files: Its file, or those of all its dates, in their order.
            place: Which of them, from 0.
            whole: Whether to read as much as it takes.
        """
        key, shown = files[place].key, self._shown
        if whole and shown is not None and shown.key == key:
            shown.most = None
            self._tell(shown, busy=True, question="", state="loading")
        elif shown is not None and (frame := shown.frame_of(key)) is not None:
            self.frame(frame)
        else:
            new = ShownRaster(files, place, None if whole else BUDGET_BYTES)
            self._replace(new)
            self._pictures.leave()
            told = raster_under_way(key, new.name, self._pictures.mark)
            self._widget.publish(**{self._trait: {**told, **new.frames_told()}})
        self.draw_soon()

    def frame(self, frame: int) -> None:
        """Show another date of it. The picture stays until that is drawn.

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
        self.draw_soon()

    def series(self, lon: float, lat: float, *, whole: bool) -> dict[str, Any]:
        """The values of a pixel over time; see ``RasterSeries`` in js/src/protocol-raster.ts.

        Args:
            lon: Longitude in degrees.
            lat: Latitude in degrees.
            whole: Whether to read as much as it takes.

        Raises:
            RasterError: It cannot be read.
            DownloadError: It cannot be fetched.
        """
        shown = self._shown
        if shown is None:
            return {"chart": None, "question": ""}
        try:
            found = shown.series_at(lon, lat, most=None if whole else shown.most)
        except CostsMore as more:
            return {"chart": None, "question": series_question(more.cost)}
        return {"chart": None if found is None else found.shown(), "question": ""}

    def restyle(self, wanted: dict[str, Any]) -> None:
        """Colour it otherwise.

        Args:
            wanted: What is changed, as `styled` takes it.

        Raises:
            ValueError: There is no such style of this raster.
        """
        shown = self._shown
        if shown is None or shown.file is None:
            return
        if shown.restyle(wanted):
            self._tell(shown, busy=True)
            self.draw_soon()

    def pixel(self, lon: float, lat: float) -> None:
        """Tell the values of a pixel.

        Args:
            lon: Longitude in degrees.
            lat: Latitude in degrees.
        """
        shown = self._shown
        if shown is not None and shown.file is not None:
            _workers.submit(partial(self._read_pixel, shown, lon, lat))

    def hide(self) -> None:
        """Take it off the map."""
        self._replace(None)
        self._pictures.leave()
        self._widget.publish(**{self._trait: None})

    def moved(self) -> None:
        """Draw anew when the map has come to rest."""
        with self._lock:
            if self._shown is None:
                return
            if self._call_off is not None:
                self._call_off()
            self._call_off = watcher().later(_REST_S, self.draw_soon)

    def draw_soon(self) -> None:
        """Draw, unless a worker is at it: then that one draws once more."""
        with self._lock:
            self._wanted = True
            if self._drawing:
                return
            self._drawing = True
        _workers.submit(self._draw_all)

    def _replace(self, shown: ShownRaster | None) -> None:
        with self._lock:
            before, self._shown = self._shown, shown
            call_off, self._call_off = self._call_off, None
        if call_off is not None:
            call_off()
        if before is not None:
            # Whoever reads from it now is waited for.
            _workers.submit(before.close)

    # In workers

    def _draw_all(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._drawing = False
                    return
                self._wanted = False
                shown = self._shown
            if shown is None:
                continue
            if self._pictures.are_hidden:  # it is drawn when it is shown again
                self._tell(shown, busy=False)
            else:
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
        view = self._map.view
        grid = visible_part(place, view)
        is_small = grid is None or max(grid.width, grid.height) < _SMALL * view.density
        if self._leads and is_small and not shown.was_read:
            self._map.look_at(place)
            view = self._map.view
            grid = visible_part(place, view)
        ready = {"state": "ready", "error": None}
        if grid is None:
            return {**ready, "note": "The map shows none of it."}
        try:
            made, told = shown.draw(grid, style)
        except CostsMore:
            if grid.density == 1:
                raise
            # Before anybody is asked, it is drawn as on other screens.
            grid = cast("Grid", visible_part(place, replace(view, density=1)))
            made, told = shown.draw(grid, style)
        if made is not None and frame == shown.frame and not self._wanted_otherwise(shown, style):
            with self._widget.kept_open() as is_open:
                if is_open and shown is self._shown:
                    self._pictures.put(made.url, grid, shown.name, self.draw_soon)
            self._seen(shown, frame)
        return {**ready, **told}

    def _seen(self, shown: ShownRaster, frame: int) -> None:
        """Tell the values of the pixel that is looked at, where a picture is of another date."""
        before, shown.seen = shown.seen, frame
        pixel = (getattr(self._widget, self._trait, None) or {}).get("pixel")
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
        with self._widget.in_order():
            before = getattr(self._widget, self._trait)
            if shown is self._shown and before is not None:
                self._widget.publish(**{self._trait: {**before, **changes}})
