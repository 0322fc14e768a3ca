"""Every snippet of the batch-job guide, run: with our connection, and with the official one."""

from __future__ import annotations

import json

import pytest

from openeo_widgets import BatchJob, JobResults, MultipleAssetsError, RESTJob

SERIES = {"2021-02-24T10:59:23Z": [[3, 2, 5], [3, 4, 5]]}


@pytest.fixture
def finished(backend, script, results):
    """The job of the guide, with its two files and a JSON one."""
    names = ("res001.tiff", "res002.tiff", "out.json")
    backend.on("GET", "/jobs/job-1/results", results(backend.url, *names))
    backend.on("GET", "/files/res001.tiff", script(b"first"))
    backend.on("GET", "/files/res002.tiff", script(b"second"))
    backend.on("GET", "/files/out.json", SERIES)
    return backend


def _cube(connection):
    return connection.load_collection(
        "SENTINEL2",
        spatial_extent={"west": 3.5, "south": 51.0, "east": 3.6, "north": 51.1},
        temporal_extent=["2021-01-01", "2021-03-01"],
        bands=["B04", "B08"],
    ).ndvi(nir="B08", red="B04")


def test_create_a_job_after_save_result(backend, connection):
    cube = _cube(connection)
    cube = cube.save_result(format="GTiff")
    job = cube.create_job()

    assert job.job_id == "job-1"
    graph = backend.asked("POST", "/jobs")[0].json()["process"]["process_graph"]
    assert [node["process_id"] for node in graph.values()] == [
        "load_collection",
        "ndvi",
        "save_result",
    ]
    assert graph["saveresult1"]["arguments"]["format"] == "GTiff"
    assert graph["saveresult1"]["result"] is True


def test_create_a_job_with_out_format(backend, connection):
    _cube(connection).create_job(out_format="GTiff")
    graph = backend.asked("POST", "/jobs")[0].json()["process"]["process_graph"]
    assert graph["saveresult1"]["arguments"]["format"] == "GTiff"


def test_create_a_job_with_a_title_and_more(backend, connection):
    _cube(connection).create_job(
        title="NDVI timeseries 2022", budget=0, log_level="debug", simulate={"run_s": 0.1}
    )
    body = backend.asked("POST", "/jobs")[0].json()
    assert body["title"] == "NDVI timeseries 2022"
    assert body["budget"] == 0
    assert body["log_level"] == "debug"
    assert body["simulate"] == {"run_s": 0.1}
    assert "plan" not in body
    assert backend.asked("POST", "/jobs")[0].headers["Authorization"] == "Bearer basic//s3cret"


def test_the_official_cube_makes_the_same_graph(backend, connection, official):
    arguments = {
        "spatial_extent": {"west": 3.5, "south": 51.0, "east": 3.6, "north": 51.1},
        "temporal_extent": ["2021-01-01", "2021-03-01"],
        "bands": ["B04", "B08"],
    }
    theirs = official.load_collection("S2", **arguments, fetch_metadata=False)
    theirs = theirs.filter_bbox(west=3.5, south=51.0, east=3.55, north=51.05).save_result("GTiff")
    ours = connection.load_collection("S2", **arguments)
    ours = ours.filter_bbox(west=3.5, south=51.0, east=3.55, north=51.05).save_result("GTiff")

    assert ours.flat_graph() == theirs.flat_graph()
    connection.create_job(theirs)
    sent = backend.asked("POST", "/jobs")[0].json()["process"]["process_graph"]
    assert sent == ours.flat_graph()


def test_the_older_name_is_the_same_class():
    assert RESTJob is BatchJob


def test_a_job_that_exists(connection):
    assert repr(connection.job("job-1")) == "<BatchJob job_id='job-1'>"


def test_start_and_wait_in_one_go(backend, job, quick):
    states = ("created", "queued", "running", "running", "finished")
    answers = [{"id": "job-1", "status": state} for state in states]
    answers[3]["progress"] = 40
    backend.on("GET", "/jobs/job-1", *answers)
    lines = []

    assert job.start_and_wait(print=lines.append) is job

    told = [line.split(" ", 1)[1].split(" - ")[0] for line in lines]
    assert told == ["starting", "created", "queued", "running", "running 40 %", "finished"]
    assert len(backend.asked("POST", "/jobs/job-1/results")) == 1


