"""From the address that a person gives to the root URL of an API (API, "API Discovery")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openeo_widgets.api._http import absolute, call, call_json, json_body
from openeo_widgets.errors import BackendError, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openeo_widgets.api._http import BackendConnection

__all__ = ["discovered", "takes_plain_tokens", "with_scheme"]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def with_scheme(url: str) -> str:
    """Add the scheme that is meant: https, and http for loopback."""
    if "://" in url:
        return url
    host = urlsplit(f"//{url}").hostname or ""
    return f"{'http' if host in _LOOPBACK else 'https'}://{url}"


def discovered(connection: BackendConnection) -> str:
    """The root URL that ``/.well-known/openeo`` names, or the one that was given."""
    try:
        # Where nobody is there at all this raises: asking again would only take longer.
        response = call(connection, "get", "/.well-known/openeo")
    except BackendError:
        return connection.root_url
    try:
        versions = json_body(response, "GET /.well-known/openeo").get("versions")
    except NoAnswerError:
        return connection.root_url  # a web server that answers every path with its home page
    roots: dict[str, dict[str, Any]] = {
        url: version
        for version in (versions if isinstance(versions, list) else ())
        if isinstance(version, dict)
        and isinstance(version.get("url"), str)
        and (url := absolute(response.url, version["url"])).startswith(("http:", "https:"))
        and str(version.get("api_version", "")).startswith("1.")
    }
    if urlsplit(connection.root_url).scheme == "https":
        # What was to be secure does not become insecure by what a document says.
        roots = {url: version for url, version in roots.items() if url.startswith("https:")}
    ready = {url: v for url, v in roots.items() if v.get("production", True)} or roots
    if not ready:
        return connection.root_url
    newest = max(ready, key=lambda url: _version_key(str(ready[url]["api_version"])))
    return newest.rstrip("/")


def takes_plain_tokens(connection: BackendConnection, capabilities: Mapping[str, Any]) -> bool:
    """Whether a back-end takes plain JWT (API 1.3, conformance class authentication/jwt)."""
    classes = capabilities.get("conformsTo")
    if not classes:
        try:
            classes = call_json(connection, "/conformance").get("conformsTo")
        except (BackendError, NoAnswerError):
            classes = None  # the endpoint is optional
    return any(
        str(uri).rstrip("/").endswith("/authentication/jwt")
        for uri in (classes if isinstance(classes, list) else ())
    )


def _version_key(version: str) -> tuple[list[int], bool]:
    """Order versions; a pre-release (``1.3.0-beta``) comes before its release."""
    numbers, _, pre = version.partition("-")
    return [int(part) if part.isdecimal() else 0 for part in numbers.split(".")], not pre
