"""Signing in, and requests that are not as they should be."""

from __future__ import annotations

import os
import stat

import pytest
from backend_graphs import SMALL, chain, load, node

from openeo_widgets.backend import LocalBackend
from openeo_widgets.backend.errors import ConfigurationError


def test_both_forms_of_token(client):
    for form in (f"Bearer {client.token}", f"Bearer basic//{client.token}"):
        reply = client.get("/me", signed_in=False, headers={"Authorization": form})
        assert reply.json()["user_id"] == "demo"


@pytest.mark.parametrize(
    ("authorization", "status", "code"),
    [
        (None, 401, "AuthenticationRequired"),
        ("Bearer nonsense", 403, "TokenInvalid"),
        ("Bearer basic//", 403, "TokenInvalid"),
        ("Bearer basic//a.b.c", 403, "TokenInvalid"),
        ("Basic ZGVtbzpkZW1v", 403, "AuthenticationSchemeInvalid"),
        ("Bearer oidc/egi/token", 403, "TokenInvalid"),
    ],
)
def test_bad_tokens(client, authorization, status, code):
    headers = {"Authorization": authorization} if authorization else {}
    reply = client.get("/jobs", signed_in=False, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("authorization", "status", "code"),
    [
        (None, 401, "AuthenticationRequired"),
        ("Bearer x", 403, "AuthenticationSchemeInvalid"),
        ("Basic !!!", 403, "CredentialsInvalid"),
        ("Basic ZGVtbzp3cm9uZw==", 403, "CredentialsInvalid"),  # demo:wrong
        ("Basic bm9ib2R5OmRlbW8=", 403, "CredentialsInvalid"),  # nobody:demo
        ("Basic ZGVtbw==", 403, "CredentialsInvalid"),  # demo
    ],
)
def test_bad_passwords(client, authorization, status, code):
    headers = {"Authorization": authorization} if authorization else {}
    reply = client.get("/credentials/basic", signed_in=False, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_expired_tokens(tmp_path, client):
    with LocalBackend(tmp_path, token_seconds=-1) as backend:
        path = f"{backend.url}/credentials/basic"
        token = client.get(path, signed_in=False, auth=("demo", "demo")).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        reply = client.get(f"{backend.url}/me", signed_in=False, headers=headers)
        assert reply.json()["code"] == "TokenInvalid"


def test_a_token_of_another_back_end_is_not_valid(tmp_path, client):
    with LocalBackend(tmp_path) as backend:
        assert client.get(f"{backend.url}/me").json()["code"] == "TokenInvalid"


def test_other_users_see_nothing(client, other_client):
    job_id = client.create(SMALL)
    for method, path in (
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/logs"), ("GET", "/estimate"),
        ("GET", "/results"), ("POST", "/results"), ("DELETE", "/results"),
    ):  # fmt: skip
        reply = other_client.request(method, f"/jobs/{job_id}{path}", json={"title": "x"})
        assert (reply.status_code, reply.json()["code"]) == (404, "JobNotFound")
    assert other_client.get("/jobs").json()["jobs"] == []
    assert client.job(job_id)["status"] == "created"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "RequestBodyInvalid"),
        (b"[]", "RequestBodyInvalid"),
        (b"\xff\xfe", "RequestBodyInvalid"),
        (b"[" * 100_000, "RequestBodyInvalid"),
        (b'{"budget": NaN}', "RequestBodyInvalid"),
        (b'{"budget": 1e999}', "RequestBodyInvalid"),
        (b'{"title": "\\ud800"}', "RequestBodyInvalid"),
        (b"{}", "ProcessGraphMissing"),
        (b'{"process": 3}', "ProcessGraphMissing"),
        (b'{"process": {"process_graph": []}}', "ProcessGraphMissing"),
        (b'{"process": {"process_graph": {}}, "title": 3}', "ParameterValueUnsupported"),
        (b'{"process": {"process_graph": {}}, "plan": "gold"}', "BillingPlanInvalid"),
        (b'{"process": {"process_graph": {}}, "budget": -1}', "BudgetInvalid"),
        (b'{"process": {"process_graph": {}}, "log_level": []}', "ParameterValueUnsupported"),
        (b'{"process": {"process_graph": {}}, "simulate": 3}', "ParameterValueUnsupported"),
        (b'{"process": {"process_graph": {}}, "simulate": {"run_s": -1}}',
         "ParameterValueUnsupported"),
    ],
)  # fmt: skip
def test_bad_bodies(client, body, code):
    reply = client.post("/jobs", data=body, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["code"]) == (400, code)
    assert set(reply.json()) == {"id", "code", "message", "links"}


def test_other_content_types(client):
    reply = client.post("/jobs", data=b"x", headers={"Content-Type": "text/plain"})
    assert (reply.status_code, reply.json()["code"]) == (415, "ContentTypeInvalid")


def test_a_body_too_large(client):
    reply = client.post("/validation", data=b" " * (17 * 2**20))
    assert (reply.status_code, reply.json()["code"]) == (413, "RequestTooLarge")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=x", "limit=", "limit=1.5", "before=x"]
)
def test_bad_pages(client, query):
    reply = client.get(f"/jobs?{query}")
    assert (reply.status_code, reply.json()["code"]) == (400, "ParameterValueUnsupported")


def test_a_huge_limit_is_no_error(client):
    job_id = client.create(SMALL)
    assert client.get("/jobs?limit=99999999999999999999").status_code == 200
    assert client.get(f"/jobs/{job_id}/logs?limit=99999999999999999999").status_code == 200


