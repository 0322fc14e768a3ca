"""Cubes as files: one function per format, each returning the names of what it wrote."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import shapely.geometry
import xarray as xr
from pyproj import Transformer
from rasterio.io import MemoryFile
from rasterio.shutil import copy

from openeo_widgets.backend import source
from openeo_widgets.backend.cubes import GEOMETRY, crs_of
from openeo_widgets.backend.failures import ProcessFailure
from openeo_widgets.backend.geometries import LON_LAT, reproject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Target:
    """Where and how to write.

    Args:
        folder: where the files go.
        stem: their name without ending; files of several dates add the date.
        options: the user's, as ``formats.OUTPUT`` has them.
    """

    folder: Path
    stem: str = "openEO"
    options: dict[str, Any] = field(default_factory=dict)

    def named(self, stem: str) -> Target:
        """The same with another name in the place of the general one."""
        return replace(self, stem=self.stem.replace("openEO", stem))


@dataclass(frozen=True)
class Written:
    """A file, complete but for what is the same in all formats.

    Args:
        name: the file's name.
        media_type: of its content.
        title: for people.
        cube: what the file holds (for its bands, times and place).
        picture: whether it shows the data and does not hold it.
    """

    name: str
    media_type: str
    title: str
    cube: xr.DataArray
    picture: bool = False


def gtiff(cube: xr.DataArray, target: Target) -> Iterator[Written]:
    """A cloud-optimised GeoTIFF per time step."""
    for name, step in _steps(cube, target.stem):
        pixels = _pixels(step)
        profile = {
            "driver": "GTiff", "width": pixels.shape[2], "height": pixels.shape[1],
            "count": pixels.shape[0], "dtype": pixels.dtype, "crs": crs_of(step).to_wkt(),
            "transform": source.affine(step),
            "nodata": float("nan") if pixels.dtype.kind == "f" else None,
        }  # fmt: skip
        with MemoryFile() as memory:
            with memory.open(**profile) as raster:
                raster.write(pixels)
                raster.descriptions = bands(step)
                if "t" in step.coords:
                    raster.update_tags(TIFFTAG_DATETIME=_tiff_time(step["t"].values))
            with memory.open() as raster:
                copy(
                    raster, target.folder / f"{name}.tif", driver="COG", compress="DEFLATE",
                    predictor="YES", blocksize=256,
                )  # fmt: skip
        media_type = "image/tiff; application=geotiff; profile=cloud-optimized"
        yield Written(f"{name}.tif", media_type, _title(step, "GeoTIFF"), step)


def png(cube: xr.DataArray, target: Target) -> Iterator[Written]:
    """A picture per time step."""
    for name, step in _steps(cube, target.stem):
        pixels = _pixels(step).astype(float)
        if len(pixels) not in (1, 3):
            raise ProcessFailure(
                "FormatUnsuitable",
                f"PNG shows one band or three, and the cube has {len(pixels)}: filter_bands first.",
            )
        picture = np.concatenate([_stretch(pixels, target.options), _opacity(pixels)])
        with rasterio.open(
            target.folder / f"{name}.png", "w", driver="PNG", width=pixels.shape[2],
            height=pixels.shape[1], count=len(picture), dtype="uint8",
        ) as raster:  # fmt: skip
            raster.write(picture)
        # GDAL notes statistics beside the picture; they are no result.
        (target.folder / f"{name}.png.aux.xml").unlink(missing_ok=True)
        yield Written(f"{name}.png", "image/png", _title(step, "Picture"), step, picture=True)


def _stretch(pixels: Any, options: dict[str, Any]) -> Any:
    valid = pixels[np.isfinite(pixels)]
    low, high = np.percentile(valid, [2, 98]) if valid.size else (0.0, 1.0)
    low = float(options.get("minimum", low))
    high = float(options.get("maximum", high))
    scaled = (np.nan_to_num(pixels, nan=low) - low) / ((high - low) or 1)
    return np.rint(np.clip(scaled, 0, 1) * 255).astype(np.uint8)


def _opacity(pixels: Any) -> Any:
    return np.where(np.isfinite(pixels).all(axis=0), 255, 0).astype(np.uint8)[None]


def netcdf(cube: xr.DataArray, target: Target) -> Iterator[Written]:
    """One file, CF conventions, one variable per band."""
    plain = cube.copy()
    plain.attrs = {}
    if GEOMETRY in plain.dims:
        shapes = [shapely.geometry.shape(shape) for shape in lon_lat(cube)]
        plain = plain.assign_coords(
            {GEOMETRY: np.arange(len(shapes)), "wkt": (GEOMETRY, [s.wkt for s in shapes])}
        )
    if "bands" in plain.dims:
        plain = plain.assign_coords(bands=[str(band) for band in plain["bands"].values])
        data = plain.to_dataset("bands")
    else:
        data = plain.drop_vars("bands", errors="ignore").to_dataset(name=bands(cube)[0])
    for variable in data.data_vars.values():
        variable.attrs = {"grid_mapping": "spatial_ref"} if "spatial_ref" in data.coords else {}
        variable.encoding = {"zlib": True} if variable.ndim else {}
    if "x" in data.dims:
        data = data.rio.write_transform(source.affine(cube))
        data = data.rio.write_coordinate_system()
    data.attrs = {"Conventions": "CF-1.8"}
    data.to_netcdf(target.folder / f"{target.stem}.nc", engine="h5netcdf")
    yield Written(f"{target.stem}.nc", "application/x-netcdf", "netCDF", cube)


def as_json(cube: Any, target: Target) -> Iterator[Written]:
    """By date a list by geometry of lists by band; any other cube as dims, coords and data."""
    if _is_series(cube):
        table = cube.expand_dims([dim for dim in ("t", GEOMETRY, "bands") if dim not in cube.dims])
        table = table.transpose("t", GEOMETRY, "bands")
        value: Any = {
            time: _plain(step.values) for time, step in zip(times(table), table, strict=True)
        }
        target = target.named("timeseries")
    elif isinstance(cube, xr.DataArray):
        value = {
            "dims": list(cube.dims),
            "coords": {
                str(dim): lon_lat(cube) if dim == GEOMETRY else _plain(cube[dim].values)
                for dim in cube.dims
            },
            "data": _plain(cube.values),
        }
    else:
        value = _plain(np.asarray(cube))
        cube = xr.DataArray(np.asarray(cube))
    text = json.dumps(value, allow_nan=False)
    (target.folder / f"{target.stem}.json").write_text(text, encoding="utf-8")
    yield Written(f"{target.stem}.json", "application/json", "JSON", cube)


def as_csv(cube: xr.DataArray, target: Target) -> Iterator[Written]:
    """A row per date and geometry, a column per band; empty where there is no data."""
    if "x" in cube.dims or "y" in cube.dims:
        raise ProcessFailure(
            "FormatUnsuitable", "CSV is for tables: aggregate over space first, or take GTiff."
        )
    target = target.named("timeseries") if "t" in cube.dims else target
    others = [str(dim) for dim in cube.dims if dim != "bands"]
    table = cube.transpose(*others, ...)
    names = {"t": "date", GEOMETRY: "feature_index"}
    with (target.folder / f"{target.stem}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([names.get(dim, dim) for dim in others] + bands(cube))
        labels = [_labels(cube, dim) for dim in others]
        for index in np.ndindex(*(table.sizes[dim] for dim in others)):
            row = [labels[axis][position] for axis, position in enumerate(index)]
            values = np.atleast_1d(table.values[index])
            writer.writerow(row + ["" if value is None else value for value in _plain(values)])
    yield Written(f"{target.stem}.csv", "text/csv", "Table", cube)


def geojson(cube: xr.DataArray, target: Target) -> Iterator[Written]:
    """The geometries in lon/lat with a property per band and date, beside their own."""
    if GEOMETRY not in cube.dims:
        raise ProcessFailure(
            "FormatUnsuitable", "GeoJSON is for vector cubes: call aggregate_spatial first."
        )
    found = []
    for index, shape in enumerate(lon_lat(cube)):
        own = json.loads(str(cube["properties"].values[index]))
        values = _properties(cube.isel({GEOMETRY: index}))
        found.append(
            {"type": "Feature", "id": index, "geometry": shape, "properties": own | values}
        )
    text = json.dumps({"type": "FeatureCollection", "features": found}, allow_nan=False)
    (target.folder / f"{target.stem}.geojson").write_text(text, encoding="utf-8")
    yield Written(f"{target.stem}.geojson", "application/geo+json", "GeoJSON", cube)


def _properties(one: xr.DataArray) -> dict[str, Any]:
    steps = (
        [("", one)]
        if "t" not in one.dims
        else [(f"_{time[:10]}", one.isel(t=index)) for index, time in enumerate(times(one))]
    )
    return {
        f"{band}{suffix}": value
        for suffix, step in steps
        for band, value in zip(bands(one), _plain(np.atleast_1d(step.values)), strict=True)
    }


WRITERS: dict[str, Callable[..., Iterator[Written]]] = {
    "GTiff": gtiff, "PNG": png, "netCDF": netcdf, "JSON": as_json, "CSV": as_csv,
    "GeoJSON": geojson,
}  # fmt: skip
"""The writer by format name; it takes a computed cube."""


def bands(cube: xr.DataArray) -> list[str]:
    """The names of a cube's bands; a cube without bands has one, by its own name or ``result``."""
    if "bands" not in cube.dims:
        return [str(cube.name or "result")]
    return [str(band) for band in cube["bands"].values]


