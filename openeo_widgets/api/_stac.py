"""Reading results: what real back-ends send, as STAC Item or Collection of 0.9 to 1.1.

Everything here is a pure function of the document. Nothing of it depends on the version that a
document says it is of, nor on ``type``, which Collections before 1.0.0-rc.1 do not have: back-ends
send fields of several versions in one document. Coordinates are lon/lat degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._http import absolute
from openeo_widgets.api._shapes import mapping_of, text_of
from openeo_widgets.api._times import first_second
from openeo_widgets.api._where import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "assets_of",
    "federation_notes",
    "interval",
    "is_partial",
    "purpose_of",
    "roles_of",
    "status_of",
]

# Roles of assets that are about the data, by what people call them; and what they were called
# before STAC 1.0.
_BESIDE = {
    "metadata": "metadata",
    "iso-19115": "metadata",
    "thumbnail": "thumbnail",
    "overview": "overview",
    "reproducibility": "reproducibility",
    "reproduction": "reproducibility",
    "process": "reproducibility",
}

_MOST_NAMED = 20


def interval(
    document: Mapping[str, Any], items: Sequence[Mapping[str, Any]] = ()
) -> tuple[str, str]:
    """First and last date as ISO 8601 text, "" for an open or unknown end.

    Args:
        document: The results' metadata.
        items: What it links to, as far as it was read: asked where the document tells nothing.
    """
    if is_placeholder(document):
        return "", ""
    first, last = _interval(document)
    if first or last:
        return first, last
    below = [_interval(item) for item in items]
    begins = [begin for begin, _ in below if first_second(begin) is not None]
    ends = [end for _, end in below if first_second(end) is not None]
    return min(begins, key=_second, default=""), max(ends, key=_second, default="")


def status_of(document: Mapping[str, Any]) -> str:
    """Status of the job that results are of (``openeo:status``), or "".

    Items carry it in their properties by the API, at the top in practice.
    """
    for place in (document, mapping_of(document.get("properties"))):
        status = text_of(place.get("openeo:status"))
        if status:
            return status.lower()
    return ""


def is_partial(document: Mapping[str, Any]) -> bool:
    """Whether results are those of a job that has not finished."""
    return status_of(document) not in {"", "finished"} or is_placeholder(document)


def assets_of(document: Mapping[str, Any], base_url: str) -> dict[str, dict[str, Any]]:
    """The assets by key, with absolute hrefs; what is no asset is left out.

    Args:
        document: The results' metadata.
        base_url: URL of the document, against which relative hrefs are resolved.
    """
    found = {}
    for key, asset in mapping_of(document.get("assets")).items():
        href = mapping_of(asset).get("href")
        link = absolute(base_url, href) if isinstance(href, str) and href else ""
        if link:
            found[str(key)] = {**asset, "href": link}
    return found


def roles_of(asset: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles of an asset, as they are written; what is no text is left out."""
    roles = asset.get("roles")
    return tuple(filter(None, map(text_of, roles))) if isinstance(roles, list) else ()


def purpose_of(asset: Mapping[str, Any]) -> str:
    """What an asset is for: ``"data"``, or what it tells about the data.

    An asset of several roles is data if one of them is; so is one without roles.
    """
    named = [role.lower() for role in roles_of(asset)]
    if "data" in named:
        return "data"
    return next((_BESIDE[role] for role in named if role in _BESIDE), "data")


def federation_notes(document: Mapping[str, Any]) -> list[str]:
    """What is to be said of a federation: who is missing, and who computed.

    By the Federation extension of openEO (``federation:missing``, ``federation:backends``).
    """
    missing = ", ".join(_names(document, "federation:missing"))
    backends = ", ".join(_names(document, "federation:backends"))
    notes = [f"Incomplete: nothing came from {missing}."] if missing else []
    return [*notes, *([f"Computed by {backends}."] if backends else [])]


def _names(document: Mapping[str, Any], field: str) -> Iterator[str]:
    for place in (document, mapping_of(document.get("properties"))):
        value = place.get(field)
        names = value[:_MOST_NAMED] if isinstance(value, list) else ()
        yield from (name for name in names if isinstance(name, str) and name)


def _interval(document: Mapping[str, Any]) -> tuple[str, str]:
    properties = mapping_of(document.get("properties"))
    temporal = mapping_of(mapping_of(document.get("extent")).get("temporal"))
    intervals = temporal.get("interval")
    if isinstance(intervals, list) and intervals:
        # An interval that is not in a list is against STAC, and is sent.
        whole = intervals[0] if isinstance(intervals[0], list) else intervals
        first, last = (*whole, None, None)[:2]
    else:
        at = properties.get("datetime")
        first = properties.get("start_datetime") or at
        last = properties.get("end_datetime") or at
    return text_of(first), text_of(last)


def _second(text: str) -> float:
    return first_second(text) or 0.0
