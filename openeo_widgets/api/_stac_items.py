"""The Items and Collections that a results document links to, and the assets that only they have.

The API has all their assets repeated in the results document until its version 2.0; not all
back-ends do it, and keys there may be ``<item>_<asset>``.
"""

from __future__ import annotations

import posixpath
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from openeo_widgets import transfer
from openeo_widgets.api._http import absolute, asked, call, json_body
from openeo_widgets.api._stac import assets_of
from openeo_widgets.errors import BackendError, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openeo_widgets.api._http import BackendConnection

__all__ = [
    "Linked",
    "all_assets",
    "file_key",
    "link_key",
    "links_to_items",
    "nothing_linked",
    "read_linked",
]

_MOST_DOCUMENTS = 2000

# Levels below the results that are followed, bytes and seconds that all of it may take.
_DEEPEST = 8
_MOST_BYTES = 256 * 1024 * 1024
_LONGEST_S = 120.0

_RELS = ("item", "child")

# Parameters of a query that sign a link: of openEO back-ends, Amazon, Google, Azure, CloudFront.
_SIGNS = frozenset(
    {
        *("expires", "signature", "token", "access_token", "policy", "key-pair-id", "hash"),
        *("awsaccesskeyid", "googleaccessid", "sig", "se", "st", "sp", "sv", "sr", "spr", "sip"),
        *("ske", "skoid", "sks", "skt", "sktid", "skv", "userid", "user"),
    }
)


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


def file_key(url: str) -> str:
    """What tells a file from another: its link without what signs it.

    Some back-ends name the file in the query, ``/download?file=a.tif``.
    """
    told = urlsplit(url).query
    query = [
        (name, value)
        for name, value in (parse_qsl(told, keep_blank_values=True) if told else ())
        if name.lower() not in _SIGNS and not name.lower().startswith(("x-amz-", "x-goog-"))
    ]
    return f"{link_key(url)}?{urlencode(sorted(query))}" if query else link_key(url)


def nothing_linked() -> Linked:
    """What is below a document that links to nothing."""
    return Linked({}, {})


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
    longest_s: float = _LONGEST_S,
    progress: Callable[[int, int], object] | None = None,
    canceled: Callable[[], bool] = bool,
) -> Linked:
    """Read what a results document links to, level by level, several at a time.

    One that cannot be read is told, and takes no other along. Circles are not followed.

    Args:
        connection: Credentials go to the back-end's origin only; the links are signed.
        document: The results' metadata.
        base_url: URL of the document.
        part_of: Path of the document, for the journal.
        most: Most documents to read.
        longest_s: Seconds after which no further one is asked for.
        progress: Called with how many were read and how many are known of; in any thread.
        canceled: Asked before each; True ends the reading.
    """
    reading = _Reading(connection, part_of, time.monotonic() + longest_s, progress, canceled)
    found: dict[str, dict[str, Any]] = {}
    failures: list[str] = []
    urls: dict[str, str] = {}
    seen = {link_key(base_url)}
    level = [(document, base_url)]
    for _ in range(_DEEPEST):
        below = _new_links(level, seen)
        if not below:
            break
        room = most - len(urls)
        if len(below) > room:
            failures.append(f"{len(below) - room} Items more than the {most} that are read.")
        wanted = dict(list(below.items())[:room])
        seen |= below.keys()
        got = reading.read(wanted)
        urls.update(wanted | reading.moved)
        failures += dict.fromkeys(answer for answer in got.values() if isinstance(answer, str))
        level = []
        for key, answer in got.items():
            if not isinstance(answer, str):
                found[key] = answer
                level.append((answer, urls[key]))
    return Linked(found, urls, tuple(failures))


def _new_links(level: Iterable[tuple[Mapping[str, Any], str]], seen: set[str]) -> dict[str, str]:
    """The links of documents that were not seen yet, by their `link_key`."""
    below: dict[str, str] = {}
    for above, url in level:
        for link in links_to_items(above, url):
            if link_key(link) not in seen:
                below.setdefault(link_key(link), link)
    return below


class _Reading:
    """Reads documents, within bounds that hold for all of them together."""

    def __init__(
        self,
        connection: BackendConnection,
        part_of: str,
        deadline: float,
        progress: Callable[[int, int], object] | None,
        canceled: Callable[[], bool],
    ) -> None:
        self._connection = connection
        self._part_of = part_of
        self._deadline = deadline
        self._progress = progress
        self._canceled = canceled
        self._bytes = self._done = self._known = 0
        #: Where documents were found in the end, by `link_key`, where that is elsewhere.
        self.moved: dict[str, str] = {}

    def read(self, urls: Mapping[str, str]) -> dict[str, dict[str, Any] | str]:
        """Each document, or why it could not be read, by its key and in the order of these."""
        got: dict[str, dict[str, Any] | str] = {}
        self._known += len(urls)

        def one(key: str, _progress: object, canceled: Callable[[], bool]) -> None:
            got[key] = self._hindrance(canceled) or self._one(key, urls[key])
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, self._known)

        transfer.fetch_all({key: partial(one, key) for key in urls}, most=transfer.MOST_PER_HOST)
        return {key: got[key] for key in urls}

    def _hindrance(self, canceled: Callable[[], bool]) -> str:
        if canceled() or self._canceled():
            return "Items were left out: the reading of them was canceled."
        if time.monotonic() > self._deadline:
            return "Items were left out: to read them took too long."
        if self._bytes > _MOST_BYTES:
            return f"Items were left out: they have more than {_MOST_BYTES} bytes."
        return ""

    def _one(self, key: str, url: str) -> dict[str, Any] | str:
        try:
            response = call(self._connection, "get", url, part_of=self._part_of)
            self._bytes += len(response.content)
            if link_key(response.url) != key:
                self.moved[key] = response.url  # what is relative in it is relative to that
            return json_body(response, asked("get", url, self._connection.root_url))
        except (BackendError, NoAnswerError) as error:
            return error.message


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
    by_link = {file_key(asset["href"]): key for key, asset in assets.items()}
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
            long_key, link = f"{item}_{key}", file_key(asset["href"])
            known = by_link.get(link)
            if known is None and long_key in top and _may_be_same(assets[long_key], asset):
                known = long_key
            if known is None and key in top and often[key] == 1:
                known = key if _may_be_same(assets[key], asset) else None
            if known is None:
                known = _free(long_key, assets)
                assets[known] = asset
                by_link[link] = known
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
