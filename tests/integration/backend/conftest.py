"""A back-end for all tests of this folder, and a small client for it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import requests

from openeo_widgets.backend import LocalBackend, sample
from openeo_widgets.backend.settings import DEMO_ACCOUNTS

OTHER = ("other", "secret")
SECONDS = 120  # far more than anything takes: a hang must end, nothing is timed


def pytest_configure(config):
    # rasterio 1.4 multiplies affine 3's transforms in the way that affine 2 knew.
    config.addinivalue_line(
        "filterwarnings", "ignore:Use `@` matmul instead:PendingDeprecationWarning"
    )


@dataclass
class Client:
    """HTTP with a token."""

    url: str
    user: str = "demo"
    password: str = "demo"

    def __post_init__(self):
        self.session = requests.Session()
        self.session.trust_env = False
        reply = self.session.get(
            f"{self.url}/credentials/basic", auth=(self.user, self.password), timeout=SECONDS
        )
        reply.raise_for_status()
        self.token = reply.json()["access_token"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.close()

    def request(self, method, path, *, signed_in=True, **rest) -> requests.Response:
        url = path if path.startswith("http") else self.url + path
        headers = {"Authorization": f"Bearer basic//{self.token}"} if signed_in else {}
        headers |= rest.pop("headers", {})
        return self.session.request(method, url, headers=headers, timeout=SECONDS, **rest)

    def get(self, path, **rest):
        return self.request("GET", path, **rest)

    def post(self, path, **rest):
        return self.request("POST", path, **rest)

    def create(self, graph, **rest) -> str:
        reply = self.post("/jobs", json={"process": {"process_graph": graph}, **rest})
        assert reply.status_code == 201, reply.text
        return reply.headers["OpenEO-Identifier"]

    def start(self, job_id) -> None:
        assert self.post(f"/jobs/{job_id}/results").status_code == 202

    def job(self, job_id) -> dict[str, Any]:
        return self.get(f"/jobs/{job_id}").json()

    def logs(self, job_id) -> list[dict[str, Any]]:
        return self.get(f"/jobs/{job_id}/logs").json()["logs"]

    def wait(self, job_id, *wanted) -> dict[str, Any]:
        """The job, once its status is one of ``wanted`` (or it has ended)."""
        return self.until(
            lambda: self.job(job_id),
            lambda job: job["status"] in (wanted or ("finished", "error", "canceled")),
        )

    def until(self, ask, good):
        pause, deadline = threading.Event(), time.monotonic() + SECONDS
        while not good(answer := ask()):
            assert time.monotonic() < deadline, answer
            pause.wait(0.02)
        return answer

    def run(self, graph, **rest) -> dict[str, Any]:
        """The results' metadata of a job that must finish."""
        job_id = self.create(graph, **rest)
        self.start(job_id)
        job = self.wait(job_id)
        assert job["status"] == "finished", self.logs(job_id)
        return self.get(f"/jobs/{job_id}/results").json()

    def fail(self, graph, **rest) -> dict[str, Any]:
        """The last error of a job that must fail."""
        job_id = self.create(graph, **rest)
        self.start(job_id)
        assert self.wait(job_id)["status"] == "error"
        return self.logs(job_id)[-1]

    def download(self, results, folder):
        """All assets of results, as paths by key."""
        paths = {}
        for key, asset in results["assets"].items():
            reply = self.get(asset["href"], signed_in=False)
            assert reply.status_code == 200
            paths[key] = folder / key
            paths[key].write_bytes(reply.content)
        return paths


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
