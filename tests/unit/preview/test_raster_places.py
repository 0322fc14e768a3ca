"""A pixel of a raster is at its place in the picture, whatever the projection."""

import numpy as np
import pytest
from harness.rasters import NOWHERE, RangeServer, write_tiff
from rasterio.control import GroundControlPoint
from rasterio.rpc import RPC
from rasterio.transform import Affine, from_origin
from rasterio.warp import transform as project

from openeo_widgets.errors import RasterError
from openeo_widgets.preview import RasterFile, View, visible_part
from openeo_widgets.preview._raster_grid import WORLD, Box, mercator

SIZE = 100
MARK = (37, 61)  # row, column
TURNED = Affine(9.0, 3.0, 600_000.0, 3.0, -9.0, 5_340_000.0)
GRIDS = {
    "degrees": ("EPSG:4326", from_origin(16.0, 48.5, 0.01, 0.01)),
    "web mercator": ("EPSG:3857", from_origin(1_800_000, 6_150_000, 30, 30)),
    "utm": ("EPSG:32633", from_origin(600_000, 5_340_000, 10, 10)),
    "turned": ("EPSG:32633", TURNED),
    "south up": ("EPSG:32633", Affine(10.0, 0, 600_000.0, 0, 10.0, 5_330_000.0)),
    "far north": ("EPSG:3413", from_origin(500_000, -900_000, 100, 100)),
    "across the antimeridian": ("EPSG:32660", from_origin(710_000, 5_340_000, 1000, 1000)),
    "beyond 180 degrees": ("EPSG:4326", from_origin(179.5, 10.5, 0.01, 0.01)),
}


def marked():
    values = np.zeros((SIZE, SIZE), np.uint8)
    values[MARK] = 200
    return values


@pytest.fixture
def opened():
    files = []

    def make(path, **metadata):
        files.append(path.open("rb"))
        return RasterFile(files[-1], path.name, metadata)

    yield make
    for file in files:
        file.close()


def place_of_mark(crs, transform):
    a, b, c, d, e, f = tuple(transform)[:6]
    row, column = MARK[0] + 0.5, MARK[1] + 0.5
    x, y = a * column + b * row + c, d * column + e * row + f
    (lon,), (lat,) = project(crs, "EPSG:4326", [x], [y])[:2]
    return (x if crs == "EPSG:4326" else lon), lat


def offset_of_mark(file, lon, lat, zoom, *, width=500, height=400):
    """How many screen pixels the middle of what is drawn of the mark is beside its place."""
    view = View(lat, lon, zoom, width, height)
    grid = visible_part(file.about.place.box, view)
    pixels = file.read(grid, [1], most=None)
    rows, columns = np.nonzero(pixels.values[0] >= 100)
    assert len(rows), "the mark is not drawn"
    x, y = mercator(lon, lat)
    x += (
        round((grid.box.left - x) / WORLD) * WORLD
        if not grid.box.left <= x <= grid.box.right
        else 0
    )
    right = (columns.mean() + 0.5) - (x - grid.box.left) / grid.metres
    down = (rows.mean() + 0.5) - (grid.box.top - y) / grid.metres
    return abs(right), abs(down)


@pytest.mark.parametrize("zoom_in", [0, 1, 3])
@pytest.mark.parametrize("name", GRIDS)
def test_a_pixel_is_drawn_where_it_lies(tmp_path, opened, name, zoom_in):
    crs, transform = GRIDS[name]
    file = opened(write_tiff(tmp_path / "a.tif", marked(), crs=crs, transform=transform))
    lon, lat = place_of_mark(crs, transform)
    # A pixel of the raster is at least two of the screen.
    zoom = np.ceil(np.log2(WORLD / 256 / file.about.place.metres)) + 1 + zoom_in
    assert max(offset_of_mark(file, lon, lat, zoom)) <= 1


@pytest.mark.parametrize("driver", ["COG", "GTiff"])
def test_a_pixel_of_an_overview_is_drawn_where_it_lies(tmp_path, opened, driver):
    values = np.zeros((3001, 2999), np.uint8)
    values[1600:1664, 900:964] = 200
    transform = from_origin(600_000, 5_340_000, 10, 10)
    kind = {"crs": "EPSG:32633", "transform": transform, "driver": driver}
    file = opened(write_tiff(tmp_path / "a.tif", values, **kind))
    x, y = 600_000 + 932 * 10, 5_340_000 - 1632 * 10
    (lon,), (lat,) = project("EPSG:32633", "EPSG:4326", [x], [y])[:2]
    for zoom in (8, 9, 10, 11, 12):
        assert max(offset_of_mark(file, lon, lat, zoom)) <= 1, zoom


