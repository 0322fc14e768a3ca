"""The pure rules: when to ask again, levels of logs, and reading STAC of every kind."""

from __future__ import annotations

import datetime as dt
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openeo_widgets.api._comparison import compared
from openeo_widgets.api._expiry import expires_at
from openeo_widgets.api._logs import LEVELS, LogEntry, last_error, level_name
from openeo_widgets.api._places import footprints, simplified
from openeo_widgets.api._schedule import CEILING_S, FLOOR_S, is_end, next_delay
from openeo_widgets.api._stac import (
    assets_of,
    federation_notes,
    interval,
    is_partial,
    purpose_of,
)
from openeo_widgets.api._where import footprint

POINT = {"type": "Point", "coordinates": [3.5, 51.0]}
WORLD = [-180, -90, 180, 90]
HUGE = 10**400  # more than a float can be
ASKED = {"w": 1, "extent": {"west": 1, "south": 2, "east": 3, "north": 4}}

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)

_KNOWN = ("type", "bbox", "geometry", "extent", "spatial", "temporal", "interval", "properties",
          "coordinates", "geometries", "expires", "openeo:status", "assets", "href", "arguments",
          "spatial_extent", "west", "bands", "roles", "proj:bbox", "proj:transform", "proj:shape",
          "proj:code", "federation:missing", "summaries", "cube:dimensions")  # fmt: skip
stac_like = st.recursive(
    json_values, lambda inner: st.dictionaries(st.sampled_from(_KNOWN), inner), max_leaves=20
).filter(lambda value: isinstance(value, dict))


@pytest.mark.parametrize("status", ["finished", "error", "canceled"])
def test_ends(status):
    assert is_end(status)


@pytest.mark.parametrize("status", ["created", "queued", "running", "submitted", "", "N/A"])
def test_no_ends(status):
    assert not is_end(status)


def test_created_is_an_end_once_started():
    assert is_end("created", started=True)
    assert not is_end("queued", started=True)


pauses = {
    "asked": st.integers(0, 10**6),
    "faults": st.integers(0, 10**6),
    "progress": st.booleans(),
    "hidden": st.booleans(),
    "retry_after_s": st.none() | st.floats(0, 1e300),
    "ceiling_s": st.floats(0.1, 1000),
    "jitter": st.floats(0, 1),
}


@given(**pauses)
def test_pauses_stay_within_bounds(ceiling_s, retry_after_s, **state):
    delay = next_delay(**state, ceiling_s=ceiling_s, retry_after_s=retry_after_s)
    demanded = min(retry_after_s or 0, 3600)
    assert max(FLOOR_S, demanded) <= delay <= max(FLOOR_S, ceiling_s, demanded)


@given(**pauses)
def test_pauses_never_shrink_while_nothing_changes(asked, faults, **state):
    pause = next_delay(asked, faults, **state)
    assert next_delay(asked + 1, faults, **state) >= pause
    if faults:
        assert next_delay(asked, faults + 1, **state) >= pause


@given(**pauses)
def test_jitter_takes_off_a_seventh_at_most(jitter, **state):
    whole = next_delay(**state)
    assert 0.85 * whole - 1e-9 <= next_delay(**state, jitter=jitter) <= whole


def test_who_looks_at_progress_sees_it_every_two_seconds_and_nobody_behind_a_hidden_page():
    assert next_delay(50, progress=True) == 2
    assert next_delay(0, progress=True, hidden=True) == 30
    assert next_delay(0, hidden=True, ceiling_s=10) == 10


def test_pauses_grow():
    delays = [next_delay(asked) for asked in range(100)]
    assert delays == sorted(delays)
    assert delays[0] >= FLOOR_S
    assert delays[-1] == CEILING_S
    assert next_delay(50, progress=True) < CEILING_S
    assert next_delay(0, 3) > next_delay(0, 1)


@pytest.mark.parametrize(
    ("level", "name"),
    [
        (None, "debug"), ("", "debug"), ("INFO", "info"), ("Warn", "warning"),
        ("critical", "error"), (logging.NOTSET, "debug"), (5, "debug"), (logging.DEBUG, "debug"),
        (logging.INFO, "info"), (25, "info"), (logging.WARNING, "warning"),
        (logging.ERROR, "error"), (logging.CRITICAL, "error"),
    ],
)  # fmt: skip
def test_level_names(level, name):
    assert level_name(level) == name


