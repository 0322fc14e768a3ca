"""What may be shown of a process: without secrets, not too much, and always JSON."""

import json

import pytest

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.widgets._job_graph import marks_of
from openeo_widgets.widgets._process import shown_process

SECRET = "s3cr3t-Value1"


def shown(process):
    text, note = shown_process(process)
    return json.loads(text), note


def node(**arguments):
    return {"process_graph": {"load1": {"process_id": "load_stac", "arguments": arguments}}}


def nested(depth):
    value = "deep"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "process",
    [
        None,
        7,
        "text",
        [],
        {},
        {"process_graph": None},
        node(extent=[1.5, None, True, "a"], name={"from_node": "x"}),
        {"process_graph": {"__proto__": {"process_id": "x"}}},
        {"process_graph": {"a": {"process_id": "add", "arguments": {"token": None, "keys": [1]}}}},
    ],
)
def test_what_is_harmless_stays_as_it_is(process):
    assert shown(process) == (process, "")


@pytest.mark.parametrize(
    "process",
    [
        node(url=f"https://store.example/item.json?sig={SECRET}"),
        node(token=SECRET),
        node(api_key=1234567890, password=SECRET),
        node(options={"headers": [f"Authorization: Bearer {SECRET}"]}),
        {"process_graph": {f"https://store.example/a?sig={SECRET}": {}}},
    ],
)
def test_what_is_secret_is_not_shown_and_it_stays_json(process):
    told, _ = shown(process)
    text = json.dumps(told)
    assert SECRET not in text
    assert "1234567890" not in text


@pytest.mark.parametrize("value", [None, True, [12345678], {"a": 1}])
def test_what_is_called_secret_leaves_json(value):
    process = node(token=value, credentials=value)
    told, _ = shown(process)
    arguments = told["process_graph"]["load1"]["arguments"]
    assert set(arguments) == {"token", "credentials"}


def test_long_lists_and_texts_are_cut_where_all_is_too_much():
    ring = [[float(x), 1.0] for x in range(200_000)]
    process = node(geometries={"type": "Polygon", "coordinates": [ring]}, udf="x" * 10_000)
    told, note = shown(process)
    arguments = told["process_graph"]["load1"]["arguments"]
    assert arguments["geometries"]["coordinates"][0][:2] == [[0.0, 1.0], [1.0, 1.0]]
    assert arguments["geometries"]["coordinates"][0][-1] == "… and 199,980 more"
    assert len(arguments["udf"]) == 501
    assert "million characters" in note
    assert "Copy JSON" in note


def test_what_is_too_large_even_then_is_told():
    graph = {f"node{n}": {"process_id": "add", "arguments": {}} for n in range(100_000)}
    with pytest.raises(OpenEOWidgetsError, match=r"too large to be shown: \d\.\d million"):
        shown_process({"process_graph": graph})


def test_five_thousand_nodes_are_shown_whole():
    arguments = {"data": {"from_node": "node0"}}
    graph = {f"node{n}": {"process_id": "add", "arguments": arguments} for n in range(5000)}
    assert shown({"process_graph": graph}) == ({"process_graph": graph}, "")


def test_what_is_nested_too_deeply_is_cut_and_told():
    told, note = shown(node(data=nested(500)))
    assert "nested deeper" in note
    assert '"…"' in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_json_has_no_number_for_is_null(number):
    told, _ = shown(node(x=number))
    assert told["process_graph"]["load1"]["arguments"] == {"x": None}


def test_nodes_are_marked_by_what_happened_in_them():
    preflight = {"problems": [{"node": "load1"}, {"node": "apply1"}, {"node": ""}]}
    assert marks_of(["mean1", "apply1"], preflight) == {
        "load1": "problem",
        "mean1": "failed",
        "apply1": "failed inside",
    }


def test_a_node_that_calls_itself_failed():
    assert marks_of(["a", "a"], None) == {"a": "failed"}


@pytest.mark.parametrize("failed", [None, "text", 7, [None, 1, {}, ""], ()])
@pytest.mark.parametrize(
    "preflight", [None, 7, {}, {"problems": None}, {"problems": [None, 1, {}, {"node": 3}]}]
)
def test_strange_findings_mark_nothing(failed, preflight):
    assert marks_of(failed, preflight) == {}
