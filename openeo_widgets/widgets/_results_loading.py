"""How a `ResultsWidget` comes by what it shows: it asks, waits for the end of the job, reads on."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._stac import interval, is_partial, status_of
from openeo_widgets.errors import BackendError
from openeo_widgets.transfer import Workers
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import error_info, milliseconds
from openeo_widgets.widgets._results_reading import Reading, expiry_of
from openeo_widgets.widgets._results_rows import stac_type, title_of
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from openeo_widgets.api import JobResults, ResultAsset
    from openeo_widgets.api._places import Place
    from openeo_widgets.watch import JobState, Subscription
    from openeo_widgets.widgets._base import LiveWidget
    from openeo_widgets.widgets._map import ResultsMap

__all__ = ["WORKERS", "ResultsLoading"]

# Metadata and previews of slow links must not hold up the states of jobs.
WORKERS = Workers("openeo-widgets-results", 4)

# After these a job does not go on by itself, and its partial results are all that there will be.
_FAILED = frozenset({"error", "canceled"})


class ResultsLoading:
    """Asks for results, in a worker thread, and has the widget show them.

    Args:
        widget: The widget whose traits are set.
        results: The results.
        listed: Takes in the files, and returns the traits that show them.
        found: Called with the files when they are shown, to look for those that are here already.
        mapped: The map of the widget, when there is one.
        shown: The browser's keys of the files that are shown.
        called: Tells the browser's key of a file by the back-end's.
    """

    def __init__(
        self,
        widget: LiveWidget,
        results: JobResults,
        listed: Callable[[Sequence[ResultAsset]], dict[str, Any]],
        found: Callable[[Sequence[ResultAsset]], object],
        *,
        mapped: Callable[[], ResultsMap],
        shown: Callable[[], Iterable[str]],
        called: Callable[[str], str],
    ) -> None:
        self._widget = widget
        self._mapped = mapped
        self._shown = shown
        self._called = called
        self._results = results
        self._listed = listed
        self._found = found
        self._one_at_a_time = threading.Lock()
        # Counted up, so that who reads sees that it is not wanted any more.
        self._turn = 0
        self._awaited: Subscription | None = None
        # How the job ended, as far as its results were waited for.
        self._ended = ""
        #: Where each Item and each file lies.
        self.places: tuple[Place, ...] = ()
        #: When the metadata came, in milliseconds since the epoch, or None.
        self.as_of_ms: float | None = None

    def begin(self, *, partial: bool = False) -> None:
        """Ask for the results. Returns at once."""
        if partial:
            self._results.partial = True
        self._ended = ""
        self.stop_reading()
        WORKERS.submit(self._load)

    def stop_reading(self) -> None:
        """Read no more of what the results link to. What is shown stays."""
        self._turn += 1

    def close(self) -> None:
        """Wait for nothing any more, and read nothing."""
        self.stop_reading()
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._awaited is not None:
            self._awaited.close()
            self._awaited = None

    def _load(self) -> None:
        with self._one_at_a_time:
            turn = self._turn
            try:
                read = Reading(self._results)
                self._draw(read)
                self._found(read.assets)
            except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
                self._show_failure(error)
                return
            try:
                self._complete(read, lambda: self._turn != turn)
            except Exception as error:  # noqa: BLE001 - what is shown already stays
                why = f"Not all could be read: {error_info(error)['message']}"
                self._widget.publish(reading=None, notes=[*read.notes, clip(why)])

    def _complete(self, read: Reading, canceled: Callable[[], bool]) -> None:
        """Show what takes longer to read."""
        listed, before = len(read.assets), read.footprint
        traits = read.complete(
            lambda done, known: self._widget.publish(reading={"done": done, "known": known}),
            canceled,
        )
        more = len(read.assets) != listed
        with self._widget.kept_open() as is_open:
            if not is_open:
                return
            self.places = tuple(read.places)
            if more:
                traits |= self._listed(read.assets)
            if more or read.footprint != before:
                traits |= self._footprint(read)
            self._widget.publish(reading=None, **traits)
        if more:
            self._found(read.assets)
        self._mapped().place(self.places, read.footprint, self._shown(), self._called)

    def _draw(self, read: Reading) -> None:
        """Show the metadata, unless the widget, and its map, were closed meanwhile."""
        document = read.document
        partial = is_partial(document)
        goes_on = partial and status_of(document) not in _FAILED
        with self._widget.kept_open() as is_open:
            if not is_open:
                return
            if not goes_on:
                self._stop_waiting()
            self.as_of_ms = milliseconds(time.time())
            self.places = ()
            self._widget.publish(
                state="ready",
                error=None,
                title=title_of(document),
                stac_type=stac_type(document),
                interval=[clip(date) for date in interval(document)],
                expires_ms=expiry_of(document),
                partial=partial,
                notes=read.notes,
                comparison=[],
                **self._listed(read.assets),
                **self._footprint(read),
            )
        if goes_on:
            self._await_end()

    def _footprint(self, read: Reading) -> dict[str, Any]:
        """Draw where all of it lies. Returns the traits that tell of it."""
        found = read.footprint
        return {
            "bbox": list(found.bbox) if found.bbox else None,
            "footprint_note": found.note,
            "view_box": self._mapped().draw(found, self._shown()),
        }

    def _show_failure(self, error: Exception) -> None:
        """Show why there is nothing to show; of a job that has not finished wait for its end."""
        waiting = isinstance(error, BackendError) and error.code == "JobNotFinished"
        told = error_info(error)
        if waiting and self._ended:  # some back-ends answer so for a job that failed
            waiting = False
            told["hint"] = f"The job ended as {self._ended!r}: its logs say why."
        self._widget.publish(state="waiting" if waiting else "error", error=told, reading=None)
        if waiting:
            self._await_end()

    def _await_end(self) -> None:
        with self._widget.kept_open() as is_open:
            if is_open and self._awaited is None:
                self._awaited = watcher().watch(self._results.job, self._on_state)

    def _on_state(self, state: JobState) -> None:
        """Ask for the results when the job has ended. Called in a worker thread."""
        self._ended = state.status if state.status in _FAILED else ""
        if state.ended and state.status != "created":
            self._stop_waiting()
            WORKERS.submit(self._load)
