"""Verification that would let a wrong file pass is worse than none."""

import hashlib
import json

import nbformat
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from openeo_widgets.demo import once, steps


def raster(path, values):
    values = np.asarray(values, dtype="float32").reshape(1, 2, 2)
    options = {"width": 2, "height": 2, "count": 1, "dtype": "float32", "nodata": float("nan")}
    where = {"crs": "EPSG:32633", "transform": from_origin(600000, 5340000, 10, 10)}
    with rasterio.open(path, "w", driver="GTiff", **options, **where) as file:
        file.write(values)
    return path


def test_ndvi(tmp_path):
    found = steps.check_ndvi(raster(tmp_path / "a.tif", [-0.25, 0, 0.5, np.nan]))
    assert found == "2 x 2 pixels in EPSG:32633, NDVI -0.25 to 0.50"


@pytest.mark.parametrize("values", [[0, 0.5, 1, 1.5], [-2, 0, 0, 0], [np.nan] * 4])
def test_what_is_no_ndvi(tmp_path, values):
    with pytest.raises(steps.VerificationError):
        steps.check_ndvi(raster(tmp_path / "a.tif", values))


@pytest.mark.parametrize("algorithm", ["sha256", "sha512", "sha1"])
def test_checksum(tmp_path, algorithm):
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    code = {"sha256": "1220", "sha512": "1340", "sha1": "1114"}[algorithm]
    told = code + hashlib.new(algorithm, b"abc").hexdigest()
    assert steps.check_checksum(path, {"file:checksum": told}) == f"{algorithm} agrees"
    path.write_bytes(b"abd")
    with pytest.raises(steps.VerificationError, match="another checksum"):
        steps.check_checksum(path, {"file:checksum": told})


@pytest.mark.parametrize("metadata", [{}, {"file:checksum": "abc"}])
def test_file_without_checksum_is_not_verified(tmp_path, metadata):
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    with pytest.raises(steps.VerificationError, match="no checksum"):
        steps.check_checksum(path, metadata)


def test_size(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    assert steps.check_size(path, {"file:size": 3}) == "3 bytes"
    for metadata in ({"file:size": 4}, {}):
        with pytest.raises(steps.VerificationError):
            steps.check_size(path, metadata)


def test_json_needs_a_number(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"2022-01-01": [[0.5, None]], "ok": True}), encoding="utf-8")
    assert steps.check_json(path) == "1 numbers"
    path.write_text(json.dumps({"2022-01-01": [[None, None]]}), encoding="utf-8")
    with pytest.raises(steps.VerificationError):
        steps.check_json(path)


def tagged(source, *tags):
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def test_every_job_of_the_notebook_is_started_after_its_cell_and_verified_at_the_end():
    cells = [tagged("1"), tagged("2", "create-job"), tagged("3", "create-series"), tagged("4")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    once.add_steps(notebook)
    calls = [cell.source.rpartition("_steps.")[2] for cell in notebook.cells]
    assert calls == [
        *("1", "2", "start_and_follow(job)", "3", "start_and_follow(series)", "4"),
        "verify(job, series)",
    ]


def test_notebook_that_makes_no_job_is_refused():
    with pytest.raises(ValueError, match="what is to be started"):
        once.add_steps(nbformat.v4.new_notebook(cells=[tagged("1", "connect")]))
