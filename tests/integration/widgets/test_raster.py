"""A raster on the map of a `ResultsWidget`, fetched over HTTP from servers on loopback."""

import base64
import builtins

import ipyleaflet
import numpy as np
import pytest
import rasterio
from harness.rasters import decoded, write_tiff
from harness.scripted import ITEM
from harness.widgets import ask, wait_until
from rasterio.transform import from_origin

from openeo_widgets import NoSuchAssetError, RasterError, ResultsWidget, connect
from openeo_widgets.preview import BUDGET_BYTES

RNG = np.random.default_rng(3)
UTM = {"crs": "EPSG:32633", "transform": from_origin(600_000, 5_340_000, 10, 10)}


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

    def make(**options):
        made.append(ResultsWidget(connect(scripted.url).job("j-1"), **options))
        wait_until(made[-1], lambda w: w.state == "ready")
        return made[-1]

    yield make
    for widget in made:
        widget.close()


def settled(widget, state="ready", trait="raster"):
    def is_settled(widget):
        told = getattr(widget, trait)
        return told and told["state"] == state and not told["busy"]

    wait_until(widget, is_settled)
    return getattr(widget, trait)


def layers(widget, trait="raster"):
    mark = (getattr(widget, trait) or {}).get("mark")
    shown = [layer for layer in widget.map.layers if isinstance(layer, ipyleaflet.ImageOverlay)]
    return [layer for layer in shown if mark in (None, layer.class_name)]


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
    assert ask(widget, "raster_style", colormap="magma", stretch="minmax")["ok"]
    wait_until(widget, lambda w: layers(w)[-1] is not first)
    told = settled(widget)
    assert (told["colormap"], told["stretch"]) == ("magma", "minmax")
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


def changed_to_one(widget, trait, before):
    """Wait until a map shows one picture of a raster, and none of those it showed before."""

    def is_so(_chart):
        shown = layers(widget, trait)
        return len(shown) == 1 and shown[0] not in before

    wait_until(widget.map, is_so)


def test_two_rasters_are_drawn_beside_each_other_and_both_again_when_the_map_moves(serve, results):
    serve(a=RNG.random((1, 300, 300)), b=RNG.random((1, 300, 300)))
    widget = results()
    assert "No raster" in ask(widget, "raster_compare", key="b.tif")["error"]["message"]
    with pytest.raises(NoSuchAssetError):
        widget.show_raster("a.tif", beside="z.tif")
    assert widget.raster is None
    widget.show_raster("a.tif", beside="b.tif")
    assert settled(widget)["key"] == "a.tif"
    assert settled(widget, trait="compared")["key"] == "b.tif"
    wait_until(widget, lambda w: layers(w) and layers(w, "compared"))
    before = layers(widget) + layers(widget, "compared")
    widget.map.zoom += 2
    for trait in ("raster", "compared"):
        changed_to_one(widget, trait, before)
    settled(widget)
    settled(widget, trait="compared")
    (one,), (two,) = layers(widget), layers(widget, "compared")
    assert one.bounds == two.bounds
    assert one.url != two.url
    lat, lon = widget.map.center
    assert ask(widget, "raster_pixel", lon=lon, lat=lat)["ok"]
    for trait in ("raster", "compared"):
        wait_until(widget, lambda w, of=trait: getattr(w, of)["pixel"])
    assert widget.raster["pixel"]["values"]
    assert widget.raster["pixel"]["values"] != widget.compared["pixel"]["values"]
    assert ask(widget, "raster_hide", compared=True)["ok"]
    assert (widget.compared, layers(widget)) == (None, [one])
    widget.show_raster("a.tif", beside="b.tif")
    settled(widget, trait="compared")
    widget.hide_raster()
    assert (widget.raster, widget.compared, layers(widget)) == (None, None, [])


def test_a_raster_is_compared_with_another_look_at_itself(serve, results):
    serve(a=RNG.random((3, 200, 200)).astype(np.float32))
    widget = results()
    widget.show_raster("a.tif", beside="a.tif")
    first = settled(widget), settled(widget, trait="compared")
    assert ask(widget, "raster_style", compared=True, chosen=[3], colormap="magma")["ok"]
    wait_until(widget, lambda w: w.compared["chosen"] == [3])
    assert settled(widget, trait="compared")["colormap"] == "magma"
    assert settled(widget)["colormap"] == first[0]["colormap"] == first[1]["colormap"] != "magma"


