"""The links of one results document: renewed for all assets at once when one has expired."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._expiry import asset_expires
from openeo_widgets.errors import BackendError, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Link", "Links"]

# Seconds before its end from which a link is not used any more: the request takes its time too.
_MARGIN_S = 5.0

# So many renewals in a row may bring nothing; then the back-end is left alone for so many seconds.
_MOST_FRUITLESS = 3
_REST_S = 60.0


@dataclass(frozen=True)
class Link:
    """An asset as it was last told.

    Attributes:
        href: Its link, absolute. Often signed: treat it like a password.
        metadata: Its STAC asset object.
        turn: How often the results had been asked for again when it came.
    """

    href: str
    metadata: dict[str, Any]
    turn: int = 0

    @property
    def version(self) -> tuple[Any, Any]:
        """What tells the file from one that takes its place: its size and its checksum."""
        return self.metadata.get("file:size"), self.metadata.get("file:checksum")

    @property
    def has_expired(self) -> bool:
        """Whether it has, or will have before an answer comes, by the clock of this machine."""
        end = asset_expires({**self.metadata, "href": self.href})
        return end is not None and end.timestamp() - _MARGIN_S <= _now().timestamp()


class Links:
    """Fresh links for the assets of one results document.

    Many downloads find at the same time that their links have expired: the first of them asks,
    the others wait and take what it got.

    Args:
        ask: Asks for the results again; returns the asset objects by key, hrefs absolute.
    """

    def __init__(self, ask: Callable[[], Mapping[str, dict[str, Any]]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._assets: Mapping[str, dict[str, Any]] = {}
        self._turn = 0
        self._fruitless = 0
        self._asked_at = float("-inf")
        self._clock_is_right = True

    @property
    def turn(self) -> int:
        """How often the results were asked for again."""
        return self._turn

    def current(self, key: str, link: Link) -> Link:
        """The link to use: a newer one if another asset brought it, a fresh one if it expired.

        Where a fresh link has expired as well, the clock of this machine is wrong, or what expires
        is not the link; then only the server's refusal counts.
        """
        found = self._newer(key, link)
        if self._clock_is_right and found.has_expired:
            found = self.renewed(key, found) or found
            self._clock_is_right = not found.has_expired
        return found

    def renewed(self, key: str, link: Link) -> Link | None:
        """A fresh link in the place of one that is no longer good.

        It may be the same as before and still be worth another attempt: asking may have renewed
        the token that it needs.

        Returns:
            The link, or None if the results cannot be had or have no such asset any more.
        """
        with self._lock:
            if link.turn == self._turn and not self._asked_again():
                return None
        found = self._newer(key, link)
        return None if found is link else found

    def worked(self) -> None:
        """Take note that a link was good."""
        self._fruitless = 0

    def refused(self) -> None:
        """Take note that a link that had just been renewed was no good."""
        self._fruitless += 1

    def _newer(self, key: str, link: Link) -> Link:
        turn, assets = self._turn, self._assets
        asset = assets.get(key) if turn > link.turn else None
        return link if asset is None else Link(asset["href"], asset, turn)

    def _asked_again(self) -> bool:
        if self._fruitless >= _MOST_FRUITLESS and time.monotonic() < self._asked_at + _REST_S:
            return False
        try:
            self._assets = self._ask()
        except (BackendError, NoAnswerError):
            self._fruitless += 1
            return False
        finally:
            self._asked_at = time.monotonic()
        self._turn += 1
        return True


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)
