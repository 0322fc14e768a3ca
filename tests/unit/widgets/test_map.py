"""Where a map looks, and what is on it, before anything is displayed."""

import math
from contextlib import contextmanager
from threading import RLock

import ipyleaflet
import pytest

from openeo_widgets.api._where import Footprint
from openeo_widgets.widgets._footprints import Placed
from openeo_widgets.widgets._map import ResultsMap
from openeo_widgets.widgets._map_geometry import view_of

HERE = {"type": "Point", "coordinates": [16.5, 48.2]}


class Card:
    """What a map needs of the widget that it belongs to."""

    def __init__(self):
        self.selected = ""
        self.layers = []
        self.is_open = True
        self._lock = RLock()

    @contextmanager
    def in_order(self):
        with self._lock:
            yield

    @contextmanager
    def kept_open(self):
        with self._lock:
            yield self.is_open

    def publish(self, *, layers):
        self.layers = layers

    def select(self, key):
        self.selected = key


@pytest.fixture
def card():
    return Card()


@pytest.fixture
def place(card):
    """A function that makes the map of a card; at the end it is closed."""
    made = []

    def make(chart=True, basemap=None):  # noqa: FBT002 - as ResultsWidget takes it
        made.append(ResultsMap(card, chart, basemap))
        return made[-1]

    yield make
    for one in made:
        one.close()


def names(chart):
    return [layer.name for layer in chart.layers]


def drawn(layer):
    return [feature["geometry"] for feature in layer.data["features"]]


def half_span_degrees(zoom):
    """Degrees of longitude from the centre to the edge of a map 260 pixels wide."""
    return 130 * 360 / (256 * 2**zoom)


@pytest.mark.parametrize(
    "bbox",
    [
        (16.60, 48.20, 16.64, 48.23),
        (3.5, 51.0, 3.6, 51.1),
        (-10.0, 35.0, 30.0, 70.0),
        (-70.0, -60.0, -69.9, 10.0),
    ],
)
def test_a_box_is_in_view_and_not_lost_in_it(bbox):
    west, south, east, north = bbox
    (lat, lon), zoom = view_of(bbox)
    assert lon == pytest.approx((west + east) / 2)
    assert south < lat < north
    assert half_span_degrees(zoom) >= (east - west) / 2
    # One step closer and it would not fit, in width or in height.
    closer = 256 * 2 ** (zoom + 1)
    stretch = 1 / math.cos(math.radians(lat))
    assert closer * (east - west) / 360 > 260 or closer * (north - south) * stretch / 360 > 190


def test_across_the_antimeridian_the_view_is_on_it():
    (_, lon), zoom = view_of((179.0, -18.0, -179.0, -16.0))
    assert lon == pytest.approx(180.0)
    assert zoom > 5


def test_a_single_point_and_the_poles_have_a_view():
    for bbox in [(5.0, 5.0, 5.0, 5.0), (-180.0, 80.0, 180.0, 90.0)]:
        (lat, _), zoom = view_of(bbox)
        assert math.isfinite(lat)
        assert 0 <= zoom <= 17


def test_a_map_asks_nothing_from_the_network_and_shows_one_result_at_a_time(place, card):
    shown = place()
    shown.draw(Footprint(None, (1.0, 2.0, 3.0, 4.0)), ["a"])
    shown.draw(Footprint(HERE, (16.5, 48.2, 16.5, 48.2)), ["a"])
    assert not any(hasattr(layer, "url") for layer in shown.chart.layers)
    assert drawn(shown.chart.layers[1]) == [HERE]
    assert shown.chart.center[1] == pytest.approx(16.5)
    assert [row["name"] for row in card.layers] == ["Footprints", "Land and borders"]


def test_the_same_result_once_more_leaves_the_map_where_somebody_moved_it(place):
    shown = place()
    for _ in range(2):
        shown.draw(Footprint(HERE, (16.5, 48.2, 16.5, 48.2)), ["a"])
        assert shown.chart.center[1] == pytest.approx(16.5)
        shown.chart.center = (1.0, 16.5)
    assert shown.chart.center[0] == 1.0


def test_the_same_footprints_once_more_are_not_drawn_anew(place, card):
    shown = place()
    placed = [Placed("a", HERE, None), Placed("b", None, (16.0, 48.0, 17.0, 49.0))]
    shown.show(placed)
    _, layer, chosen, _ = shown.chart.layers
    card.selected = "a"
    shown.show([Placed("a", dict(HERE), None), placed[1]])
    assert shown.chart.layers[1] is layer
    assert drawn(chosen) == [HERE]
    shown.show(placed[:1])
    assert shown.chart.layers[1] is not layer
    assert drawn(shown.chart.layers[1]) == [HERE]


