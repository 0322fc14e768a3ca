"""Bringing results here: whole, under safe names, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import socket

import pytest

from openeo_widgets import (
    DownloadError,
    MultipleAssetsError,
    NoSuchAssetError,
    NotJSONError,
)
from openeo_widgets.api._where import footprint

PATH = "/jobs/job-1/results"


@pytest.fixture
def offer(backend, results):
    """Offer result assets, as full asset objects by key."""

    def _offer(assets, **more):
        backend.on("GET", PATH, results(backend.url, **{"assets": assets, **more}))

    return _offer


def _asset(backend, name="a.tif", **more):
    return {"href": f"{backend.url}/files/{name}", **more}


def _nothing_but(folder, *names):
    assert {path.name for path in folder.iterdir()} == set(names)


def test_a_cut_connection_leaves_nothing(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"x" * 1000, cut=10))
    with pytest.raises(DownloadError, match=r"'a\.tif'.*Nothing was kept") as caught:
        job.get_results().download_file(tmp_path)
    assert isinstance(caught.value, OSError)
    _nothing_but(tmp_path)


def test_a_cut_connection_leaves_the_older_file(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    (tmp_path / "a.tif").write_bytes(b"older")
    backend.on("GET", "/files/a.tif", script(b"x" * 1000, cut=10))
    with pytest.raises(DownloadError):
        job.get_results().download_file(tmp_path)
    assert (tmp_path / "a.tif").read_bytes() == b"older"
    _nothing_but(tmp_path, "a.tif")


def test_a_wrong_content_length(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"short", headers={"Content-Length": "50"}))
    with pytest.raises(DownloadError):
        job.get_results().download_file(tmp_path)
    _nothing_but(tmp_path)


@pytest.mark.parametrize("size", [4, 6])
def test_a_size_that_is_not_that_of_the_metadata(backend, script, job, offer, tmp_path, size):
    offer({"a.tif": _asset(backend, **{"file:size": size})})
    backend.on("GET", "/files/a.tif", script(b"bytes"))
    with pytest.raises(DownloadError, match=f"should have {size} bytes, and 5 came"):
        job.get_results().download_file(tmp_path)
    _nothing_but(tmp_path)


def test_a_checksum_that_is_not_that_of_the_metadata(backend, script, job, offer, tmp_path):
    wrong = "1220" + hashlib.sha256(b"other").hexdigest()
    offer({"a.tif": _asset(backend, **{"file:checksum": wrong})})
    backend.on("GET", "/files/a.tif", script(b"bytes"))
    with pytest.raises(DownloadError, match="checksum"):
        job.get_results().download_file(tmp_path)
    _nothing_but(tmp_path)


@pytest.mark.parametrize(
    ("more", "verified"),
    [
        ({"file:checksum": "1220" + hashlib.sha256(b"bytes").hexdigest()}, True),
        (
            {"file:checksum": "1114" + hashlib.sha1(b"bytes", usedforsecurity=False).hexdigest()},
            True,
        ),
        ({"file:size": 5}, True),
        ({"file:checksum": "ff20abcd", "file:size": "5"}, False),
        ({"file:checksum": "no hex"}, False),
        ({"file:checksum": 5, "file:size": -1, "type": 5}, False),
        ({}, False),
    ],
)
def test_what_can_be_verified_is(backend, script, job, offer, tmp_path, more, verified):
    offer({"a.tif": _asset(backend, **more)})
    backend.on("GET", "/files/a.tif", script(b"bytes"))
    asset = job.get_results().get_asset()
    states = []
    assert asset.bring_into(tmp_path, report=states.append).read_bytes() == b"bytes"
    assert states[-1].verified is verified


def test_no_ranges_and_no_head_are_asked_for(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"bytes", headers={"Accept-Ranges": "bytes"}))
    job.get_results().download_file(tmp_path)
    (asked,) = backend.asked("GET", "/files/a.tif")
    assert "Range" not in asked.headers
    assert asked.headers["Accept-Encoding"] == "identity"
    assert not any(asked.method == "HEAD" for asked in backend.all)


def test_a_part_in_place_of_the_whole(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"by", 206))
    with pytest.raises(DownloadError, match="206"):
        job.get_results().download_file(tmp_path)
    _nothing_but(tmp_path)


def test_compression_that_was_not_asked_for(backend, script, job, offer, tmp_path):
    packed = gzip.compress(b"bytes" * 100)
    offer({"a.tif": _asset(backend, **{"file:size": 500})})
    backend.on("GET", "/files/a.tif", script(packed, headers={"Content-Encoding": "gzip"}))
    path = job.get_results().download_file(tmp_path)
    assert path.read_bytes() == b"bytes" * 100


def test_what_is_longer_than_its_size_is_not_taken_to_its_end(
    backend, script, job, offer, tmp_path
):
    offer({"a.tif": _asset(backend, **{"file:size": 5})})
    bomb = gzip.compress(b" " * 100_000_000)
    backend.on("GET", "/files/a.tif", script(bomb, 200, {"Content-Encoding": "gzip"}))
    seen = []
    with pytest.raises(DownloadError, match="should have 5 bytes"):
        job.get_results().get_asset().download(tmp_path, progress=lambda done, _: seen.append(done))
    assert max(seen, default=0) < 1_000_000


def test_progress_and_cancel(backend, script, job, offer, tmp_path):
    content = bytes(3 << 18)
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(content))
    asset, seen = job.get_results().get_asset(), []
    asset.download(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(content), len(content))
    assert seen == sorted(seen)
    with pytest.raises(DownloadError, match="canceled"):
        asset.download(tmp_path / "b.tif", canceled=lambda: True)
    _nothing_but(tmp_path, "a.tif")


def test_an_empty_file(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend, **{"file:size": 0})})
    backend.on("GET", "/files/a.tif", script(b""))
    assert job.get_results().download_file(tmp_path).read_bytes() == b""


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_an_expired_link_is_renewed_once(backend, script, job, results, tmp_path, status):
    def offered(signature):
        return results(
            backend.url, assets={"a.tif": {"href": f"{backend.url}/files/a?sig={signature}"}}
        )

    def file(asked):
        return script(b"bytes") if asked.query == {"sig": "new"} else script(b"", status)

    backend.on("GET", PATH, offered("old"), offered("new"))
    backend.on("GET", "/files/a", file)
    found = job.get_results()
    assert found.get_metadata()
    assert found.get_asset().load_bytes() == b"bytes"
    backend.on("GET", PATH, offered("new"))
    assert found.download_file(tmp_path).read_bytes() == b"bytes"

    backend.on("GET", PATH, offered("old"))
    before = len(backend.asked("GET", "/files/a"))
    with pytest.raises(DownloadError) as caught:
        job.get_results().download_file(tmp_path / "b")
    assert caught.value.http_status == status
    assert len(backend.asked("GET", "/files/a")) == before + 2
    _nothing_but(tmp_path, "a.tif")


def test_a_link_that_cannot_be_renewed(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    asset = job.get_results().get_asset()
    for answer in (script(b"", 500), {"assets": {}}):
        backend.on("GET", PATH, answer)
        with pytest.raises(DownloadError, match="404"):
            asset.download(tmp_path)


def test_a_server_error_is_no_reason_to_renew(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"", 500))
    with pytest.raises(DownloadError):
        job.get_results().download_file(tmp_path)
    assert len(backend.asked("GET", PATH)) == 1


@pytest.mark.parametrize("href", ["files/a.tif", "./files/a.tif", "../job-1/files/a.tif"])
def test_relative_links_are_relative_to_the_document(backend, script, job, offer, href):
    offer({"a.tif": {"href": href}})
    backend.on("GET", "/jobs/job-1/files/a.tif", script(b"bytes"))
    assert job.get_results().get_asset().load_bytes() == b"bytes"


@pytest.mark.parametrize("href", ["ftp://bucket/a.tif", "file:///etc/passwd", "javascript:x"])
def test_links_that_are_no_web_links(backend, job, offer, tmp_path, href):
    offer({"a.tif": {"href": href}})
    asset = job.get_results().get_asset()
    for bring in (asset.load_bytes, lambda: asset.download(tmp_path)):
        with pytest.raises(DownloadError, match="does not read") as caught:
            bring()
        assert href not in str(caught.value)
    _nothing_but(tmp_path)


def test_keys_that_collide_get_names_of_their_own(backend, script, job, offer, tmp_path):
    keys = ["res1", "res/1", "res\\1", "RES 1", "res_1"]
    offer({key: _asset(backend, f"{n}.tif") for n, key in enumerate(keys)})
    for number in range(len(keys)):
        backend.on("GET", f"/files/{number}.tif", script(str(number).encode()))
    paths = job.get_results().download_files(tmp_path, include_stac_metadata=False)
    assert [path.read_bytes() for path in paths] == [b"0", b"1", b"2", b"3", b"4"]
    assert len({path.name.casefold() for path in paths}) == len(keys)


@pytest.mark.parametrize(
    "key",
    [
        "../../up.tif",
        "/etc/passwd",
        "..",
        "",
        ".",
        "a\0b",
        "C:\\x.tif",
        "\u202efit.exe",
        "x" * 5000,
        "~",
    ],
)
def test_hostile_keys_stay_in_the_folder(backend, script, job, offer, tmp_path, key):
    offer({key: _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"bytes"))
    folder = tmp_path / "out"
    (path,) = job.get_results().download_files(folder, include_stac_metadata=False)
    assert path.parent == folder
    _nothing_but(folder, path.name)
    _nothing_but(tmp_path, "out")
    assert job.get_results().get_asset(key).key == key


def test_an_asset_named_like_the_metadata(backend, script, job, offer, tmp_path):
    offer({"job-results.json": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"theirs"))
    theirs, ours = job.get_results().download_files(tmp_path)
    assert theirs.read_bytes() == b"theirs"
    assert ours.name == "job-results.json"
    assert json.loads(ours.read_bytes())["assets"]["job-results.json"]["href"] == f"./{theirs.name}"


def test_no_signed_link_is_written_down(backend, script, job, offer, tmp_path, caplog, capfd):
    signed = f"{backend.url}/files/a.tif?sig=hush"
    more = {"alternate": {"s3": {"href": signed}}}
    offer({"a.tif": {"href": signed, **more}}, links=[{"rel": "canonical", "href": signed}])
    backend.on("GET", "/files/a.tif", script(b"bytes"))
    with caplog.at_level(logging.DEBUG, logger="openeo_widgets"):
        found = job.get_results()
        found.download_files(tmp_path)
    assert "hush" not in (tmp_path / "job-results.json").read_text(encoding="utf-8")
    assert "hush" not in repr(found) + repr(found.get_assets())
    assert not [record for record in caplog.records if record.name.startswith("openeo_widgets")]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("bring", ["download", "load_bytes"])
def test_no_signed_link_in_an_error(connection, offer, tmp_path, bring):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        offer({"a": {"href": f"http://127.0.0.1:{taken.getsockname()[1]}/hush?sig=hush"}})
        asset = connection.job("job-1").get_results().get_asset()
        with pytest.raises(DownloadError) as caught:
            asset.download(tmp_path) if bring == "download" else asset.load_bytes()
    assert caught.value.__suppress_context__
    assert "hush" not in f"{caught.value} {caught.value!r}"


def test_a_file_where_the_folder_should_be(backend, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError, match="is a file, and a folder is needed"):
        job.get_results().download_files(tmp_path / "file")


def test_a_folder_where_the_file_should_be(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"bytes"))
    (tmp_path / "a.tif").mkdir()
    with pytest.raises(DownloadError, match="is a folder"):
        job.get_results().download_files(tmp_path)
    _nothing_but(tmp_path, "a.tif")


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{", b"\xff\xfe\xfd", b"<html>"])
def test_json_that_is_none(backend, script, job, offer, body):
    offer({"a.json": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(body))
    with pytest.raises(NotJSONError, match=r"Asset 'a\.json' .*load_bytes") as caught:
        job.get_results().get_asset().load_json()
    assert isinstance(caught.value, ValueError)


def test_a_disk_that_takes_nothing_is_told(backend, script, job, offer, tmp_path):
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"bytes"))
    (tmp_path / "full").write_bytes(b"a file where the folder should be")
    with pytest.raises(DownloadError, match=r"'a\.tif' cannot be written to .*full.*folder\."):
        job.get_results().get_asset().download(tmp_path / "full" / "a.tif")


def test_a_host_that_no_name_server_can_know(job, offer):
    offer({"a.tif": {"href": f"http://{'x' * 70}.example/s3cr3t"}})
    with pytest.raises(DownloadError) as caught:
        job.get_results().get_asset().load_bytes()
    assert "s3cr3t" not in str(caught.value)


def test_too_many_bytes_for_memory(backend, script, job, offer):
    offer({"a.tif": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"x" * 100))
    asset = job.get_results().get_asset()
    assert asset.load_head(10) == (b"x" * 10, True)
    assert asset.load_head(100) == (b"x" * 100, False)


@pytest.mark.parametrize("assets", [{}, None, [], {"a": None}, {"a": {"href": None}}, {"a": {}}])
def test_results_without_assets(backend, job, offer, tmp_path, assets):
    offer(assets, type=None)
    found = job.get_results()
    assert found.get_assets() == []
    with pytest.raises(NoSuchAssetError, match="has no result assets"):
        found.get_asset()
    (path,) = found.download_files(tmp_path)
    assert json.loads(path.read_bytes())["assets"] == {}


def test_which_asset(backend, job, offer):
    offer({"a": _asset(backend), "": _asset(backend)})
    found = job.get_results()
    assert found.get_asset("").key == ""
    assert found.get_asset(name="a").key == "a"
    with pytest.raises(MultipleAssetsError):
        found.get_asset()
    with pytest.raises(NoSuchAssetError, match="There are 'a', ''"):
        found.get_asset("b")


def test_results_of_other_shapes(backend, job, results):
    six = [3.5, 51.0, -10, 3.6, 51.1, 900]
    document = results(backend.url, "a.tif", bbox=six, geometry=None)
    document.pop("type")
    backend.on("GET", PATH, document)
    found = job.get_results()
    assert footprint(found.get_metadata()).bbox == (3.5, 51.0, 3.6, 51.1)
    assert repr(found.get_assets()) == "[<ResultAsset 'a.tif' (media type image/tiff)>]"


@pytest.mark.parametrize("bring", ["download", "load_bytes"])
@pytest.mark.parametrize("link", ["http://[hush", "http://x:hush/"])
def test_a_link_that_leads_to_no_address(backend, script, job, offer, tmp_path, link, bring):
    offer({"a": _asset(backend)})
    backend.on("GET", "/files/a.tif", script(b"", 302, {"Location": link}))
    asset = job.get_results().get_asset()
    with pytest.raises(DownloadError) as caught:
        asset.download(tmp_path) if bring == "download" else asset.load_bytes()
    assert "hush" not in f"{caught.value} {caught.value!r}"
    _nothing_but(tmp_path)
