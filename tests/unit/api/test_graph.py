"""Process graphs: the flat form, callbacks, and what may be an argument."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
import shapely
from openeo.rest.datacube import PGNode

from openeo_widgets.api._graph import (
    CallbackValue,
    Node,
    ParameterRef,
    as_flat_graph,
    callback,
    flat_graph,
)

FLAT = {"a": {"process_id": "x", "arguments": {}, "result": True}}


def _callback(function, *parameters):
    return flat_graph(Node("p", {"cb": callback(function, parameters)}))["p1"]["arguments"]["cb"][
        "process_graph"
    ]


def _only(function, *parameters):
    (node,) = _callback(function, *parameters).values()
    return node


def _argument(value):
    return flat_graph(Node("p", {"v": value}))["p1"]["arguments"]["v"]


def test_nodes_are_named_and_linked():
    loaded = Node("load_collection", {"id": "S2"})
    merged = Node("merge_cubes", {"cube1": loaded, "cube2": Node("mask", {"data": loaded})})
    assert flat_graph(merged) == {
        "loadcollection1": {"process_id": "load_collection", "arguments": {"id": "S2"}},
        "mask1": {"process_id": "mask", "arguments": {"data": {"from_node": "loadcollection1"}}},
        "mergecubes1": {
            "process_id": "merge_cubes",
            "arguments": {
                "cube1": {"from_node": "loadcollection1"},
                "cube2": {"from_node": "mask1"},
            },
            "result": True,
        },
    }


def test_nodes_in_lists_and_mappings_are_found():
    node = Node("f", {"a": [1, {"b": (Node("g"),)}]})
    assert flat_graph(node)["f1"]["arguments"] == {"a": [1, {"b": [{"from_node": "g1"}]}]}


def test_a_namespace_is_kept():
    assert flat_graph(Node("f", {}, "me"))["f1"]["namespace"] == "me"


def test_a_chain_of_thousands_of_nodes():
    node = Node("load_collection", {"id": "S2"})
    for _ in range(5000):
        node = Node("add", {"x": node, "y": 1})
    flat = flat_graph(node)
    assert len(flat) == 5001
    assert flat["add5000"]["arguments"]["x"] == {"from_node": "add4999"}
    assert flat["add5000"]["result"] is True
    assert json.dumps(flat)


def test_a_chain_of_thousands_of_nodes_in_a_callback():
    def many(value):
        for _ in range(5000):
            value = value + 1
        return value

    assert len(_callback(many, "x")) == 5000


@pytest.mark.parametrize(
    ("function", "process_id", "arguments"),
    [
        (lambda x: x + 1, "add", {"x": "x", "y": 1}),
        (lambda x: 1 + x, "add", {"x": 1, "y": "x"}),
        (lambda x: x - 1, "subtract", {"x": "x", "y": 1}),
        (lambda x: 1 - x, "subtract", {"x": 1, "y": "x"}),
        (lambda x: x * 2, "multiply", {"x": "x", "y": 2}),
        (lambda x: 2 / x, "divide", {"x": 2, "y": "x"}),
        (lambda x: x % 2, "mod", {"x": "x", "y": 2}),
        (lambda x: x**2, "power", {"base": "x", "p": 2}),
        (lambda x: 2**x, "power", {"base": 2, "p": "x"}),
        (lambda x: -x, "multiply", {"x": "x", "y": -1}),
        (lambda x: ~x, "not", {"x": "x"}),
        (abs, "absolute", {"x": "x"}),
        (lambda x: x < 1, "lt", {"x": "x", "y": 1}),
        (lambda x: 1 < x, "gt", {"x": "x", "y": 1}),  # noqa: SIM300 - swapped is the test
        (lambda x: x >= 1, "gte", {"x": "x", "y": 1}),
        (lambda x: x == 1, "eq", {"x": "x", "y": 1}),
        (lambda x: x != 1, "neq", {"x": "x", "y": 1}),
        (lambda x: x & True, "and", {"x": "x", "y": True}),
        (lambda x: x | x, "or", {"x": "x", "y": "x"}),
        (lambda x: x["B08"], "array_element", {"data": "x", "label": "B08"}),
        (lambda x: x[0], "array_element", {"data": "x", "index": 0}),
        (lambda x: x.mean(), "mean", {"data": "x"}),
        (lambda x: x.text_contains(pattern="a"), "text_contains", {"data": "x", "pattern": "a"}),
        (lambda x: x.log(base=10), "log", {"x": "x", "base": 10}),
        (lambda x: x.exp(), "exp", {"p": "x"}),
        (lambda x: np.float64(2) * x, "multiply", {"x": 2.0, "y": "x"}),
        (lambda x: np.array([1, 2]) + x, "add", {"x": [1, 2], "y": "x"}),
        (lambda x: x.process("if", value=x, accept=1), "if", {"value": "x", "accept": 1}),
    ],
)
def test_what_a_callback_may_say(function, process_id, arguments):
    said = {
        name: {"from_parameter": value} if value == "x" else value
        for name, value in arguments.items()
    }
    assert _only(function, "x") == {"process_id": process_id, "arguments": said, "result": True}


@pytest.mark.parametrize(
    ("process_id", "parameters", "arguments"),
    [
        ("mean", ["data", "context"], {"data": "data"}),
        ("absolute", ["x", "context"], {"x": "x"}),
        ("exp", ["x", "context"], {"p": "x"}),
        ("add", ["x", "y", "context"], {"x": "x", "y": "y"}),
        ("max", ["x", "y", "context"], {"data": ["x", "y"]}),
        ("my_own", ["data", "context"], {"data": "data"}),
    ],
)
def test_a_process_by_name_is_a_callback(process_id, parameters, arguments):
    def ref(name):
        return {"from_parameter": name}

    expected = {
        name: [*map(ref, value)] if isinstance(value, list) else ref(value)
        for name, value in arguments.items()
    }
    assert _only(process_id, *parameters)["arguments"] == expected


def test_a_function_gets_as_many_parameters_as_it_takes():
    def with_context(data, context=None):
        return data.process("f", data=data, c=context)

    refs = {"data": {"from_parameter": "data"}, "c": {"from_parameter": "context"}}
    assert _only(with_context, "data", "context")["arguments"] == refs
    assert _only(lambda *all_of: all_of[1] + 1, "data", "context")["arguments"]["x"] == refs["c"]
    assert _only(lambda data: data + 1, "data", "context")["arguments"]["x"] == refs["data"]


def test_a_default_value_that_keeps_a_variable_is_left_alone():
    factors = [lambda x, k=k: x * k for k in (2, 3)]
    assert [_only(f, "x", "context")["arguments"]["y"] for f in factors] == [2, 3]


@pytest.mark.parametrize("function", [lambda x: x, lambda _: 5, lambda _: None])
def test_a_callback_must_compute_something(function):
    with pytest.raises(TypeError, match="must return the result of a process"):
        callback(function, ["x"])


def test_a_value_of_the_back_end_decides_nothing_here():
    value = CallbackValue(ParameterRef("x"))
    with pytest.raises(TypeError, match="known only at the back-end"):
        bool(value > 1)
    with pytest.raises(TypeError):
        iter(value)
    with pytest.raises(AttributeError):
        value._repr_html_  # noqa: B018 - asking is the test
    assert len({value, value}) == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),  # noqa: FBT003
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.datetime64("2022-01-02"), "2022-01-02"),
        (np.datetime64("2022-01-02T03:04:05", "ns"), "2022-01-02T03:04:05Z"),
        (np.array(["2022-01-02"], "datetime64[ns]"), ["2022-01-02T00:00:00Z"]),
        (dt.date(2022, 1, 2), "2022-01-02"),
        (dt.datetime(2022, 1, 2, 3, 4, 5), "2022-01-02T03:04:05Z"),  # noqa: DTZ001
        (
            dt.datetime(2022, 1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            "2022-01-02T01:00:00Z",
        ),
        ((1, None, "x", True), [1, None, "x", True]),
        ({1: {"a": dt.date(2022, 1, 2)}}, {"1": {"a": "2022-01-02"}}),
        (
            shapely.Polygon([(0, 0), (1, 0), (1, 1)]),
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        ),
    ],
    ids=repr,
)
def test_what_may_be_an_argument(value, written):
    found = _argument(value)
    assert found == written
    assert json.loads(json.dumps(found)) == written


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", len, 1j])
def test_what_may_not_be_an_argument(value):
    with pytest.raises(TypeError, match="cannot be an argument"):
        _argument(value)


def test_a_cube_of_the_official_client_is_not_mixed_in():
    class Theirs:
        def result_node(self):
            return PGNode("load_collection", {})

    with pytest.raises(TypeError, match="official client"):
        _argument(Theirs())


@pytest.mark.parametrize("form", ["flat", "wrapped", "text", "path", "pathlib", "object"])
def test_a_graph_in_whatever_form(form, tmp_path):
    path = tmp_path / "graph.json"
    path.write_text(json.dumps({"process_graph": FLAT}), encoding="utf-8")
    forms = {
        "flat": FLAT,
        "wrapped": {"process_graph": FLAT},
        "text": " \n" + json.dumps(FLAT),
        "path": str(path),
        "pathlib": path,
        "object": type("Cube", (), {"flat_graph": lambda _: FLAT})(),
    }
    assert as_flat_graph(forms[form]) == FLAT


@pytest.mark.parametrize(
    ("graph", "error"),
    [
        ({}, ValueError),
        ({"a": 1}, ValueError),
        ({"a": {"arguments": {}}}, ValueError),
        ("no such file.json", ValueError),
        ("x" * 5000, ValueError),
        ("a\0b", ValueError),
        ("{", ValueError),
        ('{"a":' * 100_000, ValueError),
        (5, TypeError),
        (None, TypeError),
    ],
)
def test_what_is_no_graph(graph, error):
    with pytest.raises(error):
        as_flat_graph(graph)
