"""What results link to: read level by level, within bounds, as it is asked for."""

from __future__ import annotations

import threading

import pytest

from openeo_widgets import connect
from openeo_widgets.api._stac_items import read_linked

ITEM = {"type": "Feature", "geometry": None, "properties": {}, "links": []}


@pytest.fixture
def reading(scripted):
    """Reads what a document with these links leads to."""
    connection = connect(scripted.url)

    def read(*hrefs, rel="item", **bounds):
        document = {"links": [{"rel": rel, "href": href} for href in hrefs]}
        return read_linked(connection, document, f"{scripted.url}/jobs/j-1/results", **bounds)

    return read


def serve(scripted, path, document, **headers):
    status = 302 if "Location" in headers else 200
    scripted.answers[f"GET {path}"] = (status, document, headers)


def test_progress_is_told(scripted, reading):
    for n in range(5):
        serve(scripted, f"/i/{n}.json", {**ITEM, "id": str(n)})
    told, lock = [], threading.Lock()

    def progress(done, known):
        with lock:
            told.append((done, known))

    found = reading(*(f"/i/{n}.json" for n in range(5)), progress=progress)
    assert [one["id"] for one in found.documents.values()] == list("01234")
    assert {known for _, known in told} == {5}
    assert max(done for done, _ in told) == 5


def test_it_can_be_canceled(scripted, reading):
    serve(scripted, "/i/0.json", {**ITEM, "id": "0"})
    found = reading("/i/0.json", canceled=lambda: True)
    assert not found.documents
    assert "canceled" in found.failures[0]
    assert "GET /i/0.json" not in scripted.asked


def test_it_ends_in_time(scripted, reading):
    found = reading("/i/0.json", longest_s=-1)
    assert "too long" in found.failures[0]
    assert "GET /i/0.json" not in scripted.asked


def test_so_many_and_no_more(scripted, reading):
    for n in range(4):
        serve(scripted, f"/i/{n}.json", {**ITEM, "id": str(n)})
    found = reading(*(f"/i/{n}.json" for n in range(4)), most=3)
    assert len(found.documents) == 3
    assert "1 Items more than the 3" in found.failures[0]


def test_catalogs_without_an_end_are_left(scripted, reading):
    for n in range(30):
        links = [{"rel": "child", "href": f"{n + 1}.json"}]
        serve(scripted, f"/c/{n}.json", {"type": "Catalog", "id": str(n), "links": links})
    assert 5 < len(reading("/c/0.json", rel="child").documents) < 15


def test_hrefs_are_relative_to_where_the_document_was_found(scripted, reading):
    child = {"rel": "item", "href": "a.json"}
    serve(scripted, "/moved.json", b"", Location="/far/away/catalog.json")
    serve(scripted, "/far/away/catalog.json", {"type": "Catalog", "links": [child]})
    serve(scripted, "/far/away/a.json", {**ITEM, "id": "a"})
    found = reading("/moved.json", rel="child")
    assert [one.get("id") for one in found.documents.values()] == [None, "a"]


def test_no_credentials_for_another_host(scripted, another_scripted):
    heard = []
    handler = another_scripted._server.RequestHandlerClass
    plain = handler.do_GET

    def listen(self):
        heard.append(self.headers.get("Authorization"))
        plain(self)

    handler.do_GET = listen
    scripted.answers["GET /credentials/basic"] = (200, {"access_token": "s3cr3t"})
    connection = connect(scripted.url)
    connection.authenticate_basic("user", "password")
    serve(another_scripted, "/i/0.json", {**ITEM, "id": "0"})
    document = {"links": [{"rel": "item", "href": f"{another_scripted.url}/i/0.json?sig=x"}]}
    found = read_linked(connection, document, f"{scripted.url}/jobs/j-1/results")
    assert len(found.documents) == 1
    assert heard == [None]


def test_an_expired_link_asks_only_the_results_again(scripted):
    """Where the results list all files, their Items are not read anew for fresh links."""
    item = {**ITEM, "id": "1", "assets": {"a.tif": {"href": "/f/a.tif"}}}
    serve(scripted, "/i/1.json", item)
    assets = {"a.tif": {"href": "/f/a.tif?sig=1"}}
    links = [{"rel": "item", "href": "/i/1.json"}]
    scripted.answers["GET /jobs/j-1/results"] = (200, {"assets": assets, "links": links})
    results = connect(scripted.url).job("j-1").get_results()
    assert len(results.footprints()) == 0
    assert scripted.asked.count("GET /i/1.json") == 1
    assert list(results._asked_again()) == ["a.tif"]
    assert scripted.asked.count("GET /i/1.json") == 1


def test_partial_results_are_asked_for(scripted):
    seen = []
    plain = scripted._answer

    def answer(method, target):
        seen.append(target)
        return plain(method, target)

    scripted._answer = answer
    connection = connect(scripted.url)
    connection.job("j-1").get_results(partial=True).get_metadata()
    connection.job("j-1").get_results().get_metadata()
    assert [one for one in seen if "results" in one] == [
        "/jobs/j-1/results?partial=true",
        "/jobs/j-1/results",
    ]
