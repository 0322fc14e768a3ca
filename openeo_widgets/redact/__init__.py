"""Taking out of texts what is as good as a password: signed links, tokens, keys.

Links to results are often signed ("similar to a password", says the API), and back-ends put links
and tokens where nobody expects them: into log messages, errors, titles. What is shown is saved in
notebooks, and notebooks are passed on.

A secret is known by its form, by the name in front of it, or because this process signed in with
it. Of what is known by none of these nothing can be said: texts are a back-end's own words.
"""

from __future__ import annotations

import base64
import binascii
import functools
import logging
import re
import traceback
from typing import Any

from openeo_widgets.redact._forms import HIDDEN, NAME, SECRETS, SUSPICIOUS

__all__ = [
    "beginning",
    "keep_secret",
    "log_failure",
    "names_secret",
    "redacted",
    "redacted_data",
    "secrets_in",
    "without_half",
]

_LINK = re.compile(r"(?<![a-zA-Z])([a-zA-Z][a-zA-Z0-9+.-]{1,30}://)([^\s\"'<>`{}|\\^]+)")

# What may stand in the path of a link to a document: words, versions, numbers, dates. A word is
# lower case, upper case, or has a capital at the start of each of its parts: no random letters do.
# The names of satellites' products have digits in them, and are short: L2A, SENTINEL2, MCD43A4.
_PIECE = (
    r"(?:[a-z]{1,16}[A-Z]{0,4}|[A-Z]{1,16}s?|[a-z]{0,12}(?:[A-Z][a-z]{2,12}){1,4}"
    r"|\d{1,8}|(?:19|20)\d{6}T\d{6}|[A-Z]\d{1,4}"
    r"|[A-Z]{1,8}\d{1,2}(?:[A-Z]{1,3}\d{0,2})?|[a-z]{1,8}\d{1,2}(?:[a-z]{1,3}\d{0,2})?)"
)
_WORD = re.compile(
    rf"(?:{_PIECE}(?:[._-]{{1,2}}{_PIECE}){{0,9}}|v\d{{1,4}}(?:\.\d{{1,4}}){{0,3}}|)"
)

# With what may follow it in a sentence.
_HOST = re.compile(r"(?:[\w.-]{0,253}|\[[0-9a-fA-F:.]{2,45}\])(?::\d{0,5})?[.,:)\]]{0,3}")

_LONGEST_NAME = 200

# Beside a name these hold what it is the name of.
_OF_A_PAIR = ("value", "values", "content")
_PAIR = 2
_MOST_ARGUMENTS = 100
# No data are nested as deep as this.
_DEEPEST = 150

# No secret is longer than what fits into a header of HTTP; none holds one of these.
_OVERLAP = 8192
_ENDS = " \t\n\r,;\"'<>(){}[]|"

_BASIC = re.compile(r"(?<![a-z])(basic\s{1,3})([A-Za-z0-9+/_-]{4,}={0,2})", re.IGNORECASE)

_URL_SAFE = str.maketrans("+/", "-_")

# What this process signed in with: the last of them, since tokens are renewed.
_known: dict[str, None] = {}
_MOST_KNOWN = 64
# Shorter ones, or plain words, would be taken out of texts that have nothing to do with them.
_SHORTEST_KNOWN = 8


def keep_secret(secret: str) -> None:
    """Take a secret out of all texts from now on, wherever it stands.

    Args:
        secret: A token that was signed in with. Too short ones, and words, are passed over.
    """
    if len(secret) < _SHORTEST_KNOWN or secret.isalpha():
        return
    if secret in _known:  # looked at before each request
        return
    while len(_known) >= _MOST_KNOWN:
        _known.pop(next(iter(_known)), None)
    _known[secret] = None


def redacted(text: str) -> str:
    """Take secrets out of a text that is to be shown or kept.

    Of a link the host stays, and its path if that reads like the path of a document; never its
    query, its fragment or a password in it. Tokens and keys are known by their form, by the
    name in front of them, or because they were signed in with.

    Args:
        text: Any text, of a back-end for example.

    Returns:
        The text, with ``…`` in the place of each secret.
    """
    for secret in tuple(_known):
        text = text.replace(secret, HIDDEN)
    if not SUSPICIOUS.search(text):
        return text
    shown = _LINK.sub(_host_only, text)
    shown = _BASIC.sub(_basic, shown)
    for pattern, instead in SECRETS:
        shown = pattern.sub(instead, shown)
    return shown


def beginning(text: str, most: int) -> str:
    """The beginning of a text, without secrets, and without half of one at its end.

    Args:
        text: Any text, however long: no more of it is looked at than is needed.
        most: Characters of it at most.

    Returns:
        The text, with ``…`` where it was cut.
    """
    if len(text) > most + _OVERLAP:
        return f"{without_half(text[: most + _OVERLAP])[:most]}…"
    shown = redacted(text)
    return shown if len(shown) <= most else f"{shown[:most]}…"