def times(cube: xr.DataArray) -> list[str]:
    """A cube's dates as RFC 3339 in UTC, or its temporal labels as they are; empty if none."""
    if "t" not in cube.coords:
        return []
    values = np.atleast_1d(cube["t"].values)
    if values.dtype.kind != "M":
        return [str(value) for value in values]
    return [f"{value}Z" for value in values.astype("datetime64[s]")]


def lon_lat(cube: xr.DataArray) -> list[dict[str, Any]]:
    """The geometries of a vector cube as GeoJSON in lon/lat, with seven decimals (1 cm)."""
    wkt = cube["spatial_ref"].attrs["crs_wkt"]
    transformer = Transformer.from_crs(wkt, LON_LAT, always_xy=True)
    shapes = [reproject(shape, transformer) for shape in cube[GEOMETRY].values]
    return [_rounded(shapely.geometry.mapping(shape)) for shape in shapes]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(element) for element in value]
    return round(value, 7) if isinstance(value, float) else value


def _is_series(cube: Any) -> bool:
    return (
        isinstance(cube, xr.DataArray)
        and "t" in cube.dims
        and not set(cube.dims) - {"t", GEOMETRY, "bands"}
    )


def _steps(cube: xr.DataArray, stem: str) -> Iterator[tuple[str, xr.DataArray]]:
    """The raster cube's time steps with a file name (without ending) each."""
    if not {"x", "y"} <= set(cube.dims):
        raise ProcessFailure(
            "FormatUnsuitable", "This format needs a raster: the cube has no dimensions x and y."
        )
    more = set(map(str, cube.dims)) - {"x", "y", "t", "bands"}
    if more:
        raise ProcessFailure(
            "FormatUnsuitable", f"This format cannot hold the dimension {', '.join(sorted(more))}."
        )
    if "t" not in cube.dims:
        yield stem, cube
        return
    labels = times(cube)
    short = [label[:10] for label in labels]
    unique = (
        short
        if len(set(short)) == len(short)
        else [label.replace(":", "").replace("/", "-") for label in labels]
    )
    for index, label in enumerate(unique):
        yield f"{stem}_{label}", cube.isel(t=index)


