"""Rasters of several dates on the map of a `ResultsWidget`: files of each, or a NetCDF of all."""

import sys

import numpy as np
import pytest
import xarray
from harness.rasters import write_tiff
from harness.scripted import ITEM
from harness.widgets import ask, wait_until
from pyproj import CRS
from rasterio.transform import from_origin

from openeo_widgets import ResultsWidget, connect
from openeo_widgets.backend import writers
from openeo_widgets.preview import BUDGET_BYTES

UTM = {"crs": "EPSG:32633", "transform": from_origin(600_000, 5_340_000, 10, 10)}
SIDE = 200


@pytest.fixture
def serve(server, scripted):
    """A function that makes files the results of the scripted back-end."""

    def make(files, **told):
        assets = {}
        for name, content in files.items():
            server.files[f"/{name}"] = content
            kind = "application/x-netcdf" if name.endswith(".nc") else "image/tiff"
            href = f"{server.url}/{name}?sig=s3cr3t"
            assets[name] = {"href": href, "type": kind, **told.get(name, {})}
        scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})

    return make


@pytest.fixture
def results(scripted):
    """A function that makes the widget, ready."""
    made = []

    def make():
        made.append(ResultsWidget(connect(scripted.url).job("j-1")))
        wait_until(made[-1], lambda w: w.state == "ready")
        return made[-1]

    yield make
    for widget in made:
        widget.close()


@pytest.fixture
def tiffs(tmp_path):
    """A function that makes GeoTIFFs by name, each of one value that differs."""

    def make(*names):
        files = {}
        for number, name in enumerate(names, 1):
            values = np.full((2, SIDE, SIDE), number * 10.0, np.float32)
            values[0, :100] += np.linspace(0, 5, SIDE, dtype=np.float32)
            files[name] = write_tiff(tmp_path / name, values, **UTM).read_bytes()
        return files

    return make


def cube(days=3, side=60):
    """A cube as the local back-end has it: dates, bands, metres."""
    values = np.arange(days * 2 * side * side, dtype=np.float32).reshape(days, 2, side, side)
    found = xarray.DataArray(
        values,
        dims=("t", "bands", "y", "x"),
        coords={
            "t": np.datetime64("2022-06-01", "ns") + np.arange(days) * np.timedelta64(10, "D"),
            "bands": ["B04", "B08"],
            "y": 5_340_000.0 - 10 * np.arange(side),
            "x": 600_000.0 + 10 * np.arange(side),
        },
    )
    return found.rio.write_crs(CRS.from_epsg(32633))


def netcdf(tmp_path, values):
    """The file that the local back-end writes of a cube."""
    (written,) = writers.netcdf(values, writers.Target(tmp_path))
    return (tmp_path / written.name).read_bytes()


def settled(widget, state="ready"):
    wait_until(widget, lambda w: w.raster and w.raster["state"] == state and not w.raster["busy"])
    return widget.raster


def layers(widget):
    return [layer for layer in widget.map.layers if getattr(layer, "url", "").startswith("data:")]


def labels(told):
    return [frame["label"] for frame in told["frames"]]


def test_a_netcdf_of_the_local_back_end_is_drawn_date_by_date(serve, results, tmp_path):
    serve({"openEO.nc": netcdf(tmp_path, cube())})
    widget = results()
    assert [row["mappable"] for row in widget.assets] == [True]
    widget.show_raster("openEO.nc")
    told = settled(widget)
    assert [band["name"] for band in told["bands"]] == ["B04", "B08"]
    assert (labels(told), told["frame"]) == (["2022-06-01", "2022-06-11", "2022-06-21"], 0)
    assert ask(widget, "raster_style", colormap="magma", chosen=[2], stretch="minmax")["ok"]
    wait_until(widget, lambda w: w.raster["chosen"] == [2] and not w.raster["busy"])
    first, ends = layers(widget)[-1], widget.raster["ends"]
    view = (widget.map.center, widget.map.zoom)
    assert ask(widget, "raster_frame", frame=2)["ok"]
    wait_until(widget, lambda w: layers(w)[-1] is not first)
    told = settled(widget)
    assert (told["frame"], told["colormap"], told["chosen"]) == (2, "magma", [2])
    # Dates can be compared: their colours mean the same.
    assert told["ends"] == ends
    assert "spread as those of 2022-06-01" in told["note"]
    assert (widget.map.center, widget.map.zoom) == view
    assert layers(widget)[-1].bounds == first.bounds
    assert not ask(widget, "raster_frame", frame=3)["ok"]
    assert "s3cr3t" not in str(widget.get_state())


