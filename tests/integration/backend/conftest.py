"""A back-end for all tests of this folder, and a small client for it."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from backend_client import Client

from openeo_widgets.backend import LocalBackend, sample
from openeo_widgets.backend.settings import DEMO_ACCOUNTS

OTHER = ("other", "secret")


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("backend")


@pytest.fixture(scope="session")
def backend(data_folder):
    accounts = {**DEMO_ACCOUNTS, OTHER[0]: OTHER[1]}
    with LocalBackend(data_folder, accounts=accounts) as running:
        yield running


@pytest.fixture(scope="session")
def client(backend):
    with Client(backend.url) as signed_in:
        yield signed_in


@pytest.fixture(scope="session")
def other_client(backend):
    with Client(backend.url, *OTHER) as signed_in:
        yield signed_in


@pytest.fixture(scope="session")
def scenes(data_folder, backend):
    """The sample as plain NumPy: (t, band, y, x), nodata as NaN."""
    path = sample.ensure(data_folder)
    return np.stack([sample.read(path, date, sample.BANDS) for date in sample.DATES])


@pytest.fixture
def rasters(client, tmp_path):
    """Runs a graph and reads all its GeoTIFFs: arrays (band, y, x) by asset key."""

    def run(graph):
        paths = client.download(client.run(graph), tmp_path)
        arrays = {}
        for key, path in paths.items():
            with rasterio.open(path) as raster:
                arrays[key] = raster.read()
        return arrays

    return run


@pytest.fixture
def one(rasters):
    def run(graph):
        (array,) = rasters(graph).values()
        return array

    return run


@pytest.fixture
def series(client, tmp_path):
    """Runs a graph and reads its only JSON file."""

    def run(graph):
        (path,) = client.download(client.run(graph), tmp_path).values()
        return json.loads(path.read_text())

    return run
