"""The rasters on the map of a `ResultsWidget`: one, or two with a divider between them.

The map's own notices only say that something is wanted; reading and drawing is done by workers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import RasterError
from openeo_widgets.widgets._raster_map import MapOfRaster, RasterPictures
from openeo_widgets.widgets._raster_side import RasterSide

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openeo_widgets.widgets._map_layers import MapLayers
    from openeo_widgets.widgets._raster_dates import Dated

__all__ = ["RasterLayer"]


class RasterLayer:
    """The part of a `ResultsWidget` that shows rasters on its map.

    Args:
        widget: The widget; has `map`, and the traits `raster` and `compared`.
        find: Finds an asset by its key: the files that differ from it by their date only, and its
            place in them.
        layers: Returns the layers of the map.
    """

    def __init__(
        self,
        widget: Any,
        find: Callable[[str], tuple[Sequence[Dated], int]],
        layers: Callable[[], MapLayers],
    ) -> None:
        self._widget = widget
        self._find = find
        self._map = MapOfRaster(lambda: widget.map, self.redraw, self.pixel)

        def side(name: str, *, leads: bool) -> RasterSide:
            pictures = RasterPictures(layers, name, widget.kept_open)
            return RasterSide(widget, self._map, pictures, leads=leads)

        self._raster = side("raster", leads=True)
        # The map stays where the first one is looked at.
        self._compared = side("compared", leads=False)
        self._sides = (self._raster, self._compared)

    def show(self, key: str, *, whole: bool = False) -> None:
        """Show a raster on the map, in place of another.

        Args:
            key: Its key.
            whole: Whether to read as much as it takes.

        Raises:
            NoSuchAssetError: There is no asset of that key.
            RasterError: There is no map.
        """
        files, place = self._find(key)
        if self._widget.map is None:
            raise RasterError("There is no map to show a raster on.", hint="Pass map=True.")
        with self._widget.kept_open() as is_open:
            if not is_open:  # nobody would ever take it off again
                return
            self._raster.show(files, place, whole=whole)
            self._widget.publish(selected=files[place].key)
            self._map.listen()

    def compare(self, key: str, *, whole: bool = False) -> None:
        """Show a second raster beside the one that is shown, which may be the same one.

        Args:
            key: Its key.
            whole: Whether to read as much as it takes.

        Raises:
            NoSuchAssetError: There is no asset of that key.
            RasterError: There is no raster to compare it with.
        """
        files, place = self._find(key)
        with self._widget.kept_open() as is_open:
            if not is_open:
                return
            if self._widget.raster is None:
                raise RasterError("No raster is on the map to compare another with.")
            self._compared.show(files, place, whole=whole)

    def show_beside(self, key: str, other: str | None) -> None:
        """Show a raster, and another one beside it, or none.

        Args:
            key: Its key.
            other: Key of the other one; None for none.

        Raises:
            NoSuchAssetError: There is no asset of such a key.
            RasterError: There is no map.
        """
        if other is not None:
            self._find(other)
        # As one: another thread may take the first one off.
        with self._widget.kept_open():
            self.show(key)
            if other is None:
                self._compared.hide()
            else:
                self.compare(other)

    def style(
        self,
        *,
        compared: bool = False,
        mode: str | None = None,
        chosen: list[int] | None = None,
        stretch: str | None = None,
        ends: list[list[float]] | None = None,
        colormap: str | None = None,
    ) -> None:
        """Colour a raster otherwise. What is None stays.

        Args:
            compared: Whether it is the one that the first is compared with.
            mode: "single", "rgb" or "palette".
            chosen: The bands, from 1: one, or red, green and blue.
            stretch: What the colours are spread over; see `Style`.
            ends: Low and high of each band, which makes the stretch "own".
            colormap: One of `COLOR_MAPS`.

        Raises:
            ValueError: There is no such style of this raster.
        """
        wanted = {"mode": mode, "chosen": chosen, "stretch": stretch, "ends": ends}
        self._sides[compared].restyle({**wanted, "colormap": colormap})

    def pixel(self, lon: float | None = None, lat: float | None = None) -> None:
        """Show the values of a pixel, of each raster.

        Args:
            lon: Longitude in degrees; None for the middle of the map.
            lat: Latitude in degrees.
        """
        if self._widget.raster is None:
            return
        if lon is None or lat is None:
            lat, lon = self._map.centre
        for side in self._sides:
            side.pixel(float(lon), float(lat))

    def frame(self, frame: int, *, compared: bool = False) -> None:
        """Show another date. Colours, opacity and map stay.

        Args:
            frame: Its place in `frames`, from 0.
            compared: Whether it is that of the raster that the first is compared with.

        Raises:
            ValueError: There is no such date.
        """
        self._sides[compared].frame(frame)

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
        for side in self._sides:
            if side.key == key:
                return side.series(float(lon), float(lat), whole=whole)
        return {"chart": None, "question": ""}

    def screen(self, density: float) -> None:
        """Draw as finely as the screen is.

        Args:
            density: How many pixels of the screen are one of CSS.
        """
        self._map.screen(float(density))
        self.redraw()

    def redraw(self) -> None:
        """Draw what the map shows now, when it has come to rest."""
        for side in self._sides:
            side.moved()

    def hide(self, *, compared: bool = False) -> None:
        """Take the rasters off the map.

        Args:
            compared: Whether to take only that off that the first one is compared with.
        """
        with self._widget.kept_open():
            self._compared.hide()
            if not compared:
                self._map.stop_listening()
                self._raster.hide()

    close = hide