def test_ground_control_points_place_a_raster(tmp_path, opened):
    transform = from_origin(16.0, 48.5, 0.01, 0.01)
    corners = [(0, 0), (0, SIZE), (SIZE, 0), (SIZE, SIZE)]
    points = [
        GroundControlPoint(row, column, 16 + column * 0.01, 48.5 - row * 0.01)
        for row, column in corners
    ]
    path = tmp_path / "a.tif"
    write_tiff(path, marked(), crs="EPSG:4326", transform=NOWHERE, gcps=points)
    file = opened(path)
    lon, lat = place_of_mark("EPSG:4326", transform)
    assert max(offset_of_mark(file, lon, lat, 13)) <= 1
    assert file.values_at(lon, lat) == [200]


@pytest.mark.parametrize("name", GRIDS)
def test_the_value_of_a_pixel_is_that_of_its_place(tmp_path, opened, name):
    crs, transform = GRIDS[name]
    file = opened(write_tiff(tmp_path / "a.tif", marked(), crs=crs, transform=transform))
    lon, lat = place_of_mark(crs, transform)
    assert file.values_at((lon + 180) % 360 - 180, lat) == [200]
    assert file.values_at(lon + 90, 0) is None


def test_a_map_turned_around_the_world_shows_it_there(tmp_path, opened):
    file = opened(write_tiff(tmp_path / "a.tif", marked()))
    box = file.about.place.box
    here = visible_part(box, View(48.0, 16.5, 10, 500, 400))
    there = visible_part(box, View(48.0, 16.5 + 720, 10, 500, 400))
    assert (here.worlds, there.worlds) == (0, 2)
    assert here.box == there.box
    assert visible_part(box, View(-48.0, 16.5, 10, 500, 400)) is None


def test_a_raster_placed_by_its_camera_says_what_it_lacks(tmp_path, opened):
    flat = [1.0, *[0.0] * 19]
    camera = RPC(
        *(100.0, 500.0, 48.0, 1.0, flat, [0.0, 0.0, 1.0, *[0.0] * 17], 50.0, 50.0),
        *(16.0, 1.0, flat, [0.0, 1.0, *[0.0] * 18], 50.0, 50.0),
    )
    path = write_tiff(tmp_path / "a.tif", marked(), crs=None, transform=NOWHERE, rpcs=camera)
    with pytest.raises(RasterError, match="RPC") as refused:
        opened(path)
    assert "RPC_DEM" in refused.value.hint


def test_a_finer_screen_gets_a_finer_picture_of_the_same_place():
    box = Box(1_800_000, 6_100_000, 1_850_000, 6_150_000)
    plain = visible_part(box, View(48.0, 16.4, 10, 500, 400))
    fine = visible_part(box, View(48.0, 16.4, 10, 500, 400, 2))
    assert fine.box == plain.box
    assert (fine.width, fine.height) == (2 * plain.width, 2 * plain.height)


def test_what_lies_nowhere_is_refused_unless_the_metadata_place_it(tmp_path, opened):
    path = write_tiff(tmp_path / "a.tif", marked(), crs=None)
    with pytest.raises(RasterError, match="no coordinate reference system"):
        opened(path)
    stated = opened(path, **{"proj:code": "EPSG:4326"})
    assert stated.about.place.box.lat_lon[0] == pytest.approx((47.5, 16.0))
    nowhere = write_tiff(tmp_path / "b.tif", marked(), crs=None, transform=NOWHERE)
    with pytest.raises(RasterError, match="no place on earth"):
        opened(nowhere)
    placed = {"proj:epsg": 4326, "proj:transform": [0.01, 0, 16, 0, -0.01, 48.5, 0, 0, 1]}
    assert opened(nowhere, **placed).about.place.box == stated.about.place.box


@pytest.fixture
def asked():
    """A server that tells what it was asked for."""
    server = RangeServer()
    yield server
    server.stop()


@pytest.mark.parametrize("field", ["proj:code", "proj:epsg", "proj:wkt2"])
def test_a_reference_system_is_never_fetched_nor_read_from_a_file(tmp_path, opened, asked, field):
    path = write_tiff(tmp_path / "a.tif", marked(), crs=None)
    beside = tmp_path / "beside.prj"
    beside.write_text("EPSG:4326")
    for told in (f"{asked.url}/a", str(beside), f"+proj=longlat +nadgrids={beside}"):
        with pytest.raises(RasterError, match="no coordinate reference system"):
            opened(path, **{field: told})
    assert asked.asked == []


def test_a_transform_of_any_numbers_is_no_error_of_ours(tmp_path, opened):
    path = write_tiff(tmp_path / "a.tif", marked(), transform=NOWHERE)
    for odd in (10**400, float("nan"), True, "1"):
        with pytest.raises(RasterError, match="no place on earth"):
            opened(path, **{"proj:transform": [odd, 0, 16, 0, -0.01, 48.5]})