def test_a_click_tells_the_values_of_the_date_and_all_of_them_over_time(serve, results, tmp_path):
    values = cube()
    serve({"openEO.nc": netcdf(tmp_path, values)})
    widget = results()
    widget.show_raster("openEO.nc")
    settled(widget)
    assert ask(widget, "raster_pixel", lon=None, lat=None)["ok"]
    wait_until(widget, lambda w: w.raster["pixel"])
    pixel = widget.raster["pixel"]
    assert pixel["series"]
    first = float(pixel["values"][0]["text"])
    row, column = np.unravel_index(int(first), (60, 60))
    where = {"key": "openEO.nc", "lon": pixel["lon"], "lat": pixel["lat"]}
    answer = ask(widget, "raster_series", **where, whole=False)["data"]
    assert answer["question"] == ""
    assert [line["name"] for line in answer["chart"]["lines"]] == ["B04", "B08"]
    for band, line in enumerate(answer["chart"]["lines"]):
        assert line["y"] == values.values[:, band, row, column].tolist()
    assert answer["chart"]["lines"][0]["x"][0] == 1654041600000
    assert ask(widget, "raster_frame", frame=1)["ok"]
    wait_until(widget, lambda w: float(w.raster["pixel"]["values"][0]["text"]) == first + 7200)
    widget.map._interaction_callbacks(type="click", coordinates=[1.0, 1.0])
    wait_until(widget, lambda w: w.raster["pixel"]["note"])
    assert not widget.raster["pixel"]["series"]
    gone = ask(widget, "raster_series", **{**where, "key": "other"}, whole=False)["data"]
    assert gone == {"chart": None, "question": ""}


def test_files_that_differ_by_date_are_frames_and_the_list_follows(serve, results, tiffs):
    names = ("ndvi_2022-06-01.tif", "ndvi_2022-06-11.tif", "ndvi_2022-07-01.tif")
    serve({**tiffs(*names), **tiffs("dem.tif")})
    widget = results()
    widget.show_raster(names[1])
    told = settled(widget)
    assert labels(told) == ["2022-06-01", "2022-06-11", "2022-07-01"]
    assert (told["frame"], told["key"]) == (1, names[1])
    assert ask(widget, "raster_style", colormap="magma", chosen=[2])["ok"]
    assert ask(widget, "set_layer", key="raster", opacity=0.5)["ok"]
    wait_until(widget, lambda w: w.raster["chosen"] == [2] and not w.raster["busy"])
    ends = widget.raster["ends"]
    assert ask(widget, "raster_pixel", lon=None, lat=None)["ok"]
    wait_until(widget, lambda w: w.raster["pixel"])
    assert widget.raster["pixel"]["values"][1]["text"] == "20"
    assert not widget.raster["pixel"]["series"]
    assert ask(widget, "raster_frame", frame=2)["ok"]
    wait_until(widget, lambda w: w.raster["pixel"]["values"][1]["text"] == "30")
    told = settled(widget)
    assert (told["key"], told["name"], told["colormap"]) == (names[2], names[2], "magma")
    assert told["ends"] == ends
    assert layers(widget)[-1].opacity == 0.5
    # Another date from the list is the same raster, too.
    widget.show_raster(names[0])
    wait_until(widget, lambda w: w.raster["pixel"]["values"][1]["text"] == "10")
    assert (settled(widget)["colormap"], widget.selected) == ("magma", names[0])
    widget.show_raster("dem.tif")
    wait_until(widget, lambda w: w.raster["key"] == "dem.tif" and w.raster["state"] == "ready")
    assert (widget.raster["frames"], widget.raster["colormap"]) == ([], "viridis")


def test_dates_that_were_passed_quickly_are_not_read(serve, results, server, tiffs):
    names = [f"a_2022-06-0{day}.tif" for day in range(1, 8)]
    serve(tiffs(*names))
    widget = results()
    widget.show_raster(names[0])
    settled(widget)
    first = layers(widget)[-1]
    server.open.clear()
    for frame in range(1, 7):
        assert ask(widget, "raster_frame", frame=frame)["ok"]
    # The old picture stays until the new one comes.
    assert layers(widget) == [first]
    assert (widget.raster["frame"], widget.raster["busy"]) == (6, True)
    server.open.set()
    wait_until(widget, lambda w: layers(w)[-1] is not first)
    assert settled(widget)["key"] == names[6]
    assert set(server.paths) <= {f"/{name}" for name in (names[0], names[1], names[6])}


def test_a_date_that_cannot_be_had_says_so_and_others_still_can(serve, results, server, tiffs):
    names = [f"a_2022-06-0{day}.tif" for day in (1, 2, 3)]
    serve(tiffs(*names))
    del server.files[f"/{names[1]}"]
    widget = results()
    widget.show_raster(names[0])
    settled(widget)
    assert ask(widget, "raster_frame", frame=1)["ok"]
    told = settled(widget, "error")
    assert "404" in told["error"]["message"]
    assert told["note"] == "The map still shows 2022-06-01."
    assert len(told["frames"]) == 3
    assert ask(widget, "raster_frame", frame=2)["ok"]
    wait_until(widget, lambda w: w.raster["state"] == "ready" and not w.raster["busy"])
    assert (widget.raster["key"], widget.raster["error"]) == (names[2], None)


