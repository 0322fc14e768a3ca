"""Features of previews on the map: what is drawn of a file, and which curve is of which polygon."""

import json

import pytest
from harness.scripted import ITEM
from harness.widgets import ask, wait_until

from openeo_widgets import ResultsWidget, connect

SECRET = "Zq10mVx0Lw9Tn4pR7k"
HOSTILE = "<img src=x onerror=alert(1)>"


def square(west, south, size=0.01):
    ring = [[west, south], [west + size, south], [west + size, south + size]]
    return {"type": "Polygon", "coordinates": [[*ring, [west, south + size], [west, south]]]}


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


FIELDS = collection(
    feature(square(16.40, 48.20), name="maize", token=SECRET, note=HOSTILE),
    feature(None, name="nowhere"),
    feature(square(16.42, 48.20), name="beet"),
)
SERIES = {f"2022-0{month}-01": [[month, 9], [5, 6], []] for month in range(1, 6)}


@pytest.fixture
def opened(scripted):
    """A function that opens the preview of a file in a widget of its own."""
    made = []

    def open_it(content, name="fields.geojson", graph=None, **options):
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        assets = {name: {"href": f"/files/{name}", "file:size": len(text)}}
        scripted.answers[f"GET /files/{name}"] = (200, text)
        scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})
        scripted.job = {**scripted.job, "process": {"process_graph": graph or {}}}
        widget = ResultsWidget(connect(scripted.url).job("j-1"), **options)
        made.append(widget)
        wait_until(widget, lambda w: w.state == "ready")
        wait_until(widget, lambda w: not w.map or len(w.map.layers) > 1)
        assert ask(widget, "preview", key=name)["ok"]
        wait_until(widget, lambda w: w.preview and w.preview["state"] == "ready")
        return widget

    yield open_it
    for widget in made:
        widget.close()


def drawn(widget):
    wait_until(widget, lambda w: w.shapes and w.shapes["state"] in {"ready", "error"})
    return widget.shapes


def layers(widget, name="fields.geojson"):
    return [layer for layer in widget.map.layers if layer.name == name]


def click(widget, lon, lat):
    widget.map._handle_leaflet_event(
        widget.map, {"event": "interaction", "type": "click", "coordinates": [lat, lon]}, []
    )


def graph_of(geometries):
    return {
        "load": {"process_id": "load_collection", "arguments": {"id": "S2"}},
        "sum": {"process_id": "aggregate_spatial", "arguments": {"geometries": geometries}},
    }


def test_features_come_onto_the_map_when_somebody_says_so(opened):
    widget = opened(FIELDS)
    assert widget.shapes["state"] == "offered"
    assert layers(widget) == []
    assert ask(widget, "shapes_show")["ok"]
    told = drawn(widget)
    assert (told["drawn"], told["total"], told["question"]) == (2, 3, "")
    assert told["note"] == "1 of 3 have no place that can be drawn."
    assert len(layers(widget)) == 3
    assert widget.layers[0]["name"] == "fields.geojson"
    lat, lon = widget.map.center
    assert (lat, lon) == (pytest.approx(48.205, abs=0.001), pytest.approx(16.415, abs=0.001))


def test_a_click_tells_of_a_feature_and_leaves_the_file_selected_as_it_was(opened):
    widget = opened(FIELDS)
    ask(widget, "shapes_show")
    drawn(widget)
    widget.select("")
    click(widget, 16.425, 48.205)
    assert widget.shape["row"] == 2
    assert widget.shape["name"] == "beet"
    assert widget.selected == ""
    click(widget, 16.405, 48.205)
    facts = {fact["name"]: fact["text"] for fact in widget.shape["facts"]}
    assert facts == {"name": "maize", "token": "…", "note": HOSTILE}
    chosen = layers(widget)[1]
    assert chosen.data["features"][0]["geometry"]["coordinates"][0][0] == [16.4, 48.2]


