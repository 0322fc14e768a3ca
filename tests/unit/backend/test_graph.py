"""Walking process graphs."""

from __future__ import annotations

import pytest

from openeo_widgets.backend.failures import ProcessFailure, describe
from openeo_widgets.backend.graph import Evaluator


def node(process_id, *, result=False, **arguments):
    return {"process_id": process_id, "arguments": arguments, "result": result}


def of(name):
    return {"from_node": name}


@pytest.fixture
def calls():
    return []


@pytest.fixture
def run(calls):
    def add(x, y):
        calls.append((x, y))
        return x + y

    def each(data, process, axis=None):
        return [process(value, positional_parameters={"x": 0}, axis=axis) for value in data]

    def fail():
        raise ValueError("broken")

    def see_axis(x, axis=None):
        return (x, axis)

    processes = {"add": add, "each": each, "fail": fail, "see_axis": see_axis}
    return Evaluator(processes, lambda _id, _arguments, result: result).run


def test_a_node_is_computed_once(run, calls):
    graph = {
        "one": node("add", x=1, y=2),
        "two": node("add", x=of("one"), y=of("one"), result=True),
    }
    assert run(graph) == 6
    assert calls == [(1, 2), (3, 3)]


def test_a_callback_is_computed_anew_for_every_call(run):
    inner = {
        "first": node("add", x={"from_parameter": "x"}, y=1),
        "second": node("add", x=of("first"), y=of("first"), result=True),
    }
    graph = {"all": node("each", data=[1, 2, 3], process={"process_graph": inner}, result=True)}
    assert run(graph) == [4, 6, 8]


def test_a_callback_sees_nodes_of_its_own_graph_only(run):
    inner = {"sum": node("add", x={"from_parameter": "x"}, y=of("outer"), result=True)}
    graph = {
        "outer": node("add", x=1, y=1),
        "all": node("each", data=[1], process={"process_graph": inner}, result=True),
    }
    with pytest.raises(ProcessFailure):
        run(graph)


def test_special_arguments_go_to_processes_that_take_them(run):
    inner = {"see": node("see_axis", x={"from_parameter": "x"}, result=True)}
    graph = {"all": node("each", data=["a"], axis=2, process={"process_graph": inner}, result=True)}
    assert run(graph) == [("a", 2)]


def test_nodes_that_lead_nowhere_run_too(run, calls):
    run({"aside": node("add", x=5, y=5), "main": node("add", x=1, y=1, result=True)})
    assert (5, 5) in calls


def test_texts_stay_texts(run, calls):
    assert run({"sum": node("add", x="2022", y="-01-01", result=True)}) == "2022-01-01"


def test_a_failure_names_its_node_and_its_parents(run):
    inner = {"bad": node("fail", result=True)}
    graph = {"all": node("each", data=[1], process={"process_graph": inner}, result=True)}
    with pytest.raises(ProcessFailure, match="broken") as caught:
        run(graph)
    assert [step["node_id"] for step in caught.value.path] == ["bad", "all"]
    assert caught.value.code == "ValueError"


def test_a_missing_parameter_is_told(run):
    graph = {"sum": node("add", x={"from_parameter": "nope"}, y=1, result=True)}
    with pytest.raises(ProcessFailure, match="nope"):
        run(graph)


def test_exceptions_that_carry_their_own_code():
    failure = describe(Exception("DimensionExists - There is one."))
    assert (failure.code, failure.message) == ("DimensionExists", "There is one.")
    assert describe(MemoryError()).code == "ProcessGraphComplexity"
