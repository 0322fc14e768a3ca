"""What a `JobWidget` says before a start, told part by part as the back-end answers."""

from __future__ import annotations

import dataclasses
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._capabilities import ask_capabilities
from openeo_widgets.api._journal import made_for
from openeo_widgets.api._preflight import Account, Check, Estimate, account, check, estimate
from openeo_widgets.api._shapes import number_of, text_of
from openeo_widgets.api._urls import job_path
from openeo_widgets.redact import log_failure
from openeo_widgets.widgets._base import ASIDE
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from openeo_widgets.widgets._job import JobWidget

    Part = TypeVar("Part", Account, Check, Estimate)

__all__ = ["NOTHING_TOLD", "Preflight"]

_log = logging.getLogger(__name__)

#: The trait before the first answer; see ``Preflight`` in js/src/protocol.ts.
NOTHING_TOLD: dict[str, Any] = {
    "state": "loading",
    "estimate": None,
    "estimate_note": "",
    "currency": "",
    "plan": "",
    "budget": None,
    "credits": None,
    "storage_free": None,
    "checked": False,
    "problems": [],
}


class Preflight:
    """Asks what a start would come to, and tells it in the trait ``preflight``.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget
        self._flights = 0

    def ask(self) -> None:
        """Ask, in the background; what was told before is shown meanwhile."""
        with self._widget.in_order():
            before = self._widget.preflight
            if before and before["state"] == "loading":
                return
            self._flights += 1
            flight = self._flights
            self._widget.publish(preflight={**NOTHING_TOLD, **(before or {}), "state": "loading"})
        # Of many cards that are shown together, none takes the workers from what a person does.
        ASIDE.submit(partial(self._fly, flight), lane=self._widget.backend)

    def _fly(self, flight: int) -> None:
        """Ask for one part after the other, as long as somebody wants to know."""
        with made_for(job_path(self._widget.job_id)):
            for part in self._parts():
                if not self._told(part, flight):
                    return

    def _parts(self) -> Iterator[dict[str, Any]]:
        """What is told, as the answers come: each is asked for when the one before was told."""
        yield {}  # before the first question: it may have waited for long
        job = self._widget.job
        capabilities = ask_capabilities(job.connection)
        described = self._described()
        plan = text_of(described.get("plan")) or capabilities.default_plan
        yield {
            "currency": capabilities.currency,
            "plan": clip(plan),
            "budget": number_of(described.get("budget")),
        }
        user = _settled(Account(), lambda: account(job, capabilities))
        yield {
            "plan": clip(text_of(described.get("plan")) or user.plan or capabilities.default_plan),
            "credits": user.credits,
            "storage_free": user.storage_free,
        }
        found = _settled(Check(), lambda: check(job, described.get("process"), capabilities))
        problems = [
            {name: clip(value) for name, value in dataclasses.asdict(problem).items()}
            for problem in found.problems
        ]
        yield {"checked": found.done, "problems": problems}
        told = _settled(
            Estimate(note="No estimate: it could not be asked for."),
            lambda: estimate(job, capabilities, found.problems),
        )
        figures = dataclasses.asdict(told)
        note = clip(figures.pop("note"))
        yield {
            "state": "ready",
            "estimate": None if note else figures,
            "estimate_note": note,
        }

    def _described(self) -> Mapping[str, Any]:
        """The job in full; without it there is nothing to check, and all else can be asked."""
        try:
            return self._widget.job.describe()
        except Exception:  # noqa: BLE001 - the watcher tells what is wrong
            return {}

    def _told(self, part: Mapping[str, Any], flight: int) -> bool:
        """Show a part.

        No more is wanted of a job that was started meanwhile, or on no card, nor when it was
        asked for again since.
        """
        with self._widget.kept_open() as is_open:
            before = self._widget.preflight
            if not is_open or before is None or flight != self._flights:
                return False
            self._widget.publish(preflight={**before, **part})
            return True


def _settled(otherwise: Part, ask: Callable[[], Part]) -> Part:
    try:
        return ask()
    except Exception:  # noqa: BLE001 - another client's errors are not ours to know
        log_failure(_log, "A question before a start failed", logging.DEBUG)
        return otherwise