def test_the_map_stays_where_the_first_of_two_is_looked_at(serve, results, tmp_path):
    away = write_tiff(tmp_path / "away", np.ones((1, 99, 99)), transform=from_origin(-60, 5, 1, 1))
    serve(a=np.ones((1, 99, 99)), b=away)
    widget = results()
    widget.show_raster("a.tif", beside="b.tif")
    settled(widget)
    wait_until(widget, lambda w: "none of it" in w.compared["note"])
    (south, west), (north, east) = layers(widget)[0].bounds
    lat, lon = widget.map.center
    assert south < lat < north
    assert west < lon < east


def row(widget, key):
    return next((row for row in widget.layers if row["key"] == key), None)


def test_rasters_are_layers_of_the_map_that_keep_their_opacity(serve, results):
    serve(Footprints=RNG.random((1, 200, 200)), b=RNG.random((1, 200, 200)))
    theirs = ipyleaflet.Map(layers=())
    widget = results(map=theirs)
    before = theirs.layers
    widget.show_raster("Footprints.tif", beside="b.tif")
    wait_until(widget, lambda w: row(w, "raster") and row(w, "compared"))
    names = [row["name"] for row in widget.layers]
    assert sorted(names) == ["Footprints", "Footprints.tif", "b.tif"]
    assert ask(widget, "set_layer", key="compared", opacity=0.5)["ok"]
    assert row(widget, "compared")["opacity"] == layers(widget, "compared")[-1].opacity == 0.5
    first = layers(widget, "compared")[-1]
    theirs.zoom += 1
    changed_to_one(widget, "compared", [first])
    assert layers(widget, "compared")[-1].opacity == 0.5
    assert row(widget, "raster")["opacity"] == layers(widget)[-1].opacity == 1
    widget.hide_raster()
    assert (theirs.layers, row(widget, "raster"), row(widget, "compared")) == (before, None, None)


def test_a_hidden_raster_is_not_read_and_is_drawn_when_it_is_shown_again(serve, results, server):
    serve(a=RNG.integers(0, 99, (1, 1500, 1500), np.uint8))
    widget = results()
    widget.show_raster("a.tif")
    settled(widget)
    (before,) = layers(widget)
    asked = len(server.asked)
    assert ask(widget, "set_layer", key="raster", visible=False)["ok"]
    assert layers(widget) == []
    widget.map.zoom += 2
    assert ask(widget, "raster_style", colormap="magma")["ok"]
    wait_until(widget, lambda w: not w.raster["busy"])
    assert len(server.asked) == asked
    assert ask(widget, "set_layer", key="raster", visible=True)["ok"]
    changed_to_one(widget, "raster", [before])
    assert settled(widget)["colormap"] == "magma"
    assert layers(widget)[-1].bounds != before.bounds


def test_without_a_map_it_says_so(serve, results):
    serve(a=np.zeros((1, 9, 9), np.uint8))
    widget = results(map=None)
    with pytest.raises(RasterError, match="no map"):
        widget.show_raster("a.tif")
    assert widget.raster is None


def size_of(layer):
    content = base64.b64decode(layer.url.partition(",")[2])
    return decoded(content).shape[1:]


def test_a_finer_screen_gets_a_finer_picture_of_the_same_place(serve, results):
    smooth = np.add.outer(np.arange(900), np.arange(900)).astype(np.float32)[None]
    serve(a=smooth)
    widget = results()
    widget.show_raster("a.tif")
    settled(widget)
    (plain,) = layers(widget)
    assert ask(widget, "screen", density=2.6)["ok"]
    changed_to_one(widget, "raster", [plain])
    (fine,) = layers(widget)
    assert fine.bounds == plain.bounds
    assert size_of(fine) == tuple(2 * side for side in size_of(plain))
    assert settled(widget)["note"] == ""


def test_a_finer_screen_makes_no_question(serve, results, tmp_path):
    path = tmp_path / "tiles"
    write_tiff(path, RNG.integers(0, 255, (1, 4096, 4096), np.uint8), tiled=True, **UTM)
    with rasterio.open(path, "r+") as raster:
        raster.build_overviews([32])
    serve(a=path)
    widget = results()
    assert ask(widget, "screen", density=2)["ok"]
    widget.show_raster("a.tif")
    settled(widget)
    # The next finer pixels are those of the raster itself, all of it.
    height, width = size_of(layers(widget)[-1])
    assert max(height, width) <= 4096 / 32 * 1.1
