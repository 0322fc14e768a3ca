"""Asking a back-end: over our connection or the official client's, with the same errors.

Both have ``get``, ``post``, ``patch``, ``delete`` and ``head`` that take a path and return a
``requests.Response``; nothing more is needed of a connection.
"""

from __future__ import annotations

import email.utils
import re
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urljoin, urlsplit

import requests

from openeo_widgets.api._auth import credentials_of
from openeo_widgets.api._body import parsed, read_whole
from openeo_widgets.api._journal import noted
from openeo_widgets.api._transport import transport_errors
from openeo_widgets.api._urls import host_of
from openeo_widgets.errors import BackendError, NoAnswerError, NotFoundError, SignInError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "TIMEOUT",
    "BackendConnection",
    "absolute",
    "asked",
    "call",
    "call_json",
    "date_of",
    "error_from",
    "host_of",
    "json_body",
    "next_link",
    "pages",
    "patience",
]

# How the message of an error ends that somebody else's answer stands for: a proxy's, for example.
NO_MESSAGE = "without an openEO error message."

_OK, _REDIRECTED, _ERROR = 200, 300, 400
_UNAUTHORIZED, _PAYMENT, _FORBIDDEN, _NOT_FOUND, _FAILED = 401, 402, 403, 404, 424

# Seconds to connect, and between two bytes of an answer.
TIMEOUT = (10.0, 60.0)

# Methods that change nothing, so that asking once more does no harm.
_REPEATABLE = frozenset({"get", "head"})

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


def absolute(base_url: str, href: str) -> str:
    """A link as a whole URL; "" for what is none, such as ``http://[``."""
    try:
        found = urljoin(base_url, href)
        _ = urlsplit(found).port  # only looked at when asked for
    except ValueError:
        return ""
    return found


def call(
    connection: BackendConnection,
    method: str,
    path: str,
    *,
    part_of: str = "",
    **kwargs: Any,
) -> requests.Response:
    """Make one request, and turn everything that is no answer into an error of ours.

    Args:
        connection: Ours or the official client's.
        method: ``"get"``, ``"post"``, ``"patch"``, ``"delete"`` or ``"head"``.
        path: Path of the back-end such as ``"/jobs"``, or a whole URL.
        part_of: The path whose answer held the whole URL, for the journal.
        **kwargs: For ``requests``: ``json``, ``params``, ``headers``, ``timeout``.

    Returns:
        The answer, with a status below 400.

    Raises:
        BackendError: The back-end answered with an error.
        NoAnswerError: No usable answer came.
    """
    where = asked(method, path, connection.root_url)
    kwargs = patience(connection) | kwargs
    credentials = credentials_of(connection)

    def made() -> requests.Response:
        with noted(connection, method, path, part_of=part_of, sent=kwargs) as note:
            ask = getattr(connection, method)
            answer: requests.Response = ask(path, check_error=False, stream=True, **kwargs)
            read_whole(answer, where)
            note.status = answer.status_code
        return answer

    with transport_errors(where, repeatable=method in _REPEATABLE):
        response = made()
        # A request that was refused was not carried out, so it is safe to make it again.
        if _is_token_invalid(response) and _signed_in_again(connection, credentials):
            credentials_of(connection)
            response = made()
        if not _OK <= response.status_code < _REDIRECTED:
            raise error_from(response, where)
    return response


def asked(method: str, path: str, root_url: str) -> str:
    """Say what was asked, and where, for messages.

    Of a whole URL only the host: its path or its query may be as good as a password.
    """
    if urlsplit(path).scheme:
        return f"{method.upper()} of a link at {host_of(path)}"
    return f"{method.upper()} {urlsplit(path).path or '/'} at {host_of(root_url)}"


def patience(connection: BackendConnection) -> dict[str, Any]:
    """Choose the timeout for a request: the connection's own, if it is one at all.

    The official client waits twenty minutes for an answer, which suits synchronous processing
    and not these short questions.

    Returns:
        Keyword arguments for the request.
    """
    its_own = getattr(connection, "default_timeout", None)
    return {"timeout": TIMEOUT} if isinstance(its_own, int | float) and its_own > 600 else {}  # noqa: PLR2004 - seconds


def call_json(connection: BackendConnection, path: str, **kwargs: Any) -> dict[str, Any]:
    """GET a JSON object.

    Raises:
        BackendError: The back-end answered with an error.
        NoAnswerError: No usable answer came, or it is no JSON object.
    """
    response = call(connection, "get", path, **kwargs)
    return json_body(response, asked("get", path, connection.root_url))


def json_body(response: requests.Response, what: str) -> dict[str, Any]:
    """Read an answer's body as a JSON object.

    Raises:
        NoAnswerError: It is something else: an HTML page, a truncated body, a list.
    """
    try:
        data = parsed(response)
    except (ValueError, RecursionError) as error:
        kind = response.headers.get("Content-Type", "no content type")
        hint = "The address may be that of a web page, not of the API." if "html" in kind else ""
        raise NoAnswerError(
            f"{what} was answered with {kind}, which is not JSON.", hint=hint
        ) from error
    if not isinstance(data, dict):
        raise NoAnswerError(f"{what} was answered with JSON that is not an object.")
    return data


