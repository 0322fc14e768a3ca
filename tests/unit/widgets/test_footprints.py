"""Footprints as they are sent to the browser, and found under a click."""

import json

import pytest

from openeo_widgets.widgets._footprints import Footprints, Placed, shapes_of
from openeo_widgets.widgets._map_geometry import around, box, hits, rounded

SQUARE = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]]
HOLE = [[4.0, 4.0], [6.0, 4.0], [6.0, 6.0], [4.0, 6.0], [4.0, 4.0]]
EVERY_TYPE = {
    "Point": [5.0, 5.0],
    "MultiPoint": [[5.0, 5.0], [9.0, 9.0]],
    "LineString": [[0.0, 0.0], [10.0, 10.0]],
    "MultiLineString": [[[0.0, 0.0], [10.0, 10.0]], [[20.0, 20.0], [21.0, 21.0]]],
    "Polygon": [SQUARE],
    "MultiPolygon": [[SQUARE], [[[x + 20, y] for x, y in SQUARE]]],
}


def geometry(kind):
    return {"type": kind, "coordinates": EVERY_TYPE[kind]}


@pytest.mark.parametrize("kind", EVERY_TYPE)
def test_a_point_of_each_type_is_hit_and_one_beside_it_is_not(kind):
    collection = {"type": "GeometryCollection", "geometries": [geometry(kind)]}
    for one in (geometry(kind), collection):
        assert hits(one, 5.001, 5.0, 0.01)
        assert not hits(one, 15.0, 3.0, 0.01)
        assert around(one)[0] <= 5.0 <= around(one)[2]


def test_a_hole_is_not_hit_but_its_edge_is():
    with_hole = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
    assert not hits(with_hole, 5.0, 5.0, 0.01)
    assert hits(with_hole, 3.0, 5.0, 0.01)
    assert hits(with_hole, 4.005, 5.0, 0.01)


def test_on_the_screen_positions_that_fall_together_are_one():
    line = {"type": "LineString", "coordinates": [[0.00001, 0], [0.00002, 0], [1.23456789, 2]]}
    assert rounded(line, 3)["coordinates"] == [[0.0, 0], [1.235, 2]]
    tiny = {"type": "Polygon", "coordinates": [[[x / 1e6, y / 1e6] for x, y in SQUARE]]}
    assert len(rounded(tiny, 3)["coordinates"][0]) == 5
    assert line["coordinates"][2] == [1.23456789, 2]


def test_files_at_one_place_are_one_shape_and_larger_ones_lie_below():
    small, wide = (1.0, 1.0, 2.0, 2.0), (0.0, 0.0, 9.0, 9.0)
    placed = [
        Placed("a", None, small),
        Placed("b", None, wide),
        Placed("c", box(small), small),
        Placed("d", None, None),
    ]
    assert [shape.keys for shape in shapes_of(placed)] == [("b",), ("a", "c")]


def test_what_is_the_same_on_the_screen_is_one_shape():
    west = 1.0 + 1e-9
    placed = [
        Placed("a", None, (1.0, 1.0, 2.0, 2.0)),
        Placed("b", None, (west, 1.0, 2.0, 2.0)),
        Placed("c", None, (1.1, 1.0, 2.0, 2.0)),
    ]
    assert [shape.keys for shape in shapes_of(placed)] == [("a", "b"), ("c",)]


def test_across_the_antimeridian_both_sides_are_hit():
    layer = Footprints(shapes_of([Placed("a", None, (179.0, -18.0, -179.0, -16.0))]))
    for lon in (179.5, -179.5, 180.5, -180.5):
        assert layer.at(lon, -17.0, 0.001) == ["a"]
    assert layer.at(0.0, -17.0, 0.001) == []
    layer.close()


def test_ten_thousand_are_a_message_of_a_megabyte_that_no_movement_answers():
    placed = [
        Placed(str(n), None, (lon := n % 100 / 3, lat := n // 100 / 3, lon + 1 / 7, lat + 1 / 7))
        for n in range(10_000)
    ]
    layer = Footprints(shapes_of(placed))
    message = json.dumps(layer.get_state())
    assert len(message) < 2_000_000
    assert not layer.interactive
    assert layer.at(20.05, 20.05, 0.001) == [str(60 * 100 + 60)]
    assert Footprints(shapes_of(placed[:10])).interactive
    layer.close()
