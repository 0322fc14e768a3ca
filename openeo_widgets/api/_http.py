"""Asking a back-end: over our connection or the official client's, with the same errors.

Both have ``get``, ``post``, ``patch``, ``delete`` and ``head`` that take a path and return a
``requests.Response``; nothing more is needed of a connection.
"""

from __future__ import annotations

import email.utils
import time
from contextlib import contextmanager
from typing import Any, Protocol, TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests

from openeo_widgets.errors import BackendError, NoAnswerError, NotFoundError, SignInError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "BackendConnection",
    "call",
    "call_json",
    "error_from",
    "host_of",
    "json_body",
    "next_link",
    "pages",
]

_OK = 200
_ERROR = 400
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404

# A list that never ends is a fault of the back-end; stop before memory does.
_MOST_PAGES = 10_000


class BackendConnection(Protocol):
    """What a connection must offer: ours does, ``openeo.Connection`` does."""

    root_url: str

    def get(self, path: str, **kwargs: Any) -> requests.Response:
        """GET a path of the back-end, or a whole URL."""

    def post(self, path: str, **kwargs: Any) -> requests.Response:
        """POST to a path of the back-end."""

    def patch(self, path: str, **kwargs: Any) -> requests.Response:
        """PATCH a path of the back-end."""

    def delete(self, path: str, **kwargs: Any) -> requests.Response:
        """DELETE a path of the back-end."""

    def head(self, path: str, **kwargs: Any) -> requests.Response:
        """HEAD of a path of the back-end, or of a whole URL."""


def host_of(url: str) -> str:
    """Name the host of a URL, with its port where there is one: safe to show."""
    parts = urlsplit(url)
    host = parts.hostname or url
    return f"{host}:{parts.port}" if parts.port else host


def call(
    connection: BackendConnection,
    method: str,
    path: str,
    **kwargs: Any,
) -> requests.Response:
    """Make one request, and turn everything that is no answer into an error of ours.

    Args:
        connection: Ours or the official client's.
        method: ``"get"``, ``"post"``, ``"patch"``, ``"delete"`` or ``"head"``.
        path: Path of the back-end such as ``"/jobs"``, or a whole URL.
        **kwargs: For ``requests``: ``json``, ``params``, ``headers``, ``stream``, ``timeout``.

    Returns:
        The answer, with a status below 400.

    Raises:
        BackendError: The back-end answered with an error.
        NoAnswerError: No usable answer came.
    """
    ask = getattr(connection, method)
    where = f"{method.upper()} {_shown(path)} at {host_of(connection.root_url)}"
    with _transport_errors(where):
        response: requests.Response = ask(path, check_error=False, **kwargs)
        if response.status_code in {_UNAUTHORIZED, _FORBIDDEN}:
            response = _signed_in_again(connection, method, path, response, **kwargs)
        if response.status_code >= _ERROR:
            raise error_from(response, where)
    return response


def call_json(connection: BackendConnection, path: str, **kwargs: Any) -> dict[str, Any]:
    """GET a JSON object.

    Raises:
        BackendError: The back-end answered with an error.
        NoAnswerError: No usable answer came, or it is no JSON object.
    """
    return json_body(call(connection, "get", path, **kwargs), f"GET {_shown(path)}")


def json_body(response: requests.Response, what: str) -> dict[str, Any]:
    """Read an answer's body as a JSON object.

    Raises:
        NoAnswerError: It is something else: an HTML page, a truncated body, a list.
    """
    try:
        data = response.json()
    except (ValueError, RecursionError) as error:
        kind = response.headers.get("Content-Type", "no content type")
        raise NoAnswerError(f"{what} was answered with {kind}, which is not JSON.") from error
    if not isinstance(data, dict):
        raise NoAnswerError(f"{what} was answered with JSON that is not an object.")
    return data


