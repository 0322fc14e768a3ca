"""The frames of a raster on the map: its dates, each in a file of its own or all in one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeAlias

from openeo_widgets.preview import (
    Cube,
    CubeFrame,
    RasterFile,
    is_netcdf,
    is_zarr,
    raster_of_netcdf,
    raster_of_zarr,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.widgets._raster_dates import Dated

__all__ = ["RasterFrames", "RasterSource"]

#: What a picture is read from.
RasterSource: TypeAlias = RasterFile | CubeFrame

# So many files stay open: who goes back and forth finds what was fetched.
_MOST_OPEN = 4


class RasterFrames:
    """Files of several dates, or a file that holds several.

    A frame is opened by one thread at a time.

    Args:
        files: GeoTIFFs in the order of their dates, or a single file.

    Attributes:
        labels: What the frames are called; empty where there are none, or none known yet.
    """

    def __init__(self, files: Sequence[Dated]) -> None:
        self._files = tuple(files)
        self.labels = tuple(file.label for file in files) if len(files) > 1 else ()
        self._lock = threading.Lock()
        self._closed = False
        self._open: OrderedDict[int, RasterFile | Cube] = OrderedDict()

    def file(self, number: int) -> Dated:
        """The file that a frame is in."""
        return self._files[self._place(number)]

    def number_of(self, key: str) -> int | None:
        """The frame that is the file of a key; None if none is, or the only file is."""
        if len(self._files) == 1:
            return None
        return next((at for at, file in enumerate(self._files) if file.key == key), None)

    def open(self, number: int, *, most: int | None) -> RasterSource:
        """Open a frame, unless it is open.

        Args:
            number: Its number, from 0.
            most: Most bytes to fetch where only all of a file can be read; None for no limit.

        Raises:
            CostsMore: It takes more.
            RasterError: It is no raster, or is on no map, or rasterio is not installed.
            MissingExtraError: What reads cubes is not installed.
            DownloadError: It cannot be fetched.
        """
        place = self._place(number)
        found = self._open.get(place)
        if found is None:
            found = _opened(self._files[place], most)
            self._keep(place, found)
        if isinstance(found, RasterFile):
            return found
        self.labels = found.frames
        return found.at(number)

    def close(self) -> None:
        """Close all files; whoever reads from them now is waited for."""
        with self._lock:
            self._closed = True
            going = list(self._open.values())
            self._open.clear()
        for file in going:
            file.close()

    def _place(self, number: int) -> int:
        return number if len(self._files) > 1 else 0

    def _keep(self, place: int, file: RasterFile | Cube) -> None:
        with self._lock:
            self._open[place] = file
            going = [file] if self._closed else []
            if len(self._open) > _MOST_OPEN:
                going.append(self._open.popitem(last=False)[1])
        for one in going:
            one.close()


def _opened(file: Dated, most: int | None) -> RasterFile | Cube:
    asset = file.asset
    if is_zarr(asset.filename, asset.media_type):
        return raster_of_zarr(asset.load_member, asset.filename, asset.metadata)
    remote = asset.open()
    try:
        if is_netcdf(asset.filename, asset.media_type):
            how = (remote, remote.size, asset.filename, asset.metadata)
            return raster_of_netcdf(*how, most=most)
        return RasterFile(remote, asset.filename, asset.metadata)
    except BaseException:
        remote.close()
        raise
