"""JSON as a tree, cut off or whole, and GeoJSON as a table."""

import json
import random

import pytest

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview import BUDGET_BYTES, SHOWN_BYTES, features_of
from openeo_widgets.preview._cut import readable_beginning


@pytest.fixture
def tree(opened, view):
    return lambda data, **options: view(opened(data, **options), "tree")[1]


def test_branches_are_asked_for_by_their_path(tree):
    found = tree({"a": [1, {"b c": [True, None, "x"]}], '"]': 2.5})
    top = found.children("$", 0, 10)
    assert [(node["name"], node["path"], node["type"]) for node in top["nodes"]] == [
        ("a", "$.a", "array"),
        ('"]', '$["\\"]"]', "number"),
    ]
    assert top["total"] == 2
    (inner,) = found.children("$.a[1]", 0, 10)["nodes"]
    assert (inner["path"], inner["text"], inner["count"]) == ('$.a[1]["b c"]', "[3 items]", 3)
    leaves = found.children(inner["path"], 1, 10)
    assert [(node["type"], node["text"]) for node in leaves["nodes"]] == [
        ("null", "null"),
        ("string", "x"),
    ]
    assert found.children('$["\\"]"]', 0, 10) == {"nodes": [], "total": 0}


def test_of_many_children_some_are_told_at_once(tree):
    found = tree(list(range(1000)))
    some = found.children("$", 990, 10_000)
    assert [node["text"] for node in some["nodes"]] == [str(n) for n in range(990, 1000)]
    assert len(found.children("$", 0, 10_000)["nodes"]) == 200
    assert some["total"] == 1000


@pytest.mark.parametrize(
    "path",
    ["", "a", "$.b", "$.a[9]", "$.a.x", "$[", "$.a[0]x", "$.__class__", "$.a[-1]", "$.a[0]."],
)
def test_a_path_that_leads_nowhere_is_said(tree, path):
    with pytest.raises(OpenEOWidgetsError, match="There is nothing at"):
        tree({"a": [1]}).children(path, 0, 10)


def test_what_is_searched_for_is_found_in_keys_and_values(tree):
    found = tree({"Name": "x", "list": [{"name": 1}, "my NAME", 17, True]})
    assert found.find("name")["paths"] == ["$.Name", "$.list[0].name", "$.list[1]"]
    assert found.find("17")["paths"] == ["$.list[2]"]
    assert found.find("true")["paths"] == ["$.list[3]"]
    assert found.find("") == {"paths": [], "more": False}
    assert tree(["x"] * 1000).find("x")["more"]


def test_every_path_that_is_found_leads_to_what_was_found(tree):
    found = tree({"a b": {"c": ["needle", {"d'\"\\": "needle"}]}, "€": ["needle"]})
    paths = found.find("needle")["paths"]
    assert len(paths) == 3
    for path in paths:
        parent = path[: path.rindex("[")]
        nodes = found.children(parent, 0, 10)["nodes"]
        assert "needle" in [node["text"] for node in nodes if node["path"] == path]


def test_what_is_secret_by_its_name_is_hidden_with_what_is_below(tree):
    found = tree({"access_token": "Zq10mVx0Lw9T", "credentials": {"x": "Zq10mVx0Lw9T"}})
    nodes = found.children("$", 0, 10)["nodes"]
    assert [(node["text"], node["count"]) for node in nodes] == [("…", 0), ("…", 0)]


