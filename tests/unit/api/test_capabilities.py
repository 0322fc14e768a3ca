"""What is read from ``GET /``, whatever shape it has."""

import gc

import pytest

from openeo_widgets.api import Connection
from openeo_widgets.api._capabilities import (
    UNKNOWN,
    Capabilities,
    known_capabilities,
    note_missing,
    web_address,
)

ROOT = "https://openeo.example/1.2"
GOOD = {
    "endpoints": [
        {"path": "/jobs", "methods": ["GET", "POST"]},
        {"path": "/jobs/{id}/", "methods": ["get", "PATCH"]},
        {"path": "jobs/{the_job}/estimate", "methods": ["GET"]},
    ],
    "billing": {
        "currency": "EUR",
        "default_plan": "free",
        "plans": [{"name": "free"}, {"name": "pro", "paid": True}, {"name": "free"}],
    },
    "links": [
        {"rel": "about", "href": "https://about.example"},
        {"rel": "web-editor", "href": "https://editor.example/?server=x"},
    ],
}


def test_endpoints_whatever_their_parameters_are_called():
    found = Capabilities.read(GOOD, ROOT)
    assert found.has("POST", "/jobs")
    assert found.has("GET", "/jobs/{job_id}")
    assert found.has("patch", "/jobs/{job_id}")
    assert found.has("GET", "/jobs/{job_id}/estimate")
    assert not found.has("DELETE", "/jobs/{job_id}")
    assert not found.has("POST", "/validation")


def test_money_and_the_web_editor():
    found = Capabilities.read(GOOD, ROOT)
    assert (found.currency, found.plans, found.default_plan) == ("EUR", ("free", "pro"), "free")
    assert found.web_editor == "https://editor.example/?server=x"
    assert "editor.example" not in repr(found)


@pytest.mark.parametrize("wrong", [None, True, 7, "x", [], {}, [None], [{}], [[1]], {"a": 1}])
def test_a_wrong_shape_is_not_known(wrong):
    document = {"endpoints": wrong, "billing": wrong, "links": wrong}
    assert Capabilities.read(document, ROOT) == UNKNOWN
    inner = {"billing": {"currency": wrong, "plans": wrong, "default_plan": wrong}}
    found = Capabilities.read(inner, ROOT)
    assert found == (Capabilities(currency="x", default_plan="x") if wrong == "x" else UNKNOWN)
    methods = {
        "endpoints": [{"path": "/jobs", "methods": wrong}, {"path": wrong, "methods": wrong}]
    }
    assert Capabilities.read(methods, ROOT) == UNKNOWN


def test_everything_is_tried_where_nothing_is_known():
    assert UNKNOWN.has("PATCH", "/jobs/{job_id}")


def test_what_turned_out_to_be_missing_is_not_tried_again():
    connection = Connection("http://127.0.0.1:1")
    note_missing(connection, "PATCH", "/jobs/{job_id}")
    assert not known_capabilities(connection).has("PATCH", "/jobs/{id}")
    assert known_capabilities(connection).has("DELETE", "/jobs/{id}")
    assert known_capabilities(Connection("http://127.0.0.1:1")) == UNKNOWN


def test_a_connection_that_is_gone_is_forgotten():
    from openeo_widgets.api._capabilities import _known  # noqa: PLC0415 - what it is about

    before = len(_known)
    connection = Connection("http://127.0.0.1:1")
    note_missing(connection, "PATCH", "/jobs/{job_id}")
    assert len(_known) == before + 1
    del connection
    gc.collect()
    assert len(_known) == before


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://a.example/x?y=z", "https://a.example/x?y=z"),
        ("editor", "https://openeo.example/editor"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("http://[", ""),
        ("", ""),
        (None, ""),
        (["x"], ""),
    ],
)
def test_only_web_addresses_are_opened(href, address):
    assert web_address(ROOT, href) == address


def test_a_path_of_braces_is_read_once():
    # It would take hours where each brace is looked for the end of.
    path = "{" * 2_000_000
    assert not Capabilities.read({"endpoints": [{"path": path, "methods": ["GET"]}]}, ROOT).has(
        "GET", "/jobs"
    )