def pages(connection: BackendConnection, path: str, **kwargs: Any) -> Iterator[dict[str, Any]]:
    """Follow a list through its pages, by the ``next`` links that the back-end gives.

    API, section "Pagination": page URLs are never built by the client.

    Yields:
        The pages, as JSON objects.
    """
    seen = set()
    page_url = path
    for _ in range(_MOST_PAGES):
        page = call_json(connection, page_url, **kwargs)
        yield page
        following = next_link(page)
        # A page that names itself, or one that came before, would be a circle.
        if following is None or following in seen:
            return
        seen.add(following)
        page_url = urljoin(connection.root_url.rstrip("/") + "/", following)
        kwargs.pop("params", None)  # the link carries them


def next_link(page: Mapping[str, Any]) -> str | None:
    """Find the link to the following page, or None."""
    links = page.get("links")
    for link in links if isinstance(links, list) else ():
        if (
            isinstance(link, dict)
            and link.get("rel") == "next"
            and isinstance(link.get("href"), str)
        ):
            return str(link["href"])
    return None


def error_from(response: requests.Response, where: str) -> BackendError:
    """Make the error that an answer stands for.

    Args:
        response: An answer with an error status.
        where: What was asked, for the message; without query, which may hold a signature.
    """
    status = response.status_code
    body = _error_object(response)
    message = body.get("message")
    known: dict[str, Any] = {
        "http_status": status,
        "code": str(body.get("code") or ""),
        "id": str(body.get("id") or ""),
        "links": [link for link in body.get("links") or () if isinstance(link, dict)],
        "retry_after_s": _retry_after(response.headers.get("Retry-After", "")),
    }
    if not isinstance(message, str) or not message:
        message = (
            f"{where} was answered with HTTP status {status}, without an openEO error message."
        )
    if status in {_UNAUTHORIZED, _FORBIDDEN}:
        return SignInError(message, **known, hint="Sign in (again), then ask again.")
    if status == _NOT_FOUND:
        return NotFoundError(message, **known)
    return BackendError(message, **known)


def _error_object(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError, requests.RequestException):
        return {}
    return body if isinstance(body, dict) else {}


def _retry_after(value: str) -> float | None:
    """Read ``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _signed_in_again(
    connection: BackendConnection,
    method: str,
    path: str,
    refused: requests.Response,
    **kwargs: Any,
) -> requests.Response:
    """Give the official client its chance to renew an expired OIDC token.

    It does so only where it raises its own error. A refused request was not carried out, so
    asking again is safe for every method. The device flow is left alone: it prints, and waits
    for a person.
    """
    renewer = getattr(connection, "_oidc_auth_renewer", None)
    if renewer is None or "Device" in type(renewer).__name__:
        return refused
    try:
        response: requests.Response = getattr(connection, method)(path, **kwargs)
    except requests.RequestException:
        raise
    except Exception:  # noqa: BLE001 - its errors are not ours to know; the first answer says it
        return refused
    return response


@contextmanager
def _transport_errors(where: str) -> Iterator[None]:
    """Say in words what failed between here and the back-end."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        raise NoAnswerError(
            f"{where}: the connection is not secure ({_reason(error)}).",
            hint="Check the address and the certificates of this machine.",
        ) from None
    except requests.Timeout:
        raise NoAnswerError(f"{where}: no answer in time.") from None
    except requests.ConnectionError as error:
        raise NoAnswerError(
            f"{where}: no connection ({_reason(error)}).",
            hint="Check that the back-end runs and that the address is right.",
        ) from None
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema) as error:
        raise NoAnswerError(
            f"{where}: the address is not valid ({type(error).__name__})."
        ) from None
    except requests.RequestException as error:
        raise NoAnswerError(f"{where}: {type(error).__name__}.") from None


def _reason(error: BaseException) -> str:
    """Find the innermost cause's words: "Connection refused", not five class names.

    The texts around it hold the URL with its query, which may be a signature.
    """
    inner: BaseException = error
    while True:
        found = getattr(inner, "reason", None) or (inner.args[-1] if inner.args else None)
        if not isinstance(found, BaseException):
            break
        inner = found
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return type(inner).__name__


def _shown(path: str) -> str:
    """Cut a path or URL to what may be shown: no query, no host that is not the back-end's."""
    return urlsplit(path).path or "/"
