"""What is known to be wrong before computing."""

from __future__ import annotations

import sys
from functools import partial

import pytest

from openeo_widgets.backend.validation import validate


def node(process_id, *, result=False, **arguments):
    return {"process_id": process_id, "arguments": arguments, "result": result}


def load(**arguments):
    base = {"id": "SENTINEL2_SAMPLE", "spatial_extent": None, "temporal_extent": None}
    return node("load_collection", **(base | arguments))


def save(name, format="GTiff"):  # noqa: A002 -- as the process has it
    return node("save_result", data={"from_node": name}, format=format, result=True)


def codes(graph):
    return [problem["code"] for problem in validate(graph)]


def test_a_good_graph():
    reducer = {"m": node("mean", data={"from_parameter": "data"}, result=True)}
    graph = {
        "l": load(),
        "r": node(
            "reduce_dimension", data={"from_node": "l"}, dimension="t",
            reducer={"process_graph": reducer},
        ),
        "s": save("r"),
    }  # fmt: skip
    assert validate(graph) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"id": "NOPE"}, "CollectionNotFound"),
        ({"bands": ["B99"]}, "BandNotFound"),
        ({"bands": []}, "BandNotFound"),
        ({"spatial_extent": {"west": 0, "south": 0, "east": 1, "north": 1}}, "NoDataAvailable"),
        ({"spatial_extent": {"west": 1, "south": 0, "east": 0, "north": 1}}, "ExtentInvalid"),
        ({"spatial_extent": {"west": 1}}, "ExtentInvalid"),
        ({"spatial_extent": 3}, "ExtentInvalid"),
        ({"spatial_extent": {"type": "Point", "coordinates": [0, 0]}}, "NoDataAvailable"),
        ({"spatial_extent": {"type": "Polygon", "coordinates": "x"}}, "GeometryInvalid"),
        ({"spatial_extent": {"type": "Polygon"}}, "GeometryInvalid"),
        ({"spatial_extent": {"type": "Polygon", "coordinates": []}}, "GeometryInvalid"),
        ({"spatial_extent": {"type": "Feature", "geometry": None}}, "GeometryInvalid"),
        ({"spatial_extent": {"type": "FeatureCollection"}}, "GeometryInvalid"),
        ({"spatial_extent": {"type": "FeatureCollection", "features": []}}, "GeometryInvalid"),
        ({"spatial_extent": {"type": 3, "crs": {"properties": 3}}}, "GeometryInvalid"),
        (
            {"spatial_extent": {"west": -999, "south": -999, "east": -998, "north": -998}},
            "NoDataAvailable",
        ),
        (
            {"spatial_extent": {"west": 0, "south": 0, "east": 1, "north": 1, "crs": "x"}},
            "CRSInvalid",
        ),
        ({"temporal_extent": ["2020-01-01", "2021-01-01"]}, "NoDataAvailable"),
        ({"temporal_extent": ["2022-07-08", "2022-07-09"]}, "NoDataAvailable"),
        ({"temporal_extent": ["x", None]}, "TemporalExtentInvalid"),
        ({"nonsense": 1}, "ProcessParameterUnsupported"),
    ],
)
def test_what_cannot_be_loaded(arguments, code):
    assert codes({"l": load(**arguments), "s": save("l")}) == [code]


@pytest.mark.parametrize(
    "extent",
    [
        {"west": 16.6, "south": 48.2, "east": 16.7, "north": 48.3},
        {"west": 619000, "south": 5340000, "east": 620000, "north": 5341000, "crs": 32633},
        {"west": 619000, "south": 5340000, "east": 620000, "north": 5341000, "crs": "EPSG:32633"},
    ],
)
def test_extents_that_touch_the_data(extent):
    assert codes({"l": load(spatial_extent=extent), "s": save("l")}) == []


def test_problems_inside_of_callbacks_have_a_path():
    reducer = {"m": node("nonsense", data={"from_parameter": "x"}, result=True)}
    graph = {
        "l": load(),
        "r": node(
            "reduce_dimension", data={"from_node": "l"}, dimension="t",
            reducer={"process_graph": reducer},
        ),
        "s": save("r"),
    }  # fmt: skip
    found = validate(graph)
    assert [problem["code"] for problem in found] == [
        "ProcessUnsupported", "ProcessParameterMissing",
    ]  # fmt: skip
    assert [step["node_id"] for step in found[0]["path"]] == ["m", "r"]


@pytest.mark.parametrize(
    ("graph", "code"),
    [
        ({}, "ProcessGraphMissing"),
        ([], "ProcessGraphMissing"),
        ({"a": 3}, "ProcessGraphInvalid"),
        ({"a": {"process_id": 3}}, "ProcessGraphInvalid"),
        ({"a": {"process_id": "pi", "arguments": []}}, "ProcessGraphInvalid"),
        ({"a": node("pi")}, "ProcessGraphMissing"),
        ({"a": node("pi", result=True), "b": node("pi", result=True)}, "ProcessGraphMissing"),
        ({"a": node("absolute", x={"from_node": "b"}, result=True)}, "ProcessGraphInvalid"),
        ({"a": node("absolute", x={"from_node": "a"}, result=True)}, "ProcessGraphInvalid"),
        (
            {
                "a": node("absolute", x=[{"from_node": "b"}], result=True),
                "b": node("absolute", x={"y": {"from_node": "a"}}),
            },
            "ProcessGraphInvalid",
        ),
        ({"a": node("absolute", x={"from_node": ["a"]}, result=True)}, "ProcessGraphInvalid"),
        ({"a": node("absolute", x={"from_parameter": {}}, result=True)}, "ProcessParameterMissing"),
        ({"a": node("add", x=1, result=True)}, "ProcessParameterRequired"),
        ({"a": node("max", data={"from_parameter": "z"}, result=True)}, "ProcessParameterMissing"),
    ],
)
def test_graphs_that_are_none(graph, code):
    assert codes(graph) == [code]


def test_a_graph_that_is_nested_too_deeply(request):
    value = 1
    for _ in range(5000):
        value = [value]
    # Importing openeo-pg-parser-networkx, as other tests of this process do, raises the limit.
    request.addfinalizer(partial(sys.setrecursionlimit, sys.getrecursionlimit()))
    sys.setrecursionlimit(1000)
    assert codes({"a": node("max", data=value, result=True)}) == ["ProcessGraphComplexity"]


def test_unknown_formats():
    assert codes({"l": load(), "s": save("l", "GIF")}) == ["FormatUnsuitable"]
    assert codes({"l": load(), "s": save("l", "gtiff")}) == []
