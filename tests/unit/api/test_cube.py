"""Data cubes: the back-end's own descriptions of its processes make the methods."""

from __future__ import annotations

import copy

import pytest

from openeo_widgets.api import DataCube
from openeo_widgets.api._graph import Node
from openeo_widgets.errors import NoAnswerError

CUBE = {"type": "object", "subtype": "datacube"}
CALLBACK_X = {
    "type": "object",
    "subtype": "process-graph",
    "parameters": [{"name": "x"}, {"name": "context"}],
}
CALLBACK_DATA = {**CALLBACK_X, "parameters": [{"name": "data"}, {"name": "context"}]}


def _spec(name, *parameters, returns=CUBE, **more):
    listed = [{"name": key, "schema": schema} for key, schema in parameters]
    return {"id": name, "parameters": listed, "returns": {"schema": returns}, **more}


SPECS = {
    spec["id"]: spec
    for spec in (
        _spec("load_collection", ("id", {})),
        _spec("ndvi", ("data", CUBE), ("nir", {}), ("red", {}), summary="An index."),
        _spec("apply", ("data", CUBE), ("process", CALLBACK_X)),
        _spec(
            "reduce_dimension",
            ("data", CUBE),
            ("reducer", [{"type": "null"}, CALLBACK_DATA]),
            ("dimension", {}),
        ),
        _spec("merge_cubes", ("cube1", CUBE), ("cube2", CUBE)),
        _spec("odd_first", ("factor", {"type": "number"}), ("cube", CUBE)),
        _spec(
            "aggregate_spatial",
            ("data", CUBE),
            returns={**CUBE, "dimensions": [{"type": "geometry"}]},
        ),
        _spec("count_all", ("data", CUBE), returns={"type": "number"}),
        _spec("anything", ("data", CUBE), returns={"description": "any"}),
        {"id": "broken", "parameters": None, "returns": None},
        {"id": "worse", "parameters": [None, {"schema": 5}, {"name": "a", "schema": [None]}]},
    )
}


class Offline:
    """A connection that knows the processes, and keeps what it is asked to create."""

    def __init__(self):
        self.created = []

    def process_specs(self):
        return SPECS

    def create_job(self, cube, **fields):
        self.created.append((cube.flat_graph(), fields))
        return "job"


@pytest.fixture
def connection():
    return Offline()


@pytest.fixture
def cube(connection):
    return DataCube(Node("load_collection", {"id": "S2"}), connection)


def _last(cube):
    return next(node for node in cube.flat_graph().values() if node.get("result"))


def _format(connection):
    return connection.created[-1][0]["saveresult1"]["arguments"]["format"]


def test_a_listed_process_is_a_method(cube):
    ndvi = cube.ndvi(nir="B08", red="B04")
    assert _last(ndvi)["arguments"] == {
        "data": {"from_node": "loadcollection1"},
        "nir": "B08",
        "red": "B04",
    }
    assert cube.ndvi("B08", "B04").flat_graph() == ndvi.flat_graph()
    assert "An index." in cube.ndvi.__doc__
    assert "ndvi" in dir(cube)
    assert repr(ndvi) == "<DataCube after 'ndvi'>"


def test_the_cube_goes_to_the_first_parameter_that_takes_one(cube):
    assert _last(cube.odd_first(2))["arguments"] == {
        "cube": {"from_node": "loadcollection1"},
        "factor": 2,
    }
    merged = _last(cube.merge_cubes(cube.ndvi()))["arguments"]
    assert merged == {"cube1": {"from_node": "loadcollection1"}, "cube2": {"from_node": "ndvi1"}}


def test_too_many_and_twice(cube):
    with pytest.raises(TypeError, match="ndvi takes 2 arguments, not 3"):
        cube.ndvi(1, 2, 3)
    with pytest.raises(TypeError, match="got nir twice"):
        cube.ndvi("B08", nir="B8A")


def test_a_process_that_is_not_listed(cube):
    with pytest.raises(AttributeError, match=r"no process 'ndvo'\. Did you mean ndvi"):
        cube.ndvo()
    assert not hasattr(cube, "_repr_html_")
    made = cube.process("my_own", factor=2)
    assert _last(made)["arguments"]["data"] == {"from_node": "loadcollection1"}
    joined = cube.process("join", a=cube, b=cube)
    assert set(_last(joined)["arguments"]) == {"a", "b"}


@pytest.mark.parametrize("name", ["broken", "worse"])
def test_descriptions_that_are_broken(cube, connection, name):
    getattr(cube, name)().create_job()
    assert _format(connection) == "GTiff"


def test_no_process_list_no_names_to_complete(cube, connection, monkeypatch):
    def down():
        raise NoAnswerError("Down.")

    monkeypatch.setattr(connection, "process_specs", down)
    assert "save_result" in dir(cube)