def test_centre_and_zoom_go_to_the_browser_as_one(place, monkeypatch):
    shown, sent = place(), []
    monkeypatch.setattr(
        shown.chart,
        "send_state",
        lambda key: sent.append(sorted({key} if isinstance(key, str) else key)),
    )
    shown.draw(Footprint(HERE, (16.5, 48.2, 16.5, 48.2)), ["a"])
    assert sent == [["center", "zoom"], ["layers"]]


def test_results_without_files_and_without_footprint(place):
    shown = place()
    shown.draw(Footprint(HERE, (16.5, 48.2, 16.5, 48.2)), [])
    assert drawn(shown.chart.layers[1]) == [HERE]
    shown.draw(Footprint(None, None), ["a"])
    assert drawn(shown.chart.layers[1]) == []
    assert shown.chart.center[1] == pytest.approx(16.5)


def test_a_selected_file_is_marked_and_one_pointed_at_lit(place, card):
    shown = place()
    card.selected = "b"
    shown.show([Placed("a", HERE, None), Placed("b", None, (1.0, 2.0, 3.0, 4.0))])
    _, every, selected, lit = shown.chart.layers
    assert len(drawn(every)) == 2
    assert drawn(selected)[0]["type"] == "Polygon"
    shown.select("a")
    shown.light("b")
    assert (drawn(selected)[0], drawn(lit)[0]["type"]) == (HERE, "Polygon")
    shown.select("")
    shown.light("nobody")
    assert drawn(selected) == drawn(lit) == []


def test_what_is_selected_out_of_view_comes_into_view(place):
    shown = place()
    shown.show([Placed("a", HERE, None)])
    for side, degrees in (("south", 0.0), ("west", 0.0), ("north", 9.0), ("east", 9.0)):
        shown.chart.set_trait(side, degrees)
    shown.select("a")
    assert list(shown.chart.center) == pytest.approx([48.2, 16.5])


def click(shown, lat, lon):
    shown.chart._handle_leaflet_event(
        None, {"event": "interaction", "type": "click", "coordinates": [lat, lon]}, []
    )


def test_a_click_selects_the_file_there_and_again_the_next_one(place, card):
    shown = place()
    wide, inner = (0.0, 0.0, 10.0, 10.0), (4.0, 4.0, 6.0, 6.0)
    shown.show([Placed("w1", None, wide), Placed("i", None, inner), Placed("w2", None, wide)])
    shown.chart.zoom = 6
    came = []
    for _ in range(4):
        click(shown, 5.0, 5.0)
        came.append(card.selected)
    assert came == ["i", "w1", "w2", "i"]
    click(shown, 1.0, 361.0)
    assert card.selected == "w1"
    click(shown, 50.0, 50.0)
    assert card.selected == "w1"


def test_a_map_of_the_user_s_keeps_its_layers_its_view_and_its_life(card):
    theirs = ipyleaflet.Map(layers=(), center=(10.0, 20.0), zoom=7)
    rectangle = ipyleaflet.Rectangle(bounds=((1, 2), (3, 4)), name="mine")
    theirs.add(rectangle)
    controls = theirs.controls
    shown = ResultsMap(card, theirs, None)
    shown.draw(Footprint(HERE, (16.5, 48.2, 16.5, 48.2)), ["a"])
    over = ipyleaflet.Marker(location=(1, 2), name="over")
    theirs.add(over)
    assert names(theirs)[0] == "mine"
    assert (list(theirs.center), theirs.zoom) == ([10.0, 20.0], 7)
    ours = theirs.layers[1:4]
    shown.close()
    assert theirs.layers == (rectangle, over)
    assert theirs.controls == controls
    assert theirs.comm is not None
    assert all(layer.comm is None for layer in ours)
    click(shown, 48.2, 16.5)
    assert card.selected == ""
    theirs.close()


def test_a_map_of_the_user_s_that_nobody_has_moved_goes_there(place):
    shown = place(ipyleaflet.Map(layers=()))
    shown.draw(Footprint(HERE, (16.5, 48.2, 16.5, 48.2)), ["a"])
    assert list(shown.chart.center) == pytest.approx([48.2, 16.5])


