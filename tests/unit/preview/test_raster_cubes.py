"""NetCDF on the map: a pixel at its place, bands, times, and what reading costs."""

import io
import sys

import numpy as np
import pytest
import rasterio.crs
import xarray
from rasterio.warp import transform as project

from openeo_widgets.errors import MissingExtraError, OpenEOWidgetsError, RasterError
from openeo_widgets.preview import BUDGET_BYTES, CostsMore, View, raster_of_netcdf, visible_part
from openeo_widgets.preview._raster_grid import WORLD, mercator

SIZE = 100
MARK = (37, 61)  # row, column, as they are stored
UTM = rasterio.crs.CRS.from_epsg(32633).to_wkt()
CF_LAEA = {
    "grid_mapping_name": "lambert_azimuthal_equal_area",
    "latitude_of_projection_origin": 52.0,
    "longitude_of_projection_origin": 10.0,
    "false_easting": 4_321_000.0,
    "false_northing": 3_210_000.0,
    "semi_major_axis": 6_378_137.0,
    "inverse_flattening": 298.257222101,
}


def even(first, step, count=SIZE):
    return first + step * np.arange(count)


def marked(x, y, names=("x", "y"), mapping=None, attributes=None):
    """A cube with one pixel that is no zero."""
    across, down = names
    values = np.zeros((len(y), len(x)), np.float32)
    values[MARK] = 200
    found = xarray.Dataset({"B04": ((down, across), values)}, {across: x, down: y})
    for name, given in (attributes or {}).items():
        found[name].attrs |= given
    if mapping is not None:
        found["crs"] = ((), 0, mapping)
        found["B04"].attrs["grid_mapping"] = "crs"
    return found


def metres(down=-10.0, mapping=None):
    y = 5_340_000 if down < 0 else 5_330_000
    return marked(even(600_005, 10.0), even(y, down), mapping=mapping or {"crs_wkt": UTM})


GRIDS = {
    "metres, north first": lambda: (metres(), "EPSG:32633"),
    "metres, south first": lambda: (metres(10.0), "EPSG:32633"),
    "as GDAL writes it": lambda: (metres(mapping={"spatial_ref": UTM}), "EPSG:32633"),
    "as CF has it": lambda: (
        marked(even(4_400_000, 100.0), even(2_800_000, -100.0), mapping=CF_LAEA),
        "EPSG:3035",
    ),
    "kilometres": lambda: (
        marked(
            *(even(600, 0.1), even(5_340, -0.1)),
            mapping={"crs_wkt": UTM},
            attributes={"x": {"units": "km"}, "y": {"units": "km"}},
        ),
        "EPSG:32633",
    ),
    "degrees by name": lambda: (
        marked(even(16.0, 0.01), even(48.5, -0.01), ("lon", "lat")),
        "EPSG:4326",
    ),
    "degrees by unit": lambda: (
        marked(
            *(even(16.0, 0.01), even(48.0, 0.01)),
            attributes={"x": {"units": "degrees_east"}, "y": {"units": "degrees_north"}},
        ),
        "EPSG:4326",
    ),
    "west as 0 to 360": lambda: (
        marked(even(200.0, 0.1), even(48.5, -0.1), ("longitude", "latitude")),
        "EPSG:4326",
    ),
    "across Greenwich": lambda: (
        marked(even(355.0, 0.1) % 360, even(48.5, -0.1), ("longitude", "latitude")),
        "EPSG:4326",
    ),
    "the world as 0 to 360": lambda: (
        marked(even(1.8, 3.6), even(80.0, -1.6), ("longitude", "latitude")),
        "EPSG:4326",
    ),
    "across the antimeridian": lambda: (
        marked(even(175.0, 0.1), even(10.5, -0.1), ("lon", "lat")),
        "EPSG:4326",
    ),
}


def written(found, **options):
    content = io.BytesIO()
    found.to_netcdf(content, engine=options.pop("engine", "h5netcdf"), **options)
    return content.getvalue()


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    sent = 0

    def readinto(self, buffer):
        count = super().readinto(buffer)
        self.sent += count
        return count

    def read(self, size=-1):
        found = super().read(size)
        self.sent += len(found)
        return found


