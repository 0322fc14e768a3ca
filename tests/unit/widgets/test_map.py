"""Where a map looks, and what it draws, before anything is displayed."""

import math

import pytest

from openeo_widgets.api._stac import Footprint
from openeo_widgets.widgets._map import footprint_layer, new_map, show_footprint, view_of


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


def test_the_geometry_is_drawn_as_it_came_and_a_box_in_lon_lat():
    point = {"type": "Point", "coordinates": [16.5, 48.2]}
    assert footprint_layer(Footprint(point, (16.5, 48.2, 16.5, 48.2))).data["geometry"] == point
    box = footprint_layer(Footprint(None, (1.0, 2.0, 3.0, 4.0))).data["geometry"]
    assert box["coordinates"] == [[[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]]]
    assert footprint_layer(Footprint(None, None)) is None


def test_a_map_asks_nothing_from_the_network_and_shows_one_footprint_at_a_time():
    chart = new_map()
    show_footprint(chart, Footprint(None, (1.0, 2.0, 3.0, 4.0)))
    show_footprint(chart, Footprint(None, (5.0, 6.0, 7.0, 8.0)))
    assert [layer.name for layer in chart.layers] == ["land", "footprint"]
    assert not any(hasattr(layer, "url") for layer in chart.layers)
    assert chart.center[1] == pytest.approx(6.0)
    chart.close()
