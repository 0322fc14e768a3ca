"""A raster on the map of a `ResultsWidget`, fetched over HTTP from servers on loopback."""

import builtins

import numpy as np
import pytest
from harness.rasters import RangeServer, write_tiff
from harness.scripted import ITEM
from harness.widgets import ask, wait_until
from rasterio.transform import from_origin

from openeo_widgets import NoSuchAssetError, ResultsWidget, connect
from openeo_widgets.preview import BUDGET_BYTES

RNG = np.random.default_rng(3)
UTM = {"crs": "EPSG:32633", "transform": from_origin(600_000, 5_340_000, 10, 10)}


@pytest.fixture
def server():
    made = RangeServer()
    yield made
    made.stop()


@pytest.fixture
def serve(server, scripted, tmp_path):
    """A function that makes rasters the results of the scripted back-end."""

    def make(**rasters):
        assets = {}
        for name, values in rasters.items():
            path = values if not isinstance(values, np.ndarray) else tmp_path / name
            if path is not values:
                write_tiff(path, values, **UTM)
            server.files[f"/{name}.tif"] = path.read_bytes()
            href = f"{server.url}/{name}.tif?sig=s3cr3t"
            assets[f"{name}.tif"] = {"href": href, "type": "image/tiff; application=geotiff"}
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


def settled(widget, state="ready"):
    wait_until(widget, lambda w: w.raster and w.raster["state"] == state and not w.raster["busy"])
    return widget.raster


def layers(widget):
    return [layer for layer in widget.map.layers if layer.name == "raster"]


def test_a_raster_is_drawn_and_brought_into_view(serve, results):
    serve(a=RNG.integers(0, 99, (1, 300, 300), np.uint8))
    widget = results()
    widget.show_raster("a.tif")
    told = settled(widget)
    assert (told["key"], told["mode"], told["chosen"]) == ("a.tif", "single", [1])
    (layer,) = layers(widget)
    (south, west), (north, east) = layer.bounds
    lat, lon = widget.map.center
    assert south < lat < north
    assert west < lon < east
    assert layer.url.startswith("data:image/")
    assert widget.selected == "a.tif"
    assert "s3cr3t" not in str(widget.get_state())


def test_a_cloud_optimized_raster_costs_a_small_part_of_it(serve, results, server, tmp_path):
    path = tmp_path / "cog"
    values = RNG.integers(0, 255, (1, 4000, 4000), np.uint8)
    write_tiff(path, values, driver="COG", **UTM)
    serve(a=path)
    widget = results()
    widget.show_raster("a.tif")
    settled(widget)
    first = server.sent
    assert first < 0.03 * path.stat().st_size
    assert len(server.asked) < 12
    before = layers(widget)[-1]
    widget.map.zoom += 3
    wait_until(widget, lambda w: layers(w)[-1] is not before)
    settled(widget)
    assert server.sent < 0.1 * path.stat().st_size
    finer = layers(widget)[-1]
    assert finer.bounds[1][0] - finer.bounds[0][0] < before.bounds[1][0] - before.bounds[0][0]


def test_what_costs_more_than_the_budget_asks_first(serve, results, server, tmp_path):
    path = tmp_path / "tiles"
    values = RNG.integers(0, 255, (1, 3008, 3008), np.uint8)
    write_tiff(path, values, tiled=True, **UTM)
    serve(a=path)
    widget = results()
    assert ask(widget, "raster_show", key="a.tif")["ok"]
    told = settled(widget, "ask")
    assert "9 MB have to be read" in told["question"]
    assert "overviews" in told["question"]
    assert server.sent < BUDGET_BYTES
    assert layers(widget) == []
    assert ask(widget, "raster_show", key="a.tif", whole=True)["ok"]
    settled(widget)
    assert len(layers(widget)) == 1
    assert server.sent > 9_000_000


def test_colours_are_changed_without_another_request(serve, results, server):
    serve(a=RNG.random((3, 200, 200)).astype(np.float32))
    widget = results()
    widget.show_raster("a.tif")
    settled(widget)
    asked, first = len(server.asked), layers(widget)[-1]
    answer = ask(widget, "raster_style", colormap="magma", stretch="minmax", opacity=0.5)
    assert answer["ok"]
    wait_until(widget, lambda w: layers(w)[-1] is not first)
    told = settled(widget)
    assert (told["colormap"], told["stretch"], told["opacity"]) == ("magma", "minmax", 0.5)
    assert layers(widget)[-1].opacity == 0.5
    assert len(server.asked) == asked
    assert not ask(widget, "raster_style", colormap="jet")["ok"]
    assert ask(widget, "raster_style", mode="rgb")["ok"]
    wait_until(widget, lambda w: w.raster["chosen"] == [1, 2, 3])


def test_a_pixel_tells_its_values(serve, results):
    values = np.arange(40_000, dtype=np.float32).reshape(1, 200, 200)
    serve(a=values)
    widget = results()
    widget.show_raster("a.tif")
    settled(widget)
    # As ipyleaflet tells of a click: latitude first.
    widget.map._interaction_callbacks(type="click", coordinates=[48.0, 16.0])
    wait_until(widget, lambda w: w.raster["pixel"])
    assert "no pixel there" in widget.raster["pixel"]["note"]
    assert ask(widget, "raster_pixel", lon=None, lat=None)["ok"]
    wait_until(widget, lambda w: w.raster["pixel"]["values"])
    (told,) = widget.raster["pixel"]["values"]
    assert told["name"] == "band 1"
    assert 0 < float(told["text"]) < 40_000


def test_another_raster_takes_its_place_and_hiding_leaves_nothing(serve, results):
    serve(a=np.zeros((1, 99, 99), np.uint8), b=np.ones((1, 99, 99), np.uint8))
    widget = results()
    widget.show_raster("a.tif")
    widget.show_raster("b.tif")
    assert settled(widget)["key"] == "b.tif"
    wait_until(widget.map, lambda chart: len(layers(widget)) == 1)
    widget.hide_raster()
    assert widget.raster is None
    assert layers(widget) == []
    moved = widget.map.zoom
    widget.map.zoom = moved - 1  # nobody hears of it any more
    assert widget.raster is None


def test_what_cannot_be_shown_says_why(serve, results, server):
    serve(a=np.zeros((1, 9, 9), np.uint8))
    server.files["/a.tif"] = b"<html>"
    widget = results()
    with pytest.raises(NoSuchAssetError):
        widget.show_raster("z.tif")
    widget.show_raster("a.tif")
    assert "no GeoTIFF" in settled(widget, "error")["error"]["message"]
    server.status = 403
    widget.show_raster("a.tif")
    told = settled(widget, "error")
    wait_until(widget, lambda w: "403" in w.raster["error"]["message"])
    assert "s3cr3t" not in str(told)


def test_without_rasterio_it_says_what_to_install(serve, results, monkeypatch):
    serve(a=np.zeros((1, 9, 9), np.uint8))
    widget = results()
    found = builtins.__import__

    def refuse(name, *arguments):
        if name.partition(".")[0] == "rasterio":
            raise ImportError(name)
        return found(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", refuse)
    widget.show_raster("a.tif")
    told = settled(widget, "error")
    assert told["error"]["hint"] == 'pip install "openeo-widgets[raster]"'
