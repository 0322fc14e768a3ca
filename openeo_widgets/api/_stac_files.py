"""Results on disk as STAC that needs nothing else: links to the files beside it, and no secrets.

Everything here is a pure function of the documents. What cannot be mended is written as it came,
without secrets: it is the person's only copy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from openeo_widgets.api._http import absolute
from openeo_widgets.api._stac_items import link_key, links_to_items
from openeo_widgets.redact import redacted
from openeo_widgets.transfer import Named, file_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api._stac_items import Linked

__all__ = ["ITEMS_FOLDER", "TOP_FILE", "self_contained"]

#: The results' own document, as the official client calls it.
TOP_FILE = "job-results.json"

#: Folder of the Items and Collections that it links to.
ITEMS_FOLDER = "items"

# Links of the original that lead nowhere from a copy, or that are made anew.
_NOT_KEPT = frozenset(
    {
        *("self", "canonical", "result", "monitor", "root", "parent", "item", "items", "child"),
        *("next", "prev", "first", "last", "edit"),
    }
)

_ALTERNATE = re.compile(r"https://stac-extensions\.github\.io/alternate-assets/")

_LINK = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,30}://[^\s\"'<>`{}|\\^]+")

# Parameters of a query without which a link is no secret.
_HARMLESS = frozenset({"f", "format", "lang", "page", "limit", "version", "v", "id", "q"})

# Part of a path as only machines make them: letters and digits in a row, long.
_OPAQUE = re.compile(r"(?=[A-Za-z]*[0-9])[A-Za-z0-9+=]{20,}|eyJ[\w-]{5,}")


def self_contained(
    document: Mapping[str, Any],
    base_url: str,
    linked: Linked,
    file_of: Callable[[str, str], str | None],
) -> dict[str, dict[str, Any]]:
    """Make the documents to write beside the files of results.

    Args:
        document: The results' metadata.
        base_url: URL of the document.
        linked: What it links to, as far as it could be read.
        file_of: Name of the file of an asset, by the Item's `link_key` ("" for the results'
            document itself) and the asset's key there; None if it is not there.

    Returns:
        The documents by the path of each in the folder, with ``/``; the results' own is last, so
        that what it links to is there when it is written.
    """
    names, parents, made = _names(linked), _parents(document, base_url, linked), {}
    for place, item in linked.documents.items():
        copy = _copy(item, linked.urls[place], partial(file_of, place), "../")
        above = parents.get(place, "")
        _rooted(copy, document, linked.documents.get(above, document), names.get(above, ""))
        below = {key: names[key] for key, parent in parents.items() if parent == place}
        copy["links"] += _below(item, linked.urls[place], below, "./")
        made[f"{ITEMS_FOLDER}/{names[place]}"] = copy
    top = _copy(document, base_url, partial(file_of, ""), "./")
    below = {key: names[key] for key, parent in parents.items() if not parent}
    top["links"] += _below(document, base_url, below, f"./{ITEMS_FOLDER}/")
    if document.get("type") != "Feature":  # an Item is no root
        top["links"].append(_link("root", f"./{TOP_FILE}", document))
    _belongs(top)
    made[TOP_FILE] = top
    return made


def _parents(document: Mapping[str, Any], base_url: str, linked: Linked) -> dict[str, str]:
    """Which document to find each one in: the first that links to it, so that it is a tree.

    Returns:
        `link_key` of that document, "" for the top, by the `link_key` of each.
    """
    parents: dict[str, str] = {}
    places = {"": document, **linked.documents}
    for place, above in places.items():
        for link in links_to_items(above, linked.urls.get(place, base_url)):
            if link_key(link) in linked.documents:
                parents.setdefault(link_key(link), place)
    return parents


def _names(linked: Linked) -> dict[str, str]:
    """A file name for each document, from its id."""
    said = [
        Named(place, local_path=f"{str(item.get('id') or 'item').replace('/', '_')}.json")
        for place, item in linked.documents.items()
    ]
    return file_names(said)


def _copy(
    document: Mapping[str, Any], base_url: str, file_of: Callable[[str], str | None], up: str
) -> dict[str, Any]:
    """A document without secrets; of its assets those whose file is there."""
    copy = {
        key: without_secrets(value)
        for key, value in document.items()
        if key not in {"assets", "links"}
    }
    assets = document.get("assets")
    kept = {}
    for key, asset in assets.items() if isinstance(assets, Mapping) else ():
        name = file_of(str(key)) if isinstance(asset, Mapping) else None
        if name is not None:
            rest = {k: v for k, v in asset.items() if k not in {"alternate", "href", "expires"}}
            kept[key] = {"href": up + name, **without_secrets(rest)}
    if kept or "assets" in document or document.get("type") == "Feature":
        copy["assets"] = kept
    extensions = copy.get("stac_extensions")
    if isinstance(extensions, list):
        # Other stores are left out above: what describes them would have nothing to describe.
        copy["stac_extensions"] = [e for e in extensions if not _ALTERNATE.match(str(e))]
    copy["links"] = _kept_links(document, base_url)
    return copy


def _kept_links(document: Mapping[str, Any], base_url: str) -> list[dict[str, Any]]:
    """Links to where the results come from and what holds for them, if they hold no secret."""
    links = document.get("links")
    kept = []
    for link in links if isinstance(links, list) else ():
        if not isinstance(link, Mapping) or str(link.get("rel")) in _NOT_KEPT:
            continue
        href = link.get("href")
        url = absolute(base_url, href) if isinstance(href, str) else ""
        if url and _is_harmless(url):
            rest = {key: value for key, value in link.items() if key != "href"}
            kept.append({**without_secrets(rest), "href": url})
    return kept


def _below(
    document: Mapping[str, Any], base_url: str, names: Mapping[str, str], folder: str
) -> list[dict[str, Any]]:
    """Links to the documents below one, each once: `names` are the files of those."""
    links, left, made = document.get("links"), dict(names), []
    for link in links if isinstance(links, list) else ():
        if not isinstance(link, Mapping) or link.get("rel") not in ("item", "child"):
            continue
        href = link.get("href")
        url = absolute(base_url, href) if isinstance(href, str) and href else ""
        name = left.pop(link_key(url), None) if url else None
        if name is not None:
            rest = {key: value for key, value in link.items() if key != "href"}
            made.append({**without_secrets(rest), "href": folder + name})
    return made


def _rooted(
    copy: dict[str, Any], top: Mapping[str, Any], above: Mapping[str, Any], above_name: str
) -> None:
    """Tie a document to the top, and to the one that links to it ("" is the name of the top)."""
    root, parent = f"../{TOP_FILE}", f"./{above_name}" if above_name else f"../{TOP_FILE}"
    links = [link for link in copy["links"] if link.get("rel") != "collection"]
    copy["links"] = [*links, _link("root", root, top), _link("parent", parent, above)]
    if copy.get("type") == "Feature" and "extent" in above and isinstance(above.get("id"), str):
        copy["links"].append(_link("collection", parent, above))
        copy["collection"] = above["id"]
    _belongs(copy)


def _belongs(copy: dict[str, Any]) -> None:
    """Let an Item name its Collection if and only if it links to it, as STAC has it."""
    has_link = any(link.get("rel") == "collection" for link in copy["links"])
    if copy.get("type") == "Feature" and not (has_link and copy.get("collection")):
        copy.pop("collection", None)
        copy["links"] = [link for link in copy["links"] if link.get("rel") != "collection"]


def _link(rel: str, href: str, target: Mapping[str, Any]) -> dict[str, str]:
    item = target.get("type") == "Feature"
    kind = "application/geo+json" if item else "application/json"
    return {"rel": rel, "href": href, "type": kind}


def without_secrets(value: Any) -> Any:
    """A value of JSON without signed links and tokens; what is harmless stays as it is."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {key: without_secrets(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_secrets(each) for each in value]
    return value


def _text(text: str) -> str:
    parts, begin = [], 0
    for found in _LINK.finditer(text):
        link = found[0]
        parts.append(redacted(text[begin : found.start()]))
        parts.append(link if _is_harmless(link) else redacted(link))
        begin = found.end()
    return "".join([*parts, redacted(text[begin:])])


def _is_harmless(url: str) -> bool:
    """Whether a link is no more than an address: nobody gets in by knowing it."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return parts.scheme == "s3" and not parts.query
    if "=" in parts.fragment:
        return False
    if any(name.lower() not in _HARMLESS or _OPAQUE.search(value) for name, value in query):
        return False
    words = re.split(r"[/._~-]", f"{parts.path}/{parts.fragment}")
    return not any(_OPAQUE.fullmatch(word) for word in words) and "eyJ" not in url
