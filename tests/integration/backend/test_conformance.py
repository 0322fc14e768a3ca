"""Replies against the API's own description, where that file lies beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from backend_graphs import SEVERAL, SMALL, chain, load
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

REPOSITORY = Path(__file__).resolve().parents[3]
SPECIFICATION = REPOSITORY.parent / "shared" / "openeo-api-1.2.0.yaml"


@pytest.fixture(scope="module")
def api(backend):
    if not SPECIFICATION.exists():
        pytest.skip("The API's description is not at ../shared/openeo-api-1.2.0.yaml")
    description = yaml.safe_load(SPECIFICATION.read_text(encoding="utf-8"))
    description["servers"] = [{"url": backend.url}]
    for path in description["paths"].values():
        for part in (path, *path.values()):
            if isinstance(part, dict):
                part.pop("servers", None)
    # Here `oneOf` cannot hold: its first schema allows anything, its others are special cases, so
    # that not even openEO's own process specifications would be valid.
    schemas = description["components"]["schemas"]
    data_type = schemas["process_json_schema"]
    data_type["anyOf"] = data_type.pop("oneOf")
    summaries = find(schemas, "summaries")["additionalProperties"]
    summaries["anyOf"] = summaries.pop("oneOf")
    # "Results without a known location can set this value to `null`", it says, but `nullable`
    # means nothing beside `allOf`.
    geometry = schemas["batch_job_result"]["properties"]["geometry"]
    geometry["anyOf"] = [*geometry.pop("allOf"), {"enum": [None]}]
    config = Config(extra_media_type_deserializers={"application/geo+json": json.loads})
    return OpenAPI.from_dict(description, config=config)


def find(value, key):
    """The first value of a key, however deep."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    if isinstance(value, list):
        return next((found for element in value if (found := find(element, key))), None)
    return None


@pytest.fixture
def check(api):
    def check(reply, status):
        assert reply.status_code == status, reply.text
        request = RequestsOpenAPIRequest(reply.request)
        try:
            api.validate_response(request, RequestsOpenAPIResponse(reply))
        except OpenAPIError as error:
            details = getattr(error.__cause__, "schema_errors", [])
            wrong = [f"{[*d.absolute_path]}: {d.message[:300]}" for d in details]
            pytest.fail(f"{reply.request.path_url}: {str(error)[:200]} {wrong}")
        return reply

    return check


PUBLIC = (
    "/", "/.well-known/openeo", "/file_formats", "/conformance", "/collections",
    "/collections/SENTINEL2_SAMPLE", "/processes",
)  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_public_endpoints(client, check, path):
    check(client.get(path, signed_in=False), 200)


def test_signing_in(client, check):
    reply = client.get("/credentials/basic", signed_in=False, auth=("demo", "demo"))
    check(reply, 200)
    check(client.get("/me"), 200)


def test_validation(client, check):
    for graph, count in ((SMALL, 0), (chain(load(id="NOPE")), 1)):
        reply = check(client.post("/validation", json={"process_graph": graph}), 200)
        assert len(reply.json()["errors"]) == count


@pytest.mark.parametrize("graph", [SMALL, SEVERAL], ids=["item", "collection"])
def test_the_life_of_a_job(client, check, graph):
    body = {"title": "A title", "description": None, "plan": "free", "budget": 5}
    body |= {"process": {"process_graph": graph}, "log_level": "debug"}
    job_id = check(client.post("/jobs", json=body), 201).headers["OpenEO-Identifier"]
    own = f"/jobs/{job_id}"
    check(client.get(own), 200)
    check(client.get("/jobs?limit=1"), 200)
    check(client.get(f"{own}/estimate"), 200)
    check(client.get(f"{own}/results"), 400)
    check(client.get(f"{own}/logs"), 200)
    check(client.post(f"{own}/results"), 202)
    client.wait(job_id)
    check(client.get(own), 200)
    check(client.get(f"{own}/logs?limit=1&level=debug"), 200)
    check(client.get(f"{own}/results"), 200)
    check(client.get(f"{own}/results", headers={"Accept": "application/geo+json"}), 200)
    check(client.request("PATCH", own, json={"title": "Another"}), 204)
    check(client.request("DELETE", own), 204)
    check(client.get(own), 404)


def test_results_of_a_failed_job(client, check):
    job_id = client.create(chain(load(id="NOPE")))
    client.start(job_id)
    client.wait(job_id)
    entry = check(client.get(f"/jobs/{job_id}/results"), 424).json()
    assert entry["code"] == "CollectionNotFound"


def test_results_of_a_job_that_runs(client, check, request):
    job_id = client.create(SMALL, simulate={"run_s": 3600})
    request.addfinalizer(lambda: client.request("DELETE", f"/jobs/{job_id}"))
    client.start(job_id)
    client.wait(job_id, "running")
    check(client.get(f"/jobs/{job_id}"), 200)
    check(client.get(f"/jobs/{job_id}/results?partial=true"), 200)
    check(client.request("DELETE", f"/jobs/{job_id}/results"), 204)
    check(client.get(f"/jobs/{job_id}/results?partial=true"), 200)


def test_errors(client, check):
    check(client.get("/jobs", signed_in=False), 401)
    check(client.get("/jobs/none"), 404)
    check(client.get("/collections/none", signed_in=False), 404)
    check(client.post("/result", json={}), 501)
