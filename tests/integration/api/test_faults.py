"""What back-ends say when something is wrong, and what becomes of it."""

from __future__ import annotations

import gzip
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import openeo
import pytest

import openeo_widgets
from openeo_widgets import (
    BackendError,
    BatchJob,
    NoAnswerError,
    NotFoundError,
    SignInError,
)
from openeo_widgets.api._http import call

LAST_ERROR = {
    "id": "log-7",
    "level": "error",
    "message": "Out of memory",
    "code": "OutOfMemory",
    "path": [],
}


@pytest.fixture
def nobody():
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_the_error_object_becomes_attributes(backend, script, job):
    links = [{"rel": "about", "href": "https://docs.example"}]
    body = {"id": "ref-1", "code": "JobNotFound", "message": "No job of that id.", "links": links}
    backend.on("GET", "/jobs/job-1", script(body, 404))
    with pytest.raises(NotFoundError) as caught:
        job.describe()
    error = caught.value
    assert (error.http_status, error.code, error.id) == (404, "JobNotFound", "ref-1")
    assert error.links == tuple(links)
    assert str(error) == "No job of that id. (JobNotFound, ref. ref-1)"


def test_424_brings_the_last_log_entry(backend, script, job):
    backend.on("GET", "/jobs/job-1/results", script(LAST_ERROR, 424))
    with pytest.raises(BackendError, match=r"Out of memory \(OutOfMemory, ref\. log-7\)") as caught:
        job.get_results().get_metadata()
    assert caught.value.http_status == 424
    assert not caught.value.may_pass


def test_editing_that_is_not_offered(backend, script, job):
    body = {"code": "FeatureUnsupported", "message": "Not here."}
    backend.on("PATCH", "/jobs/job-1", script(body, 501))
    with pytest.raises(BackendError) as caught:
        job.update(title="New", budget=None)
    assert caught.value.code == "FeatureUnsupported"
    assert not caught.value.may_pass
    assert backend.asked("PATCH", "/jobs/job-1")[0].json() == {"title": "New", "budget": None}


@pytest.mark.parametrize("links", ["nonsense", 3, {"rel": "about"}, [None, 1], None], ids=repr)
def test_a_malformed_error_object_is_an_error_all_the_same(backend, script, job, links):
    body = {"id": 5, "code": None, "message": None, "links": links}
    backend.on("GET", "/jobs/job-1", script(body, 500))
    with pytest.raises(BackendError, match="HTTP status 500") as caught:
        job.describe()
    assert caught.value.may_pass
    assert caught.value.links == ()


def test_html_in_place_of_an_error_object(backend, script, job):
    page = script(b"<html>Proxy", 502, {"Content-Type": "text/html"})
    backend.on("POST", "/jobs/job-1/results", page)
    with pytest.raises(BackendError, match="POST /jobs/job-1/results at 127") as caught:
        job.start()
    assert "<html>" not in str(caught.value)


def test_html_in_place_of_json(backend, script, job):
    backend.on("GET", "/jobs/job-1", script(b"<html>", 200, {"Content-Type": "text/html"}))
    with pytest.raises(NoAnswerError, match="text/html, which is not JSON"):
        job.describe()


@pytest.mark.parametrize("body", [b"[1]", b"null", b'"text"', b"{", b"[" * 100_000])
def test_json_that_is_no_object(backend, script, job, body):
    backend.on("GET", "/jobs/job-1", script(body))
    with pytest.raises(NoAnswerError):
        job.describe()


def test_a_truncated_body(backend, script, job):
    backend.on("GET", "/jobs/job-1", script({"status": "running"}, cut=5))
    with pytest.raises(NoAnswerError):
        job.describe()


def test_a_body_larger_than_any_answer(backend, script, connection, job, official, monkeypatch):
    monkeypatch.setattr("openeo_widgets.api._body.MOST_BYTES", 1_000_000)
    bomb = gzip.compress(b" " * 100_000_000)
    backend.on("GET", "/jobs/job-1", script(bomb, 200, {"Content-Encoding": "gzip"}))
    for one in (job, BatchJob("job-1", official)):
        with pytest.raises(NoAnswerError, match="larger than"):
            one.describe()


