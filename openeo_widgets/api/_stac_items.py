"""The Items and Collections that a results document links to, and the assets that only they have.

The API has all their assets repeated in the results document until its version 2.0; not all
back-ends do it, and keys there may be ``<item>_<asset>``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from openeo_widgets import transfer
from openeo_widgets.api._http import absolute, call_json
from openeo_widgets.api._stac import assets_of
from openeo_widgets.errors import BackendError, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api._http import BackendConnection

__all__ = ["Linked", "all_assets", "link_key", "links_to_items", "read_linked"]

_MOST_DOCUMENTS = 2000
_MOST_PARALLEL = 6

_RELS = ("item", "child")


@dataclass(frozen=True)
class Linked:
    """Documents below a results document.

    Attributes:
        documents: Each by its `link_key`, in the order in which they are linked.
        urls: Where each was read, by its `link_key`: relative links are relative to that.
        failures: Why others could not be read, one sentence each, without links.
    """

    documents: Mapping[str, dict[str, Any]]
    urls: Mapping[str, str]
    failures: tuple[str, ...] = ()


def link_key(url: str) -> str:
    """What stays of a link when it is signed anew: all but its query and fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def links_to_items(document: Mapping[str, Any], base_url: str) -> Iterator[str]:
    """The links to Items and Collections below a document, as whole web addresses."""
    links = document.get("links")
    for link in links if isinstance(links, list) else ():
        if not (isinstance(link, Mapping) and link.get("rel") in _RELS):
            continue
        href = link.get("href")
        url = absolute(base_url, href) if isinstance(href, str) and href else ""
        if urlsplit(url).scheme in {"http", "https"}:
            yield url


def read_linked(
    connection: BackendConnection,
    document: Mapping[str, Any],
    base_url: str,
    *,
    part_of: str = "",
    most: int = _MOST_DOCUMENTS,
) -> Linked:
    """Read what a results document links to, level by level, several at a time.

    One that cannot be read is told, and takes no other along. Circles are not followed.

    Args:
        connection: Credentials go to the back-end's origin only; the links are signed.
        document: The results' metadata.
        base_url: URL of the document.
        part_of: Path of the document, for the journal.
        most: Most documents to read.
    """
    found: dict[str, dict[str, Any]] = {}
    failures: list[str] = []
    urls: dict[str, str] = {}
    seen = {link_key(base_url)}
    level = [(document, base_url)]
    while level:
        below: dict[str, str] = {}
        for above, url in level:
            for link in links_to_items(above, url):
                if link_key(link) not in seen:
                    below.setdefault(link_key(link), link)
        room = most - len(urls)
        if len(below) > room:
            failures.append(f"{len(below) - room} Items more than the {most} that are read.")
        urls.update(list(below.items())[:room])
        seen |= below.keys()
        got = _read(connection, dict(list(below.items())[:room]), part_of)
        failures += [answer for answer in got.values() if isinstance(answer, str)]
        level = []
        for key, answer in got.items():
            if not isinstance(answer, str):
                found[key] = answer
                level.append((answer, urls[key]))
    return Linked(found, urls, tuple(failures))


def _read(
    connection: BackendConnection, urls: Mapping[str, str], part_of: str
) -> dict[str, dict[str, Any] | str]:
    """Read documents: each, or why it could not be read, by its key and in the order of these."""
    got: dict[str, dict[str, Any] | str] = {}

    def one(key: str, _progress: object, canceled: Callable[[], bool]) -> None:
        if canceled():
            return
        try:
            got[key] = call_json(connection, urls[key], part_of=part_of)
        except (BackendError, NoAnswerError) as error:
            got[key] = error.message

    transfer.fetch_all({key: partial(one, key) for key in urls}, most=_MOST_PARALLEL)
    return {key: got[key] for key in urls}


def all_assets(
    document: Mapping[str, Any], base_url: str, linked: Linked
) -> tuple[dict[str, dict[str, Any]], dict[tuple[str, str], str]]:
    """All assets of a document and of what it links to, each file once.

    Two are the same file if their links are the same but for the query, if the document has the
    Item's key and no other Item does, or if it has it as ``<item>_<asset>``.

    Returns:
        The asset objects by key, hrefs absolute: the document's first, then those that only Items
        have, as ``<item>_<asset>``. And the key of each asset of an Item, by the Item's
        `link_key` and the asset's key there.
    """
    assets = assets_of(document, base_url)
    by_link = {link_key(asset["href"]): key for key, asset in assets.items()}
    below = {key: assets_of(item, linked.urls[key]) for key, item in linked.documents.items()}
    often: dict[str, int] = {}
    for found in below.values():
        for key in found:
            often[key] = often.get(key, 0) + 1
    same: dict[tuple[str, str], str] = {}
    top = set(assets)
    for place, found in below.items():
        item = str(linked.documents[place].get("id") or _last_part(place))
        for key, asset in found.items():
            long_key = f"{item}_{key}"
            known = by_link.get(link_key(asset["href"]))
            if known is None and long_key in top and _may_be_same(assets[long_key], asset):
                known = long_key
            if known is None and key in top and often[key] == 1:
                known = key if _may_be_same(assets[key], asset) else None
            if known is None:
                known = _free(long_key, assets)
                assets[known] = asset
                by_link[link_key(asset["href"])] = known
            same[place, key] = known
    return assets, same


def _may_be_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether nothing that is told of two files tells them apart."""
    return all(
        one.get(name) == other.get(name)
        for name in ("file:size", "file:checksum")
        if name in one and name in other
    )


def _free(key: str, taken: Mapping[str, Any]) -> str:
    number, free = 2, key
    while free in taken:
        free, number = f"{key}_{number}", number + 1
    return free


def _last_part(url: str) -> str:
    return posixpath.splitext(unquote(url.rpartition("/")[2]))[0]