def test_no_level():
    with pytest.raises(ValueError, match="there are debug, info, warning, error"):
        level_name("loud")


def test_entries_of_every_kind():
    usual = LogEntry({"id": "1", "level": "WARNING", "message": "m", "code": "C", "data": None})
    assert str(usual) == "[1] WARNING: m"
    assert (usual.level, usual.code, usual["data"]) == ("warning", "C", None)
    assert [usual.is_at_least(level) for level in LEVELS] == [True, True, True, False]
    bare = LogEntry({"id": None, "level": None, "message": None, "code": None})
    assert (bare.id, bare.level, bare.message, bare.code) == ("", "info", "", "")
    assert LogEntry({"id": 0}).id == "0"
    assert all(LogEntry({"level": "trace"}).is_at_least(level) for level in LEVELS)


def test_the_last_error():
    entries = [
        LogEntry({"id": str(n), "level": lv}) for n, lv in enumerate(["error", "ERROR", "info"])
    ]
    assert last_error(entries).id == "1"
    assert last_error([]) is None


@pytest.mark.parametrize(
    ("document", "bbox"),
    [
        ({"bbox": [1, 2, 3, 4]}, (1, 2, 3, 4)),
        ({"bbox": [1, 2, 0, 3, 4, 100]}, (1, 2, 3, 4)),
        ({"bbox": [170, -10, -170, 10]}, (170, -10, -170, 10)),
        ({"extent": {"spatial": {"bbox": [[1, 2, 3, 4], [1, 2, 2, 3]]}}}, (1, 2, 3, 4)),
        ({"geometry": POINT}, (3.5, 51.0, 3.5, 51.0)),
        (
            {"geometry": {"type": "GeometryCollection", "geometries": [POINT, POINT]}},
            (3.5, 51, 3.5, 51),
        ),
        ({"bbox": [1, 2, 3]}, None),
        ({"bbox": [1, 4, 3, 2]}, None),
        ({"bbox": [1, 2, 3, float("nan")]}, None),
        ({"bbox": [500000, 5e6, 600000, 6e6]}, None),
        ({"bbox": ["1", "2", "3", "4"]}, None),
        ({"bbox": WORLD}, None),
        (
            {
                "bbox": WORLD,
                "geometry": {"type": "Polygon", "coordinates": [[[-180, -90], [180, 90]]]},
            },
            None,
        ),
        ({"geometry": {"type": "Point", "coordinates": [500000, 5e6]}}, None),
        ({"bbox": [1, 2, 3, HUGE]}, None),
        ({"geometry": {"type": "Point", "coordinates": [HUGE, 1]}}, None),
        ({"geometry": "POINT (1 2)"}, None),
        ({}, None),
    ],
    ids=lambda value: json.dumps(value)[:50],
)
def test_where_a_result_lies(document, bbox):
    found = footprint(document)
    assert found.bbox == bbox
    assert bool(found.note) == (bbox is None)


def test_what_was_asked_for_stands_in():
    graph = {"loadcollection1": {"arguments": {"spatial_extent": ASKED["extent"]}}}
    found = footprint({"bbox": WORLD}, graph)
    assert found.bbox == (1, 2, 3, 4)
    assert "asked for" in found.note
    utm = {"west": 500_000, "south": 5_500_000, "east": 510_000, "north": 5_510_000, "crs": 32631}
    projected = {"a": {"arguments": {"spatial_extent": utm}}}
    assert footprint({}, projected).bbox == pytest.approx((3.0, 49.65, 3.14, 49.74), abs=0.01)


def test_a_geometry_as_deep_as_it_likes():
    deep = POINT
    for _ in range(50_000):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    assert footprint({"geometry": deep}).bbox == (3.5, 51.0, 3.5, 51.0)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [1, 2]},
        {"type": "Point", "coordinates": [[1, 2]]},
        {"type": "Nonsense", "coordinates": [1, 2]},
        {"type": ["Point"], "coordinates": [1, 2]},
        {"type": "GeometryCollection", "geometries": [POINT, {"type": "Polygon"}]},
    ],
    ids=str,
)
def test_a_malformed_geometry_is_not_drawn(geometry):
    assert footprint({"geometry": geometry}).geometry is None