def test_callbacks_get_the_names_that_the_process_gives(cube):
    applied = _last(cube.apply(lambda x: x * 2))["arguments"]["process"]["process_graph"]
    assert applied["multiply1"]["arguments"]["x"] == {"from_parameter": "x"}
    reduced = _last(cube.reduce_dimension(dimension="t", reducer="mean"))["arguments"]
    assert reduced["dimension"] == "t"
    mean = reduced["reducer"]["process_graph"]["mean1"]["arguments"]
    assert mean == {"data": {"from_parameter": "data"}}
    unknown = _last(cube.process("my_own", f=lambda d: d.max()))["arguments"]["f"]
    assert unknown["process_graph"]["max1"]["arguments"] == {"data": {"from_parameter": "data"}}


def test_reducing_takes_the_official_client_s_order_by_position(cube):
    by_position = _last(cube.reduce_dimension("t", "mean"))["arguments"]
    assert by_position == _last(cube.reduce_dimension(reducer="mean", dimension="t"))["arguments"]
    assert by_position["dimension"] == "t"


def test_a_callback_with_several_bands(cube):
    evi = cube.reduce_dimension(
        dimension="bands",
        reducer=lambda b: 2.5 * (b["B08"] - b["B04"]) / (b["B08"] + 2.4 * b["B04"] + 1),
    )
    nodes = _last(evi)["arguments"]["reducer"]["process_graph"]
    assert [n["process_id"] for n in nodes.values() if n.get("result")] == ["divide"]


def test_conditions_on_properties(connection):
    loaded = DataCube.load(
        connection,
        {"id": "S2", "bands": None, "properties": {"eo:cloud_cover": lambda value: value <= 50}},
    )
    arguments = _last(loaded)["arguments"]
    assert "bands" not in arguments
    test = arguments["properties"]["eo:cloud_cover"]["process_graph"]["lte1"]["arguments"]
    assert test == {"x": {"from_parameter": "value"}, "y": 50}


BOX = {"west": 1, "south": 2, "east": 3, "north": 4}


@pytest.mark.parametrize("given", [((BOX,), {}), (([1, 2, 3, 4],), {}), ((), BOX)])
def test_boxes(cube, given):
    positional, named = given
    assert _last(cube.filter_bbox(*positional, **named))["arguments"]["extent"] == BOX
    projected = cube.filter_bbox(*positional, **named, crs=32631)
    assert _last(projected)["arguments"]["extent"] == {**BOX, "crs": 32631}


@pytest.mark.parametrize("given", [{}, {"west": 1}, {"extent": [1, 2, 3]}, {"extent": {}}])
def test_boxes_that_are_none(cube, given):
    with pytest.raises(ValueError, match=r"."):
        cube.filter_bbox(**given)


SPAN = ["2022-01-01", None]


@pytest.mark.parametrize("given", [(SPAN, {}), ([SPAN], {}), ([], {"extent": SPAN})])
def test_spans(cube, given):
    positional, named = given
    arguments = _last(cube.filter_temporal(*positional, **named, dimension="t"))["arguments"]
    assert arguments["extent"] == SPAN
    assert arguments["dimension"] == "t"


@pytest.mark.parametrize("given", [[], ["2022-01-01"], ["ab"], [None], [["a"]], ["a", "b", "c"]])
def test_spans_that_are_none(cube, given):
    with pytest.raises(ValueError, match="a first and a last date"):
        cube.filter_temporal(*given)


def test_the_format_is_said_once(cube, connection):
    saved = cube.save_result("netCDF", options={"a": 1})
    assert saved.create_job(title="x", simulate={}) == "job"
    assert _format(connection) == "netCDF"
    assert connection.created[-1][1] == {"title": "x", "simulate": {}}
    with pytest.raises(ValueError, match="already ends in save_result"):
        saved.create_job(out_format="GTiff")


@pytest.mark.parametrize(
    ("steps", "out_format"),
    [
        ("ndvi", "GTiff"),
        ("count_all", "JSON"),
        ("aggregate_spatial", "JSON"),
        ("anything", "GTiff"),
        ("not_listed", "GTiff"),
    ],
)
def test_the_usual_format_follows_from_the_last_step(cube, connection, steps, out_format):
    cube.process(steps).create_job()
    assert _format(connection) == out_format


def test_no_save_result_if_it_is_not_wanted(cube, connection):
    cube.create_job(auto_add_save_result=False)
    assert set(connection.created[-1][0]) == {"loadcollection1"}


def test_a_cube_can_be_copied_and_written(cube):
    assert copy.copy(cube).flat_graph() == cube.flat_graph()
    assert '"load_collection"' in cube.to_json()
