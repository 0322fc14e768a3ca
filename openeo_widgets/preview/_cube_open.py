"""Opening what xarray reads where it is: NetCDF, and Zarr stores."""

from __future__ import annotations

import warnings
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._extras import needed
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._cube_cost import raw_bytes
from openeo_widgets.preview._raster_cube import Cube
from openeo_widgets.preview._raster_values import CostsMore
from openeo_widgets.transfer import TooMuchError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import IO

__all__ = [
    "is_netcdf",
    "is_zarr",
    "open_netcdf",
    "open_zarr",
    "raster_of_netcdf",
    "raster_of_zarr",
]

_TYPES = frozenset(("application/netcdf", "application/x-netcdf"))
_EXTENSIONS = frozenset((".nc", ".nc4", ".cdf"))
_ZARR = frozenset(("application/vnd+zarr", "application/vnd.zarr", "application/x-zarr"))

_NO_ZARR = "Zarr stores cannot be shown"

_NETCDF_3 = (b"CDF\x01", b"CDF\x02", b"CDF\x05")


def is_netcdf(name: str, media_type: str | None) -> bool:
    """Whether a file is said to be NetCDF."""
    return _bare(media_type) in _TYPES or PurePosixPath(name).suffix.lower() in _EXTENSIONS


def is_zarr(name: str, media_type: str | None) -> bool:
    """Whether an asset is said to be a Zarr store: a folder of many files."""
    return _bare(media_type) in _ZARR or PurePosixPath(name).suffix.lower() == ".zarr"


def _bare(media_type: str | None) -> str:
    return (media_type or "").split(";", maxsplit=1)[0].strip().lower()


def raster_of_netcdf(
    file: IO[bytes], size: int, name: str, metadata: Mapping[str, Any], *, most: int | None
) -> Cube:
    """Open a NetCDF file as rasters on the map.

    Args:
        file: The file: binary, seekable; closed with what is returned.
        size: Its size in bytes.
        name: What it is called in messages.
        metadata: The STAC asset.
        most: Most bytes to fetch; None for as many as it takes.

    Raises:
        MissingExtraError: xarray, or what it needs for this, is not installed.
        CostsMore: Only all of it can be read, and that is more.
        RasterError: It is no raster, or is on no map.
        OpenEOWidgetsError: It is no NetCDF.
        DownloadError: It cannot be fetched.
    """
    what = "NetCDF files cannot be put on the map"
    needed("xarray", "cubes", what)
    needed("rasterio", "cubes", what)
    whole = _is_netcdf_3(file)
    if whole and most is not None and size > most:
        raise CostsMore(size)
    found = open_netcdf(file, name, what)

    def close() -> None:
        found.close()
        file.close()

    try:
        raw = sum(raw_bytes(values) for values in found.variables.values())
        ratio = min(1.0, size / raw) if raw else 1.0
        return Cube(found, name, metadata, ratio=ratio, unread=not whole, close=close)
    except BaseException:
        found.close()
        raise


def raster_of_zarr(
    load: Callable[[str], bytes | None], name: str, metadata: Mapping[str, Any]
) -> Cube:
    """Open a Zarr store as rasters on the map.

    Args:
        load: Loads a file of the store by its path in it; None for one that is not there.
        name: What it is called in messages.
        metadata: The STAC asset.

    Raises:
        MissingExtraError: xarray, zarr, or what they need for this, is not installed.
        RasterError: It is no raster, or is on no map.
        OpenEOWidgetsError: It is no Zarr store.
        DownloadError: It cannot be fetched.
    """
    needed("rasterio", "cubes", _NO_ZARR)
    found = open_zarr(load, name)
    return Cube(found, name, metadata, close=found.close)


def open_zarr(load: Callable[[str], bytes | None], name: str, *, most: int | None = None) -> Any:
    """Open a Zarr store with xarray. Nothing but what describes it is read.

    Args:
        load: Loads a file of the store by its path in it; None for one that is not there.
        name: What it is called in messages.
        most: Most bytes to load in all, also later; None for no limit. More raises `TooMuchError`.

    Returns:
        An `xarray.Dataset`.

    Raises:
        MissingExtraError: xarray or zarr is not installed.
        OpenEOWidgetsError: It is no Zarr store.
        DownloadError: It cannot be fetched.
    """
    xarray = needed("xarray", "cubes", _NO_ZARR)
    needed("zarr", "cubes", _NO_ZARR)
    # Of zarr before 3 it is no module.
    store = needed("openeo_widgets.preview._zarr_store", "cubes", _NO_ZARR)
    how = {"engine": "zarr", "chunks": None, "cache": False, "consolidated": True}
    try:
        with warnings.catch_warnings():  # which in a thread reach nobody
            warnings.simplefilter("ignore")
            return xarray.open_dataset(store.Folder(load, name, most), **how)
    except OpenEOWidgetsError:
        raise
    except Exception as error:
        raise OpenEOWidgetsError(
            f"{name!r} cannot be read as Zarr ({type(error).__name__}: {error}).",
            hint="A store on a server needs consolidated metadata: no server lists its files.",
        ) from error


def open_netcdf(file: IO[bytes], name: str, what: str) -> Any:
    """Open a NetCDF file with xarray. Nothing but what describes it is read.

    Args:
        file: The file: binary, seekable; it stays open as long as the data set.
        name: What it is called in messages.
        what: What that is for, as `needed` has it.

    Returns:
        An `xarray.Dataset`.

    Raises:
        MissingExtraError: xarray, or what it reads such files with, is not installed.
        TooMuchError: More would have to be read than is read unasked.
        OpenEOWidgetsError: It is no such file.
    """
    xarray = needed("xarray", "cubes", what)
    engine = "scipy" if _is_netcdf_3(file) else "h5netcdf"
    needed(engine, "cubes", what)
    try:
        with warnings.catch_warnings():  # which in a thread reach nobody
            warnings.simplefilter("ignore")
            return _open(xarray, file, engine)
    except TooMuchError:
        raise
    except Exception as error:
        raise OpenEOWidgetsError(
            f"{name!r} cannot be read as NetCDF ({type(error).__name__}: {error})."
        ) from error


def _is_netcdf_3(file: IO[bytes]) -> bool:
    file.seek(0)
    begun = file.read(len(_NETCDF_3[0]))
    file.seek(0)
    return begun in _NETCDF_3


def _open(xarray: Any, file: IO[bytes], engine: str) -> Any:
    """Open it; with dates as the numbers that they are where nobody knows their unit."""
    try:
        return xarray.open_dataset(file, engine=engine, cache=False)
    except ValueError:
        file.seek(0)
        return xarray.open_dataset(file, engine=engine, cache=False, decode_times=False)
