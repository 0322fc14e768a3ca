"""Where a cube of xarray's lies: its dimensions across and down, its transform, its CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import RasterError
from openeo_widgets.preview._raster_place import Place, placed, stated_crs

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CubeGrid", "grid_of", "time_of"]

# What dimensions are called where their attributes do not say what they are.
_ACROSS = ("x", "lon", "longitude", "easting")
_DOWN = ("y", "lat", "latitude", "northing")
_TIMES = ("t", "time")

_STANDARD = {
    "projection_x_coordinate": "X",
    "projection_y_coordinate": "Y",
    "longitude": "X",
    "latitude": "Y",
    "grid_longitude": "X",
    "grid_latitude": "Y",
    "time": "T",
}
_DEGREES_EAST = ("degrees_east", "degree_east", "degrees_e", "degree_e")
_DEGREES_NORTH = ("degrees_north", "degree_north", "degrees_n", "degree_n")
_LON_LAT = "EPSG:4326"

# Coordinates may be so many pixels beside where even steps would have them.
_UNEVEN = 0.5

# Parts of a degree, by which a grid around the world may be less than a turn.
_TURN = 360.0
_NEARLY = 0.01


@dataclass(frozen=True)
class CubeGrid:
    """Where the pixels of a cube lie.

    Attributes:
        x: Name of the dimension across.
        y: Name of the dimension down.
        width: Columns.
        height: Rows.
        place: Where they lie.
        shift: As many columns are stored before the first one: longitudes that are stored from 0
            to 360 are taken from -180 to 180.
    """

    x: str
    y: str
    width: int
    height: int
    place: Place
    shift: int

    def columns(self, left: int, right: int) -> list[slice]:
        """Where columns are stored, from one to that before another: one piece, or two."""
        begin, end = left + self.shift, right + self.shift
        if begin >= self.width:
            return [slice(begin - self.width, end - self.width)]
        if end <= self.width:
            return [slice(begin, end)]
        return [slice(begin, self.width), slice(0, end - self.width)]


def grid_of(found: Any, metadata: Mapping[str, Any]) -> CubeGrid:
    """Where a cube lies.

    Args:
        found: An `xarray.Dataset`.
        metadata: The STAC asset, whose ``proj:code`` tells the CRS where the cube does not.

    Raises:
        RasterError: It is no raster, or nothing tells where it lies.
    """
    across, down = _dimension(found, "X", _ACROSS), _dimension(found, "Y", _DOWN)
    if across is None or down is None:
        raise RasterError(
            "This cube has no dimensions across and down, such as x and y or lon and lat.",
            hint="Its preview shows what it has.",
        )
    crs = _crs(found, across, down, metadata)
    sizes = {"width": found.sizes[across], "height": found.sizes[down]}
    shape = _Shape(**sizes)
    transform, shift = _transform(found, across, down, degrees=crs.is_geographic)
    return CubeGrid(across, down, **sizes, place=placed(shape, transform, crs), shift=shift)


def time_of(found: Any) -> str | None:
    """Name of the dimension of time, or None."""
    named = _dimension(found, "T", _TIMES)
    dates = (str(dim) for dim in found.dims if found[dim].dtype.kind == "M")
    return named or next(dates, None)


@dataclass(frozen=True)
class _Shape:
    width: int
    height: int


def _dimension(found: Any, axis: str, names: tuple[str, ...]) -> str | None:
    """The dimension of an axis, as its attributes say; else by its name."""
    said = [str(dim) for dim in found.dims if _axis(found[dim].attrs) == axis]
    named = [str(dim) for dim in found.dims if str(dim).lower() in names]
    return next(iter([*said, *named]), None)


def _axis(attributes: Mapping[str, Any]) -> str:
    units = str(attributes.get("units", "")).lower()
    if units in _DEGREES_EAST or units in _DEGREES_NORTH:
        return "X" if units in _DEGREES_EAST else "Y"
    standard = _STANDARD.get(str(attributes.get("standard_name", "")).lower())
    return standard or str(attributes.get("axis", "")).upper()


def _crs(found: Any, across: str, down: str, metadata: Mapping[str, Any]) -> Any:
    for variable in _mappings(found):
        if (crs := _crs_of(variable.attrs)) is not None:
            return crs
    if (crs := _crs_of(found.attrs)) is not None or (crs := stated_crs(metadata)) is not None:
        return crs
    if _is_degrees(found[across].attrs, across) and _is_degrees(found[down].attrs, down):
        return _from(_LON_LAT)
    raise RasterError(
        "This cube has no coordinate reference system, and the metadata tell none: it cannot be "
        "put on a map.",
        hint="Its preview shows what it has.",
    )


def _mappings(found: Any) -> list[Any]:
    """The variables that tell of a CRS: those that others name, then what is called so."""
    said = [
        str(values.attrs.get("grid_mapping") or values.encoding.get("grid_mapping") or "")
        for values in found.data_vars.values()
    ]
    # "crs: x y" names the coordinates too.
    names = [name.split(":")[0].split(" ")[0] for name in said if name]
    return [found[name] for name in (*names, "spatial_ref", "crs") if name in found.variables]


def _crs_of(attributes: Mapping[str, Any]) -> Any:
    """The CRS that attributes tell, as WKT, as a code, or as CF has it; None if none."""
    for name in ("crs_wkt", "spatial_ref", "epsg_code", "crs"):
        told = attributes.get(name)
        if isinstance(told, str) and told and (crs := _from(told)) is not None:
            return crs
    if not attributes.get("grid_mapping_name"):
        return None
    try:
        from pyproj import CRS  # noqa: PLC0415 - of the extra `cubes`
        from pyproj.exceptions import CRSError  # noqa: PLC0415 - of the extra `cubes`
    except ImportError:
        return None
    try:
        return _from(CRS.from_cf(dict(attributes)).to_wkt())
    except (CRSError, KeyError, TypeError, ValueError):
        return None


def _from(text: str) -> Any:
    from rasterio.crs import CRS  # noqa: PLC0415 - of the extra `cubes`
    from rasterio.errors import CRSError  # noqa: PLC0415 - of the extra `cubes`

    try:
        return CRS.from_user_input(text) or None
    except CRSError:
        return None


def _is_degrees(attributes: Mapping[str, Any], name: str) -> bool:
    units = str(attributes.get("units", "")).lower()
    standard = str(attributes.get("standard_name", "")).lower()
    is_named = name.lower() in {"lon", "longitude", "lat", "latitude"}
    return (
        units in (*_DEGREES_EAST, *_DEGREES_NORTH)
        or standard in {"longitude", "latitude"}
        or (is_named and units in {"", "degrees", "degree"})
    )


def _transform(found: Any, across: str, down: str, *, degrees: bool) -> tuple[Any, int]:
    """From column and row to coordinates, and how many columns are stored before the first."""
    from affine import Affine  # noqa: PLC0415 - of the extra `cubes`

    stored = _stored_transform(found)
    across_stored = (stored[0], stored[1]) if stored else None
    left, x_step, shift = _even(found, across, across_stored, degrees=degrees)
    down_stored = (stored[3], stored[5]) if stored else None
    top, y_step, _ = _even(found, down, down_stored, degrees=False)
    return Affine(x_step, 0.0, left, 0.0, y_step, top), shift


def _stored_transform(found: Any) -> list[float] | None:
    """GDAL's numbers, as it and rioxarray write them beside the CRS."""
    for variable in _mappings(found):
        told = str(variable.attrs.get("GeoTransform", "")).split()
        try:
            numbers = [float(number) for number in told]
        except ValueError:
            continue
        if len(numbers) == 6 and numbers[1] and numbers[5]:  # noqa: PLR2004 - GDAL's
            return numbers
    return None