@pytest.mark.parametrize("query", ["level=loud", "offset=x", "limit=0"])
def test_bad_log_requests(client, query):
    job_id = client.create(SMALL)
    reply = client.get(f"/jobs/{job_id}/logs?{query}")
    assert (reply.status_code, reply.json()["code"]) == (400, "ParameterValueUnsupported")


@pytest.mark.parametrize("path", ["/nothing", "/jobs/a/b", "/JOBS", "/files/a/b"])
def test_unknown_endpoints(client, path):
    assert client.get(path).json()["code"] in ("NotFound", "JobNotFound")


@pytest.mark.parametrize("path", ["/result", "/services", "/files", "/udf_runtimes", "/files/a"])
def test_endpoints_that_are_not_here(client, path):
    reply = client.get(path)
    assert (reply.status_code, reply.json()["code"]) == (501, "FeatureUnsupported")


def test_every_listed_endpoint_exists_and_says_which_methods_it_has(client):
    listed = client.get("/", signed_in=False).json()["endpoints"]
    for entry in listed:
        path = entry["path"].replace("{job_id}", "x").replace("{collection_id}", "x")
        reply = client.request("OPTIONS", path, signed_in=False)
        assert reply.status_code == 204
        allowed = reply.headers["Access-Control-Allow-Methods"].split(", ")
        assert allowed == ["OPTIONS", *entry["methods"]]


def test_browsers_are_let_in(client):
    for reply in (client.get("/"), client.get("/nothing"), client.request("OPTIONS", "/jobs")):
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        exposed = reply.headers["Access-Control-Expose-Headers"]
        assert {"Link", "Location", "OpenEO-Costs", "OpenEO-Identifier"} <= set(exposed.split(", "))
        assert "Authorization" in reply.headers["Access-Control-Allow-Headers"]


def test_estimates(client):
    job_id = client.create(SMALL)
    found = client.get(f"/jobs/{job_id}/estimate").json()
    results = client.run(SMALL)
    size = sum(asset["file:size"] for asset in results["assets"].values())
    assert size <= found["size"] <= 3 * size  # of the same order
    assert found["duration"].startswith("PT")
    impossible = client.create(chain(load(id="NOPE")))
    reply = client.get(f"/jobs/{impossible}/estimate")
    assert (reply.status_code, reply.json()["code"]) == (500, "EstimateComplexity")


def test_listed_processes_have_what_the_issue_names(client):
    found = {process["id"] for process in client.get("/processes").json()["processes"]}
    assert {
        "load_collection", "filter_bbox", "filter_bands", "filter_temporal", "ndvi", "save_result",
        "reduce_dimension", "aggregate_temporal", "aggregate_temporal_period", "aggregate_spatial",
        "mask", "apply", "merge_cubes",
    } <= found  # fmt: skip


def test_version_1_3_says_so(tmp_path, client):
    with LocalBackend(tmp_path, api_version="1.3.0") as backend:
        found = client.get(f"{backend.url}/", signed_in=False).json()
        assert found["api_version"] == "1.3.0"
        assert "https://api.openeo.org/1.3.0/authentication/jwt" in found["conformsTo"]
        known = client.get(f"{backend.url}/.well-known/openeo", signed_in=False).json()
        assert known["versions"][0] == {
            "url": f"{backend.url}/", "api_version": "1.3.0", "production": False,
        }  # fmt: skip


def test_a_public_url_is_in_all_links(tmp_path, client):
    public = "https://hub.example/user/x/proxy/8585"
    with LocalBackend(tmp_path, public_url=public) as backend:
        found = client.get(f"{backend.url}/collections", signed_in=False).json()
        assert found["links"][0]["href"] == f"{public}/collections"


def test_other_hosts_need_a_password(tmp_path):
    with pytest.raises(ConfigurationError, match="password"):
        LocalBackend(tmp_path, host="0.0.0.0")  # noqa: S104 -- refused, and that is the test


def test_an_empty_password_is_none(tmp_path):
    with pytest.raises(ConfigurationError, match="empty password"):
        LocalBackend(tmp_path, host="0.0.0.0", accounts={"demo": ""})  # noqa: S104 -- refused


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_the_data_folder_is_its_owners_only(tmp_path):
    with LocalBackend(tmp_path / "data"):
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_validation_names_what_is_wrong(client):
    graph = chain(load(bands=["B99"]), node("ndvi", nope=1), node("add", x=1))
    reply = client.post("/validation", json={"process_graph": graph})
    codes = [error["code"] for error in reply.json()["errors"]]
    assert reply.status_code == 200
    assert codes == [
        "BandNotFound", "ProcessParameterUnsupported", "ProcessParameterUnsupported",
        "ProcessParameterRequired",
    ]  # fmt: skip


def test_what_is_nested_too_deeply_breaks_no_list(client):
    before = client.get("/jobs").json()["jobs"]
    for depth in (250, *range(900, 1000)):
        body = f'{{"process": {{"process_graph": {{}}}}, "extra": {"[" * depth}{"]" * depth}}}'
        headers = {"Content-Type": "application/json"}
        reply = client.post("/jobs", data=body, headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (400, "RequestBodyInvalid")
    assert client.get("/jobs").json()["jobs"] == before


@pytest.mark.parametrize("left", [b"", b"short"])
def test_a_key_that_was_not_written_whole_signs_nothing(tmp_path, left):
    (tmp_path / "secret").write_bytes(left)
    with LocalBackend(tmp_path):
        pass
    secret = (tmp_path / "secret").read_bytes()
    assert len(secret) == 32
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    with LocalBackend(tmp_path):
        assert (tmp_path / "secret").read_bytes() == secret
