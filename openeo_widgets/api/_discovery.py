"""From the address that a person gives to the root URL of an API (API, "API Discovery")."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from openeo_widgets.api._http import call_json
from openeo_widgets.errors import BackendError, NoAnswerError

if TYPE_CHECKING:
    from openeo_widgets.api._http import BackendConnection

__all__ = ["discovered", "with_scheme"]

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
        versions = call_json(connection, "/.well-known/openeo").get("versions")
    except BackendError:
        return connection.root_url
    except NoAnswerError as error:
        if error.hint:  # nobody there at all: asking a second time would only take longer
            raise
        return connection.root_url
    usable = [
        version
        for version in (versions if isinstance(versions, list) else ())
        if isinstance(version, dict)
        and isinstance(version.get("url"), str)
        and str(version.get("api_version", "")).startswith("1.")
    ]
    ready = [version for version in usable if version.get("production", True)] or usable
    if not ready:
        return connection.root_url
    newest = max(ready, key=lambda version: _version_key(str(version["api_version"])))
    return urljoin(connection.root_url + "/", str(newest["url"])).rstrip("/")


def _version_key(version: str) -> tuple[list[int], bool]:
    """Order versions; a pre-release (``1.3.0-beta``) comes before its release."""
    numbers, _, pre = version.partition("-")
    return [int(part) if part.isdigit() else 0 for part in numbers.split(".")], not pre
