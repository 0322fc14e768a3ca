"""``load_collection`` over the sample data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dask.array as da
import numpy as np
import rioxarray  # noqa: F401 -- registers the accessor .rio
import xarray as xr
from affine import Affine
from dask.delayed import delayed
from pyproj import CRS

from openeo_widgets.backend import geometries, intervals, sample
from openeo_widgets.backend.failures import ProcessFailure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CRS_OF_SAMPLE = CRS.from_epsg(sample.EPSG)


class Source:
    """The collection as a lazy cube (t, bands, y, x) of 32 bit floats, nodata as NaN.

    Args:
        path: the file of ``sample.ensure``.
        embed: read at once and put the data into the Dask graph, for workers that do not see
            the file.
    """

    def __init__(self, path: Path, *, embed: bool = False) -> None:
        self._path = path
        self._embed = embed

    def load_collection(
        self,
        id: str,  # noqa: A002 -- the process has this parameter
        spatial_extent: Any = None,
        temporal_extent: Any = None,
        bands: list[str] | None = None,
        properties: dict[str, Callable[..., Any]] | None = None,
    ) -> xr.DataArray:
        """The process of this name.

        Args:
            id: ``sample.COLLECTION_ID``.
            spatial_extent: a bounding box or GeoJSON, in lon/lat unless it says otherwise; None
                for all. Pixels whose centre lies outside are left out (box) or nodata (GeoJSON).
            temporal_extent: start (included) and end (excluded); None for all.
            bands: band names in the order wanted; None for all.
            properties: conditions by property; ``eo:cloud_cover`` is known.

        Raises:
            ProcessFailure: ``CollectionNotFound``, ``BandNotFound``, ``NoDataAvailable``, or
                that of a malformed extent.
        """
        if id != sample.COLLECTION_ID:
            raise ProcessFailure("CollectionNotFound", f"There is no collection '{id}'.")
        chosen = sample.BANDS if bands is None else tuple(bands)
        unknown = [band for band in chosen if band not in sample.BANDS]
        if unknown or not chosen:
            raise ProcessFailure(
                "BandNotFound",
                f"{id} has no band {', '.join(unknown) or '(none chosen)'};"
                f" it has {', '.join(sample.BANDS)}.",
            )
        dates = [
            date
            for date, clouds in zip(sample.DATES, sample.CLOUDS, strict=True)
            if _inside(date, temporal_extent) and _accepted(clouds, properties or {})
        ]
        if not dates:
            raise ProcessFailure(
                "NoDataAvailable",
                f"{id} has no data at that time: it reaches from {sample.DATES[0]} to"
                f" {sample.DATES[-1]}, about every 15 days.",
            )
        return crop(self._cube(dates, chosen), spatial_extent)

    def _cube(self, dates: list[str], bands: tuple[str, ...]) -> xr.DataArray:
        shape = (len(bands), sample.HEIGHT, sample.WIDTH)
        if self._embed:
            scenes = [da.from_array(sample.read(self._path, date, bands)) for date in dates]
        else:
            read = delayed(sample.read, pure=True)
            scenes = [
                da.from_delayed(read(self._path, date, bands), shape, np.float32) for date in dates
            ]
        times = np.array([f"{date}T{sample.TIME}" for date in dates], "datetime64[ns]")
        cube = xr.DataArray(
            da.stack(scenes),
            dims=("t", "bands", "y", "x"),
            coords={
                "t": times,
                "bands": list(bands),
                "y": sample.y_coordinates(),
                "x": sample.x_coordinates(),
            },
        )
        result: xr.DataArray = cube.rio.write_crs(CRS_OF_SAMPLE)
        return result


def crop(cube: xr.DataArray, extent: Any) -> xr.DataArray:
    """The part of a cube inside a bounding box or GeoJSON; all of it for None.

    Raises:
        ProcessFailure: ``NoDataAvailable`` if nothing is left.
    """
    if extent is None:
        return cube
    crs = CRS.from_user_input(cube.rio.crs.to_wkt())
    shapes = []
    if "west" in extent:
        west, south, east, north = geometries.box(extent, crs)
    else:
        shapes = [feature.geometry for feature in geometries.features(extent, crs)]
        edges = np.array([shape.bounds for shape in shapes])
        west, south = edges[:, :2].min(axis=0)
        east, north = edges[:, 2:].max(axis=0)
    inside = {
        "x": (cube["x"].values >= west) & (cube["x"].values <= east),
        "y": (cube["y"].values >= south) & (cube["y"].values <= north),
    }
    if not inside["x"].any() or not inside["y"].any():
        raise ProcessFailure("NoDataAvailable", "There is no data in that spatial extent.")
    cube = cube.isel({dim: np.flatnonzero(keep) for dim, keep in inside.items()})
    return mask_outside(cube, shapes) if shapes else cube


def mask_outside(cube: xr.DataArray, shapes: list[Any], value: float = np.nan) -> xr.DataArray:
    """Pixels whose centre lies in none of ``shapes`` (in the cube's CRS) become ``value``."""
    result: xr.DataArray = cube.where(inside_mask(cube, shapes), value)
    return result


def inside_mask(cube: xr.DataArray, shapes: list[Any]) -> xr.DataArray:
    """Where the pixel centres lie in one of ``shapes`` (in the cube's CRS): boolean (y, x)."""
    from rasterio.features import geometry_mask  # noqa: PLC0415 -- slow to import, or not there without the extra

    mask = geometry_mask(
        shapes,
        out_shape=(cube.sizes["y"], cube.sizes["x"]),
        transform=affine(cube),
        invert=True,
    )
    return xr.DataArray(mask, dims=("y", "x"), coords={"y": cube["y"], "x": cube["x"]})


def affine(cube: xr.DataArray) -> Affine:
    """From (column, row) to the outer corners of a cube's pixels; pixels of one size."""
    x, y = cube["x"].values, cube["y"].values
    across = float(x[1] - x[0]) if len(x) > 1 else None
    down = float(y[1] - y[0]) if len(y) > 1 else None
    # A single row or column has no spacing of its own: pixels are taken as square.
    across = across or abs(down or sample.STEP)
    down = down or -abs(across)
    return Affine(across, 0, float(x[0]) - across / 2, 0, down, float(y[0]) - down / 2)


def _inside(date: str, extent: Any) -> bool:
    if extent is None:
        return True
    start, end = intervals.interval(extent)
    return bool(start <= np.datetime64(f"{date}T{sample.TIME}") < end)


def _accepted(clouds: float, properties: dict[str, Callable[..., Any]]) -> bool:
    unknown = set(properties) - {"eo:cloud_cover"}
    if unknown:
        raise ProcessFailure(
            "PropertyNotAvailable", f"Cannot filter by {', '.join(sorted(unknown))}."
        )
    return all(
        bool(condition(named_parameters={"value": clouds})) for condition in properties.values()
    )