def test_what_is_drawn_is_longitudes_and_latitudes_only():
    geometry = {"type": "LineString", "coordinates": [[1, 2, float("nan")], [3, 4]], "x": HUGE}
    assert footprint({"geometry": geometry}).geometry == {
        "type": "LineString",
        "coordinates": [[1, 2], [3, 4]],
    }


@pytest.mark.parametrize("crs", [{"code": 4326}, ["EPSG:4326"], "EPSG:999999"], ids=str)
def test_an_extent_in_no_known_crs_says_nothing(crs):
    graph = {"a": {"arguments": {"extent": {**ASKED["extent"], "crs": crs}}}}
    assert footprint({}, graph).bbox is None


@given(stac_like)
def test_no_document_breaks_the_reading(document):
    footprint(document, document, [document])
    simplified(footprints(document, "http://x/", None, document))
    compared(document, document, [document])
    interval(document, [document])
    federation_notes(document)
    purpose_of(document)
    is_partial(document)
    expires_at(document)
    assert isinstance(assets_of(document, "http://x/"), dict)


@pytest.mark.parametrize(
    ("document", "span"),
    [
        ({"properties": {"datetime": "2022-01-01"}}, ("2022-01-01", "2022-01-01")),
        (
            {"properties": {"datetime": None, "start_datetime": "a", "end_datetime": None}},
            ("a", ""),
        ),
        ({"extent": {"temporal": {"interval": [["a", None]]}}}, ("a", "")),
        ({"extent": {"temporal": {"interval": [[]]}}}, ("", "")),
        ({}, ("", "")),
    ],
)
def test_when_a_result_is_of(document, span):
    assert interval(document) == span


@pytest.mark.parametrize(
    ("document", "partial"),
    [
        ({"openeo:status": "running"}, True),
        ({"properties": {"openeo:status": "error"}}, True),
        ({"openeo:status": "finished"}, False),
        ({"openeo:status": 5}, False),
        ({}, False),
    ],
)
def test_whether_a_result_is_partial(document, partial):
    assert is_partial(document) is partial


UTC_NOON = dt.datetime(2022, 1, 2, 12, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    "document",
    [
        {"expires": "2022-01-02T12:00:00Z"},
        {"properties": {"expires": "2022-01-02T14:00:00+02:00"}},
        {"expires": "2022-01-02T12:00:00"},
        {"assets": {"a": {"href": "http://x/?expires=1641124800"}, "b": {"href": "http://x/"}}},
        {"assets": {"a": {"href": "http://x/?X-Amz-Date=20220102T110000Z&X-Amz-Expires=3600"}}},
        {"assets": {"a": {"href": "http://x/?X-Goog-Date=20220102T110000Z&X-Goog-Expires=3600"}}},
        {"assets": {"a": {"href": "http://x/?se=2022-01-02T12%3A00%3A00Z&sig=x"}}},
    ],
)
def test_when_links_expire(document):
    assert expires_at(document) == UTC_NOON


@pytest.mark.parametrize(
    "query",
    [
        "",
        "expires=soon",
        "expires=99999999999999999999",
        "X-Amz-Date=x&X-Amz-Expires=1",
        "se=never",
    ],
)
def test_links_that_do_not_say(query):
    assert expires_at({"assets": {"a": {"href": f"http://x/?{query}"}}}) is None


@pytest.mark.parametrize("href", ["http://[::1", "http://x:port/", "http://x:99999/", None, 5])
def test_a_link_that_is_none_takes_no_other_along(href):
    document = {"assets": {"bad": {"href": href}, "good": {"href": "b?expires=1641124800"}}}
    assert list(assets_of(document, "https://x/")) == ["good"]
    assert expires_at(document) == UTC_NOON


def test_relative_links():
    document = {"assets": {"a": {"href": "f/a.tif"}, "b": {"href": "https://y/b"}, "c": {}}}
    found = assets_of(document, "https://x/jobs/1/results")
    assert {key: asset["href"] for key, asset in found.items()} == {
        "a": "https://x/jobs/1/f/a.tif",
        "b": "https://y/b",
    }
