"""STAC beside the data: what is a secret, what is kept, and documents of any shape."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openeo_widgets.api._stac_files import TOP_FILE, self_contained, without_secrets
from openeo_widgets.api._stac_items import Linked, all_assets, link_key, links_to_items

BASE = "https://back.end/jobs/1/results"

json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
links = json_like | st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "rel": st.sampled_from(["item", "child", "self", "collection", "about", 5, []]),
            "href": st.sampled_from(["i.json", "j.json", "http://[", "", None, 7, "?x", BASE]),
        },
    ),
    max_size=4,
)
documents = json_like.filter(lambda value: isinstance(value, dict)) | st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["Feature", "Collection", None, []]),
        "id": json_like,
        "links": links,
        "assets": json_like | st.dictionaries(st.text(max_size=3), json_like, max_size=3),
        "collection": json_like,
        "stac_extensions": json_like,
    },
)


@given(documents, documents, documents)
def test_documents_of_any_shape_are_written(document, one, other):
    urls = {link_key(url): url for url in links_to_items(document, BASE)}
    found = dict(zip(urls, (one, other), strict=False))
    linked = Linked(found, urls)
    before = copy.deepcopy(document)
    made = self_contained(document, BASE, linked, lambda _place, _key: None)
    assert document == before
    assert list(made)[-1] == TOP_FILE
    json.dumps(made)
    all_assets(document, BASE, linked)


@pytest.mark.parametrize(
    "text",
    [
        "https://x.example/a.tif?X-Amz-Signature=hush",
        "https://user:hush@x.example/a.tif",
        "https://x.example/a.tif#token=hush",
        "https://x.example/eyJhbGciOi.hush.hush/a",
        "https://x.example/hush0hush1hush2hush3hush4/a.tif",
        "see https://x.example/a?sig=hush and 'password: hush'",
        "Authorization: Bearer hush0hush1",
    ],
)
def test_secrets_go(text):
    assert "hush" not in without_secrets({"a": [text]})["a"][0]


@pytest.mark.parametrize(
    "text",
    [
        "https://stac.example/collections/s2/items/S2A_MSIL2A_20210501T105031_N0300_R051_T31UFS",
        "https://catalogue.example/odata/v1/Products(6f9619ff-8b86-4011-b42d-00c04fc964ff)",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://x.example/api?f=json",
        "1220" + "ab" * 32,
        "NDVI of https://stac.example/a.json, in summer",
    ],
)
def test_what_is_no_secret_stays(text):
    assert without_secrets(text) == text


def test_files_that_are_told_twice_are_counted_once():
    def at(name, **more):
        return {"href": f"https://store/{name}?sig={len(name)}", **more}

    top = {
        "assets": {"a": at("1"), "i1_b": at("2"), "c": at("3"), "d": at("4", **{"file:size": 1})}
    }
    items = {
        "https://x/i1": {"id": "i1", "assets": {"x": at("1"), "b": at("22"), "c": at("33")}},
        "https://x/i2": {"id": "i2", "assets": {"d": at("44", **{"file:size": 2}), "e": at("5")}},
        "https://x/i3": {"id": "i3", "assets": {"e": at("55"), "a": at("5")}},
    }
    assets, same = all_assets(top, BASE, Linked(items, {url: url for url in items}))
    assert list(assets) == ["a", "i1_b", "c", "d", "i2_d", "i2_e", "i3_e"]
    assert same == {
        ("https://x/i1", "x"): "a",
        ("https://x/i1", "b"): "i1_b",
        ("https://x/i1", "c"): "c",
        ("https://x/i2", "d"): "i2_d",
        ("https://x/i2", "e"): "i2_e",
        ("https://x/i3", "e"): "i3_e",
        ("https://x/i3", "a"): "i2_e",
    }
