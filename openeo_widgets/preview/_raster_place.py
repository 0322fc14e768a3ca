"""Where a raster lies: its pixels on the map, and the map's pixels in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._geojson import is_number
from openeo_widgets.api._projection import crs_of
from openeo_widgets.errors import RasterError
from openeo_widgets.preview._raster_grid import Box, mercator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from openeo_widgets.preview._raster_grid import Grid

    Numbers = NDArray[np.float64]

__all__ = ["Part", "Place", "place_of", "placed", "stated_crs"]

# Points along each side at which places are computed: between them the earth is even enough.
_POINTS = 21

# Web Mercator with another meridian in its middle: what crosses the antimeridian is in one piece.
_MERCATOR = (
    "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0={lon} +x_0=0 +y_0=0 +k=1 +units=m "
    "+nadgrids=@null +wktext +no_defs"
)
_WHOLE_TURN = 350.0
_DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class Part:
    """Some of a raster's pixels: each pixel of the part is `x_step` times `y_step` of them.

    Attributes:
        column: First column.
        row: First row.
        x_step: Columns in a pixel of the part.
        y_step: Rows in a pixel of the part.
    """

    column: float
    row: float
    x_step: float
    y_step: float


@dataclass(frozen=True)
class Place:
    """Where a raster lies.

    Attributes:
        crs: Its coordinate reference system, as rasterio has it.
        transform: From column and row to coordinates, rotated or not; None where `gcps` say it.
        gcps: Ground control points.
        box: What it covers, in Web Mercator.
        middle: Longitude that is in the middle of the map's projection.
        metres: About how large a pixel is, in metres of Web Mercator.
    """

    crs: Any
    transform: Any
    gcps: Sequence[Any]
    box: Box
    middle: float
    metres: float

    @property
    def map_crs(self) -> str:
        """The map's projection; see `middle`."""
        return _MERCATOR.format(lon=self.middle) if self.middle else "EPSG:3857"

    @property
    def _shift(self) -> float:
        return mercator(self.middle, 0)[0]

    def source(self, part: Part) -> dict[str, Any]:
        """What rasterio's `reproject` wants to know of a part of this raster."""
        from affine import Affine  # noqa: PLC0415 - of the extra `raster`

        if self.transform is None:
            return {"src_crs": self.crs, "gcps": [_moved(point, part) for point in self.gcps]}
        a, b, c, d, e, f = tuple(self.transform)[:6]
        moved = Affine(
            *(a * part.x_step, b * part.y_step, a * part.column + b * part.row + c),
            *(d * part.x_step, e * part.y_step, d * part.column + e * part.row + f),
        )
        return {"src_crs": self.crs, "src_transform": moved}

    def target(self, grid: Grid) -> dict[str, Any]:
        """What rasterio's `reproject` wants to know of the picture."""
        from affine import Affine  # noqa: PLC0415 - of the extra `raster`

        left, size = grid.box.left - self._shift, grid.metres
        to = Affine(size, 0.0, left, 0.0, -size, grid.box.top)
        return {"dst_crs": self.map_crs, "dst_transform": to}

    def pixels_of(self, grid: Grid) -> tuple[Numbers, Numbers] | None:
        """Columns and rows at points all over a picture; None where only a look at all tells."""
        import numpy as np  # noqa: PLC0415 - of the extra `raster`

        if self.transform is None:
            return None
        xs, ys = np.meshgrid(
            np.linspace(grid.box.left, grid.box.right, _POINTS) - self._shift,
            np.linspace(grid.box.bottom, grid.box.top, _POINTS),
        )
        return self._pixels(self.map_crs, xs.ravel(), ys.ravel())

    def pixel_at(self, lon: float, lat: float) -> tuple[int, int] | None:
        """Column and row of a place in degrees; None where there is no telling."""
        from rasterio.transform import GCPTransformer  # noqa: PLC0415 - of the extra `raster`

        if self.transform is None:
            xs, ys = _projected(_DEGREES, self.crs, [lon], [lat])
            if not math.isfinite(xs[0]):
                return None
            with GCPTransformer(list(self.gcps)) as points:
                rows, columns = points.rowcol(xs, ys)
            return int(columns[0]), int(rows[0])
        # All that the CRS can tell: a place may be given as 190 or as -170 degrees.
        found = self._pixels(_DEGREES, [lon], [lat])
        if not all(math.isfinite(number[0]) for number in found):
            return None
        return math.floor(found[0][0]), math.floor(found[1][0])

    def _pixels(self, crs: str, xs: Any, ys: Any) -> tuple[Numbers, Numbers]:
        there_x, there_y = _projected(crs, self.crs, xs, ys)
        if self.crs.is_geographic:  # rasters may count on beyond 180, and what is asked too
            middle = _middle_longitude(self)
            there_x = middle + (there_x - middle + 180) % 360 - 180
        a, b, c, d, e, f = tuple(~self.transform)[:6]
        return a * there_x + b * there_y + c, d * there_x + e * there_y + f


