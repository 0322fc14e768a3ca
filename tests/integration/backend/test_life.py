"""Queueing, canceling, failing, restarting: what becomes of a job."""

from __future__ import annotations

import pytest
from backend_client import Client
from backend_graphs import SEVERAL, SMALL, callback, chain, load, node, of

from openeo_widgets.backend import LocalBackend

LONG = {"run_s": 3600}


def test_a_job_lives_through_its_states(client):
    job_id = client.create(SMALL, title="NDVI", simulate={"queue_s": 0.2, "run_s": 0.3})
    assert client.job(job_id)["status"] == "created"
    had = client.get("/me").json()["budget"]
    assert "progress" not in client.job(job_id)
    client.start(job_id)
    queued = client.job(job_id)
    assert (queued["status"], queued["progress"]) == ("queued", 0)
    running = client.wait(job_id, "running", "finished")
    assert queued["queued"] <= running["started"] <= running["updated"]
    finished = client.wait(job_id)
    assert (finished["status"], finished["progress"]) == ("finished", 100)
    assert finished["costs"] >= 1
    assert client.get("/me").json()["budget"] == had - finished["costs"]
    assert finished["usage"]["cpu"]["unit"] == "cpu-seconds"
    assert finished["usage"]["storage"]["value"] > 0
    assert [link["rel"] for link in finished["links"]] == ["monitor", "result"]


def test_simulated_progress_log_and_failure(client):
    life = {"run_s": 0.4, "fail_at": 0.5, "log_lines": 10}
    job_id = client.create(SMALL, simulate=life)
    client.start(job_id)
    job = client.wait(job_id)
    assert job["status"] == "error"
    assert job["progress"] == pytest.approx(50)
    logs = client.logs(job_id)
    assert [entry["code"] for entry in logs if entry["level"] == "error"] == ["SimulatedFailure"]
    assert sum("Simulated log entry" in entry["message"] for entry in logs) == 5


def test_computing_reports_progress(client):
    """From the tasks that are done, without any simulation."""
    features = [
        {"type": "Feature", "properties": {}, "geometry": square(16.605 + 0.003 * i, 48.205)}
        for i in range(10)
    ]
    geometries = {"type": "FeatureCollection", "features": features}
    series = [
        node("aggregate_spatial", geometries=geometries, reducer=callback("median")),
    ]
    job_id = client.create(chain(load(), *series, format="JSON"))
    client.start(job_id)
    seen = set()
    client.until(
        lambda: client.job(job_id), lambda job: seen.add(job["progress"]) or job["progress"] == 100
    )
    assert any(0 < value < 100 for value in seen), seen


def square(west, south, size=0.002):
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_starting_twice_has_no_effect(client):
    job_id = client.create(SMALL, simulate=LONG)
    client.start(job_id)
    client.wait(job_id, "running")
    before = client.job(job_id)["started"]
    client.start(job_id)
    assert client.job(job_id)["started"] == before
    client.request("DELETE", f"/jobs/{job_id}")


def test_canceling_a_queued_job_brings_it_back(client):
    job_id = client.create(SMALL, simulate={"queue_s": 3600})
    client.start(job_id)
    assert client.request("DELETE", f"/jobs/{job_id}/results").status_code == 204
    assert client.job(job_id)["status"] == "created"


def test_canceling_a_running_job_and_starting_it_again(client):
    job_id = client.create(SMALL, simulate=LONG)
    client.start(job_id)
    client.wait(job_id, "running")
    assert client.request("DELETE", f"/jobs/{job_id}/results").status_code == 204
    assert client.job(job_id)["status"] == "canceled"
    assert client.get(f"/jobs/{job_id}/results").json()["code"] == "JobNotFinished"
    client.request("PATCH", f"/jobs/{job_id}", json={"simulate": None})
    client.start(job_id)
    assert client.wait(job_id)["status"] == "finished"


HEAVY = chain(
    load(),
    # About 600 million values: minutes of work, so that it cannot end by itself meanwhile.
    node("resample_spatial", resolution=1, method="bilinear"),
    node("apply_kernel", kernel=[[1.0] * 25] * 25),
    node("reduce_dimension", dimension="t", reducer=callback("median")),
)


def test_canceling_ends_a_computation(client):
    """What was computing is gone, and nothing of it comes late."""
    job_id = client.create(HEAVY, log_level="debug")
    client.start(job_id)
    client.until(
        lambda: client.logs(job_id),
        lambda logs: any("reduce_dimension" in entry["message"] for entry in logs),
    )
    client.request("DELETE", f"/jobs/{job_id}/results")
    assert client.job(job_id)["status"] == "canceled"
    # The slot is free: another job can run to its end, after which the first is still canceled.
    client.run(SMALL)
    job = client.job(job_id)
    assert job["status"] == "canceled"
    assert job["progress"] < 100
    assert client.logs(job_id)[-1]["message"] == "The job was canceled by the user."


def test_restarting_discards_results(client):
    job_id = client.create(SMALL)
    client.start(job_id)
    client.wait(job_id)
    old = client.get(f"/jobs/{job_id}/results").json()["assets"]
    (asset,) = old.values()
    client.request("PATCH", f"/jobs/{job_id}", json={"simulate": LONG})
    client.start(job_id)
    assert client.get(f"/jobs/{job_id}/results").status_code == 400
    assert client.get(asset["href"]).status_code == 404
    client.request("DELETE", f"/jobs/{job_id}")


