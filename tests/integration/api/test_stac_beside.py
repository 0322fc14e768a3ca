"""STAC beside the data: it needs nothing else, holds no secret, and every file is there."""

from __future__ import annotations

import json
from pathlib import Path

import pystac
import pytest
from pystac.validation import validate_dict

from openeo_widgets import DownloadError, NoSuchAssetError, TargetExistsError

PATH = "/jobs/job-1/results"
POLYGON = {"type": "Polygon", "coordinates": [[[3, 51], [3, 52], [4, 52], [4, 51], [3, 51]]]}


def hidden(url):
    return f"{url}?expires=4102444800&signature=hush"


def offer_item(backend, name, version, **assets):
    document = {
        "type": "Feature", "stac_version": version, "stac_extensions": [], "id": name,
        "geometry": POLYGON, "bbox": [3, 51, 4, 52], "collection": "elsewhere",
        "properties": {"datetime": "2021-01-05T00:00:00Z", "note": "token=hush0hush"},
        "links": [
            {"rel": "self", "href": hidden(f"{backend.url}/stac/{name}.json")},
            {"rel": "collection", "href": hidden(f"{backend.url}/c")},
            {"rel": "derived_from", "href": "https://stac.example/S2A_MSIL2A_20210105T105421"},
            {"rel": "derived_from", "href": hidden("https://stac.example/x")},
        ],
        "assets": {key: {"href": href, "type": "image/tiff"} for key, href in assets.items()},
    }  # fmt: skip
    backend.on("GET", f"/stac/{name}.json", document)


@pytest.fixture
def offer(backend, script):
    """A signed Collection with two Items, one below a Collection of its own; some files twice."""

    def make(version="1.1.0", *, faulty=False):
        for name in ("a", "b", "c"):
            backend.on("GET", f"/files/{name}.tif", script(name.encode()))
        # Of a the link is signed anew, of b the key is long in the Collection, c is there alone.
        offer_item(backend, "i1", version, **{"a.tif": hidden("../files/a.tif") + "2"})
        offer_item(
            backend, "i2", version, B=f"{backend.url}/moved/b.tif", C=hidden("../files/c.tif")
        )
        below = {
            "type": "Collection", "stac_version": version, "id": "sub", "description": "Sub",
            "license": "other", "extent": extent, "links": [
                {"rel": "item", "href": hidden("i2.json")},
                {"rel": "parent", "href": hidden("../results")},
                {"rel": "child", "href": "sub.json"},
            ],
        }  # fmt: skip
        backend.on("GET", "/stac/sub.json", below)
        links = [
            {"rel": "item", "href": hidden(f"{backend.url}/stac/i1.json"), "title": "First"},
            {"rel": "child", "href": hidden("../../stac/sub.json")},
            {"rel": "canonical", "href": hidden(f"{backend.url}/c")},
            {"rel": "license", "href": "https://example.org/license"},
        ]
        if faulty:
            links.append({"rel": "item", "href": hidden(f"{backend.url}/stac/gone.json")})
        backend.on("GET", PATH, {
            "type": "Collection", "stac_version": version, "id": "job-1", "license": "other",
            "description": f"From {hidden('https://x.example/y')}", "extent": extent,
            "stac_extensions": ["https://stac-extensions.github.io/alternate-assets/v1.1.0/schema.json"],
            "links": links,
            "assets": {
                "a.tif": {"href": hidden(f"{backend.url}/files/a.tif"), "roles": ["data"],
                          "alternate": {"s3": {"href": hidden("s3://x/a.tif")}}},
                "i2_B": {"href": hidden(f"{backend.url}/files/b.tif"), "type": "image/tiff"},
            },
        })  # fmt: skip

    extent = {
        "spatial": {"bbox": [[3, 51, 4, 52]]},
        "temporal": {"interval": [["2021-01-05T00:00:00Z", None]]},
    }
    return make


def texts(folder):
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.json"))


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_a_collection_with_its_items(backend, offer, job, tmp_path, version):
    offer(version)
    paths = job.get_results().download_files(tmp_path)
    assert [path.name for path in paths] == ["a.tif", "i2_B.tif", "i2_C.tif", "job-results.json"]
    assert [path.read_text() for path in paths[:3]] == ["a", "b", "c"]
    assert "hush" not in texts(tmp_path)
    assert backend.url not in texts(tmp_path)
    assert list(job.download_results(tmp_path)) == paths[:3]
    assert texts(tmp_path).count("S2A_MSIL2A_20210105T105421") == 2

    top = pystac.Collection.from_file(paths[-1])
    items = list(top.get_items(recursive=True))
    assert [item.id for item in items] == ["i1", "i2"]
    assert [child.id for child in top.get_children()] == ["sub"]
    top.make_all_asset_hrefs_absolute()
    top.make_asset_hrefs_absolute()  # its own are left out above
    found = [asset.href for thing in (top, *items) for asset in thing.assets.values()]
    assert len(found) == 5
    assert {Path(href).name for href in found} == {"a.tif", "i2_B.tif", "i2_C.tif"}
    assert all(Path(href).is_file() for href in found)
    assert [item.get_collection().id for item in items] == ["job-1", "sub"]
    assert items[0].get_root() is top
    assert items[1].get_parent().id == "sub"
    for path in tmp_path.rglob("*.json"):
        # Of STAC 1.0 pystac ships no schemas; what was read as 1.1 above is held against those.
        validate_dict({**json.loads(path.read_bytes()), "stac_version": "1.1.0"})