def test_json_that_is_cut_off_is_read_as_far_as_it_is_complete():
    text = '{"a": [1, 2.5, "x, [y]", {"b": null}], "c": {"d": [true, "\\"{"]}, "e": "end"}'
    whole = json.loads(text)
    for cut in range(1, len(text)):
        found = json.loads(readable_beginning(text[:cut]))
        assert set(found) <= set(whole)
        assert found.get("a", whole["a"])[:3] == whole["a"][: len(found.get("a", whole["a"]))][:3]
    assert json.loads(readable_beginning(text[:-1])) == {"a": whole["a"], "c": whole["c"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[1, 2, 34", [1, 2]),
        ('{"a": 1, "b": 2', {"a": 1}),
        ('{"a": "x, y", "b": "z, ', {"a": "x, y"}),
        ('[[1, 2], "a", "b', [[1, 2], "a"]),
        ('{"a": {"b": [1, 2], "c', {"a": {"b": [1, 2]}}),
    ],
)
def test_what_stands_before_the_last_comma_is_kept(text, found):
    assert json.loads(readable_beginning(text)) == found


def test_all_json_can_be_cut_off_anywhere():
    chance = random.Random(7)  # noqa: S311 - to be the same each time

    def make(depth):
        kind = chance.randrange(7 if depth < 4 else 5)
        if kind == 5:
            return [make(depth + 1) for _ in range(chance.randrange(4))]
        if kind == 6:
            return {f'k"{n}\\': make(depth + 1) for n in range(chance.randrange(4))}
        return (1, -2.5e10, 'a"b\\', None, "[{,")[kind]

    for _ in range(200):
        text = json.dumps([make(0), {"x": make(0)}])
        cut = chance.randrange(1, len(text) + 1)
        json.loads(readable_beginning(text[:cut]))


def test_a_large_file_is_a_tree_of_its_first_part(opened, view, read):
    item = b'{"n": 1, "text": "[{,"}, '
    preview = opened(b'{"items": [' + item * 800_000 + b"0]}")
    assert sum(read) <= BUDGET_BYTES
    _, tree = view(preview, "tree")
    (items,) = tree.children("$", 0, 5)["nodes"]
    assert items["count"] > 190_000
    assert "The first 5 MB of 20 MB" in preview.note
    assert "read all of it?" in preview.question
    assert len(json.dumps(preview.told)) < SHOWN_BYTES


def test_all_of_a_large_file_is_read_when_somebody_says_so(opened, view):
    preview = opened(b"[" + b"1234567," * 800_000 + b"0]", whole=True)
    assert view(preview, "tree")[1].children("$", 0, 1)["total"] == 800_001
    assert preview.question == ""
    assert preview.note == ""


def test_what_would_be_too_large_for_memory_is_not_offered(opened):
    preview = opened(b"[" + b"1," * 3_000_000, size=200_000_000)
    assert preview.question == ""
    assert "Download it" in preview.note


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"<html>", b"[" * 100_000])
def test_what_is_no_json_is_shown_as_text_and_said(opened, content):
    preview = opened(content)
    assert [one["kind"] for one in preview.told] == ["text"]
    assert "not JSON" in preview.note or "nested too deeply" in preview.note


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_json_of_other_encodings_is_read(tree, encoding):
    assert tree('{"ä": 1}'.encode(encoding)).children("$", 0, 1)["nodes"][0]["name"] == "ä"


FEATURES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "f1",
            "geometry": {"type": "Point", "coordinates": [5, 51]},
            "properties": {"name": "<b>field</b>", "area": 2.5, "tags": ["x"]},
        },
        {"type": "Feature", "geometry": None, "properties": None},
        {"no": "feature"},
    ],
}


def test_geojson_is_a_table_of_its_properties(opened, view, rows):
    preview = opened(FEATURES, name="a.geojson")
    told, table = view(preview, "table")
    assert [column["name"] for column in told["columns"]] == [
        *("id", "geometry", "name", "area", "tags"),
    ]
    assert rows(table)["rows"] == [
        ["f1", "Point", "<b>field</b>", "2.5", '["x"]'],
        [None, None, None, None, None],
    ]


@pytest.mark.parametrize(
    ("data", "geometries"),
    [
        (FEATURES, ["Point", None]),
        (FEATURES["features"][0], ["Point"]),
        ({"type": "Polygon", "coordinates": []}, ["Polygon"]),
        ({"type": "GeometryCollection", "geometries": []}, ["GeometryCollection"]),
        ({"type": "FeatureCollection", "features": {}}, []),
        ({"type": "Topology"}, []),
        ([], []),
        (None, []),
    ],
)
def test_features_for_a_map_are_a_collection_whatever_the_type(data, geometries):
    found = features_of(data)
    assert found["type"] == "FeatureCollection"
    told = [(one["geometry"] or {}).get("type") for one in found["features"]]
    assert told == geometries
    assert all(one["type"] == "Feature" for one in found["features"])


def test_a_list_of_plain_objects_is_a_table_too(opened, view, rows):
    preview = opened([{"a": 1, "b": None}, {"a": 2, "c": True}])
    assert [one["kind"] for one in preview.told] == ["tree", "table", "text"]
    assert rows(view(preview, "table")[1])["rows"] == [["1", None, None], ["2", None, "true"]]