@pytest.fixture
def opened():
    """A function that opens a data set, or bytes, as a cube."""
    cubes = []

    def make(found, *, most=BUDGET_BYTES, metadata=None, **options):
        content = found if isinstance(found, bytes) else written(found, **options)
        file = Counted(content)
        cubes.append(raster_of_netcdf(file, len(content), "a.nc", metadata or {}, most=most))
        cubes[-1].file = file
        return cubes[-1]

    yield make
    for cube in cubes:
        cube.close()


def series(shape=(4, 30, 40), step_h=24, **variables):
    """A cube over time, and some others of the same shape."""
    begin = np.datetime64("2022-06-01T00:00:00", "ns")
    times = begin + np.arange(shape[0]) * np.timedelta64(step_h, "h")
    values = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    every = {"B04": values, **variables}
    found = xarray.Dataset(
        {name: (("t", "y", "x"), value) for name, value in every.items()},
        {"t": times, "y": even(5_340_000, -10.0, shape[1]), "x": even(600_000, 10.0, shape[2])},
    )
    found["crs"] = ((), 0, {"crs_wkt": UTM})
    for name in every:
        found[name].attrs["grid_mapping"] = "crs"
    return found


def place_of(found, crs, row=MARK[0], column=MARK[1]):
    """Longitude and latitude of the middle of a pixel."""
    values = found["B04"]
    down, across = values.dims[-2:]
    times = 1000 if found[across].attrs.get("units") == "km" else 1
    x, y = float(found[across][column]) * times, float(found[down][row]) * times
    (lon,), (lat,) = project(crs, "EPSG:4326", [x], [y])[:2]
    return (lon + 180) % 360 - 180, lat


def in_view(cube, lon, lat, zoom):
    return visible_part(cube.about.place.box, View(lat, lon, zoom, 500, 400))


@pytest.mark.parametrize("zoom_in", [0, 1, 3])
@pytest.mark.parametrize("name", GRIDS)
def test_a_pixel_is_drawn_where_it_lies_and_told_there(opened, name, zoom_in):
    found, crs = GRIDS[name]()
    cube = opened(found)
    lon, lat = place_of(found, crs)
    zoom = np.ceil(np.log2(WORLD / 256 / cube.about.place.metres * 2)) + zoom_in
    grid = in_view(cube, lon, lat, zoom)
    pixels = cube.at(0).read(grid, [1], most=None)
    rows, columns = np.nonzero(pixels.values[0] >= 100)
    assert len(rows), "the mark is not drawn"
    x, y = mercator(lon, lat)
    x += 0 if grid.box.left <= x <= grid.box.right else round((grid.box.left - x) / WORLD) * WORLD
    assert abs(columns.mean() + 0.5 - (x - grid.box.left) / grid.metres) <= 1
    # Rows of a projection that is stretched are not drawn evenly about their middle.
    off = abs(rows.mean() + 0.5 - (grid.box.top - y) / grid.metres)
    assert off <= (1 if crs != "EPSG:4326" else max(1, len(set(rows)) / 20))
    assert cube.at(0).values_at(lon, lat) == [200]


def test_of_a_cube_that_is_seen_small_every_so_many_pixels_are_read(opened):
    values = np.add.outer(np.arange(1000.0), np.zeros(1000)).astype(np.float32)
    found = xarray.Dataset(
        {"B04": (("lat", "lon"), values)},
        {"lat": even(50, -0.01, 1000), "lon": even(10, 0.01, 1000)},
    )
    cube = opened(found)
    grid = in_view(cube, 15, 45, 4)
    pixels = cube.at(0).read(grid, [1], most=None)
    step = grid.metres // cube.about.place.metres
    assert step > 4
    assert pixels.valid.any()
    for row in range(grid.height):
        seen = pixels.values[0][row][pixels.valid[row]]
        if seen.size:
            y = grid.box.top - (row + 0.5) * grid.metres
            lat = np.degrees(np.arctan(np.sinh(y / 6_378_137)))
            # Rows count from their middles; the middle one of some is seen.
            assert abs(seen[0] - (50 - lat) / 0.01 + 0.5) <= step / 2 + 1


def test_variables_are_bands_and_the_colours_of_a_picture_are_found(opened):
    ones = np.ones((4, 30, 40), np.float32)
    cube = opened(series(B03=ones, B02=ones * 2, SCL=ones.astype(np.uint8)))
    assert [band.name for band in cube.about.bands] == ["B04", "B03", "B02", "SCL"]
    assert cube.about.rgb == (1, 2, 3)
    assert [band.dtype for band in cube.about.bands] == ["float32"] * 3 + ["uint8"]


