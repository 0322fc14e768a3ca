"""Taking out of texts what is as good as a password: signed links, tokens, keys.

Links to results are often signed ("similar to a password", says the API), and back-ends put links
and tokens where nobody expects them: into log messages, errors, titles. What is shown is saved in
notebooks, and notebooks are passed on.
"""

from __future__ import annotations

import re

__all__ = ["redacted"]

# Seen in nearly every text that holds a secret, so that all others are passed over quickly.
_SUSPICIOUS = re.compile(
    r"://|eyJ|AKIA|ASIA|bearer|basic|oidc/|token|secret|sig|passw|api[_-]?key|credential",
    re.IGNORECASE,
)

_LINK = re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]{1,30}://)([^\s\"'<>`{}|\\^]+)")

# What may stand in the path of a link to a document: words, versions, small numbers.
_WORD = re.compile(r"(?:[A-Za-z][A-Za-z._-]{0,39}|v?\d{1,4}(?:\.\d{1,4}){0,3}|)")

_HIDDEN = "…"

_SECRETS = (
    # JSON Web Tokens, also inside of what the older API calls a bearer token.
    (re.compile(r"\beyJ[\w-]{5,}(?:\.[\w-]*){1,4}"), _HIDDEN),
    (re.compile(r"\b(bearer\s+)[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1{_HIDDEN}"),
    (
        re.compile(
            r"\b(authorization['\"]?\s{0,3}[:=]\s{0,3}['\"]?(?:basic\s+)?)[\w.~+/=-]{6,}",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"\b(basic//|oidc/[\w.-]{1,100}/)[\w.~+/=-]+", re.IGNORECASE), rf"\1{_HIDDEN}"),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}"), _HIDDEN),
    # `token=...`, `"x-amz-signature": "..."`, `password is ...` has no mark to go by.
    (
        re.compile(
            r"((?:token|secret|signature|passw(?:or)?d|api[_-]?key|credential)s?"
            r"['\"]?\s{0,3}[:=]\s{0,3}['\"]?)(?!\s)[^\s,;&'\"<>]{4,}",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"([?&](?:sig|se|sv|sp|key)=)[^\s&'\"<>]+", re.IGNORECASE), rf"\1{_HIDDEN}"),
)


def redacted(text: str) -> str:
    """Take secrets out of a text that is to be shown or kept.

    Of a link the host stays, and its path if that reads like the path of a document; never its
    query, its fragment or a password in it. Tokens and keys are known by their form, or by the
    name in front of them.

    Args:
        text: Any text, of a back-end for example.

    Returns:
        The text, with ``…`` in the place of each secret.
    """
    if not _SUSPICIOUS.search(text):
        return text
    shown = _LINK.sub(_host_only, text)
    for pattern, instead in _SECRETS:
        shown = pattern.sub(instead, shown)
    return shown


def _host_only(match: re.Match[str]) -> str:
    scheme, rest = match.groups()
    place, mark, _ = _cut(rest)
    host, slash, path = place.partition("/")
    host = host.rpartition("@")[2]
    if not all(_WORD.fullmatch(part) for part in path.split("/")):
        return f"{scheme}{host}/{_HIDDEN}"
    return f"{scheme}{host}{slash}{path}{mark and _HIDDEN}"


def _cut(rest: str) -> tuple[str, str, str]:
    """The part of a link before its query or fragment, the mark there, and what follows."""
    found = re.search(r"[?#;]", rest)
    if found is None:
        return rest, "", ""
    return rest[: found.start()], found[0], rest[found.end() :]
