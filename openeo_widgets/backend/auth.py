"""Accounts, passwords and tokens.

A token is a JWT (HS256). It is accepted plain, as API 1.3 has it, and behind ``basic//``, as
API 1.0 to 1.2 have it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from typing import TYPE_CHECKING

import jwt

from openeo_widgets.backend.errors import ApiError

if TYPE_CHECKING:
    from openeo_widgets.backend.store import Store

_ISSUER = "openeo-widgets"
_PBKDF2_ROUNDS = 60_000


def hash_password(password: str) -> str:
    """A salted PBKDF2-SHA256 hash, as ``salt$hash`` in hexadecimal."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_derive(password, salt)}"


def password_matches(password: str, stored: str) -> bool:
    """Whether ``password`` is the one that ``stored`` was made of, in constant time."""
    salt, _, expected = stored.partition("$")
    return hmac.compare_digest(_derive(password, bytes.fromhex(salt)), expected)


def _derive(password: str, salt: bytes) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _PBKDF2_ROUNDS).hex()


class Authenticator:
    """Turns credentials into tokens and tokens into user ids.

    Args:
        store: where the accounts are.
        secret: the key that signs the tokens.
        token_seconds: how long a token is valid, in seconds.
    """

    def __init__(self, store: Store, secret: bytes, token_seconds: float) -> None:
        self._store = store
        self._secret = secret
        self._token_seconds = token_seconds
        # Checked when the account is unknown, so that the answer takes as long as otherwise.
        self._nobody = hash_password(secrets.token_urlsafe())

    def sign_in(self, authorization: str | None) -> str:
        """A token for the user and password of an HTTP Basic ``Authorization`` header.

        Raises:
            ApiError: ``AuthenticationRequired``, ``AuthenticationSchemeInvalid`` or
                ``CredentialsInvalid``.
        """
        scheme, _, encoded = (authorization or "").partition(" ")
        if not scheme:
            raise ApiError(
                "AuthenticationRequired",
                "Send the user name and password with HTTP Basic authentication.",
                {"WWW-Authenticate": 'Basic realm="openEO", charset="UTF-8"'},
            )
        if scheme.lower() != "basic":
            raise ApiError("AuthenticationSchemeInvalid", "Only HTTP Basic works here.")
        try:
            text = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            text = ""
        name, _, password = text.partition(":")
        stored = self._store.password_hash(name)
        if not password_matches(password, stored or self._nobody) or stored is None:
            raise ApiError("CredentialsInvalid", "User name or password are not correct.")
        return self._token(name)

    def user(self, authorization: str | None) -> str:
        """The user id behind a Bearer ``Authorization`` header.

        Raises:
            ApiError: ``AuthenticationRequired``, ``AuthenticationSchemeInvalid`` or
                ``TokenInvalid``.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if not scheme:
            raise ApiError(
                "AuthenticationRequired",
                "Sign in first, and send the token as 'Authorization: Bearer ...'.",
                {"WWW-Authenticate": "Bearer"},
            )
        if scheme.lower() != "bearer":
            raise ApiError("AuthenticationSchemeInvalid", "Only Bearer tokens work here.")
        user_id = self._subject(token.strip().removeprefix("basic//"))
        if user_id is None or self._store.password_hash(user_id) is None:
            raise ApiError("TokenInvalid", "The token is not valid any more. Sign in again.")
        return user_id

    def _token(self, user_id: str) -> str:
        issued = time.time()
        claims = {
            "iss": _ISSUER,
            "sub": user_id,
            "iat": int(issued),
            "exp": int(issued + self._token_seconds),
            "jti": secrets.token_hex(8),
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def _subject(self, token: str) -> str | None:
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                issuer=_ISSUER,
                options={"require": ["exp", "sub", "iss"]},
            )
        except jwt.InvalidTokenError:
            return None
        return str(claims["sub"])