def place_of(raster: Any, stated: Mapping[str, Any]) -> Place:
    """Where a raster lies, as its file says, or else as the metadata say.

    Args:
        raster: An open dataset of rasterio.
        stated: The asset's metadata: ``proj:code`` or ``proj:epsg``, and ``proj:transform``.

    Raises:
        RasterError: Neither says it, or it is on no map.
    """
    return placed(raster, *_georeference(raster, stated))


def placed(raster: Any, transform: Any, crs: Any, gcps: Sequence[Any] = ()) -> Place:
    """Where a raster lies that has this transform, or these ground control points.

    Args:
        raster: What has a width and a height.
        transform: From column and row to coordinates, or None.
        crs: The reference system of those.
        gcps: Ground control points, where there is no transform.

    Raises:
        RasterError: It is on no map.
    """
    try:
        return _placed(raster, transform, crs, gcps)
    except Exception as error:  # noqa: BLE001 - GDAL's errors have no public base
        raise RasterError(
            f"Where this raster lies cannot be computed ({type(error).__name__}).",
            hint="Its coordinate reference system, or its transform, makes no sense on a map.",
        ) from None


def _georeference(raster: Any, stated: Mapping[str, Any]) -> tuple[Any, Any, Sequence[Any]]:
    transform, crs = raster.transform, raster.crs
    gcps, gcp_crs = raster.gcps
    if transform.is_identity:
        transform = _stated_transform(stated)
    if transform is None and gcps and gcp_crs:
        return None, gcp_crs, gcps
    crs = crs or stated_crs(stated)
    if transform is None and raster.rpcs is not None:
        raise RasterError(
            "This raster is placed by a model of its camera (RPC), which needs the height of the "
            "ground: without it, it would be drawn up to hundreds of metres beside its place.",
            hint="Download it, and orthorectify it with an elevation model: `gdalwarp -rpc -to "
            "RPC_DEM=heights.tif`.",
        )
    if not crs or transform is None:
        lacks = "no coordinate reference system" if transform is not None else "no place on earth"
        raise RasterError(
            f"This raster has {lacks}, and the metadata tell none: it cannot be put on a map.",
            hint="Download it to look at it as a plain picture.",
        )
    return transform, crs, ()