def without_half(text: str) -> str:
    """A text that was cut, without secrets: half of one at its end is not known for one.

    Args:
        text: What was cut.

    Returns:
        The text without its last word, and that is a long one where it has no other.
    """
    last = max(text.rfind(mark, max(0, len(text) - _OVERLAP)) for mark in _ENDS)
    return redacted(text)[:-_OVERLAP] if last < 0 else redacted(text[:last])


@functools.lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether what has this name is a secret: "access_token", "X-Amz-Signature"."""
    return NAME.search(name[-_LONGEST_NAME:]) is not None


def secrets_in(value: dict[str, Any] | list[Any]) -> frozenset[str | int]:
    """The parts of an object or a list that are secret by what they are called.

    They are called so by their key, or by their neighbour: ``{"name": "token", "value": ...}``,
    ``["Authorization", ...]``, ``["--password", ...]``.

    Args:
        value: An object or a list of JSON.

    Returns:
        Keys, or positions.
    """
    if isinstance(value, list):
        if not value or not isinstance(value[0], str):
            return frozenset()
        named = value[:1] if len(value) == _PAIR else []
        named += [part for part in value[:_MOST_ARGUMENTS] if _is_option(part)]
        return frozenset(
            value.index(name) + 1 for name in named if isinstance(name, str) and names_secret(name)
        )
    found = {name for name, part in value.items() if _is_secret(name, part)}
    told = (value.get(name) for name in ("name", "key", "header", "variable"))
    if any(isinstance(name, str) and names_secret(name) for name in told):
        found |= {name for name in _OF_A_PAIR if _is_secret("token", value.get(name))}
    return frozenset(found)


def _is_option(part: Any) -> bool:
    return isinstance(part, str) and part.startswith("-") and "=" not in part


def _is_secret(name: str, value: Any) -> bool:
    """Whether a value is hidden for its name: yes and no are not, nor how many tokens there are."""
    if value is None or isinstance(value, bool) or value == "" or not names_secret(name):
        return False
    return not (isinstance(value, int | float) and name.lower().endswith("tokens"))


def redacted_data(value: Any, most: int = 1 << 60) -> Any:
    """Take secrets out of a JSON value: out of its texts, and those that have a secret's name.

    Args:
        value: Any JSON value.
        most: Characters of it, roughly, that are kept; what comes later is left out.

    Returns:
        The value, with ``…`` in the place of each secret, and of what is nested very deeply.
    """
    return _Data(most).shown(value, 0)


class _Data:
    """Goes through a JSON value as long as there is room."""

    def __init__(self, most: int) -> None:
        self._left = most

    def shown(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self._text(value)
        self._left -= 1
        if not isinstance(value, dict | list):
            return value
        if depth >= _DEEPEST:
            return HIDDEN
        hidden = secrets_in(value)
        if isinstance(value, list):
            return [
                HIDDEN if place in hidden else self.shown(part, depth + 1)
                for place, part in enumerate(value)
                if self._left > 0
            ]
        return {
            self._text(name): HIDDEN if name in hidden else self.shown(part, depth + 1)
            for name, part in value.items()
            if self._left > 0
        }

    def _text(self, text: str) -> str:
        shown = beginning(text, max(0, self._left))
        self._left -= len(shown)
        return shown


def log_failure(log: logging.Logger, what: str, level: int = logging.ERROR) -> None:
    """Log the exception that is being handled, without the links and tokens in its traceback.

    Args:
        log: Where to.
        what: What failed, in words.
        level: How bad that is.
    """
    if log.isEnabledFor(level):
        log.log(level, "%s", redacted(f"{what}\n{traceback.format_exc()}"))


def _basic(match: re.Match[str]) -> str:
    """Hide the credentials of Basic authentication: base64 of a text with a colon."""
    name, value = match.groups()
    bare = value.rstrip("=")
    try:
        told = base64.urlsafe_b64decode(bare.translate(_URL_SAFE) + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return match[0]
    return f"{name}{HIDDEN}" if b":" in told else match[0]


def _host_only(match: re.Match[str]) -> str:
    scheme, rest = match.groups()
    place, mark, _ = _cut(rest)
    host, slash, path = place.partition("/")
    host = host.rpartition("@")[2]
    if not _is_host(host):  # a password with a slash in it, for example
        return f"{scheme}{HIDDEN}"
    if not all(map(_WORD.fullmatch, path.split("/"))):
        return f"{scheme}{host}/{HIDDEN}"
    return f"{scheme}{host}{slash}{path}{mark and HIDDEN}"


def _is_host(host: str) -> bool:
    return _HOST.fullmatch(host) is not None


def _cut(rest: str) -> tuple[str, str, str]:
    """The part of a link before its query or fragment, the mark there, and what follows."""
    found = re.search(r"[?#;…]", rest)  # what was taken out before is not taken out again
    if found is None:
        return rest, "", ""
    return rest[: found.start()], found[0], rest[found.end() :]
