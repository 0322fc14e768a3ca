"""Finding the back-end, signing in, and keeping credentials where they belong."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

import openeo_widgets
from openeo_widgets import BackendError, BatchJob, Connection, NoAnswerError, SignInError
from openeo_widgets.api._discovery import discovered

JWT = "https://api.openeo.org/1.3.0/authentication/jwt"


def _versions(*entries):
    return {"versions": [dict(zip(("api_version", "url"), e, strict=False)) for e in entries]}


def _serve(backend, *paths):
    capabilities = {"api_version": "1.2.0", "endpoints": []}
    for path in paths:
        backend.on("GET", f"{path}/", capabilities)


def test_the_newest_version_is_found(backend):
    _serve(backend, "/1.2", "/1.10", "/2.0")
    found = _versions(
        ("1.2.0", f"{backend.url}/1.2/"),
        ("1.10.0", f"{backend.url}/1.10/"),
        ("1.10.0-beta", f"{backend.url}/beta/"),
        ("2.0.0", f"{backend.url}/2.0/"),
        ("1.11.0",),
    )
    found["versions"] += [None, {"api_version": None, "url": "x"}]
    odd = ("1.99.0", "http://[::1"), ("1.99.0", "javascript:x"), ("1.\u00b2", f"{backend.url}/sq")
    found["versions"] += _versions(*odd)["versions"]
    backend.on("GET", "/.well-known/openeo", found)
    assert openeo_widgets.connect(backend.url).root_url == f"{backend.url}/1.10"


def test_one_in_production_comes_first(backend):
    _serve(backend, "/1.0", "/1.2")
    found = _versions(("1.0.0", f"{backend.url}/1.0"), ("1.2.0", f"{backend.url}/1.2"))
    found["versions"][1]["production"] = False
    backend.on("GET", "/.well-known/openeo", found)
    assert openeo_widgets.connect(backend.url).root_url == f"{backend.url}/1.0"


@pytest.mark.parametrize("found", [{"versions": None}, {"versions": [1]}, {}])
def test_a_discovery_document_that_says_nothing(backend, found):
    backend.on("GET", "/.well-known/openeo", found)
    assert openeo_widgets.connect(backend.url).root_url == backend.url


def test_a_home_page_at_every_path(backend, script):
    page = script(b"<html>Welcome", 200, {"Content-Type": "text/html"})
    backend.on("GET", "/.well-known/openeo", page)
    assert openeo_widgets.connect(backend.url).root_url == backend.url
    backend.on("GET", "/", page)
    with pytest.raises(NoAnswerError, match="not JSON"):
        openeo_widgets.connect(backend.url)


def test_json_that_is_no_openeo(backend):
    backend.on("GET", "/", {"hello": "world"})
    with pytest.raises(NoAnswerError, match="no openEO back-end"):
        openeo_widgets.connect(backend.url)


def test_loopback_needs_no_scheme(backend):
    address = backend.url.removeprefix("http://")
    assert openeo_widgets.connect(address).root_url == backend.url


def test_a_wrong_password(backend, script):
    refused = script({"code": "CredentialsInvalid", "message": "Credentials are wrong."}, 403)
    backend.on("GET", "/credentials/basic", refused)
    connection = openeo_widgets.connect(backend.url)
    with pytest.raises(SignInError, match=r"wrong\..*Check the user name") as caught:
        connection.authenticate_basic("demo", "pässword")
    assert "pässword" not in str(caught.value)
    assert isinstance(caught.value, PermissionError)


@pytest.mark.parametrize("where", ["capabilities", "conformance"])
def test_plain_tokens_where_the_back_end_takes_them(backend, where):
    more = {"conformsTo": [JWT]}
    if where == "capabilities":
        backend.on("GET", "/", {"api_version": "1.3.0", "endpoints": [], **more})
    else:
        backend.on("GET", "/conformance", more)
    connection = openeo_widgets.connect(backend.url).authenticate_basic("demo", "demo")
    backend.on("GET", "/me", {"user_id": "demo"})
    assert connection.describe_account() == {"user_id": "demo"}
    assert backend.asked("GET", "/me")[0].headers["Authorization"] == "Bearer s3cret"


def test_an_answer_without_token(backend):
    backend.on("GET", "/credentials/basic", {"access_token": None})
    with pytest.raises(NoAnswerError, match="no access token"):
        openeo_widgets.connect(backend.url).authenticate_basic("demo", "demo")


def test_what_is_public_is_asked_again_once_signed_in(backend):
    connection = openeo_widgets.connect(backend.url)
    assert len(connection.list_processes()) == 4
    backend.on("GET", "/processes", {"processes": [{"id": "mine"}]})
    assert len(connection.list_processes()) == 4
    connection.authenticate_bearer_token("x")
    assert [spec["id"] for spec in connection.list_processes()] == ["mine"]
    connection.capabilities()
    assert backend.asked("GET", "/")[-1].headers["Authorization"] == "Bearer x"


def test_oidc_says_how(connection):
    with pytest.raises(SignInError, match="official client"):
        connection.authenticate_oidc()


def test_no_secret_in_text(connection):
    assert "s3cret" not in f"{connection!r} {vars(connection)!r}"


def test_a_token_from_a_file_ends_in_a_line_break(backend):
    backend.on("GET", "/me", {"user_id": "u"})
    Connection(backend.url).authenticate_bearer_token("s3cret\n").describe_account()
    assert backend.all[-1].headers["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize("token", ["s3cret\r\nX: y", "s3cret\u2026"])
def test_what_cannot_be_a_token_is_not_quoted(backend, token):
    with pytest.raises(ValueError, match="no bearer token") as caught:
        Connection(backend.url).authenticate_bearer_token(token)
    assert "s3cret" not in str(caught.value)


def test_a_token_that_the_official_client_cannot_send_is_not_quoted(official):
    official.authenticate_bearer_token("s3cret\n")
    with pytest.raises(NoAnswerError) as caught:
        BatchJob("job-1", official).describe()
    assert "s3cret" not in str(caught.value)


def test_the_token_does_not_go_to_other_origins(backend, elsewhere, connection):
    elsewhere.on("GET", "/file", {})
    connection.get(f"{elsewhere.url}/file")
    assert "Authorization" not in elsewhere.all[0].headers


def test_the_token_does_not_follow_a_redirect_to_another_origin(
    backend, elsewhere, script, job, results, tmp_path
):
    backend.on("GET", "/jobs/job-1/results", results(backend.url, "a.tif"))
    moved = script(b"", 302, {"Location": f"{elsewhere.url}/a.tif"})
    backend.on("GET", "/files/a.tif", moved)
    elsewhere.on("GET", "/a.tif", script(b"bytes"))
    assert job.get_results().download_file(tmp_path).read_bytes() == b"bytes"
    assert "Authorization" in backend.asked("GET", "/files/a.tif")[0].headers
    assert "Authorization" not in elsewhere.all[0].headers


def test_the_token_does_not_come_back_from_another_origin(backend, elsewhere, script, connection):
    backend.on("GET", "/a", script(b"", 302, {"Location": f"{elsewhere.url}/b"}))
    elsewhere.on("GET", "/b", script(b"", 302, {"Location": f"{backend.url}/c"}))
    backend.on("GET", "/c", {})
    connection.get("/a")
    assert "Authorization" not in backend.asked("GET", "/c")[0].headers


def test_a_netrc_file_gets_no_say(backend, elsewhere, script, connection, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password hush\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert requests.utils.get_netrc_auth(backend.url), "the file is one that requests reads"
    backend.on("GET", "/a", script(b"", 302, {"Location": "/b"}))
    backend.on("GET", "/b", script(b"", 302, {"Location": f"{elsewhere.url}/c"}))
    elsewhere.on("GET", "/c", {})
    connection.get("/a")
    assert backend.asked("GET", "/a")[0].headers["Authorization"] == "Bearer basic//s3cret"
    assert backend.asked("GET", "/b")[0].headers["Authorization"] == "Bearer basic//s3cret"
    assert "Authorization" not in elsewhere.all[0].headers


def test_proxies_of_the_environment_are_used(elsewhere, script, monkeypatch):
    monkeypatch.setenv("http_proxy", elsewhere.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(BackendError):
        openeo_widgets.connect("http://back-end.example")
    assert elsewhere.all[0].target == "http://back-end.example/.well-known/openeo"


def test_a_session_of_ones_own(backend):
    with requests.Session() as session:
        session.headers["X-Mine"] = "yes"
        openeo_widgets.connect(backend.url, session=session)
    assert all(asked.headers["X-Mine"] == "yes" for asked in backend.all)


def test_each_thread_has_its_own_session(backend, connection):
    backend.on("GET", "/me", lambda asked: {"who": asked.query["who"]})
    together = threading.Barrier(4, timeout=30)
    sessions = set()

    def ask(who):
        together.wait()
        sessions.add(connection._session)
        return [connection.get("/me", params={"who": who}).json()["who"] for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, "abcd")) == [[who] * 5 for who in "abcd"]
    assert len(sessions) == 4


def test_expected_status_is_as_in_the_official_client(backend, script, connection):
    backend.on("GET", "/x", script(b"", 404))
    assert connection.get("/x", expected_status=404).status_code == 404
    assert connection.get("/x", check_error=False).status_code == 404
    backend.on("GET", "/x", script(b"", 200))
    with pytest.raises(BackendError, match="unexpected HTTP status 200"):
        connection.get("/x", expected_status=[201, 202])


def test_a_collection_id_stays_below_its_path(backend, connection):
    backend.on("GET", "/collections/a/b%20%3F", {"id": "a/b ?"})
    assert connection.describe_collection("a/b ?") == {"id": "a/b ?"}


def test_validation(backend, script, connection):
    graph = {"a": {"process_id": "x", "arguments": {}, "result": True}}
    backend.on("POST", "/validation", {"errors": [{"code": "X", "message": "y"}]}, {"errors": None})
    assert connection.validate_process_graph(graph) == [{"code": "X", "message": "y"}]
    assert connection.validate_process_graph(graph) == []
    backend.on("POST", "/validation", script(b"<html>"))
    with pytest.raises(NoAnswerError):
        connection.validate_process_graph(graph)


def test_a_secure_address_does_not_become_insecure(backend):
    backend.on("GET", "/.well-known/openeo", _versions(("1.2.0", "http://other.example/")))
    pretended = Connection(backend.url)
    pretended.root_url = pretended.root_url.replace("http:", "https:")
    pretended.build_url = lambda path: backend.url + path
    assert discovered(pretended) == pretended.root_url
