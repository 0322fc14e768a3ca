"""Jobs on a Dask cluster that exists."""

from __future__ import annotations

import warnings

import pytest
from backend_client import Client
from backend_graphs import POLYGON, SMALL, callback, chain, load, node

from openeo_widgets.backend import LocalBackend


@pytest.fixture(scope="module")
def scheduler():
    with warnings.catch_warnings():
        # The cluster's own affair: ports that are taken, event loops left open.
        warnings.simplefilter("ignore")
        from distributed import LocalCluster  # noqa: PLC0415 -- slow to import

        cluster = LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        )
        yield cluster.scheduler_address
        cluster.close()


def test_a_cluster_computes_the_same(client, scheduler, tmp_path):
    series = chain(
        load(bands=["B04"]),
        node("aggregate_spatial", geometries=POLYGON, reducer=callback("median")),
        format="JSON",
    )
    with (
        LocalBackend(tmp_path, scheduler=scheduler) as backend,
        Client(backend.url) as on_cluster,
    ):
        for graph in (SMALL, series):
            (here,) = client.run(graph)["assets"].values()
            (there,) = on_cluster.run(graph)["assets"].values()
            assert here["file:checksum"] == there["file:checksum"]
            assert here["href"] != there["href"]


def test_a_cluster_that_does_not_exist_is_told(tmp_path):
    with (
        LocalBackend(tmp_path, scheduler="tcp://127.0.0.1:1") as backend,
        Client(backend.url) as on_cluster,
    ):
        entry = on_cluster.fail(SMALL)
        assert entry["code"] == "SchedulerUnavailable"
        assert "tcp://127.0.0.1:1" in entry["message"]
