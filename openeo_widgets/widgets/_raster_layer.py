"""A raster on the map of a `ResultsWidget`: drawn by the kernel, anew whenever the map moves.

The map's own notices only say that something is wanted; reading and drawing is done by a worker,
one picture after the other, and always the one that is wanted last.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from openeo_widgets.preview import (
    BUDGET_BYTES,
    CostsMore,
    RasterFile,
    first_style,
    picture,
    ranges,
    stats,
    styled,
    visible_part,
)
from openeo_widgets.transfer import Workers
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import error_info
from openeo_widgets.widgets._raster_map import MapOfRaster
from openeo_widgets.widgets._raster_told import (
    pixel_told,
    raster_told,
    raster_under_way,
    size_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openeo_widgets.api import ResultAsset
    from openeo_widgets.preview import Grid, Pixels, Stats, Style
    from openeo_widgets.widgets._base import LiveWidget

__all__ = ["RasterLayer"]

# One picture of each widget at a time, and values of pixels beside them.
_workers = Workers("openeo-widgets-raster", 4)

# The map moves in many steps: it is drawn anew when it has come to rest.
_REST_S = 0.2


# A raster that would be as small, in screen pixels, is brought into view first.
_SMALL = 64


@dataclass
class _Shown:
    """The raster that is shown. Written by one worker at a time."""

    key: str
    asset: ResultAsset
    # Most bytes for a picture without asking; None once the person said yes.
    most: int | None
    file: RasterFile | None = None
    style: Style | None = None
    known: dict[int, Stats | None] = field(default_factory=dict)
    # Whether what is known of the bands is of all of the raster.
    of_all: bool = True
    # What was read last, and for which bands.
    pixels: Pixels | None = None
    bands: tuple[int, ...] = ()


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
        self._shown: _Shown | None = None
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
            self._replace(_Shown(key, asset, None if whole else BUDGET_BYTES))
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
        made = styled(shown.style, shown.file.about, {**wanted, "colormap": colormap})
        if made != shown.style:
            shown.style = made
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

    def _replace(self, shown: _Shown | None) -> None:
        with self._lock:
            before, self._shown = self._shown, shown
            call_off, self._call_off = self._call_off, None
        if call_off is not None:
            call_off()
        if before is not None and before.file is not None:
            # Whoever reads from it now is waited for.
            _workers.submit(before.file.close)

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

    def _draw(self, shown: _Shown) -> None:
        try:
            changes = self._drawn(shown)
        except CostsMore as more:
            changes = {"state": "ask", "question": _question(shown, more.cost)}
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            changes = {"state": "error", "error": error_info(error)}
        self._tell(shown, **{"busy": self._wanted, **changes})

    def _drawn(self, shown: _Shown) -> dict[str, Any]:
        """Draw what the map shows of it. Returns what is told of that."""
        if shown.file is None:
            self._open(shown)
        file, style = cast("RasterFile", shown.file), cast("Style", shown.style)
        place = file.about.place.box
        grid = visible_part(place, self._map.view)
        if shown.pixels is None and (grid is None or max(grid.width, grid.height) < _SMALL):
            self._map.look_at(place)
            grid = visible_part(place, self._map.view)
        if grid is None:
            return {"state": "ready", "error": None, "note": "The map shows none of it."}
        if not self._has(shown, grid, style.bands):
            shown.pixels = file.read(grid, style.bands, most=shown.most)
            shown.bands = style.bands
        known = self._stats(shown, style)
        spread = ranges(file.about, style, known)
        told = {"state": "ready", "error": None, **raster_told(file.about, style, spread)}
        told["nodata_share"] = None if not shown.of_all else max(_missing(one) for one in known)
        if shown.pixels is None:
            return {**told, "note": "The map shows none of it."}
        made = picture(shown.pixels, style, spread, file.about.palette)
        if shown is self._shown and not self._wanted_otherwise(shown, style):
            with self._widget.kept_open() as is_open:
                if is_open and shown is self._shown:
                    self._map.put(made.url, grid)
        return {**told, "note": _note(shown, made.coarser)}

    def _wanted_otherwise(self, shown: _Shown, style: Style) -> bool:
        """Whether a later picture is wanted: this one would only be in its way."""
        return self._wanted and shown.style != style

    def _open(self, shown: _Shown) -> None:
        remote = shown.asset.open()
        try:
            file = RasterFile(remote, shown.asset.filename, shown.asset.metadata)
        except BaseException:
            remote.close()
            raise
        with self._lock:
            shown.style = first_style(file.about)
            shown.file = file
            current = shown is self._shown
        if not current:
            file.close()

    def _has(self, shown: _Shown, grid: Grid, bands: Sequence[int]) -> bool:
        there = shown.pixels
        return there is not None and there.grid == grid and shown.bands == tuple(bands)

    def _stats(self, shown: _Shown, style: Style) -> list[Stats | None]:
        """What the bands are like: all of them where that is not dear, else what is in view."""
        lacking = [number for number in style.bands if number not in shown.known]
        if lacking and shown.of_all:
            try:
                found = cast("RasterFile", shown.file).sample(lacking, most=shown.most)
                shown.known |= dict(zip(lacking, found, strict=True))
            except CostsMore:
                shown.of_all = False
        if not shown.of_all and shown.pixels is not None:
            valid = shown.pixels.valid
            for number, values in zip(style.bands, shown.pixels.values, strict=True):
                if number not in shown.known:
                    shown.known[number] = stats(values[valid], valid.size)
        return [shown.known.get(number) for number in style.bands]

    def _read_pixel(self, shown: _Shown, lon: float, lat: float) -> None:
        file = cast("RasterFile", shown.file)
        # As many turns around the world as the map was moved are of no interest.
        lon = (lon + 180) % 360 - 180
        try:
            told = pixel_told(file.about, lon, lat, file.values_at(lon, lat))
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            note = error_info(error)["message"]
            told = {"lon": lon, "lat": lat, "values": [], "note": note}
        self._tell(shown, pixel=told)

    def _tell(self, shown: _Shown, **changes: Any) -> None:
        """Tell the browser, unless another raster is shown meanwhile."""
        widget: Any = self._widget
        with self._widget.in_order():
            if shown is self._shown and widget.raster is not None:
                self._widget.publish(raster={**widget.raster, **changes})


def _missing(known: Stats | None) -> float:
    return 1.0 if known is None else known.missing


def _note(shown: _Shown, coarser: int) -> str:
    about = cast("RasterFile", shown.file).about
    notes = [
        about.note,
        "" if shown.of_all else "The colours are spread over what is in view.",
        "It has no value anywhere." if shown.of_all and not any(shown.known.values()) else "",
        f"Drawn at a {coarser}th of the screen's resolution: finer would be too much to send."
        if coarser > 1
        else "",
        f"{about.more_bands} more bands are not listed." if about.more_bands else "",
    ]
    return " ".join(note for note in notes if note)


def _question(shown: _Shown, cost: int) -> str:
    about = cast("RasterFile", shown.file).about
    why = "" if about.overviews else " It has no smaller versions of itself (overviews)."
    return (
        f"To draw this part about {size_text(cost)} have to be read.{why} "
        "Closer up it takes less. Read it all the same?"
    )
