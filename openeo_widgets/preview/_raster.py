"""A GeoTIFF, read in part where it is: the pixels of a picture, and the values of a pixel."""

from __future__ import annotations

import io
import itertools
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from openeo_widgets.errors import OpenEOWidgetsError, RasterError
from openeo_widgets.preview._raster_about import About, about
from openeo_widgets.preview._raster_plan import plan_at, plan_of
from openeo_widgets.preview._raster_quiet import quiet
from openeo_widgets.preview._raster_values import (
    SAMPLE,
    CostsMore,
    stats,
    warpable,
    warped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

    from openeo_widgets.preview._raster_grid import Grid
    from openeo_widgets.preview._raster_plan import Plan
    from openeo_widgets.preview._raster_values import Pixels, Stats

__all__ = ["Opened", "RasterFile"]

# So much of it is fetched ahead, since the file keeps not much more.
_MOST_AHEAD = 12_000_000

_numbers = itertools.count()

# Files that might lie beside it are not looked for, and nothing is written there.
_OPTIONS = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": False}


class Opened:
    """An open raster and its overviews.

    Attributes:
        base: The dataset of rasterio.
    """

    def __init__(self, open_level: Any) -> None:
        self._open = open_level
        self._levels: dict[int, Any] = {}
        self.base: Any = open_level()

    def at(self, level: int | None) -> Any:
        """An overview, or the raster itself for None."""
        if level is None:
            return self.base
        if level not in self._levels:
            self._levels[level] = self._open(overview_level=level)
        return self._levels[level]


class RasterFile:
    """A GeoTIFF that is read in parts.

    It may be used from several threads; what they ask is done one after the other. It is opened
    anew for each question: what was fetched stays in the file, and GDAL's datasets stay in the
    thread that opened them.

    Args:
        file: The file: binary, seekable; closed with this.
        name: What it is called in messages.
        metadata: The STAC asset: bands, units, statistics, projection.

    Raises:
        RasterError: It is no GeoTIFF, or is on no map, or rasterio is not installed.
        DownloadError: It cannot be read.
    """

    def __init__(self, file: BinaryIO, name: str, metadata: Mapping[str, Any]) -> None:
        self._file = file
        self._name = name
        self._lock = threading.Lock()
        _need_rasterio()
        with self._opened() as opened:
            self.about: About = about(opened.base, metadata)

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
        with self._opened() as opened:
            plan = plan_of(opened, self.about.place, grid, bands)
            if plan is None:
                return None
            if most is not None and plan.cost > most:
                raise CostsMore(plan.cost)
            self._fetch(plan)
            values, missing = _read(opened.at(plan.level), plan, bands)
            return warped(self.about.place, values, missing, plan.part, grid)

    def sample(self, bands: Sequence[int], *, most: int | None) -> list[Stats | None]:
        """What each band is like, all over; None for one that has no values.

        Raises:
            CostsMore: It takes more bytes than `most`.
            RasterError: It cannot be read.
            DownloadError: It cannot be fetched.
        """
        with self._opened() as opened:
            base = opened.base
            ratio = max(base.width, base.height) / SAMPLE
            whole = (0.0, 0.0, float(base.width), float(base.height))
            plan = cast("Plan", plan_at(opened, whole, max(ratio, 1.0), bands))
            if most is not None and plan.cost > most:
                raise CostsMore(plan.cost)
            self._fetch(plan)
            values, missing = _read(opened.at(plan.level), plan, bands)
        return [stats(band[~gone], gone.size) for band, gone in zip(values, missing, strict=True)]

    def values_at(self, lon: float, lat: float) -> list[Any] | None:
        """The values of the bands at a place, None for those without; None beside the raster.

        Those of all bands up to the last that is listed: there are files with thousands more.

        Args:
            lon: Longitude in degrees.
            lat: Latitude in degrees.
        """
        found = self.about.place.pixel_at(lon, lat)
        if found is None:
            return None
        column, row = found
        if not (0 <= column < self.about.width and 0 <= row < self.about.height):
            return None
        from rasterio.windows import Window  # noqa: PLC0415 - of the extra `raster`

        with self._opened() as opened:
            listed = list(range(1, self.about.bands[-1].number + 1))
            read = opened.base.read(listed, window=Window(column, row, 1, 1), masked=True)
        return [None if gone else value for value, gone in _cells(read)]

    def close(self) -> None:
        """Close the file, once nobody reads it."""
        with self._lock:
            self._file.close()

    def _fetch(self, plan: Plan) -> None:
        """Fetch what is going to be read in as few requests as possible: GDAL asks block by block.

        What cannot be fetched is asked for again by GDAL, and told then.
        """
        if plan.cost > _MOST_AHEAD:
            return
        for begin, end in plan.runs:
            with suppress(OpenEOWidgetsError):
                self._file.seek(begin)
                self._file.read(end - begin)

    @contextmanager
    def _opened(self) -> Iterator[Opened]:
        import rasterio  # noqa: PLC0415 - of the extra `raster`
        from rasterio.errors import RasterioError  # noqa: PLC0415 - of the extra `raster`

        shared = _Parts(self._file)
        with self._lock, ExitStack() as stack:
            if self._file.closed:  # GDAL would go on, and write of each reading to stderr
                raise RasterError(f"{self._name!r} was closed.", hint="Open it again.")
            try:
                stack.enter_context(rasterio.Env(**_OPTIONS))

                def open_level(**options: Any) -> Any:
                    return stack.enter_context(_open(shared, options))

                yield Opened(open_level)
            except RasterioError as error:
                if shared.failure is not None:
                    raise shared.failure from None
                raise RasterError(
                    f"{self._name!r} is no GeoTIFF, or a broken one.",
                    hint="Download it, and see what opens it.",
                ) from error
        if shared.failure is not None:
            raise shared.failure


def _open(parts: _Parts, options: Mapping[str, Any]) -> Any:
    import rasterio  # noqa: PLC0415 - of the extra `raster`

    with quiet():
        # GTiff only: others, VRT for one, would read whatever file they name.
        return rasterio.open(parts.name, opener=parts.open, driver="GTiff", **options)


class _Parts:
    """A file as GDAL opens it, as often as it likes; what goes wrong in reading is kept."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        # rasterio has one opener for each name.
        self.name = f"raster-{next(_numbers)}.tif"
        self.failure: OpenEOWidgetsError | None = None

    def open(self, path: str, mode: str = "rb") -> io.RawIOBase:
        """Open it. There are no files but this one."""
        if path.rpartition("/")[2] != self.name or "r" not in mode or "+" in mode:
            raise FileNotFoundError(path)
        return _Part(self)

    def read(self, position: int, count: int) -> bytes:
        """Bytes from a position; none where they cannot be had: GDAL takes no exception."""
        if self.failure is not None:
            return b""
        try:
            self._file.seek(position)
            return self._file.read(count)
        except OpenEOWidgetsError as error:
            self.failure = error
            return b""

    @property
    def size(self) -> int:
        """Bytes in all."""
        return self._file.seek(0, io.SEEK_END)


class _Part(io.RawIOBase):
    """One opening of the file, with a position of its own."""

    def __init__(self, parts: _Parts) -> None:
        self._parts = parts
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position}.get(whence)
        self._position = (self._parts.size if base is None else base) + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, count: int = -1) -> bytes:
        found = self._parts.read(self._position, count)
        self._position += len(found)
        return found


def _need_rasterio() -> None:
    try:
        import rasterio  # noqa: F401, PLC0415 - of the extra `raster`
    except ImportError:
        raise RasterError(
            "To show a raster, rasterio is needed, which is not installed.",
            hint='pip install "openeo-widgets[raster]"',
        ) from None


def _read(raster: Any, plan: Plan, bands: Sequence[int]) -> tuple[Any, Any]:
    """Values, of a type that can be warped, and which of them are missing: bands, rows, columns."""
    import numpy as np  # noqa: PLC0415 - of the extra `raster`
    from rasterio.windows import Window  # noqa: PLC0415 - of the extra `raster`

    read = raster.read(
        list(bands),
        window=Window(plan.column, plan.row, plan.width, plan.height),
        out_shape=(len(bands), plan.out_height, plan.out_width),
        masked=True,
    )
    values, missing = read.data, np.ma.getmaskarray(read)
    if np.iscomplexobj(values):
        values = np.abs(values).astype(np.float32)
    values = warpable(values)
    if values.dtype.kind == "f":
        missing = missing | ~np.isfinite(values)
    return values, missing


def _cells(read: Any) -> list[tuple[Any, bool]]:
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    gone = np.ma.getmaskarray(read)[:, 0, 0] | ~np.isfinite(read.data[:, 0, 0])
    return [(value.item(), bool(no)) for value, no in zip(read.data[:, 0, 0], gone, strict=True)]