def test_a_dimension_of_bands_makes_bands_of_their_names(opened):
    values = np.arange(2 * 3 * 30 * 40, dtype=np.int16).reshape(2, 3, 30, 40)
    base = series((2, 30, 40))
    found = xarray.Dataset(
        {"cube": (("t", "bands", "y", "x"), values, {"grid_mapping": "crs"}), "crs": base["crs"]},
        {**base.drop_vars("crs").coords, "bands": ["B04", "B08", "SCL"]},
    )
    cube = opened(found)
    assert [band.name for band in cube.about.bands] == ["B04", "B08", "SCL"]
    lon, lat = place_of(base, "EPSG:32633", 7, 9)
    assert cube.at(1).values_at(lon, lat) == values[1, :, 7, 9].tolist()
    chart = cube.series_at(lon, lat, most=BUDGET_BYTES)
    assert [line.name for line in chart.lines] == ["B04", "B08", "SCL"]
    assert [line.y for line in chart.lines] == values[:, :, 7, 9].T.tolist()


def test_other_dimensions_are_bands_with_their_labels(opened):
    values = np.zeros((2, 3, 30, 40))
    base = series((2, 30, 40))
    found = base.assign(T=(("t", "level", "y", "x"), values, {"units": "K"})).assign_coords(
        level=[1000, 850, 500]
    )
    names = [(band.name, band.unit) for band in opened(found).about.bands]
    assert names == [
        ("B04", ""),
        *((f"T level {level}", "K") for level in (1000, 850, 500)),
    ]


def test_times_are_frames_each_with_its_own_values(opened):
    cube = opened(series())
    assert cube.frames == ("2022-06-01", "2022-06-02", "2022-06-03", "2022-06-04")
    lon, lat = place_of(series(), "EPSG:32633", 3, 5)
    grid = in_view(cube, lon, lat, 17)
    for frame in (2, 0):
        wanted = frame * 1200 + 3 * 40 + 5
        assert cube.at(frame).values_at(lon, lat) == [wanted]
        assert wanted in cube.at(frame).read(grid, [1], most=None).values
        known = cube.at(frame).sample([1], most=None)[0]
        assert (known.least, known.most) == (frame * 1200, frame * 1200 + 1199)
    assert opened(series(step_h=6)).frames[1] == "2022-06-01 06:00:00"
    assert opened(series().isel(t=0, drop=True)).frames == ()


def test_a_pixel_over_time_has_gaps_and_is_in_order(opened):
    values = np.full((4, 30, 40), 0.25)
    values[1] = np.nan
    found = series(NDVI=values).isel(t=[2, 0, 1, 3])
    cube = opened(found)
    lon, lat = place_of(series(), "EPSG:32633", 3, 5)
    chart = cube.series_at(lon, lat, most=BUDGET_BYTES)
    assert chart.x == "time"
    assert [line.y for line in chart.lines] == [
        [125, 1325, 2525, 3725],
        [0.25, None, 0.25, 0.25],
    ]
    assert cube.series_at(0, 0, most=None) is None


def test_missing_values_are_missing_and_scaled_ones_are_what_they_mean(opened):
    stored = np.full((1, 30, 40), 1234, np.int16)
    stored[0, :15] = -9999
    found = series((1, 30, 40), B08=stored)
    found["B08"].attrs |= {"_FillValue": np.int16(-9999), "scale_factor": 0.0001, "add_offset": 0.5}
    cube = opened(found)
    lon, lat = place_of(found, "EPSG:32633", 20, 5)
    assert cube.at(0).values_at(lon, lat)[1] == pytest.approx(0.6234)
    assert cube.at(0).values_at(*place_of(found, "EPSG:32633", 2, 5))[1] is None
    assert cube.at(0).sample([2], most=None)[0].missing == 0.5
    grid = in_view(cube, lon, lat, 14)
    assert cube.at(0).read(grid, [2], most=None).valid.mean() < 0.6


def noise(frames, side, chunks):
    values = np.random.default_rng(7).random((frames, side, side), dtype=np.float32)
    found = series((frames, side, side)).assign(B04=(("t", "y", "x"), values))
    found["B04"].attrs["grid_mapping"] = "crs"
    return written(found, encoding={"B04": {"chunksizes": chunks, "zlib": True}})


