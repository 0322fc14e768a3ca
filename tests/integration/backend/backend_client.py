"""A small client for the back-end, which leaves everything visible."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import requests

SECONDS = 120  # far more than anything takes: a hang must end, nothing is timed


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