def test_a_body_that_claims_more_than_it_is(backend, script, job):
    backend.on("GET", "/jobs/job-1", script({"status": "x"}, 200, {"Content-Length": "1000"}))
    with pytest.raises(NoAnswerError):
        job.describe()


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7), ("²", None), ("soon", None), ("", None), ("-1", None)]
)
def test_retry_after(backend, script, connection, value, seconds):
    answer = script(b"", 429, {"Retry-After": value})
    backend.on("GET", "/jobs/job-1", answer)
    with pytest.raises(BackendError) as caught:
        connection.job("job-1").describe()
    assert caught.value.retry_after_s == seconds
    assert caught.value.may_pass


def test_retry_after_as_a_date_that_has_passed(backend, script, connection):
    past = script(b"", 503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    backend.on("GET", "/jobs/job-1", past)
    with pytest.raises(BackendError) as caught:
        connection.job("job-1").describe()
    assert caught.value.retry_after_s == 0


def test_nobody_there(nobody):
    with pytest.raises(NoAnswerError, match=r"no connection \(Connection refused\).*address"):
        openeo_widgets.connect(nobody)


@pytest.mark.parametrize("url", ["http://", "http://[", "http://host:port", "ftp://x", "http:// x"])
def test_no_address_at_all(url):
    with pytest.raises((NoAnswerError, ValueError)) as caught:
        openeo_widgets.connect(url)
    assert type(caught.value) in {NoAnswerError, ValueError}


def _hang_up(server):
    server.accept()[0].close()


def test_a_server_that_hangs_up(backend, connection):
    with socket.create_server(("127.0.0.1", 0)) as server:
        hung_up = threading.Thread(target=_hang_up, args=[server])
        hung_up.start()
        connection.root_url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(NoAnswerError) as caught:
            connection.job("job-1").start()
        hung_up.join()
    assert "look before asking again" in caught.value.hint
    assert "Error" not in caught.value.message


def test_a_server_that_says_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        connection = openeo_widgets.Connection(url, timeout=(5, 0.1))
        with pytest.raises(NoAnswerError, match="no answer in time") as caught:
            connection.job("job-1").describe()
        assert not caught.value.hint


def test_a_redirected_start_is_no_start(backend, script, job):
    moved = script(b"", 308, {"Location": f"{backend.url}/elsewhere"})
    backend.on("POST", "/jobs/job-1/results", moved)
    with pytest.raises(BackendError, match="redirected") as caught:
        job.start()
    assert caught.value.http_status == 308
    assert backend.asked("POST", "/elsewhere") == []


def test_pages_are_followed_by_their_links(backend, connection):
    def page(jobs, following):
        links = [{"rel": "next", "href": following}] if following else []
        return {"jobs": [{"id": name} for name in jobs], "links": links}

    backend.on("GET", "/jobs", page(["a", "b"], f"{backend.url}/more?page=2"))
    backend.on("GET", "/more", page(["c"], "more-still"), page([], None))
    backend.on("GET", "/more-still", page(["d"], None))
    assert [job["id"] for job in connection.list_jobs(limit=2)] == ["a", "b", "c", "d"]
    assert backend.asked("GET", "/jobs")[0].query == {"limit": "2"}
    assert backend.asked("GET", "/more")[0].query == {"page": "2"}


def test_pages_in_a_circle_end(backend, connection):
    backend.on(
        "GET",
        "/jobs",
        lambda asked: {
            "jobs": [{"id": asked.query.get("page", "1")}],
            "links": [{"rel": "next", "href": f"{backend.url}/jobs?page=2"}],
        },
    )
    assert [job["id"] for job in connection.list_jobs()] == ["1", "2"]


@pytest.mark.parametrize(
    "href",
    ["http://[::1", "http://x:99999/", f"http://{'x' * 70}.example/s3cr3t", "file:///a?s3cr3t"],
)
def test_a_list_that_goes_on_at_a_link_that_is_none(backend, connection, href):
    backend.on("GET", "/jobs", {"jobs": [], "links": [{"rel": "next", "href": href}]})
    with pytest.raises(NoAnswerError) as caught:
        connection.list_jobs()
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999/s3cr3t"])
def test_an_address_that_is_none(url):
    with pytest.raises(NoAnswerError) as caught:
        openeo_widgets.connect(url)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("logs", [5, True, "text", {"a": 1}])
def test_logs_that_are_no_list(backend, job, logs):
    backend.on("GET", "/jobs/job-1/logs", {"logs": logs})
    assert job.logs() == []


def test_half_a_surrogate_pair_comes_as_a_character_that_can_be_sent_on(backend, script, job):
    body = {"title": "half \ud800, whole \U0001f6f0", "status": "created"}
    backend.on("GET", "/jobs/job-1", body)
    assert job.describe()["title"] == "half ?, whole \U0001f6f0"
    backend.on("GET", "/jobs/job-1", script({"code": "X", "message": "half \ud800"}, 400))
    with pytest.raises(BackendError, match=r"half \?"):
        job.describe()


def test_a_list_with_junk_in_it(backend, connection):
    backend.on("GET", "/jobs", {"jobs": [{"id": "a"}, None, 3], "links": {"rel": "next"}})
    assert connection.list_jobs() == [{"id": "a"}]


def test_logs_page_through_and_say_the_level(backend, job):
    first = {
        "logs": [{"id": "1", "level": "info", "message": "one"}, {"message": "no level"}],
        "links": [{"rel": "next", "href": f"{backend.url}/jobs/job-1/logs?offset=1"}],
    }
    second = {"logs": [{"id": "2", "level": "DEBUG"}, {"id": "3", "level": "trace"}, "junk"]}
    backend.on("GET", "/jobs/job-1/logs", first, second)
    assert [entry.id for entry in job.logs(offset="0", level="INFO")] == ["1", "", "3"]
    first_asked, second_asked = backend.asked("GET", "/jobs/job-1/logs")
    assert first_asked.query == {"offset": "0", "level": "info"}
    assert second_asked.query == {"offset": "1"}


@pytest.mark.parametrize("over", ["connection", "official"])
def test_a_root_with_a_slash_at_its_end(request, backend, over):
    connection = request.getfixturevalue(over)
    setattr(connection, "root_url" if over == "connection" else "_root_url", backend.url + "/")
    backend.on("GET", "/jobs/job-1", {"status": "queued"})
    job = BatchJob("job-1", connection)
    assert job.status() == "queued"
    assert job.get_results_metadata_url(full=True) == f"{backend.url}/jobs/job-1/results"


def test_what_cannot_be_json_is_the_callers_fault(connection):
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        connection.create_job({"a": {"process_id": "x", "arguments": {"y": float("nan")}}})


def test_a_job_without_id(backend, script, connection):
    graph = {"a": {"process_id": "x", "arguments": {}, "result": True}}
    backend.on("POST", "/jobs", script(b"", 201))
    with pytest.raises(NoAnswerError, match="did not say its id"):
        connection.create_job(graph)
    backend.on("POST", "/jobs", script(b"", 201, {"Location": "/api/jobs/a%20b/"}))
    assert connection.create_job(graph).job_id == "a b"
    for location in ("/api/jobs/..", "/api/jobs/%2e%2e", "/api/jobs/..%2Fme"):
        backend.on("POST", "/jobs", script(b"", 201, {"Location": location}))
        with pytest.raises(NoAnswerError, match="did not say its id"):
            connection.create_job(graph)


@pytest.fixture
def with_oidc(backend):
    """The official connection, signed in by OpenID Connect; each token is another one."""
    provider = {"id": "local", "title": "Local", "issuer": f"{backend.url}/oidc", "scopes": []}
    backend.on("GET", "/credentials/oidc", {"providers": [provider]})
    where = {"token_endpoint": f"{backend.url}/token"}
    backend.on("GET", "/oidc/.well-known/openid-configuration", where)
    backend.on(
        "POST",
        "/token",
        *({"access_token": f"token{n}", "token_type": "Bearer"} for n in range(1, 4)),
    )
    connection = openeo.connect(backend.url)
    yield connection.authenticate_oidc_client_credentials("client", "hush", provider_id="local")
    connection.session.close()


def _only_with(script, token, answer):
    refused = script({"code": "TokenInvalid", "message": "Expired."}, 403)
    return lambda asked: answer if asked.headers["Authorization"].endswith(token) else refused


def test_an_expired_oidc_token_is_renewed_once(backend, script, with_oidc):
    started = script(b"", 202)
    backend.on("POST", "/jobs/job-1/results", _only_with(script, "/token2", started))
    BatchJob("job-1", with_oidc).start()
    assert len(backend.asked("POST", "/token")) == 2
    assert len(backend.asked("POST", "/jobs/job-1/results")) == 2


def test_what_is_wrong_after_the_renewal_is_what_is_told(backend, script, with_oidc):
    failed = script(LAST_ERROR, 424)
    backend.on("GET", "/jobs/job-1/results", _only_with(script, "/token2", failed))
    with pytest.raises(BackendError, match="Out of memory"):
        BatchJob("job-1", with_oidc).get_results().get_metadata()


def test_several_threads_renew_a_token_once(backend, script, with_oidc):
    both_refused = threading.Barrier(2, timeout=30)

    def answer(asked):
        if asked.headers["Authorization"].endswith("/token2"):
            return {"status": "running"}
        both_refused.wait()
        return script({"code": "TokenInvalid", "message": "Expired."}, 403)

    backend.on("GET", "/jobs/job-1", answer)
    job = BatchJob("job-1", with_oidc)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: job.status(), range(2))) == ["running"] * 2
    assert len(backend.asked("POST", "/token")) == 2


