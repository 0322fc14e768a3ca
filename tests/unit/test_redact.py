"""Secrets are taken out of texts, and nothing else is."""

import base64
import json
import logging
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openeo_widgets import redact
from openeo_widgets.redact import (
    beginning,
    keep_secret,
    log_failure,
    names_secret,
    redacted,
    redacted_data,
    without_half,
)

SIG = "Zq7hR2mVx0Lw9Tn4"
JWT = (
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
BASIC = base64.b64encode(f"anna:{SIG}".encode()).decode()

S3 = (
    "https://bucket.s3.eu-central-1.amazonaws.com/jobs/j-1/out.tif?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261124%2Feu-central-1%2Fs3%2Faws4_request"
    f"&X-Amz-Date=20261124T000000Z&X-Amz-Expires=3600&X-Amz-Signature={SIG}"
)
AZURE = (
    "https://account.blob.core.windows.net/results/out.tif?sv=2022-11-02&se=2026-11-24T12%3A00Z"
    f"&sr=b&sp=r&sig={SIG}%3D"
)
GCS = (
    "https://storage.googleapis.com/bucket/out.tif?GoogleAccessId=x@y.iam.gserviceaccount.com"
    f"&Expires=1764000000&Signature={SIG}"
)
CLOUDFRONT = f"https://d111.cloudfront.net/out.tif?Expires=1&Signature={SIG}&Key-Pair-Id=K2{SIG}"
DRIVER_PATH = (
    f"/openeo/1.2/jobs/j-1/results/assets/dXNlcg==/{SIG.lower()}0123456789abcdef/out.tif"
    "?expires=1764000000"
)

TEXTS = [
    S3,
    AZURE,
    GCS,
    CLOUDFRONT,
    f"https://openeo.example{DRIVER_PATH}",
    f"GET {DRIVER_PATH} failed",
    f"could not read '{S3}' (403)",
    f"<a href={AZURE}>out.tif</a>",
    f"[out.tif]({GCS})",
    f"https://anna:{SIG}@host.example/x",
    f"https://anna:{SIG}/{SIG}@host.example/x",
    f"ftp://anna:{SIG}@host.example",
    f"postgresql://openeo:{SIG}@db:5432/jobs",
    f"s3://bucket/{SIG}/out.tif",
    f"https://host.example/out.tif#access_token={SIG}",
    f"https://host.example/{SIG}/out.tif",
    f"HTTPS://HOST.EXAMPLE/{SIG}",
    f"out.tif?X-Amz-Signature={SIG}",
    f"files/series.json?sig={SIG}&x=1",
    f"callback ?code={SIG}",
    JWT,
    f"Authorization: Bearer {SIG}",
    f"Authorization: Bearer {JWT}",
    f"authorization: bearer basic//{SIG}",
    f"Authorization: Bearer oidc/egi/{SIG}",
    f"'Authorization': 'Basic {BASIC}'",
    f"Basic {BASIC}",
    f"-H 'Authorization: Token {SIG}'",
    f"Authorization: AWS4-HMAC-SHA256 Credential={SIG}/x, SignedHeaders=host, Signature={SIG}",
    f'{{"access_token": "{SIG}", "token_type": "bearer"}}',
    f'{{\\"access_token\\": \\"{SIG}\\"}}',
    f"{{'refresh_token': '{SIG}'}}",
    f"client_secret={SIG}&grant_type=x",
    f"password={SIG}",
    f'password: "my pass {SIG}"',
    f"Password: {SIG}",
    f"PGPASSWORD={SIG} psql",
    f"aws_secret_access_key = {SIG}",
    f"AWSAccessKeyId={SIG}",
    f"AccountKey={SIG};EndpointSuffix=core.windows.net",
    f"SharedAccessSignature={SIG}",
    f"X-API-Key: {SIG}",
    f"api_key={SIG}",
    f"Set-Cookie: session={SIG}; HttpOnly",
    f"Cookie: {SIG}",
    f"token => {SIG}",
    f"token={SIG}\nnext line",
    f"AKIA{'Q' * 16} {SIG}"[:20],
    f'"access_token": "{SIG * 300}"',
    f'token="a\\"b{SIG}"',
    "access_token: zqrhrxvmxrlwxtnr",
    "X-Api-Key: zqrhrxvmxrlwxtnr",
    f"bearer={SIG}",
    f"Ocp-Apim-Subscription-Key: {SIG}",
    f"cloned with ghp_{SIG}{SIG}",
    f"glpat-{SIG}",
    f"-----BEGIN RSA PRIVATE KEY-----\nMII{SIG}\n{SIG}\n-----END RSA PRIVATE KEY-----",
    f"-----BEGIN PRIVATE KEY-----\\nMII{SIG}",
    f"curl -u anna:{SIG} https://host.example",
    f"curl --user 'anna:{SIG}'",
    f"PHPSESSID={SIG}",
    f"jwt={SIG}",
    "password=zq",
    "db_password = zq",
    "api-key zqrhrx",
    "run --api-key zqrhrx",
    "api key: zqrhrx",
    "API key: zqrhrx, then more",
    f"api key {SIG}",
    f"API key: {SIG}",
    f"The token is {SIG}",
    f"token was {SIG}.",
    f"your password is {SIG}!",
    f"session={SIG}",
    "my_session=zqrhrx; path=/",
    "secret: zq",
    "(password: zq)",
    "passphrase: zqrhrx\nmore",
]


@pytest.mark.parametrize("text", TEXTS)
def test_secrets_go(text):
    shown = redacted(text)
    for secret in (SIG, SIG.lower(), JWT, BASIC, "AKIAQQ", "AKIAIOS", "dXNlcg", "zq"):
        assert secret not in shown, shown
    assert redacted(shown) == shown  # and twice is as once


PLAIN = [
    "",
    "NDVI timeseries 2022",
    "token expired",
    "The token expired: sign in again.",
    "Invalid token: expired",
    "The signature of the process is wrong.",
    "Bearer authentication is required.",
    "Use basic authentication or OpenID Connect.",
    "Basic statistics of the region",
    "No password was given.",
    "secretary of state",
    "The session ended.",
    "Signal processing: sigma nought, significance",
    "designed for tokens and keys",
    "EPSG:32633",
    "crs: EPSG:4326, 10m",
    "2026-11-24T14:05:00Z",
    "[2022-01-01T00:00:00Z/2022-12-31T23:59:59Z]",
    "j-24053164dd9147fba0bdd1ca0b4c0d2b",
    "vito-j-25110810426a4b77d1c0e6a4b failed in node loadcollection1",
    "load_collection, reduce_dimension, basic_index",
    "why? x=3 or y=4",
    "1.5 GB/s = fast; a=b",
    "https://open-eo.github.io/openeo-python-client/batch_jobs.html",
    "https://documentation.dataspace.copernicus.eu/APIs/openEO/openEO.html",
    "https://api.openeo.org/",
    "See https://processes.openeo.org/1.2.0/ for more.",
    "https://github.com/Open-EO/openeo-api/issues/575",
    "https://openeo.example:8080/openeo/1.2/jobs",
    "(see https://openeo.example).",
    "ProcessGraphInvalid",
    "C:\\Users\\anna\\results",
    "./results/j-1/openEO.tif",
    "Sentinel-2 L2A, bands B04 and B08, 10 m",
    "https://openeo.dataspace.copernicus.eu/openeo/1.2/collections/SENTINEL2_L2A",
    "https://stac.example/v1/collections/sentinel-2-l2a/items",
    "https://doi.org/10.5067/MODIS/MCD43A4.006",
    "https://doi.org/10.5281/zenodo.1234567",
    "s3://eodata/MSI/L2A/2022/S2A_MSIL2A_20220701T103629_N0400_R108_T33UUP_20220701T140000.SAFE",
    "max_tokens=4096, tokens: 12345",
    "sig=0.05",
    "Unexpected token: ')' at 5",
    "docker run -u 1000:1000",
    "Signature: mean(x, y)",
    "signature: (data, /, *, axis=None)",
    "Signature: xarray.apply_ufunc(func, x)",
    "password: (not set)",
    "password: None",
    "password=None, token=null",
    "api_key=None",
    "X-Api-Key: none",
    "secret: unset",
    "The token expired.",
    "The token is invalid or expired.",
    "token is expired",
    "session ended",
    "session: ended",
    "password is wrong",
    "Password: wrong",
    "password: required, user: required",
    "Password: at least 8 characters",
    "The secret is base64-encoded.",
    "The token is valid until 2026-11-24.",
    "api-key required",
    "API key authentication is not offered",
    "an API key is needed",
    "The API key was revoked.",
    "A password is 12 characters long.",
    "if session == 5",
]


@pytest.mark.parametrize("text", PLAIN)
def test_other_words_stay(text):
    assert redacted(text) == text


def test_of_a_link_the_place_stays():
    assert redacted(S3) == "https://bucket.s3.eu-central-1.amazonaws.com/jobs/j-1/out.tif…"
    assert redacted(f"https://host.example/{SIG}/f.tif?a=b") == "https://host.example/…"
    assert redacted("https://host.example/docs/intro.html?v=1") == (
        "https://host.example/docs/intro.html…"
    )
    assert redacted("https://a:b@host.example/docs") == "https://host.example/docs"


@pytest.mark.parametrize(
    "name",
    ["access_token", "X-Amz-Signature", "client_secret", "password", "apiKey", "Authorization"],
)
def test_names_of_secrets(name):
    assert names_secret(name)


@pytest.mark.parametrize("name", ["key", "title", "assets", "sign", "signal", "tokens_used", ""])
def test_other_names(name):
    assert not names_secret(name)


def test_what_was_signed_in_with_goes_wherever_it_stands():
    keep_secret("plain-mark-4711")
    try:
        assert redacted("You are plain-mark-4711, aren't you?") == "You are …, aren't you?"
    finally:
        redact._known.clear()


def test_short_words_are_no_secrets_to_look_for():
    for word in ("demo", "password", "x1"):
        keep_secret(word)
    assert not redact._known


def test_a_traceback_is_logged_without_them(caplog):
    try:
        int(S3)
    except ValueError:
        log_failure(logging.getLogger("openeo_widgets"), f"Reading {AZURE} failed")
    assert "ValueError" in caplog.text
    assert SIG not in caplog.text


def test_json_stays_json():
    value = {"token": "a b c", "sig": 12345, "signature": [1.5, 2], "secrets": {"a": None}, "x": S3}
    shown = json.loads(redacted(json.dumps(value, indent=1)))
    assert shown == {**value, "token": "…", "x": redacted(S3)}


# Each would take minutes where a pattern looks from each place on to the end.
@pytest.mark.parametrize(
    "piece",
    [
        "eyJaaaaa-", "eyJaaaaa.", "a://", "://a", "bearer ", "Bearer a", "basic//", "basic a",
        "oidc/", "oidc/a/", "authorization:", "authorization: basic ", "token", "token=", "token='",
        "token: ", 'token\\"', "AKIA", "/a", "?a=", "&sig=", "a.", "a@", ":", "@:", "/assets/", "A",
        "=", "\\", "'", " ", "-u a:", "--user ", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----",
        "ghp_", "a_token:", "aaaaa_key", "max_tokens=1 ", "sig=0.1", "token: ')' ", "A1A1-",
        "12345678.", "password is ", "api-key a", "secret: ", "session=", "api key: a",
        "signature: a.",
        "password is a1", "password=a=", "https://a/", "https://a:a/", "sas=sas=", "a-", "Aa",
    ],
)  # fmt: skip
def test_a_long_text_is_read_once(piece):
    text = (piece * (300_000 // len(piece))) + "token"
    assert len(redacted(text)) <= len(text) + len(text) // 3 + 10
    assert redacted("https://h/" + text)


SECRETS = st.text(string.ascii_letters + string.digits, min_size=16, max_size=64).filter(
    lambda text: any(c.isdigit() for c in text) and not text.isdigit()
)
TEMPLATES = st.sampled_from(
    [
        "https://host.example/f.tif?X-Amz-Signature={}", "https://u:{}@host.example/f",
        "https://host.example/{}/f.tif", "https://host.example/f#{}", "/f.tif?sig={}",
        "/jobs/a/results/assets/{}/f.tif", "Bearer {}", "authorization: bearer {}",
        "bearer basic//{}", "bearer oidc/egi/{}", '{{"access_token":"{}"}}', "token={}",
        "password: '{}'", "{{'client_secret': '{}'}}", "X-Api-Key: {}", "eyJhbGciOi{}.{}.x",
    ]
)  # fmt: skip
AROUND = st.text(st.characters(codec="utf-8"), max_size=20).map(lambda text: f"{text} ")


@given(SECRETS, TEMPLATES, AROUND, AROUND)
def test_no_secret_survives(secret, template, before, after):
    assume(secret not in before + template + after)
    text = f"{before}{template.replace('{{', '{').replace('}}', '}').replace('{}', secret)} {after}"
    assert secret not in redacted(text)


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_it_takes_any_text_and_twice_is_as_once(text):
    once = redacted(text)
    assert redacted(once) == once


def test_a_cut_leaves_no_half_of_a_secret():
    keep_secret(SIG)
    try:
        for before in (" ", "x" * 9000, "https://h.example/a?sig=" + "A" * 9000 + " "):
            for length in range(80, 80 + len(SIG) + 2):
                text = (
                    f"{before}{'w ' * (length // 2)}{'x' * (length % 2)}{SIG} and " + "more " * 4000
                )
                for most in (80, 100, 9100):
                    assert SIG[:6] not in beginning(text, most)
                assert SIG[:6] not in without_half(text[: len(before) + length + 8])
    finally:
        redact._known.clear()


@pytest.mark.parametrize("unit", ["x", "é", "ab,", "x y "])
def test_a_cut_leaves_what_it_can(unit):
    text = unit * 50_000
    assert beginning(text, 1000) == f"{text[:1000]}…"
    assert beginning(text[:1000], 1000) == text[:1000]
    assert len(without_half(text)) > len(text) - 10_000


@pytest.mark.parametrize(
    "data",
    [
        {"tokens": [SIG]},
        {"password": {"value": SIG}},
        {"password": 987654},
        {"headers": [["Authorization", SIG]]},
        {"headers": {"X-Api-Key": [SIG]}},
        {"env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": SIG}]},
        {"cookies": {"sid": SIG}},
        {"jwt": SIG},
        {"auth": ["user", SIG]},
        {"command": ["run", "--password", SIG, "x"]},
        [f"https://h.example/?sig={SIG}"],
        {f"https://h.example/?sig={SIG}": 1},
    ],
)
def test_secrets_in_data_go(data):
    for whole in (data, [{"a": data}]):
        shown = json.dumps(redacted_data(whole))
        assert SIG not in shown
        assert "987654" not in shown


def test_other_data_stay():
    data = {
        "name": "ndvi", "value": 3, "max_tokens": 4096, "token": None, "password": False,
        "bands": ["B04", "B08"], "pair": ["a", "b"], "nested": [[1.5, {"x": "y"}]],
    }  # fmt: skip
    assert redacted_data(data) == data


def test_of_large_data_only_the_beginning_is_looked_at():
    shown = redacted_data({"a": "x" * 1_000_000, "b": ["y" * 10] * 1_000_000}, 1000)
    assert len(json.dumps(shown)) < 2000
