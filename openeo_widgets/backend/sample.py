"""The sample data: one growing season over fields of the Marchfeld, east of Vienna.

Made, not measured: parcels with crops of their own calendars, soil, a river with its forest and
a village, below clouds, their shadows and the edge of the swath. The same seed makes the same
data everywhere, so tests and notebooks can rely on the numbers.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from openeo_widgets.backend import sample_land

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLLECTION_ID = "SENTINEL2_SAMPLE"
EPSG = 32633
STEP = 10.0
"""Pixel size in metres."""
WEST, NORTH = 618840.0, 5343140.0
"""Outer upper-left corner, in metres of EPSG:32633."""
WIDTH, HEIGHT = sample_land.WIDTH, sample_land.HEIGHT
BANDS = ("B02", "B03", "B04", "B08", "B11", "SCL")
"""Reflectances times 10 000, and the scene classification of Sentinel-2's level 2A."""
NODATA = 0
DATES = tuple(
    str(day) for day in np.datetime64("2022-01-08") + 15 * np.arange(24).astype("timedelta64[D]")
)
"""The 24 days of acquisition, ISO 8601; each at ``TIME``."""
TIME = "10:00:00"
CLOUDS = (
    85, 40, 10, 60, 0, 25, 5, 70, 0, 15, 2, 35, 0, 8, 20, 0, 50, 3, 95, 10, 30, 90, 60, 20,
)  # fmt: skip
"""Cloud cover by date, in percent, as ``eo:cloud_cover`` has it."""

_SEED = 20220707
_FILE = "sentinel2-sample-1.npz"
_SHADOW_SHIFT = (9, -7)  # rows and columns from a cloud to its shadow; the sun stands in the south
_VEGETATION = 0.4  # NDVI that makes a pixel vegetation, not bare soil
_THICK = 0.35  # the part of a cloud that is classified as of high probability


def ensure(folder: Path) -> Path:
    """The sample file in ``folder``; made if absent, whole or not at all.

    Returns:
        A compressed NumPy archive with one array a date: (band, y, x), unsigned 16 bit.
    """
    path = folder / _FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **make())  # type: ignore[arg-type]
        Path(name).replace(path)
    return path


def read(path: Path, date: str, bands: tuple[str, ...]) -> NDArray[np.float32]:
    """One date as (band, y, x), nodata as NaN.

    Args:
        path: the file of ``ensure``.
        date: one of ``DATES``.
        bands: some of ``BANDS``, in the order wanted.
    """
    with np.load(path) as archive:
        data = archive[date][[BANDS.index(band) for band in bands]]
    values: NDArray[np.float32] = data.astype(np.float32)
    values[data == NODATA] = np.nan
    return values


def x_coordinates() -> NDArray[np.floating[Any]]:
    """Eastings of the pixel centres, in metres, growing."""
    return WEST + STEP * (np.arange(WIDTH) + 0.5)


def y_coordinates() -> NDArray[np.floating[Any]]:
    """Northings of the pixel centres, in metres, falling."""
    return NORTH - STEP * (np.arange(HEIGHT) + 0.5)


def bounds() -> tuple[float, float, float, float]:
    """West, south, east, north of the outer edges, in metres of EPSG:32633."""
    return WEST, NORTH - STEP * HEIGHT, WEST + STEP * WIDTH, NORTH


def make() -> dict[str, NDArray[np.uint16]]:
    """All dates: (band, y, x) by date."""
    random = np.random.default_rng(_SEED)
    land = sample_land.Land(random)
    return {date: _scene(land, random, index) for index, date in enumerate(DATES)}


def _scene(land: sample_land.Land, random: np.random.Generator, index: int) -> Any:
    day = int(DATES[index][5:7]) * 30.4 + int(DATES[index][8:]) - 30.4
    reflectance = land.reflectance(day, random)
    green = (reflectance[3] - reflectance[2]) / (reflectance[3] + reflectance[2])
    classes = np.where(land.water, 6, np.where(green > _VEGETATION, 4, 5))
    cloud, thick = _cloud(random, CLOUDS[index] / 100)
    shadow = np.roll(cloud > 0, _SHADOW_SHIFT, (0, 1)) & (cloud == 0)
    reflectance = np.where(shadow, reflectance * 0.45, reflectance)
    bright = np.array([7200, 7100, 7000, 7300, 5200])[:, None, None]
    reflectance = reflectance * (1 - cloud) + bright * cloud
    classes = np.where(shadow, 3, np.where(cloud > 0, np.where(thick, 9, 8), classes))
    # Steps of 10 are finer than the sensor and halve the file.
    reflectance = np.clip(10 * np.rint(reflectance / 10), 10, 10000)
    scene = np.concatenate([reflectance, classes[None].astype(float)])
    scene[:, _outside_swath(index)] = NODATA
    return scene.astype(np.uint16)


def _cloud(random: np.random.Generator, cover: float) -> tuple[Any, Any]:
    """Opacity from 0 to 1, and where the clouds are thick."""
    field = sample_land.smooth_noise(random, 22) + 0.25 * sample_land.smooth_noise(random, 4)
    if cover == 0:
        return np.zeros_like(field), np.zeros(field.shape, bool)
    depth = field - np.quantile(field, 1 - cover)
    opacity = np.where(depth > 0, np.clip(0.35 + depth, 0, 0.97), 0)
    return opacity, depth > _THICK


def _outside_swath(index: int) -> Any:
    """On every fourth date the edge of the orbit's swath crosses the area from north to south."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    edge = (30 + 8 * (index % 5)) + 0.21 * rows
    return (columns < edge) if index % 4 == 1 else np.zeros((HEIGHT, WIDTH), bool)


def lon_lat_bounds() -> tuple[float, float, float, float]:
    """West, south, east, north in degrees, rounded outwards to four decimals (about 10 m)."""
    return 16.5993, 48.1995, 16.6413, 48.2304
