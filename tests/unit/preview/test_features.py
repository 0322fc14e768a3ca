"""Features for a map: where they lie, whatever they came with, and how much of them is drawn."""

import builtins
from math import cos, pi, sin

import pytest

from openeo_widgets.api._boxes import BEYOND, EXCHANGED
from openeo_widgets.preview import MOST_UNASKED, declared_crs, located, outlines
from openeo_widgets.preview._covjson import coverages, polygons

UTM = "urn:ogc:def:crs:EPSG::32633"


def feature(geometry, **properties):
    return {"geometry": geometry, "properties": properties}


def point(x, y):
    return feature({"type": "Point", "coordinates": [x, y]})


def circle(lon, lat, size, count):
    turns = [2 * pi * step / count for step in range(count)]
    ring = [[lon + size * cos(turn), lat + size * sin(turn)] for turn in turns]
    return feature({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def spots(found):
    return [one.geometry and one.geometry["coordinates"] for one in found.all]


def test_what_cannot_be_drawn_keeps_its_number():
    odd = [None, {"type": "Point", "coordinates": ["x", 1]}, {"type": "Circle"}, 3]
    found = located([point(16, 48), *map(feature, odd)])
    assert spots(found) == [[16, 48], None, None, None, None]
    assert [one.row for one in found.placed] == [0]


def test_coordinates_that_are_exchanged_are_exchanged_back():
    found = located([point(10, 120), point(48, 16)])
    assert (spots(found), found.note) == ([[120, 10], [16, 48]], EXCHANGED)


def test_coordinates_that_may_be_either_go_by_where_they_should_lie():
    assert spots(located([point(48, 16)], near=(15, 47, 17, 49))) == [[16, 48]]
    assert spots(located([point(48, 16)], near=(47, 15, 49, 17))) == [[48, 16]]
    assert spots(located([point(48, 16)])) == [[48, 16]]


def test_metres_are_no_degrees():
    found = located([point(600_000, 5_340_000), point(16, 48)])
    assert (spots(found), found.note) == ([None, [16, 48]], BEYOND)


def test_a_reference_system_that_is_told_is_followed():
    crs = declared_crs({"crs": {"type": "name", "properties": {"name": UTM}}})
    assert crs == "EPSG:32633"
    ((lon, lat),) = spots(located([point(600_000, 5_340_000)], crs))
    assert (lon, lat) == (pytest.approx(16.345, abs=0.01), pytest.approx(48.206, abs=0.01))
    for odd in (None, 3, {"properties": 3}, {"properties": {"name": ["x"]}}):
        assert declared_crs({"crs": odd}) is None


def test_what_crosses_the_antimeridian_is_drawn_in_one_piece():
    ring = [[179, -1], [-179, -1], [-179, 1], [179, 1], [179, -1]]
    found = located([feature({"type": "Polygon", "coordinates": [ring]})])
    assert found.bbox == (179, -1, -179, 1)
    (one,) = found.placed
    drawn = one.geometry["coordinates"]
    assert max(abs(value) for value in _numbers(drawn)) == 181


def _numbers(value):
    return [value] if not isinstance(value, list) else [n for part in value for n in _numbers(part)]


def test_names_and_facts_are_texts_without_secrets():
    given = feature(None, Name="field", token="Zq10mVx0Lw9Tn4pR7k", many=[1], yes=True)
    (one,) = located([{**given, "id": 5}]).all
    assert one.name == "field"
    told = {fact["name"]: fact["text"] for fact in one.facts()}
    assert told == {"id": "5", "Name": "field", "token": "…", "many": "[1]", "yes": "true"}


@pytest.mark.parametrize("with_shapely", [True, False])
def test_outlines_have_fewer_vertices_each_by_its_own_size(monkeypatch, with_shapely):
    if not with_shapely:
        real = builtins.__import__

        def fail(name, *rest, **more):
            if name.startswith("shapely"):
                raise ImportError(name)
            return real(name, *rest, **more)

        monkeypatch.setattr(builtins, "__import__", fail)
    given = located([circle(10, 45, 5, 4000), circle(20, 45, 0.01, 4000)]).placed
    drawn = outlines(given, 1000)
    counts = [len(one.geometry["coordinates"][0]) for one in drawn]
    assert len(counts) == 2
    assert sum(counts) <= 1000
    assert min(counts) > 30
    assert len(given[0].geometry["coordinates"][0]) == 4001


def test_of_too_many_the_first_ones_are_drawn():
    given = located([point(lon / 10, 0) for lon in range(100)]).placed
    # Each is sent by itself: that counts too.
    assert [one.row for one in outlines(given, 50)] == list(range(10))
    (one,) = outlines(located([circle(10, 45, 5, 50_000)]).placed)
    assert len(one.geometry["coordinates"][0]) <= MOST_UNASKED


def test_the_polygons_of_a_coverage_have_the_names_of_its_lines():
    rings = [circle(16 + n, 48, 0.1, 4)["geometry"]["coordinates"] for n in range(2)]
    axes = {
        "t": {"values": ["2022-01-01", "2022-02-01"]},
        "composite": {"dataType": "polygon", "coordinates": ["x", "y"], "values": rings},
    }
    values = {"type": "NdArray", "axisNames": ["t", "composite"], "shape": [2, 2]}
    data = {
        "type": "Coverage",
        "domain": {"type": "Domain", "domainType": "MultiPolygonSeries", "axes": axes},
        "ranges": {"band0": {**values, "values": [1, 2, 3, 4]}},
    }
    chart = coverages(data)
    assert [(line.group, line.y) for line in chart.lines] == [
        ("geometry 1", [1.0, 3.0]),
        ("geometry 2", [2.0, 4.0]),
    ]
    assert chart.places == {"geometry 1": 0, "geometry 2": 1}
    assert [one["geometry"]["coordinates"] for one in polygons(data).values()] == rings
