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
import re
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

__all__ = ["keep_secret", "log_failure", "names_secret", "redacted", "redacted_value"]

# Seen in nearly every text that holds a secret, so that all others are passed over quickly.
_SUSPICIOUS = re.compile(
    r"://|eyJ|AKIA|ASIA|bearer|basic|oidc/|auth|token|secret|sig|passw|passphrase|pwd|key"
    r"|credential|cookie|session|sas=|/assets/|[?&][\w.%~-]{1,60}=",
    re.IGNORECASE,
)

_LINK = re.compile(r"(?<![a-zA-Z])([a-zA-Z][a-zA-Z0-9+.-]{1,30}://)([^\s\"'<>`{}|\\^]+)")

# What may stand in the path of a link to a document: words, versions, small numbers. A word is
# lower case, upper case, or has a capital at the start of each of its parts: no random letters do.
_PIECE = r"(?:[a-z]{1,16}[A-Z]{0,4}|[A-Z]{1,16}s?|[a-z]{0,12}(?:[A-Z][a-z]{2,12}){1,4}|\d{1,4})"
_WORD = re.compile(
    rf"(?:{_PIECE}(?:[._-]{{1,2}}{_PIECE}){{0,6}}|v\d{{1,4}}(?:\.\d{{1,4}}){{0,3}}|)"
)

# What may follow a colon in a sentence: "token: expired".
_PROSE = r"(?!\s[a-z]{1,15}(?:[.,;:!?)]|\s|$))"

# With what may follow it in a sentence.
_HOST = re.compile(r"(?:[\w.-]{0,253}|\[[0-9a-fA-F:.]{2,45}\])(?::\d{0,5})?[.,:)\]]{0,3}")

_HIDDEN = "…"

# Behind these names a secret stands, whatever it looks like.
_NAMES = (
    r"(?:tokens?|secrets?|signatures?|passw(?:or)?d|passwd|pwd|passphrase|credentials?|cookie"
    r"|api[_-]?keys?|(?:secret|access|account|private|shared)[_-]?key(?:[_-]?id)?"
    r"|accesskeyid|googleaccessid|key-pair-id|session[_-]?(?:id|key)|(?<![a-zA-Z])(?:sas|sig))"
)
# Quotes may be escaped: JSON is written into JSON.
_QUOTE = r"\\{0,6}['\"]"
_BETWEEN = rf"(?:{_QUOTE})?\s{{0,3}}(?:=>|[:=])"

_SCHEME = r"(?:basic|bearer|digest|token|aws4-hmac-sha256|sharedkey)"

