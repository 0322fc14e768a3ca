"""Details of a job, whatever a back-end says of it."""

import json
import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from openeo_widgets.widgets._job_details import _ON_THE_CARD, details_of
from openeo_widgets.widgets._told import metrics_of, web_links
from openeo_widgets.widgets._traits import sendable

ROOT, PATH = "https://openeo.example/1.2", "/jobs/j-1"
FULL = {
    "id": "j-1", "status": "finished", "title": "t", "progress": 100, "process": {},
    "created": "2026-01-01T10:00:00Z", "queued": "2026-01-01T10:01:00Z",
    "started": "2026-01-01T10:02:00Z", "updated": "2026-01-01T10:03:00Z",
    "description": "Two\nlines", "plan": "free", "budget": 100, "costs": 12.5,
    "log_level": "info", "usage": {}, "links": [],
}  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_what_is_told_is_there():
    told = details_of(FULL, "EUR")
    assert told["created"] == "2026-01-01T10:00:00Z"
    assert told["started"] == "2026-01-01T10:02:00Z"
    assert told["description"] == "Two\nlines"
    assert (told["budget"], told["costs"], told["currency"]) == (100, 12.5, "EUR")
    assert told["more"] == []


def test_what_is_not_told_is_empty():
    told = details_of({}, "")
    assert not any(told.values())


def test_null_is_not_zero():
    told = details_of({"costs": None, "budget": 0}, "EUR")
    assert told["costs"] is None
    assert told["budget"] == 0


@given(st.dictionaries(st.sampled_from([*FULL, "job_options", "expires", "x"]), ANYTHING))
def test_any_shape_can_be_sent(described):
    told = sendable(details_of(described, ""))
    text = json.dumps(told, allow_nan=False, ensure_ascii=False)
    assert len(text.encode()) < 100_000
    assert isinstance(told["usage"], list)
    web_links(described.get("links"), ROOT + PATH, without=_ON_THE_CARD)


@pytest.mark.parametrize("value", [True, "5", math.nan, math.inf, 1e301, 10**400, [], {}])
def test_figures_that_are_none_are_left_out(value):
    told = details_of({"costs": value, "budget": value}, "")
    assert (told["costs"], told["budget"]) == (None, None)
    assert metrics_of({"cpu": {"value": value, "unit": "s"}}) == []


def test_a_very_long_description_is_cut():
    told = details_of({"description": "x" * 1_000_000}, "")
    assert len(told["description"]) == 20_001


def test_usage_begins_with_what_the_api_names():
    usage = {
        "credits": {"value": 3, "unit": "c"},
        "storage": {"value": 1},
        "cpu": {"value": 2.5, "unit": "cpu-seconds"},
        "broken": {"unit": "s"},
        "worse": 5,
    }
    assert metrics_of(usage) == [
        {"name": "cpu", "value": 2.5, "unit": "cpu-seconds"},
        {"name": "storage", "value": 1, "unit": ""},
        {"name": "credits", "value": 3, "unit": "c"},
    ]


def test_more_is_told_in_words_and_never_a_secret():
    described = {
        "expires": "2026-02-01T00:00:00Z",
        "logging-threshold": 5,
        "job_options": {
            "driver-memory": "4g", "spot": True, "token": "abcdefgh", "nothing": None,
            "link": "https://x.example/a?sig=s3cr3t", "api_key": "qwertyuiop", "deep": {"a": 1},
        },
    }  # fmt: skip
    told = {entry["name"]: entry["text"] for entry in details_of(described, "")["more"]}
    assert told == {
        "expires": "2026-02-01T00:00:00Z",
        "logging-threshold": "5",
        "job_options.driver-memory": "4g",
        "job_options.spot": "yes",
        "job_options.token": "…",
        "job_options.link": "https://x.example/a…",
        "job_options.api_key": "…",
    }


def links(*told):
    return web_links(list(told), ROOT + PATH, without=_ON_THE_CARD)


def test_links_have_their_addresses_beside_them():
    told = {"href": "https://x.example/?sig=s3cr3t", "rel": "about", "title": "About", "type": "t"}
    assert links(told) == [
        ({"title": "About", "rel": "about", "media_type": "t"}, "https://x.example/?sig=s3cr3t")
    ]


def test_relative_links_are_of_the_job():
    ((_, url),) = links({"href": "../me", "rel": "about"})
    assert url == "https://openeo.example/1.2/me"


@pytest.mark.parametrize(
    "link",
    [
        None, 5, "x", {}, {"href": None}, {"href": 5}, {"href": "javascript:alert(1)"},
        {"href": "s3://bucket/x"}, {"href": "file:///etc/passwd"}, {"href": "http://["},
        {"href": "https://x.example", "rel": "self"},
        {"href": "https://x.example", "rel": "result"},
    ],
)  # fmt: skip
def test_links_that_nobody_can_open_are_left_out(link):
    assert links(link) == []
