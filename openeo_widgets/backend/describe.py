"""What STAC wants to know about a result file: place, time, grid, bands, size and checksum."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely.geometry
from pyproj import Transformer

from openeo_widgets.backend import source
from openeo_widgets.backend.cubes import GEOMETRY, crs_of
from openeo_widgets.backend.geometries import LON_LAT
from openeo_widgets.backend.writers import Written, bands, lon_lat, times

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

_SHA2_256 = "1220"  # multihash: function 0x12, length 0x20 bytes
_CHUNK = 1 << 20


def describe(written: Written, folder: Path, loaded: list[xr.DataArray]) -> dict[str, Any]:
    """The description that the server builds STAC of.

    Args:
        written: the file.
        folder: where it lies.
        loaded: what was loaded: it gives place and time to what has been reduced over them.

    Returns:
        ``name``, ``type``, ``title``, ``roles``, ``size`` (bytes), ``checksum`` (multihash,
        hexadecimal), ``geometry`` (GeoJSON in lon/lat, or None), ``times`` (RFC 3339) and
        ``properties`` (further STAC properties of the asset).
    """
    path = folder / written.name
    cube = written.cube
    properties: dict[str, Any] = {}
    if not written.picture:
        properties["bands"] = [_band(cube, name) for name in bands(cube)]
    if "x" in cube.dims and "y" in cube.dims:
        properties |= _grid(cube)
    return {
        "name": written.name,
        "type": written.media_type,
        "title": written.title,
        "roles": ["visual"] if written.picture else ["data"],
        "size": path.stat().st_size,
        "checksum": _SHA2_256 + _sha256(path),
        "geometry": next((place for one in (cube, *loaded) if (place := _footprint(one))), None),
        "times": next((found for one in (cube, *loaded) if (found := _moments(one))), []),
        "properties": properties,
    }


def _moments(cube: xr.DataArray) -> list[str]:
    return times(cube) if "t" in cube.coords and cube["t"].dtype.kind == "M" else []


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _band(cube: xr.DataArray, name: str) -> dict[str, Any]:
    values = cube.sel(bands=name).values if "bands" in cube.dims else cube.values
    band: dict[str, Any] = {"name": name}
    if values.dtype.kind == "f":
        band |= {"data_type": "float32", "nodata": "nan"}
    valid = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if valid.size:
        band["statistics"] = {
            "minimum": float(valid.min()),
            "maximum": float(valid.max()),
            "mean": float(valid.mean(dtype=float)),
            "valid_percent": round(100 * valid.size / values.size, 2),
        }
    return band


def _grid(cube: xr.DataArray) -> dict[str, Any]:
    crs = crs_of(cube)
    authority = crs.to_authority(min_confidence=100)
    transform = source.affine(cube)
    west, north = transform @ (0, 0)
    east, south = transform @ (cube.sizes["x"], cube.sizes["y"])
    place = {"proj:code": ":".join(authority)} if authority else {"proj:wkt2": crs.to_wkt()}
    return place | {
        "proj:bbox": [west, south, east, north],
        "proj:shape": [cube.sizes["y"], cube.sizes["x"]],
        "proj:transform": [*transform][:6],
    }


def _footprint(cube: xr.DataArray) -> dict[str, Any] | None:
    """The outline of a raster, or all geometries of a vector cube, in lon/lat."""
    if "x" in cube.dims and "y" in cube.dims:
        transform = source.affine(cube)
        columns, rows = cube.sizes["x"], cube.sizes["y"]
        # Counter-clockwise from the lower left, as GeoJSON has it.
        corners = [(0, rows), (columns, rows), (columns, 0), (0, 0), (0, rows)]
        project = Transformer.from_crs(crs_of(cube), LON_LAT, always_xy=True).transform
        ring = [project(*(transform @ corner)) for corner in corners]
        return {
            "type": "Polygon",
            "coordinates": [[[round(lon, 7), round(lat, 7)] for lon, lat in ring]],
        }
    if GEOMETRY in cube.dims:
        shapes = [shapely.geometry.shape(shape) for shape in lon_lat(cube)]
        union = shapely.union_all(shapes)
        return dict(shapely.geometry.mapping(union))
    return None