def test_rows_and_features_find_each_other_in_any_order(opened):
    widget = opened(FIELDS)
    ask(widget, "shapes_show")
    drawn(widget)
    order = {"view": 0, "sort": "name", "descending": True, "search": ""}
    assert ask(widget, "shape_row", position=2, **order)["ok"]
    assert widget.shape["name"] == "beet"
    assert ask(widget, "shape_position", row=0, **order)["data"] == {"position": 1}
    found = ask(widget, "shape_position", row=0, **{**order, "search": "beet"})
    assert found["data"] == {"position": None}
    assert ask(widget, "shape_row", position=1, **order)["ok"]
    assert ask(widget, "shape_row", position=0, **order)["ok"]
    assert (widget.shape["name"], widget.shape["placed"]) == ("nowhere", False)


def test_it_goes_with_the_preview(opened):
    widget = opened(FIELDS)
    ask(widget, "shapes_show")
    drawn(widget)
    click(widget, 16.425, 48.205)
    widget.close_preview()
    assert (widget.shapes, widget.shape, layers(widget)) == (None, None, [])
    assert [row["name"] for row in widget.layers] == ["Footprints", "Land and borders"]


def test_it_is_taken_off_and_comes_back(opened):
    widget = opened(FIELDS)
    ask(widget, "shapes_show")
    drawn(widget)
    assert ask(widget, "shapes_hide")["ok"]
    assert (widget.shapes["state"], layers(widget)) == ("offered", [])
    ask(widget, "shapes_show")
    drawn(widget)
    assert len(layers(widget)) == 3


def test_without_a_map_nothing_is_offered(opened):
    assert opened(FIELDS, map=None).shapes is None


def test_a_large_file_is_sent_within_200_kb_until_somebody_says_so(opened):
    many = collection(
        *(feature(square(10 + n % 100 / 50, 45 + n // 100 / 50)) for n in range(4000))
    )
    widget = opened(many)
    ask(widget, "shapes_show")
    told = drawn(widget)
    assert told["note"] == f"The first {told['drawn']:,} of 4,000 are drawn."
    assert 1000 < told["drawn"] < 4000
    assert "4,000" in told["question"]
    assert len(json.dumps(layers(widget)[0].data)) < 200_000
    ask(widget, "shapes_show", whole=True)
    wait_until(widget, lambda w: w.shapes["drawn"] == 4000)
    assert (widget.shapes["note"], widget.shapes["question"]) == ("", "")


@pytest.mark.parametrize(
    "around",
    [
        collection,
        lambda *some: {
            "type": "GeometryCollection",
            "geometries": [one["geometry"] for one in some],
        },
    ],
)
def test_the_polygons_of_a_graph_are_those_of_the_curves(opened, around):
    given = around(*(feature(square(16.4 + n / 50, 48.2), name=f"field {n}") for n in range(3)))
    widget = opened(SERIES, "timeseries.json", graph_of(given))
    told = drawn(widget)
    assert (told["drawn"], told["total"], told["note"]) == (3, 3, "")
    assert [one["group"] for one in told["list"]] == ["geometry 1", "geometry 2", "geometry 3"]
    click(widget, 16.425, 48.205)
    assert (widget.shape["row"], widget.shape["group"]) == (1, "geometry 2")
    found = ask(widget, "shape_lines", row=1)["data"]
    assert [line["y"] for line in found["lines"]] == [[5.0] * 5, [6.0] * 5]
    assert ask(widget, "shape_choose", row=None)["ok"]
    assert widget.shape is None


@pytest.mark.parametrize(
    "graph",
    [
        {},
        graph_of({"from_node": "load"}),
        graph_of({"from_parameter": "fields"}),
        graph_of(collection(feature(square(1, 1)))),
        graph_of({"type": "FeatureCollection", "features": "none"}),
    ],
)
def test_without_the_polygons_curves_are_chosen_in_the_list(opened, graph):
    widget = opened(SERIES, "timeseries.json", graph)
    told = drawn(widget)
    assert (told["state"], told["drawn"]) == ("ready", 0)
    assert "process graph" in told["note"]
    assert len(told["list"]) == 3
    assert ask(widget, "shape_choose", row=1)["ok"]
    assert widget.shape["group"] == "geometry 2"