def _even(
    found: Any, name: str, stored: tuple[float, float] | None, *, degrees: bool
) -> tuple[float, float, int]:
    """Outer edge of the first pixel, step, and columns that are stored before the first one."""
    import numpy as np  # noqa: PLC0415 - of the extra `cubes`

    count = found.sizes[name]
    values = found[name].values if name in found.coords else np.zeros(0)
    if values.dtype.kind not in "iuf" or (count == 1 and stored is not None) or not values.size:
        if stored is None:
            raise _uneven(name)
        return (*stored, 0)
    values = values.astype(np.float64) * _metres(found[name].attrs)
    if degrees:  # across the antimeridian the numbers leap, the places do not
        values = np.unwrap(values, period=_TURN)
    step = float(values[-1] - values[0]) / (count - 1) if count > 1 else 0.0
    even = values[0] + step * np.arange(count)
    if not step or not np.isfinite(step) or abs(values - even).max() > _UNEVEN * abs(step):
        raise _uneven(name)
    edge, shift = float(values[0]) - step / 2, 0
    if degrees:
        edge, shift = _turned(edge, step, count)
    return edge, step, shift


def _turned(edge: float, step: float, count: int) -> tuple[float, int]:
    """Longitudes from 0 to 360 as those from -180 to 180."""
    if step <= 0 or edge + step * count <= _TURN / 2 + step:
        return edge, 0
    if step * count < _TURN - _NEARLY:  # a part of the world: in one piece, beyond 180 too
        return (edge - _TURN, 0) if edge >= _TURN / 2 else (edge, 0)
    shift = round((_TURN / 2 - edge) / step)
    return edge + shift * step - _TURN, shift % count


def _metres(attributes: Mapping[str, Any]) -> float:
    return 1000.0 if str(attributes.get("units", "")).lower() in {"km", "kilometre"} else 1.0


def _uneven(name: str) -> RasterError:
    return RasterError(
        f"The coordinates {name!r} of this cube are not in even steps: it cannot be put on a map.",
        hint="Resample it to a regular grid.",
    )
