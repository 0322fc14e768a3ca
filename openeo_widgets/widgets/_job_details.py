"""What a full answer tells of a job, for the tab "Details": as values that a trait can hold."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._capabilities import known_capabilities
from openeo_widgets.api._shapes import number_of, text_of
from openeo_widgets.api._urls import job_path
from openeo_widgets.redact import beginning, names_secret, secrets_in
from openeo_widgets.widgets._told import Links, metrics_of, opened, web_links
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openeo_widgets.watch import JobState
    from openeo_widgets.widgets._base import Revealed
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["DetailsPanel", "details_of"]

_MOST_MORE = 30
_LONGEST_DESCRIPTION = 20_000

# Shown elsewhere on the card, or by a row of their own.
_SHOWN = frozenset(
    {
        "id", "status", "title", "progress", "process", "created", "queued", "started", "updated",
        "description", "plan", "budget", "costs", "log_level", "usage", "links",
    }
)  # fmt: skip

# What these lead to is on the card, and asks for a sign-in that the browser does not have.
_ON_THE_CARD = frozenset({"self", "monitor", "result"})


class DetailsPanel:
    """Keeps the details of a `JobWidget`, and opens their links.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget
        self._described: Mapping[str, Any] | None = None
        self._told: dict[str, Any] | None = None

    def take_in(self, state: JobState) -> dict[str, Any]:
        """Take in a new state. Called in a worker thread.

        Returns:
            The trait ``details``.
        """
        if state.full:
            self._described = state.described
            self._told = self._details()
        return {"details": self._told}

    def tell(self) -> None:
        """Say anew what is known of the job: more of its back-end is known."""
        with self._widget.in_order():
            self._told = self._details()
            self._widget.publish(details=self._told)

    def open_link(self, index: int) -> Revealed:
        """The address of a link: on a click it goes to the browser, as it is, and is dropped.

        Raises:
            OpenEOWidgetsError: There is no such link any more.
        """
        return opened(self._links(self._described or {}), index)

    def _details(self) -> dict[str, Any] | None:
        """The trait ``details``, with the back-end's currency as soon as that is known."""
        if self._described is None:
            return None
        currency = known_capabilities(self._widget.job.connection).currency
        found = details_of(self._described, currency)
        return found | {"links": [shown for shown, _ in self._links(self._described)]}

    def _links(self, described: Mapping[str, Any]) -> Links:
        job = self._widget.job
        base_url = f"{job.connection.root_url.rstrip('/')}{job_path(job.job_id)}"
        return web_links(described.get("links"), base_url, without=_ON_THE_CARD)


def details_of(described: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What a full answer tells; see ``Details`` in js/src/protocol.ts, but for the links.

    Args:
        described: The job, as the back-end describes it.
        currency: The back-end's, or "".
    """
    dates = {
        name: clip(described.get(name)) for name in ("created", "queued", "started", "updated")
    }
    text = text_of(described.get("description"))
    return {
        **dates,
        "description": beginning(text, _LONGEST_DESCRIPTION),
        "plan": clip(described.get("plan")),
        "budget": number_of(described.get("budget")),
        "costs": number_of(described.get("costs")),
        "currency": clip(currency),
        "log_level": clip(described.get("log_level")),
        "usage": metrics_of(described.get("usage")),
        "more": _more(described),
    }


def _more(described: Mapping[str, Any]) -> list[dict[str, str]]:
    """Whatever else a back-end tells in a word, such as the options of the job (API 1.3)."""
    rest = {name: value for name, value in described.items() if name not in _SHOWN}
    return [
        {"name": clip(name), "text": _word(name, value)}
        for name, value in itertools.islice(_leaves(rest), _MOST_MORE)
    ]


def _leaves(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Texts, numbers and yes or no, also those one level down."""
    for name, value in fields.items():
        inner = value if isinstance(value, dict) else {"": value}
        hidden = secrets_in(inner)
        for below, leaf in inner.items():
            full = f"{name}.{below}" if below else name
            if below in hidden:
                yield full, "…"
            elif isinstance(leaf, bool):
                yield full, "yes" if leaf else "no"
            elif isinstance(leaf, str) and leaf:
                yield full, leaf
            elif (number := number_of(leaf)) is not None:
                yield full, f"{number:.15g}"


def _word(name: str, text: str) -> str:
    """A text of which nothing secret is shown: what "token" is a name of looks like any word."""
    return "…" if any(map(names_secret, name.split("."))) else clip(text)