def test_of_a_netcdf_no_more_than_the_budget_is_read_unasked(serve, results, server, tmp_path):
    side = 700
    noise = np.random.default_rng(1).random((6, side, side), dtype=np.float32)
    data = cube(6, side).isel(bands=0, drop=True).copy(data=noise).to_dataset(name="B04")
    data["B04"].attrs["grid_mapping"] = "spatial_ref"
    path = tmp_path / "a.nc"
    data.to_netcdf(path, encoding={"B04": {"chunksizes": (6, side, side), "zlib": True}})
    serve({"a.nc": path.read_bytes()})
    widget = results()
    widget.show_raster("a.nc")
    told = settled(widget, "ask")
    assert "MB have to be read" in told["question"]
    assert server.sent < BUDGET_BYTES
    assert layers(widget) == []
    assert ask(widget, "raster_show", key="a.nc", whole=True)["ok"]
    settled(widget)
    assert server.sent > path.stat().st_size * 0.9
    assert len(layers(widget)) == 1


def test_values_over_time_that_cost_more_are_asked_for(serve, results, server, tmp_path):
    side = 700
    noise = np.random.default_rng(1).random((6, side, side), dtype=np.float32)
    data = cube(6, side).isel(bands=0, drop=True).copy(data=noise).to_dataset(name="B04")
    data["B04"].attrs["grid_mapping"] = "spatial_ref"
    path = tmp_path / "a.nc"
    data.to_netcdf(path, encoding={"B04": {"chunksizes": (1, side, side), "zlib": True}})
    serve({"a.nc": path.read_bytes()})
    widget = results()
    widget.show_raster("a.nc")
    settled(widget)
    assert server.sent < BUDGET_BYTES
    assert ask(widget, "raster_pixel", lon=None, lat=None)["ok"]
    wait_until(widget, lambda w: w.raster["pixel"])
    where = {"key": "a.nc", **{name: widget.raster["pixel"][name] for name in ("lon", "lat")}}
    answer = ask(widget, "raster_series", **where, whole=False)["data"]
    assert answer["chart"] is None
    assert "MB have to be read" in answer["question"]
    assert server.sent < BUDGET_BYTES
    answer = ask(widget, "raster_series", **where, whole=True)["data"]
    assert len(answer["chart"]["lines"][0]["y"]) == 6


def test_a_zarr_store_is_drawn_date_by_date(serve, results, server, tmp_path):
    data = cube().to_dataset("bands")
    data.to_zarr(tmp_path / "cube.zarr", zarr_format=2, consolidated=True)
    serve({"cube.zarr": b""}, **{"cube.zarr": {"type": "application/vnd+zarr"}})
    server.files = {
        f"/{path.relative_to(tmp_path).as_posix()}": path.read_bytes()
        for path in (tmp_path / "cube.zarr").rglob("*")
        if path.is_file()
    }
    widget = results()
    assert [(row["label"], row["mappable"]) for row in widget.assets] == [("Zarr", True)]
    widget.show_raster("cube.zarr")
    told = settled(widget)
    assert labels(told)[2] == "2022-06-21"
    assert [band["name"] for band in told["bands"]] == ["B04", "B08"]
    assert len(layers(widget)) == 1
    assert ask(widget, "raster_pixel", lon=None, lat=None)["ok"]
    wait_until(widget, lambda w: w.raster["pixel"])
    where = {name: widget.raster["pixel"][name] for name in ("lon", "lat")}
    answer = ask(widget, "raster_series", key="cube.zarr", **where, whole=False)["data"]
    assert answer["chart"]["lines"][1]["y"] == [
        float(widget.raster["pixel"]["values"][1]["text"]) + 7200 * day for day in range(3)
    ]
    # The link's signature signs those of the files in the folder.
    assert "/cube.zarr/.zmetadata" in server.paths
    server.files.clear()
    widget.hide_raster()
    widget.show_raster("cube.zarr")
    assert "cannot be read as Zarr" in settled(widget, "error")["error"]["message"]


def test_without_xarray_it_says_what_to_install(serve, results, tmp_path, monkeypatch):
    serve({"a.nc": netcdf(tmp_path, cube())})
    widget = results()
    monkeypatch.setitem(sys.modules, "xarray", None)
    widget.show_raster("a.nc")
    told = settled(widget, "error")
    assert told["error"]["hint"] == 'pip install "openeo-widgets[cubes]"'