def _placed(raster: Any, transform: Any, crs: Any, gcps: Sequence[Any]) -> Place:
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    across, down = np.meshgrid(
        np.linspace(0, raster.width, _POINTS), np.linspace(0, raster.height, _POINTS)
    )
    columns, rows = across.ravel(), down.ravel()
    if transform is not None:
        a, b, c, d, e, f = tuple(transform)[:6]
        xs, ys = a * columns + b * rows + c, d * columns + e * rows + f
    else:
        xs, ys = _of_points(gcps, columns, rows)
    lons, lats = _projected(crs, _DEGREES, xs, ys)
    if crs.is_geographic:  # as it counts itself, beyond 180 degrees too
        lons = xs
    sane = np.isfinite(lons) & np.isfinite(lats) & (abs(lats) <= 90.001)  # noqa: PLR2004 - a pole
    if not sane.any():
        raise ValueError("on no map")
    lons, lats = lons[sane], lats[sane]
    # Each beside the first: across the antimeridian the numbers leap, the places do not.
    lons = lons[0] + (lons - lons[0] + 180) % 360 - 180 if not crs.is_geographic else lons
    west, east = float(lons.min()), float(lons.max())
    if east - west > _WHOLE_TURN:  # the world, or a pole with all meridians around it
        west, east = -180.0, 180.0
    (left, bottom), (right, top) = (
        mercator(west, float(lats.min())),
        mercator(east, float(lats.max())),
    )
    if right <= left or top <= bottom:
        raise ValueError("of no size")
    inside = west >= -180.0 and east <= 180.0  # noqa: PLR2004 - the antimeridian
    middle = 0.0 if inside else (west + east) / 2
    metres = math.sqrt((right - left) * (top - bottom) / (raster.width * raster.height))
    return Place(crs, transform, tuple(gcps), Box(left, bottom, right, top), middle, metres)


def _projected(crs: Any, to: Any, xs: Any, ys: Any) -> tuple[Numbers, Numbers]:
    """Coordinates in another reference system; not a number where that has none for them."""
    import numpy as np  # noqa: PLC0415 - of the extra `raster`
    from rasterio.warp import transform  # noqa: PLC0415 - of the extra `raster`

    try:
        found = transform(crs, to, xs, ys)[:2]
    except Exception:  # noqa: BLE001 - GDAL's errors have no public base; one point is enough
        if len(xs) == 1:
            return np.array([math.nan]), np.array([math.nan])
        each = [_projected(crs, to, [x], [y]) for x, y in zip(xs, ys, strict=True)]
        return np.concatenate([x for x, _ in each]), np.concatenate([y for _, y in each])
    there = np.array(found, dtype=float)
    there[~np.isfinite(there)] = math.nan
    return there[0], there[1]


def _middle_longitude(place: Place) -> float:
    from openeo_widgets.preview._raster_grid import on_earth  # noqa: PLC0415

    return on_earth((place.box.left + place.box.right) / 2, 0)[0]


def _of_points(gcps: Sequence[Any], columns: Numbers, rows: Numbers) -> tuple[Numbers, Numbers]:
    import numpy as np  # noqa: PLC0415 - of the extra `raster`
    from rasterio.transform import GCPTransformer  # noqa: PLC0415 - of the extra `raster`

    with GCPTransformer(list(gcps)) as points:
        xs, ys = points.xy(rows, columns, offset="ul")
    return np.array(xs), np.array(ys)


def _moved(point: Any, part: Part) -> Any:
    from rasterio.control import GroundControlPoint  # noqa: PLC0415 - of the extra `raster`

    row, column = (point.row - part.row) / part.y_step, (point.col - part.column) / part.x_step
    return GroundControlPoint(row, column, point.x, point.y)


def stated_crs(stated: Mapping[str, Any]) -> Any:
    """The reference system that an asset's metadata tell as a code or as WKT, or None.

    Never through what guesses its form: that reads files, and asks other hosts, by their names.
    """
    from rasterio.crs import CRS  # noqa: PLC0415 - of the extra `raster`
    from rasterio.errors import CRSError  # noqa: PLC0415 - of the extra `raster`

    for name in ("proj:code", "proj:epsg", "proj:wkt2"):
        told = crs_of({name: stated.get(name)})
        if told is not None:
            try:
                return CRS.from_user_input(told)
            except CRSError:
                continue
    return None


def _stated_transform(stated: Mapping[str, Any]) -> Any:
    from affine import Affine  # noqa: PLC0415 - of the extra `raster`

    told = stated.get("proj:transform")
    if not isinstance(told, list) or len(told) < 6:  # noqa: PLR2004 - three rows of two, or more
        return None
    numbers = [number for number in told[:6] if is_number(number)]
    found = Affine(*numbers) if len(numbers) == 6 else None  # noqa: PLR2004 - as above
    return found if found is not None and not found.is_degenerate else None
