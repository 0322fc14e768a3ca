"""What is read of a raster: pixels at their place in a picture, and what values are like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.preview._raster_quiet import quiet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from openeo_widgets.preview._raster_grid import Grid
    from openeo_widgets.preview._raster_place import Part, Place

__all__ = ["SAMPLE", "CostsMore", "Pixels", "Stats", "stats", "warpable", "warped"]

#: What describes a raster: as many pixels of all of it along its longer side, at least.
SAMPLE = 256

_LOW, _HIGH = 2, 98

# What GDAL warps; the rest is read as the next that holds it.
_AS = {
    "bool": "uint8",
    "int8": "int16",
    "int64": "float64",
    "uint64": "float64",
    "float16": "float32",
}


class CostsMore(Exception):  # noqa: N818 - a question, no error
    """To read this takes more bytes than were allowed.

    Attributes:
        cost: About how many.
    """

    def __init__(self, cost: int) -> None:
        super().__init__(cost)
        self.cost = cost


@dataclass(frozen=True)
class Pixels:
    """What was read for a picture.

    Attributes:
        values: Bands, rows, columns.
        valid: Which of them there are: rows, columns.
        grid: Where they lie.
    """

    values: NDArray[Any]
    valid: NDArray[np.bool_]
    grid: Grid


@dataclass(frozen=True)
class Stats:
    """What the values of a band are like.

    Attributes:
        low: Two in a hundred are lower.
        high: Two in a hundred are higher.
        least: The lowest.
        most: The highest.
        missing: Share of pixels without a value.
    """

    low: float
    high: float
    least: float
    most: float
    missing: float


def stats(values: Any, of: int) -> Stats | None:
    """What values are like; None where there are none.

    Args:
        values: Those that there are.
        of: How many there might be.
    """
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    if not values.size:
        return None
    low, high = np.percentile(values, [_LOW, _HIGH], method="nearest")
    least, most = values.min(), values.max()
    return Stats(float(low), float(high), float(least), float(most), 1 - values.size / of)


def warpable(values: Any) -> Any:
    """Values as a type that can be warped, in the byte order of this machine."""
    return values.astype(_AS.get(values.dtype.name, values.dtype.name), copy=False)


def warped(place: Place, values: Any, missing: Any, part: Part, grid: Grid) -> Pixels:
    """Pixels of a raster as those of a picture, each the nearest one.

    Args:
        place: Where the raster lies.
        values: Bands, rows, columns of some of it, of a type that can be warped.
        missing: Which of them have no value, in the same shape.
        part: Which pixels of the raster these are.
        grid: The picture.
    """
    import numpy as np  # noqa: PLC0415 - of the extra `raster`
    from rasterio.warp import Resampling, reproject  # noqa: PLC0415 - of the extra `raster`

    shape = (grid.height, grid.width)
    how = {**place.source(part), **place.target(grid), "resampling": Resampling.nearest}
    # What GDAL knows of missing values are numbers: which ones are missing is warped too.
    there = np.zeros(shape, np.uint8)
    drawn = np.zeros((len(values), *shape), values.dtype)
    with quiet():
        reproject((~missing.all(axis=0)).astype(np.uint8), there, **how)
        for source, target in zip(values, drawn, strict=True):
            reproject(source, target, **how)
    return Pixels(drawn, there.astype(bool), grid)
