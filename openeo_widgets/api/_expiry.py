"""When links to results expire, as far as the metadata and the links themselves tell.

Everything here is a pure function of what the back-end sent. Times are UTC.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from openeo_widgets.api._times import seconds_of_time

__all__ = ["asset_expires", "expires_at", "link_expires"]

# Parameters that hold a moment: of openEO back-ends and CloudFront, of Azure.
_MOMENTS = ("expires", "se")

# Parameters that hold when a link was made, and how many seconds it is good for.
_SPANS = (("x-amz-date", "x-amz-expires"), ("x-goog-date", "x-goog-expires"))


def expires_at(document: Mapping[str, Any]) -> dt.datetime | None:
    """When the first of the links to assets expires, or None where nothing tells.

    Read from ``expires`` of the document (timestamps extension; in an Item's properties) and of
    its assets, and from the links: see `link_expires`. The earliest counts.
    """
    assets = _mapping(document.get("assets")).values()
    return min((found for a in (document, *assets) for found in _told(_mapping(a))), default=None)


def asset_expires(asset: Mapping[str, Any]) -> dt.datetime | None:
    """When one asset expires, by itself or by its link, or None where neither tells."""
    return min(_told(asset), default=None)


def link_expires(href: str) -> dt.datetime | None:
    """When a signed link expires, or None where it does not tell.

    Known are ``expires`` and Azure's ``se``, each in seconds since the epoch or in ISO 8601, and
    what Amazon (``X-Amz-Date`` and ``X-Amz-Expires``) and Google (``X-Goog-...``) put there.
    """
    try:
        query = parse_qs(urlsplit(href).query)
    except ValueError:
        return None
    values = {name.lower(): found[0] for name, found in query.items()}
    times = [_moment(values[name]) for name in _MOMENTS if name in values]
    times += [_end(values.get(begin, ""), values.get(span, "")) for begin, span in _SPANS]
    return min((time for time in times if time), default=None)


def _told(thing: Mapping[str, Any]) -> Iterator[dt.datetime]:
    href = thing.get("href")
    stated = (thing.get("expires"), _mapping(thing.get("properties")).get("expires"))
    times = [_moment(value) for value in stated if isinstance(value, str)]
    times.append(link_expires(href) if isinstance(href, str) else None)
    yield from (time for time in times if time)


def _moment(text: str) -> dt.datetime | None:
    try:
        at = int(text) if re.fullmatch(r"[0-9]+", text) else seconds_of_time(text)
        return None if at is None else dt.datetime.fromtimestamp(at, dt.timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None


def _end(begin: str, seconds: str) -> dt.datetime | None:
    try:
        began = dt.datetime.strptime(begin, "%Y%m%dT%H%M%S%z")
        return began.astimezone(dt.timezone.utc) + dt.timedelta(seconds=int(seconds))
    except (ValueError, OverflowError):
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