def _pixels(step: xr.DataArray) -> Any:
    order = [dim for dim in ("bands", "y", "x") if dim in step.dims]
    pixels = step.transpose(*order).values
    pixels = pixels if pixels.ndim == 3 else pixels[None]  # noqa: PLR2004 -- named by its comment or context
    if pixels.dtype == bool:
        return pixels.astype(np.uint8)
    # No one needs the 16 digits that arithmetic on 32 bit data leaves behind.
    return pixels.astype(np.float32) if pixels.dtype.kind == "f" else pixels.astype(np.int32)


def _plain(array: Any) -> Any:
    """An array as nested lists that JSON can hold: NaN and infinity become None."""
    if array.dtype.kind == "M":
        return [f"{value}Z" for value in array.astype("datetime64[s]")]
    if array.dtype.kind == "f":
        # The digits that 32 bits hold, not those that 64 bits make of them.
        exact = array.astype(str).astype(float) if array.dtype.itemsize == 4 else array  # noqa: PLR2004 -- named by its comment or context
        plain = exact.astype(object)
        plain[~np.isfinite(array)] = None
        return plain.tolist()
    return array.tolist()


def _labels(cube: xr.DataArray, dim: str) -> list[Any]:
    if dim == "t":
        return times(cube)
    return list(range(cube.sizes[dim])) if dim == GEOMETRY else list(cube[dim].values)


def _title(step: xr.DataArray, kind: str) -> str:
    dates = times(step)
    return f"{kind} of {dates[0][:10]}" if dates else kind


def _tiff_time(value: Any) -> str:
    return str(value)[:19].replace("-", ":").replace("T", " ")
