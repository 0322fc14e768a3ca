"""The whole batch-job guide against the local back-end, which really computes."""

from __future__ import annotations

import json

import numpy as np
import openeo
import pystac
import pytest
import rasterio
import xarray as xr
from pystac.validation import validate_dict

import openeo_widgets
from openeo_widgets import BatchJob, JobFailedError, MultipleAssetsError
from openeo_widgets.backend import LocalBackend

COLLECTION = "SENTINEL2_SAMPLE"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with LocalBackend(tmp_path_factory.mktemp("backend")) as local:
        yield local.url


@pytest.fixture(scope="module")
def ours(url):
    return openeo_widgets.connect(url).authenticate_basic("demo", "demo")


@pytest.fixture(scope="module")
def box(ours):
    """A small box inside the sample, in degrees."""
    extent = ours.describe_collection(COLLECTION)["extent"]
    west, south, east, north = extent["spatial"]["bbox"][0]
    lon, lat = (west + east) / 2, (south + north) / 2
    return {"west": lon - 0.002, "south": lat - 0.002, "east": lon + 0.002, "north": lat + 0.002}


@pytest.fixture(scope="module")
def finished(ours, box):
    """The guide up to the results, with our own connection."""
    cube = ours.load_collection(
        COLLECTION,
        spatial_extent=box,
        temporal_extent=["2022-05-01", "2022-07-01"],
        bands=["B04", "B08"],
    )
    cube = cube.ndvi(nir="B08", red="B04").reduce_dimension(dimension="t", reducer="max")
    cube = cube.save_result(format="GTiff")
    job = cube.create_job(title="NDVI timeseries 2022")
    assert job.status() == "created"
    lines = []
    job.start_and_wait(print=lines.append, max_poll_interval=1, timeout=300)
    assert " finished - " in lines[-1]
    return job


@pytest.fixture(params=["ours", "official"])
def job(request, finished, url):
    """The finished job, over each of the two connections."""
    if request.param == "ours":
        yield finished
        return
    connection = openeo.connect(url).authenticate_basic("demo", "demo")
    yield BatchJob(finished.job_id, connection)
    connection.session.close()


def test_the_job_says_what_it_is(job):
    described = job.describe()
    assert described["title"] == "NDVI timeseries 2022"
    assert described["status"] == "finished"
    assert job.job_id in {listed["id"] for listed in job.connection.list_jobs()}
    assert repr(job) == f"<BatchJob job_id={job.job_id!r}>"
    assert job.logs()


def test_results_metadata(job):
    results = job.get_results()
    assert repr(results) == f"<JobResults for job {job.job_id!r}>"
    metadata = results.get_metadata()
    assert metadata["assets"]
    assert all("href" in asset for asset in metadata["assets"].values())


def test_download_all_assets(job, tmp_path):
    folder = tmp_path / "data" / "out"
    paths = job.get_results().download_files(folder)
    assets = job.get_results().get_assets()
    assert [path.name for path in paths[:-1]] == [asset.filename for asset in assets]
    for asset, path in zip(assets, paths, strict=False):
        assert path.stat().st_size == asset.size
    assert json.loads(paths[-1].read_text(encoding="utf-8"))["assets"].keys() == {
        asset.key for asset in assets
    }


def test_download_a_single_asset(job, tmp_path):
    results = job.get_results()
    keys = [asset.key for asset in results.get_assets()]
    path = tmp_path / "data/out/result.tiff"
    if len(keys) > 1:
        with pytest.raises(MultipleAssetsError):
            results.download_file(path)
    tiff = next(a.key for a in results.get_assets() if a.media_type.startswith("image/tiff"))
    results.download_file(path, name=tiff)
    assert path.read_bytes()[:2] in {b"II", b"MM"}


def _sent(file):
    """Bytes that came so far, as the file's own blocks tell."""
    return sum(map(len, file.raw._blocks.values()))


def test_read_a_geotiff_where_it_is(job, tmp_path):
    asset = next(a for a in job.get_results().get_assets() if a.filename.endswith(".tif"))
    with rasterio.open(asset.download(tmp_path)) as raster:
        here = raster.read()
    with rasterio.open(asset.filename, opener=asset.opener) as raster:
        assert np.array_equal(raster.read(), here, equal_nan=True)
    with asset.open() as file:
        assert file.read() == (tmp_path / asset.filename).read_bytes()


def test_read_a_netcdf_where_it_is(ours, tmp_path):
    cube = ours.load_collection(COLLECTION, bands=["B02", "B03", "B04", "B08"])
    job = cube.save_result(format="netCDF").create_job()
    job.start_and_wait(print=lambda _line: None, max_poll_interval=1, timeout=300)
    asset = next(a for a in job.get_results().get_assets() if a.filename.endswith(".nc"))
    with xr.open_dataset(asset.download(tmp_path), engine="h5netcdf") as dataset:
        times = dataset["t"].values
    with asset.open() as file, xr.open_dataset(file, engine="h5netcdf") as dataset:
        assert np.array_equal(dataset["t"].values, times)
        assert _sent(file) < file.size / 2


def test_the_stac_beside_the_data_is_read_by_pystac(job, tmp_path):
    *paths, metadata = job.get_results().download_files(tmp_path)
    read = pystac.read_file(metadata)
    found = [asset.get_absolute_href() for asset in read.assets.values()]
    assert sorted(found) == sorted(map(str, paths))
    assert "signature=" not in metadata.read_text(encoding="utf-8")
    validate_dict({**json.loads(metadata.read_bytes()), "stac_extensions": []})


def test_fine_grained_downloads(job, tmp_path):
    for asset in job.get_results().get_assets():
        if asset.metadata["type"].startswith("image/tiff"):
            asset.download(tmp_path / f"result-v2-{asset.name}")
    assert list(tmp_path.glob("result-v2-*"))


def test_load_json_directly(ours, box, url):
    cube = ours.load_collection(
        COLLECTION,
        spatial_extent=box,
        temporal_extent=["2022-05-01", "2022-06-01"],
        bands=["B04", "B08"],
    ).ndvi(nir="B08", red="B04")
    job = cube.execute_batch(out_format="JSON", print=len, max_poll_interval=1, timeout=300)
    asset = next(a for a in job.get_results().get_assets() if "json" in (a.media_type or ""))
    assert asset.load_json()


def test_a_job_that_fails_says_why(ours, box):
    cube = ours.load_collection("NO_SUCH_COLLECTION", spatial_extent=box)
    with pytest.raises((JobFailedError, openeo_widgets.BackendError), match="NO_SUCH_COLLECTION"):
        cube.execute_batch(print=len, max_poll_interval=1, timeout=300)


def test_cancel_and_delete(ours, box):
    cube = ours.load_collection(COLLECTION, spatial_extent=box, bands=["B04"])
    job = cube.create_job(simulate={"run_s": 600})
    job.start()
    job.stop()
    job.wait(300, progress=None, require_success=False, poll_max=1)
    assert job.status() in {"canceled", "created"}
    job.delete()
    with pytest.raises(openeo_widgets.NotFoundError):
        job.describe()
