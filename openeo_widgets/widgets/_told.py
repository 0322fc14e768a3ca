"""What back-ends tell of jobs and of log entries alike, as values that may be shown: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._capabilities import web_address
from openeo_widgets.api._shapes import dicts_of, number_of
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.widgets._base import Revealed
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Links", "metrics_of", "opened", "web_links"]

# What is shown of each link, and its address.
Links = list[tuple[dict[str, str], str]]

# What the API names (section on describing jobs), in the order of interest.
_METRICS = ("cpu", "memory", "duration", "network", "disk", "storage")

# Nobody looks through more of them.
_MOST = 100


def metrics_of(usage: Any) -> list[dict[str, Any]]:
    """Figures with their units, those first that the API names."""
    if not isinstance(usage, dict):
        return []
    names = [
        *(name for name in _METRICS if name in usage),
        *(n for n in usage if n not in _METRICS),
    ]
    found = []
    for name in names[:_MOST]:
        told = usage[name]
        value = number_of(told.get("value")) if isinstance(told, dict) else None
        if value is not None:
            found.append({"name": clip(name), "value": value, "unit": clip(told.get("unit"))})
    return found


def web_links(links: Any, base_url: str, *, without: Collection[str] = ()) -> Links:
    """Links that a browser may open: what is shown of each, and its address.

    Args:
        links: What the back-end sent.
        base_url: What relative addresses are relative to.
        without: Relations that are left out.
    """
    found = []
    for link in dicts_of(links, _MOST):
        rel, url = clip(link.get("rel")), web_address(base_url, link.get("href"))
        if url and rel not in without:
            shown = {"title": clip(link.get("title")), "rel": rel}
            found.append(({**shown, "media_type": clip(link.get("type"))}, url))
    return found


def opened(links: Links, index: Any) -> Revealed:
    """The address of a link: on a click it goes to the browser, as it is, and is dropped.

    Raises:
        OpenEOWidgetsError: There is no such link any more.
    """
    if not isinstance(index, int) or not 0 <= index < len(links):
        raise OpenEOWidgetsError("This link is no longer there.")
    return Revealed({"url": links[index][1]})