def pages(connection: BackendConnection, path: str, **kwargs: Any) -> Iterator[dict[str, Any]]:
    """Follow a list through its pages, by the ``next`` links that the back-end gives.

    API, section "Pagination": page URLs are never built by the client.

    Yields:
        The pages, as JSON objects.
    """
    seen: set[str] = set()
    page_url = path
    for _ in range(_MOST_PAGES):
        response = call(connection, "get", page_url, part_of=path, **kwargs)
        page = json_body(response, asked("get", page_url, connection.root_url))
        yield page
        following = next_link(page)
        if following is None:
            return
        # A page that names itself, or one that came before, would be a circle; also without
        # what the first one was asked with.
        bare = urlsplit(response.url)._replace(query="", fragment="").geturl()
        seen |= {page_url, response.url, bare if page_url == path else response.url}
        page_url = _joined(response.url, following)
        if page_url in seen:
            return
        kwargs.pop("params", None)  # the link carries them


def _joined(base_url: str, href: str) -> str:
    url = absolute(base_url, href)
    if not url:
        raise NoAnswerError(
            f"A list at {host_of(base_url)} goes on at a link that is no address.",
            hint="Tell the back-end.",
        )
    return url


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
    message, links = body.get("message"), body.get("links")
    known: dict[str, Any] = {
        "http_status": status,
        "code": str(body.get("code") or ""),
        "id": str(body.get("id") or ""),
        "links": [link for link in links if isinstance(link, dict)]
        if isinstance(links, list)
        else [],
        "retry_after_s": _retry_after(response.headers.get("Retry-After", "")),
    }
    if _REDIRECTED <= status < _ERROR:
        message = f"{where} was redirected, and only reading follows a redirect."
        return BackendError(message, **known, hint="Check the address: http or https, and path.")
    if not isinstance(message, str) or not message:
        message = f"{where} was answered with HTTP status {status}, {NO_MESSAGE}"
    if status in {_UNAUTHORIZED, _FORBIDDEN}:
        allowed = known["code"] != "PermissionsInsufficient"
        hint = (
            "Sign in (again), connection.authenticate_basic(...) for example, then ask again."
            if allowed
            else "Ask the back-end for access."
        )
        return SignInError(message, **known, hint=hint)
    if status == _NOT_FOUND:
        return NotFoundError(message, **known)
    hint = _HINTS.get(known["code"]) or _HINTS_OF_STATUS.get(status, "")
    return BackendError(message, **known, hint=hint)


# What to do after errors of the API that the person can do something about.
_HINTS = {
    "BillingPlanInvalid": "Choose another billing plan, or none.",
    "BudgetInvalid": "Choose another budget, or none.",
    "FeatureUnsupported": "This back-end does not offer it.",
    "JobLocked": "Cancel the job, or wait for its end, then try again.",
    "PaymentRequired": "Add credits to your account at the back-end, or make a copy of the job "
    "with another plan, a larger budget or less to compute.",
    "StorageQuotaExceeded": "Delete jobs whose results are no longer needed, then try again.",
}

# The body of a 424 is the last error entry of the job's logs, by the API.
_HINTS_OF_STATUS = {
    _PAYMENT: _HINTS["PaymentRequired"],
    _FAILED: "The job failed, and this is its last error: its logs tell what happened before.",
}


def _error_object(response: requests.Response) -> dict[str, Any]:
    try:
        body = parsed(response)
    except (ValueError, RecursionError, requests.RequestException):
        return {}
    return body if isinstance(body, dict) else {}


def date_of(response: requests.Response) -> float | None:
    """When an answer was made, by the clock of who made it: seconds since the epoch, or None."""
    try:
        return email.utils.parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _retry_after(value: str) -> float | None:
    """Read ``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date."""
    if re.fullmatch(r"\s*[0-9]+\s*", value):
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _is_token_invalid(response: requests.Response) -> bool:
    refused = response.status_code in {_UNAUTHORIZED, _FORBIDDEN}
    return refused and _error_object(response).get("code") == "TokenInvalid"


# Jobs are watched from several threads, and a refresh token may be good for one use only.
_one_renewal = threading.Lock()


def _signed_in_again(connection: BackendConnection, refused: Any) -> bool:
    """Give the official client its chance to renew an expired OIDC token.

    The device flow is left alone: it prints, and waits for a person.

    Args:
        connection: Any connection; only the official one can renew.
        refused: The credentials that the back-end refused.

    Returns:
        Whether the connection has other credentials now.
    """
    renew = getattr(connection, "try_access_token_refresh", None)
    renewer = getattr(connection, "_oidc_auth_renewer", None)
    if renew is None or "Device" in type(renewer).__name__:
        return False
    with _one_renewal:
        if getattr(connection, "auth", None) is not refused:
            return True  # another thread was quicker
        try:
            return bool(renew(reason="The back-end says that the token is no longer valid."))
        except requests.RequestException:
            raise
        except Exception:  # noqa: BLE001 - its errors are not ours to know; the refusal stands
            return False