def test_two_widgets_on_one_map(card):
    theirs = ipyleaflet.Map(layers=())
    one, other = ResultsMap(card, theirs, None), ResultsMap(Card(), theirs, None)
    for shown in (one, other):
        shown.draw(Footprint(HERE, (16.5, 48.2, 16.5, 48.2)), ["a"])
    one.close()
    assert len(theirs.layers) == 3
    other.close()
    assert theirs.layers == ()
    theirs.close()


@pytest.mark.parametrize("none", [None, False])
def test_no_map_at_all(place, none):
    shown = place(none)
    shown.draw(Footprint(HERE, (16.5, 48.2, 16.5, 48.2)), ["a"])
    shown.select("a")
    shown.light("a")
    assert shown.chart is None


def test_a_card_that_was_closed_meanwhile_leaves_nothing_on_the_map(card):
    theirs = ipyleaflet.Map(layers=())
    shown = ResultsMap(card, theirs, None)
    card.is_open = False
    shown.show([Placed("a", HERE, None)])
    assert theirs.layers == ()
    theirs.close()


def test_what_is_no_map_is_refused(card):
    with pytest.raises(TypeError, match=r"ipyleaflet\.Map"):
        ResultsMap(card, "map", None)
    theirs = ipyleaflet.Map(layers=())
    with pytest.raises(ValueError, match="yours has its own"):
        ResultsMap(card, theirs, "osm")
    theirs.close()


def test_online_basemaps_are_a_choice_and_have_the_land_below(place, monkeypatch):
    for choice in ("osm", "https://tiles.example/{z}/{x}/{y}.png"):
        chart = place(basemap=choice).chart
        assert [hasattr(layer, "url") for layer in chart.layers] == [False, True]
        assert chart.layers[0].pane == "basemap"
        told = [isinstance(one, ipyleaflet.AttributionControl) for one in chart.controls]
        assert told.count(True) == 1
    monkeypatch.setenv("OPENEO_BASEMAP_URL", "https://tiles.example/{z}/{x}/{y}.png?v=2")
    monkeypatch.setenv("OPENEO_BASEMAP_ATTRIBUTION", "Somebody")
    _, tiles = place().chart.layers
    assert (tiles.url[-4:], tiles.attribution) == ("?v=2", "Somebody")
    assert len(place(basemap="offline").chart.layers) == 1
    with pytest.raises(ValueError, match="no basemap 'nowhere'"):
        place(basemap="nowhere")


def test_tiles_of_the_user_s_stay_theirs(card):
    tiles = ipyleaflet.TileLayer(url="https://tiles.example/{z}/{x}/{y}.png", opacity=0.5)
    shown = ResultsMap(card, chart=True, basemap=tiles)
    (row, *_) = card.layers
    assert (row["name"], row["visible"], row["opacity"]) == ("Online map", True, 0.5)
    shown.close()
    assert tiles.comm is not None
    tiles.close()


def test_layers_are_hidden_and_shown_at_their_place(place, card):
    shown = place()
    shown.show([Placed("a", HERE, None)])
    mine = ipyleaflet.Marker(location=(1, 2), name="mine")
    shown.chart.add(mine)
    before = shown.chart.layers
    shown.layers.set("Footprints", visible=False)
    assert shown.chart.layers == (before[0], mine)
    shown.layers.add("raster", ipyleaflet.ImageOverlay(name="raster"))
    shown.layers.set("Footprints", visible=True)
    shown.layers.set("Land and borders", visible=False)
    assert names(shown.chart)[-4:] == [*names_of(before[1:4]), "raster"]
    assert [row["visible"] for row in card.layers] == [True, True, False]
    shown.layers.remove("raster")
    assert mine in shown.chart.layers
    with pytest.raises(ValueError, match="no layer 'raster'"):
        shown.layers.set("raster", visible=True)


def names_of(layers):
    return [layer.name for layer in layers]


def test_layers_shine_through_and_keep_that_when_they_are_replaced(place, card):
    shown = place()
    shown.layers.add("raster", ipyleaflet.ImageOverlay())
    shown.show([Placed("a", HERE, None)])
    for name in ("raster", "Footprints"):
        shown.layers.set(name, opacity=0.5)
    shown.show([Placed("a", HERE, None)])
    raster, footprints = shown.chart.layers[1:3]
    assert raster.opacity == 0.5
    assert (footprints.style["opacity"], footprints.style["fillOpacity"]) == (0.5, 0.06)
    shown.layers.set("raster", opacity=7)
    assert card.layers[-2]["opacity"] == 1.0
