"""Credentials that stay with the back-end they were given to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from openeo_widgets.redact import keep_secret

if TYPE_CHECKING:
    from requests import PreparedRequest

__all__ = ["BearerAuth", "NoAuth", "Session", "credentials_of", "origin"]

# In front of tokens in their older form.
_KIND = re.compile(r"\A(?:basic//|oidc/[^/]*/)")

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL: what decides who may see a token (RFC 6454)."""
    parts = urlsplit(url)
    return (
        parts.scheme.lower(),
        (parts.hostname or "").lower(),
        parts.port or _DEFAULT_PORTS.get(parts.scheme.lower()),
    )


def credentials_of(connection: Any) -> object:
    """What a connection signs in with now; another object after signing in again.

    From now on its token is taken out of all texts: back-ends repeat it in their messages, and
    the official client does not tell us of it.

    Args:
        connection: Ours or the official client's.
    """
    credentials = getattr(connection, "auth", None)
    token = getattr(credentials, "bearer", None)
    if isinstance(token, str):
        _keep(token)
    return credentials


def _keep(token: str) -> None:
    """Keep a token secret. Of the older form, `basic//...`, the last part is repeated alone."""
    keep_secret(_KIND.sub("", token.strip(), count=1))


class Session(requests.Session):
    """A session that knows only the credentials that it was given, also across redirects."""

    def rebuild_auth(self, prepared_request: PreparedRequest, response: requests.Response) -> None:
        """Take the credentials off where a redirect leaves their origin.

        That of ``requests`` would put in their place what a ``.netrc`` file has, also where
        the redirect stays with the back-end.
        """
        before, after = response.request.url or "", prepared_request.url or ""
        if self.should_strip_auth(before, after):  # type: ignore[no-untyped-call]
            prepared_request.headers.pop("Authorization", None)


class BearerAuth(AuthBase):
    """A bearer token for one origin.

    On a redirect to another origin the session takes the header off again.

    Raises:
        ValueError: It cannot be a token.
    """

    def __init__(self, token: str, url: str) -> None:
        token = token.strip()  # a file that holds one ends in a line break
        if not (token.isascii() and token.isprintable()):
            # Said here, without it: further down it would be quoted.
            raise ValueError("This is no bearer token: it has characters that none can have.")
        _keep(token)
        self._token = token
        self._origin = origin(url)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if request.url and origin(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._origin[1]}>"


class NoAuth(AuthBase):
    """No credentials, not even those that a ``.netrc`` file would add."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request