def test_of_a_large_cube_a_frame_costs_a_frame(opened):
    content = noise(20, 600, (1, 200, 200))
    assert len(content) > 4 * BUDGET_BYTES
    cube = opened(content)
    grid = in_view(cube, 16.4, 48.2, 15)
    assert cube.at(3).read(grid, [1], most=BUDGET_BYTES) is not None
    assert cube.file.sent < len(content) / 10
    with pytest.raises(CostsMore) as caught:
        cube.series_at(16.36, 48.19, most=1_000_000)
    # A piece of each time: a ninth of it.
    assert caught.value.cost == pytest.approx(len(content) / 9, rel=0.2)
    assert len(cube.series_at(16.36, 48.19, most=BUDGET_BYTES).lines[0].x) == 20


def test_what_costs_more_than_is_allowed_is_not_read(opened):
    content = noise(20, 600, (20, 600, 600))
    cube = opened(content)
    begun = cube.file.sent
    grid = in_view(cube, 16.36, 48.19, 15)
    for ask in (
        lambda: cube.at(0).read(grid, [1], most=BUDGET_BYTES),
        lambda: cube.at(0).sample([1], most=BUDGET_BYTES),
    ):
        with pytest.raises(CostsMore) as caught:
            ask()
        assert caught.value.cost == pytest.approx(len(content), rel=0.1)
    with pytest.raises(RasterError, match="would have to be fetched"):
        cube.at(0).values_at(16.36, 48.19)
    assert cube.file.sent == begun
    assert cube.at(0).read(grid, [1], most=None) is not None
    read = cube.file.sent
    assert cube.at(0).sample([1], most=BUDGET_BYTES)[0].missing == 0
    assert cube.at(0).values_at(16.36, 48.19)
    assert cube.file.sent == read


def test_a_part_of_a_frame_that_is_dear_as_a_whole_is_read_by_itself(opened):
    cube = opened(noise(1, 2000, (1, 100, 100)))
    begun = cube.file.sent
    lon, lat = place_of(series((1, 2000, 2000)), "EPSG:32633", 1000, 1000)
    pixels = cube.at(0).read(in_view(cube, lon, lat, 16), [1], most=2_000_000)
    assert pixels.valid.all()
    assert 0 < cube.file.sent - begun < 2_000_000
    with pytest.raises(CostsMore):
        cube.at(0).sample([1], most=2_000_000)


def test_the_classic_format_is_read_as_a_whole_or_asked_for(opened):
    content = written(series(), engine="scipy")
    cube = opened(content)
    assert cube.frames[0] == "2022-06-01"
    assert cube.at(1).sample([1], most=0)[0].least == 1200
    with pytest.raises(CostsMore) as caught:
        opened(content, most=1000)
    assert caught.value.cost == len(content)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (xarray.Dataset({"a": ("z", [1.0])}), "no dimensions across and down"),
        (xarray.Dataset({"a": (("y", "x"), np.zeros((3, 3)))}), "no coordinate reference"),
        (
            marked(np.arange(100.0) ** 2, even(5_340_000, -10.0), mapping={"crs_wkt": UTM}),
            "not in even steps",
        ),
        (xarray.Dataset({"a": (("lat", "lon"), [["b"]])}, {"lat": [1.0], "lon": [1.0]}), "even"),
    ],
)
def test_what_is_on_no_map_says_why(opened, found, why):
    with pytest.raises(RasterError, match=why):
        opened(found)


def test_metadata_tell_where_the_file_does_not(opened):
    found = metres().drop_vars("crs")
    cube = opened(found, metadata={"proj:code": "EPSG:32633"})
    lon, lat = place_of(found, "EPSG:32633")
    assert cube.at(0).values_at(lon, lat) == [200]


def test_a_broken_file_is_said_to_be_none(opened):
    with pytest.raises(OpenEOWidgetsError, match="cannot be read as NetCDF"):
        opened(b"\x89HDF\r\n\x1a\n" + b"x" * 100)


@pytest.mark.parametrize("missing", ["xarray", "h5netcdf", "rasterio"])
def test_what_is_not_installed_is_named(opened, monkeypatch, missing):
    content = written(series())
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError) as caught:
        opened(content)
    assert 'pip install "openeo-widgets[cubes]"' in str(caught.value)