def test_an_item_that_cannot_be_read_is_told_and_takes_nothing_along(offer, job, tmp_path):
    offer(faulty=True)
    with pytest.warns(UserWarning, match="was left out: No such thing"):
        paths = job.get_results().download_files(tmp_path)
    assert len(paths) == 4
    assert "gone" not in paths[-1].read_text(encoding="utf-8")


def test_only_files_that_are_there_are_told_of(offer, job, tmp_path):
    offer()
    job.get_results().download_files(tmp_path, include=["i2_C"])
    top = pystac.Collection.from_file(tmp_path / "job-results.json")
    assert not top.assets
    assert [list(item.assets) for item in top.get_items(recursive=True)] == [[], ["C"]]
    job.get_results().download_files(tmp_path, include=["a.tif"])
    top = pystac.Collection.from_file(tmp_path / "job-results.json")
    assert list(top.assets) == ["a.tif"]
    assert [list(item.assets) for item in top.get_items(recursive=True)] == [["a.tif"], ["C"]]


def test_what_failed_is_left_out_and_the_rest_is_valid(backend, script, offer, job, tmp_path):
    offer()
    backend.on("GET", "/files/b.tif", script(b"", status=500))
    (tmp_path / "i2_C.tif").write_bytes(b"mine")
    with pytest.raises(DownloadError, match="2 of 3 files"):
        job.get_results().download_files(tmp_path)
    top = pystac.Collection.from_file(tmp_path / "job-results.json")
    assert list(top.assets) == ["a.tif"]
    assert [list(item.assets) for item in top.get_items(recursive=True)] == [["a.tif"], []]
    for path in tmp_path.rglob("*.json"):
        validate_dict(json.loads(path.read_bytes()))


def test_where_all_failed_nothing_is_written(backend, script, offer, job, tmp_path):
    offer()
    for name in ("a", "b", "c"):
        backend.on("GET", f"/files/{name}.tif", script(b"", status=500))
    with pytest.raises(DownloadError, match="3 of 3 files"):
        job.get_results().download_files(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_plain_results_cost_no_more_requests(backend, offer, job, tmp_path):
    offer()
    found = job.get_results()
    assert [asset.key for asset in found.get_assets()] == ["a.tif", "i2_B"]
    assert found.get_asset("i2_B").load_bytes() == b"b"
    assert not backend.asked("GET", "/stac/i1.json")
    assert found.get_asset("i2_C").load_bytes() == b"c"  # only an Item has it
    with pytest.raises(NoSuchAssetError, match="'i2_C'"):
        found.get_asset("x")
    assert len(backend.asked("GET", "/stac/i1.json")) == len(backend.asked("GET", PATH)) == 1


def test_a_collection_whose_items_have_all_assets(backend, offer, job):
    offer()
    links = [{"rel": "item", "href": "../../stac/i2.json"}]
    backend.on("GET", PATH, {"type": "Collection", "id": "job-1", "links": links})
    assert [asset.key for asset in job.get_results().get_assets()] == ["i2_B", "i2_C"]


@pytest.mark.parametrize("version", ["0.9.0", "1.0.0", "1.1.0"])
def test_an_item(backend, script, job, results, tmp_path, version):
    links = [{"rel": "collection", "href": hidden(f"{backend.url}/c")}]
    document = results(backend.url, "a.tif", stac_version=version, collection="c", links=links)
    backend.on("GET", PATH, document)
    backend.on("GET", "/files/a.tif", script(b"a"))
    *_, path = job.get_results().download_files(tmp_path)
    item = pystac.Item.from_file(path)
    assert Path(item.assets["a.tif"].get_absolute_href()).read_bytes() == b"a"
    assert item.collection_id is None
    validate_dict({**json.loads(path.read_bytes()), "stac_version": "1.1.0"})
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.tif", "job-results.json"]


def test_the_metadata_of_another_job_are_kept(backend, script, job, results, tmp_path):
    backend.on("GET", PATH, results(backend.url, "a.tif"))
    backend.on("GET", "/files/a.tif", script(b"a"))
    job.get_results().download_files(tmp_path)
    job.get_results().download_files(tmp_path)  # once more is no harm
    backend.on("GET", PATH, results(backend.url, "b.tif", id="job-2"))
    backend.on("GET", "/files/b.tif", script(b"b"))
    with pytest.raises(TargetExistsError, match=r"'job-results\.json'.*overwrite=True"):
        job.get_results().download_files(tmp_path)
    assert not (tmp_path / "b.tif").exists()
    job.get_results().download_files(tmp_path, overwrite=True)
    assert json.loads((tmp_path / "job-results.json").read_bytes())["id"] == "job-2"