def test_execute_batch_downloads_what_the_extension_says(
    backend, connection, script, results, quick, tmp_path
):
    backend.on("GET", "/jobs/job-1", {"status": "finished"})
    backend.on("GET", "/jobs/job-1/results", results(backend.url, "out.nc"))
    backend.on("GET", "/files/out.nc", script(b"netcdf"))

    job = _cube(connection).execute_batch(tmp_path / "out.nc", title="One go", print=len)

    assert job.status() == "finished"
    assert (tmp_path / "out.nc").read_bytes() == b"netcdf"
    body = backend.asked("POST", "/jobs")[0].json()
    assert body["title"] == "One go"
    assert "print" not in body
    assert body["process"]["process_graph"]["saveresult1"]["arguments"]["format"] == "netCDF"


def test_results_and_their_metadata(finished, job):
    results = job.get_results()
    assert isinstance(results, JobResults)
    assert repr(results) == "<JobResults for job 'job-1'>"
    metadata = results.get_metadata()
    assert metadata["bbox"] == [3.5, 51.0, 3.6, 51.1]
    assert metadata["geometry"]["type"] == "Polygon"
    assert set(metadata["assets"]) == {"res001.tiff", "res002.tiff", "out.json"}
    assert results.get_metadata() is metadata
    assert results.get_metadata(force=True) is not metadata


def test_download_all_assets(finished, job, tmp_path):
    paths = job.get_results().download_files(tmp_path / "data" / "out")
    assert [path.name for path in paths] == [
        "res001.tiff",
        "res002.tiff",
        "out.json",
        "job-results.json",
    ]
    assert paths[1].read_bytes() == b"second"
    written = json.loads(paths[-1].read_text(encoding="utf-8"))
    assert written["assets"]["res001.tiff"]["href"] == "./res001.tiff"


def test_download_all_assets_to_the_working_directory(finished, job, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    job.get_results().download_files()
    assert (tmp_path / "res001.tiff").read_bytes() == b"first"


def test_download_the_only_asset(backend, script, results, job, tmp_path):
    backend.on("GET", "/jobs/job-1/results", results(backend.url, "only.tiff"))
    backend.on("GET", "/files/only.tiff", script(b"only"))
    path = job.get_results().download_file(tmp_path / "data/out/result.tiff")
    assert path == tmp_path / "data/out/result.tiff"
    assert path.read_bytes() == b"only"


def test_download_one_of_several_needs_its_name(finished, job, tmp_path):
    results = job.get_results()
    with pytest.raises(MultipleAssetsError, match=r"res001\.tiff.*download_files"):
        results.download_file(tmp_path / "result.tiff")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("argument", ["name", "key"])
def test_download_one_of_several(finished, job, tmp_path, argument):
    path = job.get_results().download_file(tmp_path / "r.tiff", **{argument: "res002.tiff"})
    assert path.read_bytes() == b"second"


def test_download_in_a_loop(finished, job, tmp_path):
    for asset in job.get_results().get_assets():
        if asset.metadata["type"].startswith("image/tiff"):
            asset.download(tmp_path / ("result-v2-" + asset.name))
    assert {path.name for path in tmp_path.iterdir()} == {
        "result-v2-res001.tiff",
        "result-v2-res002.tiff",
    }


def test_load_json_directly(finished, job):
    asset = job.get_results().get_asset("out.json")
    assert asset.metadata["type"] == asset.media_type == "application/json"
    assert asset.load_json() == SERIES
    assert json.loads(asset.load_bytes()) == SERIES


def test_older_method_names(finished, job, tmp_path):
    finished.on("GET", "/jobs/job-1", {"status": "finished"})
    finished.on("GET", "/jobs/job-1/estimate", {"costs": 3})
    assert job.describe_job() == {"status": "finished"}
    assert job.estimate_job() == {"costs": 3}
    assert job.start_job() is job
    job.stop_job()
    assert set(job.list_results()["assets"]) == {"res001.tiff", "res002.tiff", "out.json"}
    paths = job.download_results(tmp_path)
    assert paths[tmp_path / "res002.tiff"]["type"] == "image/tiff"