def test_partial_results(client):
    job_id = client.create(SMALL, simulate=LONG)
    assert client.get(f"/jobs/{job_id}/results?partial=true").status_code == 400
    client.start(job_id)
    client.wait(job_id, "running")
    reply = client.get(f"/jobs/{job_id}/results?partial=true")
    assert reply.status_code == 200
    found = reply.json()
    assert found["properties"]["openeo:status"] == "running"
    assert (found["assets"], found["geometry"], "bbox" in found) == ({}, None, False)
    client.request("DELETE", f"/jobs/{job_id}")
    assert client.get(f"/jobs/{job_id}").status_code == 404


def test_a_locked_job_cannot_be_changed(client):
    job_id = client.create(SMALL, simulate=LONG)
    client.start(job_id)
    reply = client.request("PATCH", f"/jobs/{job_id}", json={"title": "new"})
    assert (reply.status_code, reply.json()["code"]) == (400, "JobLocked")
    client.request("DELETE", f"/jobs/{job_id}")


def test_changing_a_job(client):
    job_id = client.create(SMALL, title="old", budget=3)
    path = f"/jobs/{job_id}"
    assert client.request("PATCH", path, json={"title": "new", "budget": None}).status_code == 204
    assert (client.job(job_id)["title"], client.job(job_id)["budget"]) == ("new", None)
    assert client.request("PATCH", path, json={}).json()["code"] == "NoDataForUpdate"
    reply = client.request("PATCH", path, json={"status": "finished"})
    assert reply.json()["code"] == "PropertyNotEditable"


def test_pages_of_jobs(client):
    made = [client.create(SMALL, title=str(index)) for index in range(5)]
    page, found = client.get("/jobs?limit=2").json(), []
    while len(found) < 5:
        assert len(page["jobs"]) == 2
        found += [job["id"] for job in page["jobs"]]
        (following,) = [link["href"] for link in page["links"] if link["rel"] == "next"]
        page = client.get(following).json()
    assert found[:5] == made[::-1]
    assert all("process" not in job for job in page["jobs"])


def test_pages_and_levels_of_logs(client):
    job_id = client.create(SMALL, simulate={"run_s": 0.05, "log_lines": 7}, log_level="debug")
    client.start(job_id)
    client.wait(job_id)
    everything = client.logs(job_id)
    page, found = client.get(f"/jobs/{job_id}/logs?limit=3").json(), []
    while True:
        found += page["logs"]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            break
        page = client.get(following[0]).json()
    assert found == everything
    later = client.get(f"/jobs/{job_id}/logs?offset={everything[4]['id']}").json()["logs"]
    assert later == everything[5:]
    assert {entry["level"] for entry in everything} == {"debug", "info"}
    reply = client.get(f"/jobs/{job_id}/logs?level=info").json()
    assert reply["level"] == "info"
    assert {entry["level"] for entry in reply["logs"]} == {"info"}


def test_debug_entries_are_stored_only_if_asked_for(client):
    job_id = client.create(SMALL)
    client.start(job_id)
    client.wait(job_id)
    reply = client.get(f"/jobs/{job_id}/logs?level=debug").json()
    assert reply["level"] == "info"
    assert {entry["level"] for entry in reply["logs"]} == {"info"}


def test_inspect_writes_to_the_log(client):
    graph = chain(
        load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B04"]),
        node("inspect", message="Look", code="Mine", level="warning"),
    )
    job_id = client.create(graph)
    client.start(job_id)
    client.wait(job_id)
    (entry,) = [entry for entry in client.logs(job_id) if entry.get("code") == "Mine"]
    assert (entry["level"], entry["message"]) == ("warning", "Look")
    assert entry["data"]["cube:dimensions"]["bands"]["values"] == ["B04"]


def test_what_inspect_cannot_write_down_keeps_no_log_from_being_read(client):
    graph = {
        "list": node("array_create", data=[1, 2]),
        "nan": node("nan"),
        "of_list": node("inspect", data=[of("list")], message="list"),
        "of_nan": node("inspect", data=of("nan"), message="nan"),
        "save": node("save_result", data=1, format="JSON") | {"result": True},
    }
    job_id = client.create(graph)
    client.start(job_id)
    assert client.wait(job_id)["status"] == "finished"
    found = {entry["message"]: entry.get("data") for entry in client.logs(job_id)}
    assert found["nan"] == "nan"
    assert "1" in found["list"]


def test_jobs_survive_a_restart(tmp_path):
    """What ran is lost and says so; what waited goes on waiting; what was done stays."""
    backend = LocalBackend(tmp_path, workers=1)
    with backend, Client(backend.url) as client:
        done = client.create(SEVERAL)
        client.start(done)
        client.wait(done)
        running = client.create(SMALL, simulate=LONG)
        client.start(running)
        client.wait(running, "running")
        waiting = client.create(SMALL)
        client.start(waiting)
        token = client.token
    with backend, Client(backend.url) as client:
        assert client.job(running)["status"] == "error"
        last = client.logs(running)[-1]
        assert last["code"] == "BackendRestarted"
        assert "Start the job again" in last["message"]
        assert client.wait(waiting)["status"] == "finished"
        client.token = token
        assert len(client.get(f"/jobs/{done}/results").json()["assets"]) == 3
        client.request("PATCH", f"/jobs/{running}", json={"simulate": None})
        client.start(running)
        assert client.wait(running)["status"] == "finished"


def test_only_so_many_jobs_run_at_a_time(client):
    jobs = [client.create(SMALL, simulate=LONG) for _ in range(3)]
    for job_id in jobs:
        client.start(job_id)
    client.until(
        lambda: [client.job(job_id)["status"] for job_id in jobs],
        lambda found: found == ["running", "running", "queued"],
    )
    client.request("DELETE", f"/jobs/{jobs[0]}/results")
    client.wait(jobs[2], "running")
    for job_id in jobs:
        client.request("DELETE", f"/jobs/{job_id}")
