"""What aggregate_spatial is given in a process graph, whatever stands there."""

import pytest

from openeo_widgets.api._aggregated import aggregated, members_of

POINT = {"type": "Point", "coordinates": [16, 48]}
FEATURES = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "id": 7, "geometry": POINT, "properties": {"name": "a"}}, 3],
}


def summed(geometries, **more):
    arguments = {"geometries": geometries}
    return {"sum": {"process_id": "aggregate_spatial", "arguments": arguments}, **more}


def test_geojson_in_the_graph_is_found_once():
    again = {"process_id": "aggregate_spatial", "arguments": {"geometries": dict(POINT)}}
    assert aggregated(summed(POINT, again=again)) == [POINT]


def test_what_is_loaded_from_the_graph_is_found():
    load = {"process_id": "load_geojson", "arguments": {"data": FEATURES}}
    assert aggregated(summed({"from_node": "load"}, load=load)) == [FEATURES]


@pytest.mark.parametrize(
    "geometries",
    [None, 3, "x", [], {}, {"from_node": "sum"}, {"from_node": "loop"}, {"from_node": ["loop"]}],
)
def test_what_is_not_there_is_not_found(geometries):
    loop = {"process_id": "load_geojson", "arguments": {"data": {"from_node": "loop"}}}
    assert aggregated(summed(geometries, loop=loop, odd=3)) == []


def test_each_member_of_a_collection_is_one_and_keeps_its_number():
    first, second = members_of(FEATURES)
    assert (first["geometry"], first["id"], first["properties"]) == (POINT, 7, {"name": "a"})
    assert second["geometry"] is None
    together = {"type": "GeometryCollection", "geometries": [POINT, POINT]}
    assert [one["geometry"] for one in members_of(together)] == [POINT, POINT]
    assert [one["geometry"] for one in members_of(POINT)] == [POINT]
    assert members_of({"type": "FeatureCollection", "features": None}) == []
