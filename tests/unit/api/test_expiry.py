"""When links expire: everything that tells it, and the earliest of what is told."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openeo_widgets.api._expiry import asset_expires, expires_at, link_expires

NOON = dt.datetime(2022, 1, 2, 12, tzinfo=dt.timezone.utc)


@pytest.mark.parametrize(
    "query",
    [
        "expires=1641124800",
        "Expires=1641124800&Signature=x&Key-Pair-Id=y",
        "expires=2022-01-02T12:00:00Z",
        "Expires=2022-01-02T14%3A00%3A00%2B02%3A00",
        "se=2022-01-02T12%3A00%3A00Z&sp=r&sig=x",
        "se=1641124800",
        "X-Amz-Date=20220102T110000Z&X-Amz-Expires=3600",
        "x-goog-date=20220102T110000Z&x-goog-expires=3600",
        "expires=1641124800&se=2023-01-01",
    ],
)
def test_links_that_tell(query):
    assert link_expires(f"https://x/a.tif?{query}") == NOON


@pytest.mark.parametrize(
    "query", ["X-Amz-Expires=3600", "X-Goog-Date=20220102T110000Z", "se=", "expires=-1"]
)
def test_links_that_do_not(query):
    assert link_expires(f"https://x/a.tif?{query}") is None


def test_the_earliest_of_all_counts():
    early = {"href": "https://x/?expires=1641124800"}
    late = {"href": "https://x/", "expires": "2023-01-01T00:00:00Z"}
    document = {"expires": "2022-06-01T00:00:00Z", "assets": {"a": late, "b": early}}
    assert expires_at(document) == NOON
    assert expires_at({"assets": {"a": late}}).year == 2023
    assert expires_at({"properties": {"expires": "2022-01-02T12:00:00Z"}, "assets": []}) == NOON
    assert asset_expires({**late, **early}) == NOON
    assert asset_expires({"expires": 5, "href": None}) is None


@given(st.text())
def test_no_link_breaks_the_reading(text):
    for query in (text, f"expires={text}", f"se={text}", f"X-Amz-Date={text}&X-Amz-Expires={text}"):
        link_expires(f"https://x/?{query}")
    expires_at({"expires": text, "assets": {"a": {"href": text, "expires": text}}})