def test_a_download_renews_the_token_that_it_needs(backend, script, results, with_oidc, tmp_path):
    backend.on(
        "GET", "/jobs/job-1/results", _only_with(script, "/token1", results(backend.url, "a.tif"))
    )
    found = BatchJob("job-1", with_oidc).get_results()
    found.get_metadata()
    fresh = results(backend.url, "a.tif")
    backend.on("GET", "/jobs/job-1/results", _only_with(script, "/token2", fresh))
    backend.on("GET", "/files/a.tif", _only_with(script, "/token2", script(b"bytes")))
    assert found.download_file(tmp_path).read_bytes() == b"bytes"


def test_other_refusals_are_not_renewed(backend, script, job):
    body = {"code": "PermissionsInsufficient", "message": "Not yours."}
    backend.on("GET", "/jobs/job-1", script(body, 403))
    with pytest.raises(SignInError, match="Not yours"):
        job.describe()
    assert len(backend.asked("GET", "/jobs/job-1")) == 1


def test_a_token_that_cannot_be_renewed(backend, script, job):
    backend.on("GET", "/jobs/job-1", script({"code": "TokenInvalid", "message": "Expired."}, 403))
    with pytest.raises(SignInError, match=r"Expired\..*Sign in"):
        job.describe()
    assert len(backend.asked("GET", "/jobs/job-1")) == 1


def test_errors_hold_no_links(backend, script, connection, nobody):
    secret = "X-Amz-Signature=hush"
    for url in (f"{backend.url}/signed/hush?{secret}", f"{nobody}/signed/hush?{secret}"):
        backend.on("GET", "/signed/hush", script(b"", 500))
        with pytest.raises((BackendError, NoAnswerError)) as caught:
            call(connection, "get", url)
        chain = [caught.value, caught.value.__cause__]
        assert not any("hush" in f"{error} {error!r}" for error in chain)
    with pytest.raises(BackendError) as caught:
        connection.get(f"{backend.url}/signed/hush?{secret}")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("link", ["http://[s3cr3t", "http://x:s3cr3t/"])
def test_a_following_page_at_no_address(backend, connection, link):
    backend.on("GET", "/jobs", {"jobs": [], "links": [{"rel": "next", "href": link}]})
    with pytest.raises(NoAnswerError) as caught:
        connection.list_jobs()
    assert "s3cr3t" not in str(caught.value)
