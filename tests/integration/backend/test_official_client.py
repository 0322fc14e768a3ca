"""The official client against the back-end."""

from __future__ import annotations

import json

import openeo
import pytest
import rasterio
from backend_graphs import POLYGON


@pytest.fixture
def connection(backend):
    connection = openeo.connect(backend.url, auto_validate=True)
    return connection.authenticate_basic("demo", "demo")


def test_from_cube_to_files(connection, tmp_path):
    assert "SENTINEL2_SAMPLE" in connection.list_collection_ids()
    cube = connection.load_collection(
        "SENTINEL2_SAMPLE",
        spatial_extent={"west": 16.605, "south": 48.205, "east": 16.63, "north": 48.22},
        temporal_extent=["2022-06-01", "2022-08-01"],
        bands=["B04", "B08"],
        max_cloud_cover=30,
    )
    assert cube.validate() == []
    job = cube.ndvi(nir="B08", red="B04").create_job(title="NDVI", out_format="GTiff")
    job.start_and_wait(max_poll_interval=0.2, print=lambda _: None)
    assert job.status() == "finished"
    assert job.describe()["title"] == "NDVI"
    assert [entry["level"] for entry in job.logs()]
    results = job.get_results()
    names = [asset.key for asset in results.get_assets()]
    assert names == [f"openEO_2022-{day}.tif" for day in ("06-07", "07-07", "07-22")]
    paths = results.download_files(tmp_path, include_stac_metadata=False)
    assert sorted(path.name for path in paths) == names
    with rasterio.open(paths[0]) as raster:
        assert raster.count == 1


def test_time_series(connection):
    cube = connection.load_collection("SENTINEL2_SAMPLE", bands=["B04", "B08"])
    series = cube.ndvi(nir="B08", red="B04").aggregate_spatial(geometries=POLYGON, reducer="mean")
    job = series.create_job(out_format="JSON")
    job.start_and_wait(max_poll_interval=0.2, print=lambda _: None)
    found = job.get_results().get_asset("timeseries.json").load_json()
    assert len(found) == 24
    assert found["2022-07-07T10:00:00Z"][0][0] > 0.5
    assert json.dumps(found)


def test_band_math_and_periods(connection, tmp_path):
    cube = connection.load_collection("SENTINEL2_SAMPLE", bands=["B04", "B08", "SCL"])
    scl = cube.band("SCL")
    clouds = (scl == 3) | (scl == 8) | (scl == 9)
    nir, red = cube.band("B08"), cube.band("B04")
    index = ((nir - red) / (nir + red)).mask(clouds)
    monthly = index.aggregate_temporal_period(period="month", reducer="max")
    job = monthly.reduce_dimension(dimension="t", reducer="mean").create_job(out_format="netCDF")
    job.start_and_wait(max_poll_interval=0.2, print=lambda _: None)
    path = job.get_results().download_file(tmp_path / "out.nc")
    assert path.stat().st_size > 10_000


def test_a_failure_is_told(connection):
    job = connection.load_collection("SENTINEL2_SAMPLE").save_result("CSV").create_job()
    with pytest.raises(openeo.rest.JobFailedException):
        job.start_and_wait(max_poll_interval=0.2, print=lambda _: None)
    assert "GTiff" in job.logs(level="error")[-1]["message"]
