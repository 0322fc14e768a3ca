"""Durations, and which node a problem is about."""

import pytest

from openeo_widgets.api._preflight import _node_ids, _problem, seconds_of


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("PT1H30M", 5400),
        ("P1DT2H", 93_600),
        ("PT245S", 245),
        ("PT0.5S", 0.5),
        ("PT1,5M", 90),
        ("P2W", 1_209_600),
        ("P1D", 86_400),
        ("PT0S", 0),
    ],
)
def test_durations_of_iso_8601(duration, seconds):
    assert seconds_of(duration) == seconds


@pytest.mark.parametrize(
    "nonsense",
    [
        None, 5, True, [], "", "P", "PT", "P1DT", "1H", "PT1H30", "-PT1H", "P1Y", "P1M", "PT1H ",
        "PT1e3S", "PT\u0661S", "P" + "9" * 400 + "D", "soon",
    ],
)  # fmt: skip
def test_what_is_no_duration_is_not_told(nonsense):
    assert seconds_of(nonsense) is None


GRAPH = {
    "load1": {
        "process_id": "load_collection",
        "arguments": {"properties": {"cloud": {"process_graph": {"cc": {"process_id": "lte"}}}}},
    },
    "bands": {"process_id": "filter_bands", "arguments": None},
    "odd": None,
}
NODES = frozenset(_node_ids(GRAPH))


def test_nodes_of_a_graph_are_those_of_its_callbacks_too():
    assert set(NODES) == {"load1", "cc", "bands", "odd"}
    nested = {"r": {"arguments": {"reducer": {"process_graph": {"mean1": {}}}}}}
    assert set(_node_ids(nested)) == {"r", "mean1"}


@pytest.mark.parametrize("graph", [None, 7, [], {"a": {"arguments": [[[{"process_graph": 1}]]]}}])
def test_what_is_no_graph_has_no_more_nodes(graph):
    assert set(_node_ids(graph)) <= {"a"}


def test_a_graph_without_end_has_an_end():
    graph = {}
    graph["a"] = {"arguments": {"x": {"process_graph": graph}}}
    assert set(_node_ids(graph)) == {"a"}


@pytest.mark.parametrize(
    ("error", "node"),
    [
        ({"message": "It is wrong.", "path": [{"node_id": "n-9"}]}, "n-9"),
        ({"message": "Wrong (node 'load1')."}, "load1"),
        ({"message": "There is no 'bands' in node \"load1\"."}, "load1"),
        ({"message": "The value of `bands` is wrong."}, "bands"),
        ({"message": "\u201cload1\u201d is wrong."}, "load1"),
        ({"message": "load1 is wrong."}, ""),
        ({"message": "'nothing' is wrong.", "path": "x"}, ""),
        ({"code": "X", "path": [None]}, ""),
    ],
)
def test_the_node_that_a_problem_is_about(error, node):
    assert _problem(error, NODES).node == node


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("There is no band B99. (node 'load1')", "There is no band B99."),
        ("There is no band B99 (Node: load1).", "There is no band B99."),
        ("Wrong (in node `load1`) ", "Wrong"),
        ("Node 'load1' (node 'load1') is wrong.", "Node 'load1' (node 'load1') is wrong."),
        ("'load1' is wrong (node 'load12')", "'load1' is wrong (node 'load12')"),
        ("(node 'load1')", "X"),
        ("x" * 5000 + " (node 'load1')", "x" * 5000),
    ],
)
def test_a_problem_names_its_node_once(message, shown):
    error = {"code": "X", "message": message, "path": [{"node_id": "load1"}]}
    assert _problem(error, NODES).message == shown


@pytest.mark.parametrize("error", [None, "x", [], {}, {"message": 7, "code": None}])
def test_what_says_nothing_is_no_problem(error):
    assert _problem(error, NODES) is None


@pytest.mark.parametrize(("before", "node"), [(1900, "load1"), (2000, "")])
def test_only_the_beginning_of_a_message_is_looked_through(before, node):
    message = f"{'x' * before} 'load1' cannot work, {'y' * 1000}"
    assert _problem({"message": message}, NODES).node == node


@pytest.mark.parametrize(("length", "found"), [(200, True), (201, False)])
def test_a_quoted_node_has_a_name_of_some_length(length, found):
    name = "n" * length
    problem = _problem({"message": f"Node '{name}' cannot work."}, frozenset({name}))
    assert problem.node == (name if found else "")


# Looked through as a whole, each would take minutes.
@pytest.mark.parametrize("piece", ["'", "node ", "node : ", "'a", "node '", "node\t\t:"])
def test_a_long_message_is_read_once(piece):
    message = piece * (2_000_000 // len(piece))
    assert _problem({"message": message}, NODES).node == ""
