"""A cube of xarray's as rasters on the map, one for each time, and a pixel's values over time."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError, RasterError
from openeo_widgets.preview._chart import MOST_LINES, Chart, Line, finite
from openeo_widgets.preview._cube_about import CubeBand, about_cube, frame_labels
from openeo_widgets.preview._cube_cost import cost_of
from openeo_widgets.preview._cube_grid import grid_of, time_of
from openeo_widgets.preview._cube_times import times_of
from openeo_widgets.preview._raster_place import Part
from openeo_widgets.preview._raster_plan import window_of
from openeo_widgets.preview._raster_values import (
    SAMPLE,
    CostsMore,
    Pixels,
    Stats,
    stats,
    warpable,
    warped,
)
from openeo_widgets.preview._views import BUDGET_BYTES
from openeo_widgets.preview._words import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from openeo_widgets.preview._raster_about import About
    from openeo_widgets.preview._raster_grid import Grid

__all__ = ["Cube", "CubeFrame"]

# Bytes of decoded values: a band of a time that is as small is kept as a whole, some of them.
_MOST_OF_ONE = 64_000_000
_MOST_KEPT = 192_000_000

# So much of a larger one is in memory at once.
_MOST_AT_ONCE = 64_000_000


@dataclass(frozen=True)
class _Window:
    """First column and row, and those after the last."""

    left: int
    top: int
    right: int
    bottom: int


class Cube:
    """A data set of xarray's that is a raster at each of its times.

    It may be used from several threads; what they ask is done one after the other.

    Args:
        found: The `xarray.Dataset`, not loaded.
        name: What it is called in messages.
        metadata: The STAC asset: bands, units, projection.
        ratio: About how many stored bytes a byte of it is, for what reading costs.
        unread: Whether anything has still to be fetched.
        close: Closes it.

    Attributes:
        frames: What its times are called; empty for a cube without.

    Raises:
        RasterError: It is no raster, or is on no map.
        MissingExtraError: rasterio is not installed.
    """

    def __init__(
        self,
        found: Any,
        name: str,
        metadata: Mapping[str, Any],
        *,
        ratio: float = 1.0,
        unread: bool = True,
        close: Callable[[], None],
    ) -> None:
        self._found = found
        self._name = name
        self._ratio = ratio
        self._unread = unread
        self._close = close
        self._lock = threading.RLock()
        # Bands of a time that were read as a whole, the last ones.
        self._kept: OrderedDict[tuple[int, int], Any] = OrderedDict()
        self._grid = grid_of(found, metadata)
        self._time = time_of(found)
        self.about: About
        self._bands: tuple[CubeBand, ...]
        self.about, self._bands = about_cube(found, self._grid, self._time, metadata)
        self.frames: tuple[str, ...] = frame_labels(found, self._time)

    def at(self, frame: int) -> CubeFrame:
        """The raster of a time, by its number from 0."""
        return CubeFrame(self, frame)

    def close(self) -> None:
        """Close it, once nobody reads it."""
        with self._lock:
            self._kept.clear()
            self._close()

    def read(
        self, frame: int, grid: Grid, bands: Sequence[int], *, most: int | None
    ) -> Pixels | None:
        """The pixels of a picture; see `CubeFrame.read`."""
        place = self.about.place
        found = window_of(self.about, place, grid)
        window = self._inside(found) if found is not None else None
        if window is None:
            return None
        step = max(1, math.floor(max(grid.metres / place.metres, 1.0)))
        with self._reading():
            values = self._values(frame, bands, window, step, most)
        part = Part(window.left, window.top, step, step)
        return warped(place, values, _missing(values), part, grid)

    def sample(self, frame: int, bands: Sequence[int], *, most: int | None) -> list[Stats | None]:
        """What each band is like; see `CubeFrame.sample`."""
        whole = _Window(0, 0, self.about.width, self.about.height)
        step = max(1, max(self.about.width, self.about.height) // SAMPLE)
        with self._reading():
            values = self._values(frame, bands, whole, step, most)
        missing = _missing(values)
        return [stats(band[~gone], gone.size) for band, gone in zip(values, missing, strict=True)]

    def values_at(self, frame: int, lon: float, lat: float) -> list[Any] | None:
        """The values of all bands at a place; see `CubeFrame.values_at`."""
        at = self._pixel(lon, lat)
        if at is None:
            return None
        with self._reading():
            numbers = [band.number for band in self.about.bands]
            lacking = [number for number in numbers if (frame, number) not in self._kept]
            cost = sum(self._cost(frame, number, at) for number in lacking)
            if cost > BUDGET_BYTES:
                raise RasterError(
                    f"To read the values there, about {size_text(cost)} would have to be fetched.",
                    hint="Download the file.",
                )
            values = [self._one(frame, number, at) for number in numbers]
        return [finite(value) if isinstance(value, float) else value for value in values]

    def series_at(self, lon: float, lat: float, *, most: int | None) -> Chart | None:
        """The values of a pixel over time, as lines: one for each band.

        Args:
            lon: Longitude in degrees.
            lat: Latitude in degrees.
            most: Most bytes to fetch; None for as many as it takes.

        Returns:
            The lines; None beside the cube, and for one that has no times.

        Raises:
            CostsMore: It takes more.
            RasterError: It cannot be read.
            DownloadError: It cannot be fetched.
        """
        at = self._pixel(lon, lat)
        if at is None or self._time is None or len(self.frames) < 2:  # noqa: PLR2004 - a line
            return None
        lines = []
        with self._reading():
            drawn = [
                (number, band)
                for number, band in enumerate(self._bands, start=1)
                if self._time in band.values.dims
            ][:MOST_LINES]
            cost = sum(self._cost(slice(None), number, at) for number, _ in drawn)
            if most is not None and cost > most:
                raise CostsMore(cost)
            times, kind = times_of(self._found, self._time)
            for _, band in drawn:
                values = band.values.isel(self._where(at)).values
                points = sorted(zip(times, values, strict=True), key=lambda point: point[0])
                x, y = [point[0] for point in points], [finite(float(p[1])) for p in points]
                lines.append(Line(band.name, x, y, "", band.name))
        return Chart(tuple(lines), kind, self._time)

    def _pixel(self, lon: float, lat: float) -> _Window | None:
        found = self.about.place.pixel_at(lon, lat)
        if found is None:
            return None
        column, row = found
        if not (0 <= column < self.about.width and 0 <= row < self.about.height):
            return None
        return _Window(column, row, column + 1, row + 1)

    def _inside(self, window: tuple[float, float, float, float]) -> _Window | None:
        left, top = max(0, math.floor(window[0])), max(0, math.floor(window[1]))
        right = min(self.about.width, math.ceil(window[2]))
        bottom = min(self.about.height, math.ceil(window[3]))
        return _Window(left, top, right, bottom) if right > left and bottom > top else None

    def _where(self, at: _Window) -> dict[str, int]:
        (columns,) = self._grid.columns(at.left, at.right)
        return {self._grid.x: columns.start, self._grid.y: at.top}

    def _one(self, frame: int, number: int, at: _Window) -> Any:
        kept = self._kept.get((frame, number))
        if kept is not None:
            return kept[at.top, at.left].item()
        return self._of(frame, number).isel(self._where(at)).values.item()

    def _of(self, frame: int, number: int) -> Any:
        """A band at a time: rows and columns, not read yet."""
        values = self._bands[number - 1].values
        return values.isel({self._time: frame}) if self._time in values.dims else values

    def _cost(self, frame: int | slice, number: int, window: _Window) -> int:
        """About how many bytes have to be fetched for a part of a band."""
        pieces = self._grid.columns(window.left, window.right)
        rows = slice(window.top, window.bottom)
        if not self._unread:
            return 0
        band, costs = self._bands[number - 1], 0
        for columns in pieces:
            part = {self._grid.x: columns, self._grid.y: rows, self._time: frame}
            costs += cost_of(band.stored, {**band.fixed, **part}, self._ratio)
        return costs

    def _values(
        self, frame: int, bands: Sequence[int], window: _Window, step: int, most: int | None
    ) -> Any:
        """Every so many pixels of a part, of some bands.

        Raises:
            CostsMore: It takes more bytes.
        """
        import numpy as np  # noqa: PLC0415 - of the extra `cubes`

        lacking = [number for number in bands if (frame, number) not in self._kept]
        whole = _Window(0, 0, self.about.width, self.about.height)
        small = [number for number in lacking if self._of(frame, number).nbytes <= _MOST_OF_ONE]
        all_of_it = sum(self._cost(frame, number, whole) for number in lacking)
        if small == lacking and (most is None or all_of_it <= most):
            for number in lacking:
                self._keep(frame, number, self._cut(frame, number, whole, 1))
        else:
            cost = sum(self._cost(frame, number, window) for number in lacking)
            if most is not None and cost > most:
                raise CostsMore(cost)
        read = [self._part(frame, number, window, step) for number in bands]
        return warpable(np.stack(read))

    def _keep(self, frame: int, number: int, values: Any) -> None:
        self._kept[frame, number] = values
        while sum(one.nbytes for one in self._kept.values()) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def _part(self, frame: int, number: int, window: _Window, step: int) -> Any:
        kept = self._kept.get((frame, number))
        if kept is None:
            return self._cut(frame, number, window, step)
        self._kept.move_to_end((frame, number))
        rows, columns = (
            _middles(window.top, window.bottom, step),
            _middles(window.left, window.right, step),
        )
        return kept[rows][:, columns]

    def _cut(self, frame: int, number: int, window: _Window, step: int) -> Any:
        """Read a part, some rows at a time."""
        import numpy as np  # noqa: PLC0415 - of the extra `cubes`

        band = self._of(frame, number).transpose(self._grid.y, self._grid.x)
        row_bytes = max(1, (window.right - window.left) * band.dtype.itemsize)
        at_once = max(1, _MOST_AT_ONCE // row_bytes // step) * step
        pieces = self._grid.columns(window.left, window.right)
        columns = _middles(0, window.right - window.left, step)
        found = []
        for top in range(window.top, window.bottom, at_once):
            bottom = min(top + at_once, window.bottom)
            read = [
                band.isel({self._grid.y: slice(top, bottom), self._grid.x: piece}).values
                for piece in pieces
            ]
            rows = _middles(0, bottom - top, step)
            found.append(np.concatenate(read, axis=1)[rows][:, columns])
        return np.concatenate(found)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except (CostsMore, OpenEOWidgetsError):
                raise
            except Exception as error:
                raise RasterError(
                    f"{self._name!r} cannot be read ({type(error).__name__}: {error})."
                ) from error


@dataclass(frozen=True)
class CubeFrame:
    """A cube at one of its times: what `RasterFile` is of a GeoTIFF.

    Attributes:
        cube: The cube, which is closed by itself.
        frame: Number of the time, from 0.
    """

    cube: Cube
    frame: int

    @property
    def about(self) -> About:
        """What it is."""
        return self.cube.about

    def read(self, grid: Grid, bands: Sequence[int], *, most: int | None) -> Pixels | None:
        """The pixels of a picture, each the nearest one; None if nothing of it is in there.

        Args:
            grid: The picture.
            bands: The bands, from 1.
            most: Most bytes to fetch; None for as many as it takes.

        Raises:
            CostsMore: It takes more.
            RasterError: It cannot be read.
            DownloadError: It cannot be fetched.
        """
        return self.cube.read(self.frame, grid, bands, most=most)

    def sample(self, bands: Sequence[int], *, most: int | None) -> list[Stats | None]:
        """What each band is like, all over; None for one that has no values.

        Raises:
            CostsMore: It takes more bytes than `most`.
            RasterError: It cannot be read.
            DownloadError: It cannot be fetched.
        """
        return self.cube.sample(self.frame, bands, most=most)

    def values_at(self, lon: float, lat: float) -> list[Any] | None:
        """The values of all bands at a place, None for those without; None beside the raster.

        Args:
            lon: Longitude in degrees.
            lat: Latitude in degrees.

        Raises:
            RasterError: It takes more than is read unasked, or cannot be read.
            DownloadError: It cannot be fetched.
        """
        return self.cube.values_at(self.frame, lon, lat)

    def close(self) -> None:
        """Leave the cube open for its other times."""


def _missing(values: Any) -> Any:
    import numpy as np  # noqa: PLC0415 - of the extra `cubes`

    return ~np.isfinite(values) if values.dtype.kind == "f" else np.zeros(values.shape, bool)


def _middles(first: int, end: int, step: int) -> Any:
    """The middle one of every so many, the last one of what is left over."""
    import numpy as np  # noqa: PLC0415 - of the extra `cubes`

    return np.minimum(np.arange(first, end, step) + step // 2, end - 1)
