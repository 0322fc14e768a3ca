"""Results as STAC, and their files over HTTP."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

import pystac
import pytest
from backend_client import Client
from backend_graphs import POLYGON, SEVERAL, SMALL, callback, chain, load, node
from shapely.geometry import shape

from openeo_widgets.backend import LocalBackend


@pytest.fixture(scope="module")
def one(client):
    return client.run(SMALL, title="One file")


@pytest.fixture(scope="module")
def several(client):
    return client.run(SEVERAL)


@pytest.fixture(scope="module")
def asset(one):
    return one["assets"]["openEO_2022-07-07.tif"]


@pytest.fixture(scope="module")
def content(client, asset):
    return client.get(asset["href"], signed_in=False).content


def test_one_file_is_an_item(one):
    item = pystac.Item.from_dict(one)
    assert item.datetime == datetime(2022, 7, 7, 10, tzinfo=timezone.utc)
    assert one["stac_version"] == "1.1.0"
    assert one["properties"]["title"] == "One file"
    assert one["properties"]["openeo:status"] == "finished"
    footprint = shape(one["geometry"])
    assert footprint.exterior.is_ccw
    assert list(footprint.bounds) == pytest.approx(one["bbox"])
    # The UTM grid is turned against lon/lat here: the footprint is not its bounding box.
    assert footprint.area < 0.98 * footprint.envelope.area
    assert footprint.contains(shape(POLYGON))


def test_the_asset_says_what_it_is(asset, content):
    assert asset["type"].startswith("image/tiff; application=geotiff")
    assert asset["roles"] == ["data"]
    assert asset["proj:code"] == "EPSG:32633"
    assert asset["proj:shape"] == [336, 304]
    assert asset["proj:bbox"] == [618840, 5339780, 621880, 5343140]
    assert asset["proj:transform"] == [10, 0, 618840, 0, -10, 5343140]
    assert [band["name"] for band in asset["bands"]] == ["NDVI"]
    assert asset["file:size"] == len(content)
    assert asset["file:checksum"] == "1220" + hashlib.sha256(content).hexdigest()


def test_several_files_are_a_collection(several):
    collection = pystac.Collection.from_dict(several)
    assert set(collection.assets) == {
        f"openEO_2022-{day}.tif" for day in ("06-07", "06-22", "07-07")
    }
    assert several["extent"]["temporal"]["interval"] == [
        ["2022-06-07T10:00:00Z", "2022-07-07T10:00:00Z"]
    ]
    assert several["openeo:status"] == "finished"
    assert several["assets"]["openEO_2022-06-22.tif"]["datetime"] == "2022-06-22T10:00:00Z"


def test_a_time_series_is_an_item_where_its_geometries_are(client):
    found = client.run(
        chain(
            load(bands=["B04"]),
            node("aggregate_spatial", geometries=POLYGON, reducer=callback("mean")),
            format="JSON",
        )
    )
    assert list(found["assets"]) == ["timeseries.json"]
    assert shape(found["geometry"]).symmetric_difference(shape(POLYGON)).area < 1e-9
    assert found["properties"]["datetime"] is None
    assert found["properties"]["start_datetime"] == "2022-01-08T10:00:00Z"
    assert found["properties"]["end_datetime"] == "2022-12-19T10:00:00Z"


def test_geojson_can_be_asked_for(client, several):
    reply = client.get(f"/jobs/{several['id']}/results", headers={"Accept": "application/geo+json"})
    assert reply.headers["Content-Type"] == "application/geo+json"
    assert reply.json()["type"] == "Feature"
    assert set(reply.json()["assets"]) == set(several["assets"])


def test_the_canonical_link_needs_no_sign_in(client, several):
    (link,) = [link for link in several["links"] if link["rel"] == "canonical"]
    found = client.get(link["href"], signed_in=False).json()
    assert found["id"] == several["id"]
    assert set(found["assets"]) == set(several["assets"])
    assert (
        client.get(link["href"].replace("collection.json", "x"), signed_in=False).status_code == 404
    )


def test_the_canonical_link_does_not_renew_itself(tmp_path):
    with LocalBackend(tmp_path, link_seconds=1000) as backend, Client(backend.url) as client:
        first = client.run(SMALL)
        backend._services.signer._seconds = 5000
        (link,) = [link for link in first["links"] if link["rel"] == "canonical"]
        found = client.get(link["href"], signed_in=False).json()
        (expires,) = parse_qs(urlsplit(link["href"]).query)["expires"]
        (asset,) = found["assets"].values()
        (again,) = [link for link in found["links"] if link["rel"] == "canonical"]
        for href in (asset["href"], again["href"]):
            assert parse_qs(urlsplit(href).query)["expires"] == [expires]


def test_whole_file(client, asset, content):
    reply = client.get(asset["href"], signed_in=False)
    assert reply.status_code == 200
    assert reply.headers["Content-Length"] == str(len(content))
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert reply.headers["Content-Type"] == asset["type"]
    head = client.request("HEAD", asset["href"], signed_in=False)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("Content-Length", "ETag", "Accept-Ranges", "Last-Modified"):
        assert head.headers[name] == reply.headers[name]


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=5-99999999", slice(5, None)),
    ],
)
def test_part_of_a_file(client, asset, content, wanted, part):
    reply = client.get(asset["href"], signed_in=False, headers={"Range": wanted})
    assert reply.status_code == 206
    assert reply.content == content[part]
    first = len(content[: part.start]) if part.start >= 0 else len(content) + part.start
    last = first + len(content[part]) - 1
    assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{len(content)}"


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0", "bytes=9-3"])
def test_part_outside_of_the_file(client, asset, content, wanted):
    reply = client.get(asset["href"], signed_in=False, headers={"Range": wanted})
    assert reply.status_code == 416
    assert reply.headers["Content-Range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize("wanted", ["lines=1-2", "bytes=a-b", "bytes=-", "bytes=0-1,4-5"])
def test_other_ranges_are_ignored(client, asset, content, wanted):
    reply = client.get(asset["href"], signed_in=False, headers={"Range": wanted})
    assert (reply.status_code, reply.content) == (200, content)


def test_conditions(client, asset, content):
    href, first = asset["href"], {"Range": "bytes=0-3"}
    whole = client.get(href, signed_in=False)
    for condition in (whole.headers["ETag"], whole.headers["Last-Modified"]):
        headers = {**first, "If-Range": condition}
        assert client.get(href, signed_in=False, headers=headers).content == content[:4]
    odd = "Fri, 31 Dec 9999 23:59:59 +99999999999999999999"
    for condition in ('"another"', "Thu, 01 Jan 1970 00:00:00 GMT", "nonsense", odd):
        headers = {**first, "If-Range": condition}
        assert client.get(href, signed_in=False, headers=headers).status_code == 200
    headers = {"If-None-Match": whole.headers["ETag"]}
    assert client.get(href, signed_in=False, headers=headers).status_code == 304


def test_a_link_cannot_be_changed(client, asset):
    href = asset["href"]
    for changed in (
        href.replace("expires=1", "expires=2"),
        href[:-1] + ("0" if href[-1] != "0" else "1"),
        href.replace("/1/", "/01/"),
        href.replace("/1/", f"/{'1' * 5000}/"),
        href.split("?")[0],
        href.split("?")[0] + "?expires=x&signature=y",
        href.split("?")[0] + "?expires=9999999999&signature=%C3%A4",
        href.replace("openEO_2022-07-07.tif", "..%2F..%2F..%2Fbackend.sqlite"),
        href.replace("openEO_2022-07-07.tif", "../../../backend.sqlite"),
    ):
        reply = client.get(changed, signed_in=False)
        assert reply.status_code == 404
        assert reply.json()["code"] in ("FileNotFound", "NotFound")


def test_expired_links(tmp_path):
    with LocalBackend(tmp_path, link_seconds=-1) as backend, Client(backend.url) as client:
        results = client.run(SMALL)
        (asset,) = results["assets"].values()
        reply = client.get(asset["href"], signed_in=False)
        assert (reply.status_code, reply.json()["code"]) == (410, "ResultLinkExpired")


def test_links_and_tokens_are_nowhere_in_the_logs(client, asset, data_folder, caplog):
    with caplog.at_level("DEBUG"):
        client.get(asset["href"], signed_in=False)
        client.get("/me")
    own = [r.getMessage() for r in caplog.records if not r.name.startswith("urllib3")]
    signature = urlsplit(asset["href"]).query.split("signature=")[1]
    written = (data_folder / "worker.log").read_text()
    assert signature not in "".join(own) + written
    assert client.token not in "".join(own) + written
