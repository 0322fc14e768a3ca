"""Rasters that were made to take all memory or time, or that lie nowhere, or that are endless."""

import math

import numpy as np
import pytest
import rasterio
from harness.rasters import NOWHERE, write_tiff
from rasterio.control import GroundControlPoint
from rasterio.transform import from_origin

from openeo_widgets.errors import RasterError
from openeo_widgets.preview import CostsMore, Grid, RasterFile, first_style, legend, ranges, stats
from openeo_widgets.preview._raster_plan import plan_at
from openeo_widgets.preview._raster_style import end_text

DEGREES = {"crs": "EPSG:4326", "transform": from_origin(10, 50, 0.001, 0.001)}


@pytest.fixture
def opened(tmp_path):
    files = []

    def make(path, **metadata):
        files.append(path.open("rb"))
        return RasterFile(files[-1], path.name, metadata)

    yield make
    for file in files:
        file.close()


@pytest.fixture
def empty(tmp_path):
    """A function that writes a raster of which the file holds no pixel."""

    def make(size, **profile):
        path = tmp_path / "empty.tif"
        where = {} if "gcps" in profile else DEGREES
        with rasterio.open(
            *(path, "w"),
            driver="GTiff",
            **{"width": size, "height": size, "count": 1, "dtype": "uint8", **where, **profile},
            tiled=True,
            blockxsize=4096,
            blockysize=4096,
            sparse_ok=True,
        ):
            pass
        return path

    return make


def test_what_takes_no_bytes_and_yet_all_time_is_asked_for_first(opened, empty):
    path = empty(400_000)
    assert path.stat().st_size < 1_000_000
    file = opened(path)
    with pytest.raises(CostsMore) as caught:
        file.read(Grid(file.about.place.box, 0, 400, 400), [1], most=5_000_000)
    assert caught.value.cost > 10_000_000_000
    with pytest.raises(CostsMore):
        file.sample([1], most=5_000_000)


def test_no_more_is_kept_than_a_picture_needs(opened, empty):
    corners = [
        GroundControlPoint(row, column, 10 + column / 1e4, 50 - row / 1e4)
        for row in (0, 30_000)
        for column in (0, 30_000)
    ]
    path = empty(30_000, crs="EPSG:4326", gcps=corners)
    file = opened(path)
    # Of ground control points it is not known which pixels a picture needs: all of them are read.
    with file._opened() as raster:
        plan = plan_at(raster, (0.0, 0.0, 30_000.0, 30_000.0), 1.0, [1])
    assert plan.out_width * plan.out_height <= 64_000_000


@pytest.mark.parametrize("points", [[(0, 0, 10, 50)] * 4, [(n, n, 10 + n, 50) for n in range(4)]])
def test_points_that_place_nothing_are_said_to(tmp_path, opened, points):
    path = write_tiff(tmp_path / "a.tif", np.ones((1, 30, 30), np.uint8),
                      transform=NOWHERE,
                      gcps=[GroundControlPoint(*point) for point in points])  # fmt: skip
    with pytest.raises(RasterError, match="cannot be computed"):
        opened(path)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1.7e308])
def test_an_end_of_the_colours_may_be_no_number(value):
    assert end_text(value) in {"inf", "-inf", "nan", "1.7e+308"}


def test_texts_of_a_legend_are_short(tmp_path, opened):
    classes = [{"value": 1, "title": "c" * 100_000}]
    path = write_tiff(tmp_path / "a.tif", np.ones((1, 9, 9), np.uint8))
    with rasterio.open(path, "r+") as raster:
        raster.write_colormap(1, {1: (255, 0, 0, 255)})
    about = opened(path, bands=[{"unit": "u" * 100_000, "classes": classes}]).about
    style = first_style(about)
    values = [stats(np.ones(9), 9)]
    told = legend(about, style, ranges(about, style, values))
    assert len(told["classes"][0]["name"]) <= 101
    single = type(style)("single", (1,), "minmax")
    assert len(legend(about, single, ranges(about, single, values))["unit"]) <= 101


def test_of_thousands_of_bands_those_that_are_listed_are_read(tmp_path, opened):
    values = np.arange(300, dtype=np.uint16).reshape(300, 1, 1)
    file = opened(write_tiff(tmp_path / "a.tif", values, **DEGREES))
    assert file.values_at(10.0005, 49.9995) == list(range(256))


def test_what_was_closed_says_so_and_gdal_is_not_asked(opened, empty):
    file = opened(empty(400))
    grid = Grid(file.about.place.box, 0, 40, 40)
    file.close()
    for reading in (
        lambda: file.read(grid, [1], most=None),
        lambda: file.sample([1], most=None),
        lambda: file.values_at(10.1, 49.9),
    ):
        with pytest.raises(RasterError, match="was closed"):
            reading()