_SECRETS = (
    # JSON Web Tokens, also inside of what the older API calls a bearer token.
    (re.compile(r"(?<![\w-])eyJ[\w-]{5,}(?:\.[\w-]*){1,4}"), _HIDDEN),
    (
        re.compile(r"(?<![a-z])((?:basic//|oidc/[\w.-]{1,100}/))[\w.~+/=%-]+", re.IGNORECASE),
        rf"\1{_HIDDEN}",
    ),
    (
        re.compile(
            rf"(?<![a-z])(bearer{_BETWEEN}?['\"\s]\s{{0,3}})"
            r"(?![a-z]{1,20}(?:[^\w.~+/=-]|[.,;:!?]|$))[\w.~+/=%-]{6,}",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
    (
        re.compile(
            rf"((?<![a-z])authorization{_BETWEEN}\s{{0,3}}(?:{_QUOTE})?"
            rf"(?:{_SCHEME}\s{{1,3}})?)(?!{_SCHEME}\s)"
            r"[^\s,;'\"<>\\…]{6,}(?:(?:,\s?|;)?\s?\w{3,20}=[^\s,;'\"<>]{1,300}){0,9}",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}"), _HIDDEN),
    # `token=...`, `"x-amz-signature": "..."`: in quotes to the end of them, else to a space. JSON
    # stays JSON.
    (
        re.compile(
            rf"({_NAMES}{_BETWEEN}\s{{0,3}}({_QUOTE}))(?!…)(?:(?!\2).){{1,4000}}",
            re.IGNORECASE | re.DOTALL,
        ),
        rf"\1{_HIDDEN}",
    ),
    (
        re.compile(
            rf"({_NAMES}\s{{0,3}}(?:=>|[:=])){_PROSE}(\s{{0,3}})(?!…)"
            r"[^\s,;&'\"<>\\\[{][^\s,;&'\"<>]{2,}",
            re.IGNORECASE,
        ),
        rf"\1\2{_HIDDEN}",
    ),
    # Links without their host: the query, and where results lie behind a signature in the path.
    (re.compile(r"(?<=[\w/.)\]])\?[\w.~%-]{1,60}=[^\s'\"<>`\\]*"), f"?{_HIDDEN}"),
    (
        re.compile(r"([?&](?:sig|se|sv|sp|sr|key|code|expires)=)[^\s&'\"<>\\]+", re.IGNORECASE),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"(/results/assets/|/results/items/)[^\s'\"<>`\\?]+"), rf"\1{_HIDDEN}"),
)

# What is called like this as a whole, or with a word before it.
_NAMED = re.compile(rf"(?:^|[^a-z]|[a-z][_-])(?:{_NAMES}|authorization)$", re.IGNORECASE)

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
        text = text.replace(secret, _HIDDEN)
    if not _SUSPICIOUS.search(text):
        return text
    shown = _LINK.sub(_host_only, text)
    shown = _BASIC.sub(_basic, shown)
    for pattern, instead in _SECRETS:
        shown = pattern.sub(instead, shown)
    return shown


def names_secret(name: str) -> bool:
    """Whether what has this name is a secret: "access_token", "X-Amz-Signature"."""
    return _NAMED.search(name) is not None


def redacted_value(name: str, text: str) -> str:
    """Take secrets out of a text behind a name: behind "token" any word is one.

    Args:
        name: What it is called: the key of a JSON object, for example.
        text: Any text.
    """
    if text and names_secret(name):
        return _HIDDEN
    before = f"{name}="
    shown = redacted(before + text)
    return shown[len(before) :] if shown.startswith(before) else redacted(text)


def log_failure(log: logging.Logger, what: str) -> None:
    """Log the exception that is being handled, without the links and tokens in its traceback.

    Args:
        log: Where to.
        what: What failed, in words.
    """
    log.error("%s", redacted(f"{what}\n{traceback.format_exc()}"))


def _basic(match: re.Match[str]) -> str:
    """Hide the credentials of Basic authentication: base64 of a text with a colon."""
    name, value = match.groups()
    bare = value.rstrip("=")
    try:
        told = base64.urlsafe_b64decode(bare.translate(_URL_SAFE) + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return match[0]
    return f"{name}{_HIDDEN}" if b":" in told else match[0]


def _host_only(match: re.Match[str]) -> str:
    scheme, rest = match.groups()
    place, mark, _ = _cut(rest)
    host, slash, path = place.partition("/")
    host = host.rpartition("@")[2]
    if not _is_host(host):  # a password with a slash in it, for example
        return f"{scheme}{_HIDDEN}"
    if not all(map(_WORD.fullmatch, path.split("/"))):
        return f"{scheme}{host}/{_HIDDEN}"
    return f"{scheme}{host}{slash}{path}{mark and _HIDDEN}"


def _is_host(host: str) -> bool:
    return _HOST.fullmatch(host) is not None


def _cut(rest: str) -> tuple[str, str, str]:
    """The part of a link before its query or fragment, the mark there, and what follows."""
    found = re.search(r"[?#;…]", rest)  # what was taken out before is not taken out again
    if found is None:
        return rest, "", ""
    return rest[: found.start()], found[0], rest[found.end() :]
