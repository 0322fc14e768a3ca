"""`JobWidget`: a batch job, live, with its buttons."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization

from openeo_widgets.api import BatchJob
from openeo_widgets.api._http import host_of
from openeo_widgets.api._schedule import ACTIVE, CEILING_S
from openeo_widgets.redact import log_failure
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import LiveWidget, front_end, milliseconds
from openeo_widgets.widgets._job_details import DetailsPanel
from openeo_widgets.widgets._job_eta import EtaPart
from openeo_widgets.widgets._job_failure import FailurePart
from openeo_widgets.widgets._job_graph import GraphPanel
from openeo_widgets.widgets._job_logs import LogPanel, no_logs
from openeo_widgets.widgets._job_requests import RequestPanel
from openeo_widgets.widgets._job_steering import Steering
from openeo_widgets.widgets._results import ResultsWidget
from openeo_widgets.widgets._static import job_card
from openeo_widgets.widgets._things import as_job
from openeo_widgets.widgets._traits import clip, json_value, number, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from openeo_widgets.api import LogEntry
    from openeo_widgets.watch import JobState
    from openeo_widgets.widgets._static import StaticCard

    class Part(Protocol):
        """A part of a `JobWidget` that has its say when there is a new state."""

        def take_in(self, state: JobState) -> dict[str, Any]:
            """Take in a new state, and return the traits that follow from it."""


__all__ = ["JobWidget"]

_log = logging.getLogger(__name__)

# What the static card is made of.
_SHOWN = (
    *("job_id", "title", "backend", "status", "progress", "error"),
    *("steps", "freshness", "details", "preflight"),
)
_SHOWN_OF_A_COPY = ("job_id", "title", "status", "freshness")


class JobWidget(LiveWidget):
    """A batch job, live: its state, its progress, and what can be done to it.

    It never starts a job by itself, never blocks the kernel, and works without a browser too.
    When the job has finished, its results are shown below.

    Args:
        job: The batch job, ours or the official client's.
        poll_max: Longest pause between two questions to the back-end, in seconds.
        max_runtime: Cancel the job when it was seen running for so many seconds, or None.
    """

    _esm = front_end("job.js")
    _css = front_end("job.css")

    #: Id of the job. Set once.
    job_id = text()
    #: Title of the job, or "". Written by the watcher.
    title = text()
    #: Host of the back-end. Set once.
    backend = text()
    #: Status as the back-end says it; "" before the first answer. Written by the watcher.
    status = text()
    #: Progress in percent, 0 to 100, or None where none is reported. Written by the watcher.
    progress = number()
    #: Why the job, or the last action, failed: message, code, id, hint; or None.
    error = json_value(lambda: None)
    #: What happened, oldest first: status, and at_ms (since the epoch) or None.
    steps = json_value(list)
    #: How fresh the state is; see ``Freshness`` in js/src/protocol.ts.
    freshness = json_value(
        lambda: {"state": "never", "asked_ms": None, "next_ms": None, "attempt": 0, "reason": ""}
    )
    #: What can be done now, and the back-end offers; see ``JobAction`` in js/src/protocol.ts.
    actions = json_value(list)
    #: The action that is under way: start, cancel, delete or "".
    pending = text()
    #: What a start would discard, to be confirmed, or "".
    start_warning = text()
    #: A sentence about the last action, or "".
    notice = text()
    #: Dates, plan, budget, costs, usage, links without their addresses; see ``Details`` in
    #: js/src/protocol.ts. None before the first full answer. Written by the watcher.
    details = json_value(lambda: None)
    #: Estimate, what the account has left, problems of the graph; see ``Preflight`` there. None
    #: until asked for.
    preflight = json_value(lambda: None)
    #: How many log entries are known; see ``LogSummary`` there.
    log_summary = json_value(no_logs)
    #: How many requests were made for this job.
    request_count = traitlets.Int(0).tag(sync=True)
    #: Nodes of the process graph that the job failed in, innermost first.
    failed_nodes = json_value(list)
    #: When it will end (ends_ms, since the epoch) and what that is known from (basis), or None.
    eta = json_value(lambda: None)
    #: Whether a desktop notification is wanted when the job ends. Yours to set.
    notify = traitlets.Bool(default_value=False).tag(sync=True)
    #: The `JobWidget` of each copy that was made here and is not closed.
    copies = traitlets.Any(()).tag(sync=True, **widget_serialization)
    #: The `ResultsWidget` below, or None until the job has finished.
    results = traitlets.Any(None, allow_none=True).tag(sync=True, **widget_serialization)

    commands = {  # noqa: RUF012 - read only
        "start": "start",
        "cancel": "cancel",
        "refresh": "refresh",
        "look": "_look",
        "delete": "delete",
        "update": "_steering.update",
        "draft": "_steering.draft",
        "duplicate": "_steering.duplicate",
        "remove": "_steering.remove",
        "preflight": "_steering.preflight",
        "open_link": "_details_panel.open_link",
        "web_editor": "_steering.web_editor",
        "copy_python": "_steering.copy_python",
        "notify": "_notify",
        "logs_open": "_log_panel.open",
        "logs_window": "_log_panel.window",
        "log_details": "_log_panel.details",
        "log_link": "_log_panel.link",
        "logs_save": "_log_panel.save",
        "graph": "_graph_panel.graph",
        "copy_graph": "_graph_panel.copy",
        "chunk": "_chunk",
        "requests": "_request_panel.since",
    }
    chunks = {"graph": "graph.js"}  # noqa: RUF012 - read only

    asking = frozenset({"update", "draft", "duplicate", "graph", "copy_graph"})
    working = frozenset({"logs_save", "chunk"})

    def __init__(
        self, job: Any, *, poll_max: float = CEILING_S, max_runtime: float | None = None
    ) -> None:
        self._job = as_job(job)
        self._options: dict[str, Any] = {"poll_max": poll_max, "max_runtime": max_runtime}
        self._log_panel = LogPanel(self)
        self._graph_panel = GraphPanel(self)
        self._request_panel = RequestPanel(self)
        self._details_panel = DetailsPanel(self)
        self._eta_part = EtaPart(self)
        self._steering = Steering(self, learned=self._details_panel.tell)
        failure = FailurePart(self, self._log_panel.error_lines)
        # A new state goes through them in this order: a failure is explained from the logs.
        self._parts: tuple[Part, ...] = (
            *(self._log_panel, self._request_panel, self._details_panel),
            *(self._eta_part, self._steering, failure),
        )
        super().__init__(job_id=self._job.job_id, backend=host_of(self._job.connection.root_url))
        self.observe(failure.tell, "log_summary")
        self._request_panel.begin()
        self._subscription = watcher().watch(
            self._job, self._on_state, ceiling_s=poll_max, max_runtime_s=max_runtime
        )

    @classmethod
    def from_id(cls, job_id: str, connection: Any, **options: Any) -> JobWidget:
        """Watch a job that exists.

        Args:
            job_id: Id of the job.
            connection: Our connection or the official client's.
            **options: As for `JobWidget`.
        """
        return cls(BatchJob(job_id, connection), **options)

    @property
    def job(self) -> BatchJob:
        """The batch job."""
        return self._job

    def start(self) -> None:
        """Start the job. Returns at once; the state tells what became of it.

        Nothing happens while it is being started or canceled, from here or from elsewhere.
        """
        self._subscription.act("start", self._steering.tried("start", self._job.start))

    def cancel(self) -> None:
        """Cancel the job. Returns at once; the state tells what became of it."""
        self._subscription.act("cancel", self._steering.tried("cancel", self._job.stop))

    def delete(self) -> None:
        """Delete the job, its logs and its results, for good.

        Returns at once; the state tells what became of it. The card keeps what was last known.
        """
        self._subscription.act("delete", self._steering.tried("delete", self._job.delete))

    def update(self, **changes: Any) -> None:
        """Change what the job says of itself: one request, after which the card asks anew.

        Args:
            **changes: ``title``, ``description``, ``plan``, ``budget`` or ``process``, as for
                `BatchJob.update`; a budget of None takes the limit away.

        Raises:
            BackendError: The back-end refuses it, as all do while the job is queued or running;
                many do not offer it at all.
            NoAnswerError: No usable answer came.
        """
        self._steering.change(changes)

    def duplicate(self, **changes: Any) -> JobWidget:
        """Create a copy of the job, which is not started, and show it below the card.

        Args:
            **changes: Properties of the copy that differ: ``title``, ``description``, ``plan``,
                ``budget``, ``log_level``, ``process``, and those of the back-end's own, such as
                ``job_options``; None leaves one out. ``process_graph`` changes of the process
                the graph alone: a flat graph, its JSON as a string or a file, or a cube.

        Returns:
            The copy's own widget. It is closed with this one.

        Raises:
            BackendError: The back-end refuses it.
            NoAnswerError: No usable answer came, or the job is described without its process.
            ValueError: The ``process_graph`` is none; a TypeError where it is something else.
        """
        return self._steering.copy(changes)

    def refresh(self) -> None:
        """Ask the back-end at once, also when it was not to be asked any more."""
        self._subscription.refresh()

    def logs(self, offset: str | None = None, level: str | int | None = None) -> list[LogEntry]:
        """Ask the back-end for the job's log entries: `BatchJob.logs`."""
        return self._job.logs(offset, level)

    async def finished(self, timeout: float | None = None, *, require_success: bool = True) -> Any:
        """Wait until the job has ended, while everything else lives on: `BatchJob.finished`."""
        return await self._job.finished(timeout, require_success=require_success)

    def on_change(self, callback: Callable[[JobState], object]) -> Callable[[], None]:
        """Call a function whenever the job's status changes: `BatchJob.on_change`."""
        return self._job.on_change(callback)

    def _look(self, *, visible: bool) -> None:
        """Take note whether somebody sees the card. A message from the browser."""
        self._subscription.look(visible=visible)
        self._eta_part.look(visible=visible)

    def _notify(self, *, on: bool) -> None:
        """Take note whether a desktop notification is wanted. A message from the browser."""
        self.publish(notify=on)

    def _lane(self) -> str:
        return str(self.backend)

    def _release(self) -> None:
        """Stop watching. The job goes on."""
        self._subscription.close()
        self._steering.close()
        self._request_panel.close()
        self._log_panel.close()
        for child in (self.results, *self.copies):
            if child is not None:
                child.close()

    def _on_state(self, state: JobState) -> None:
        """Show a new state. Called in a worker thread."""
        traits = _traits_of(state)
        with self.in_order():  # what a part learns by itself must not come before this
            for part in self._parts:
                try:
                    traits |= part.take_in(state)
                except Exception:  # noqa: BLE001 - what the others know is told all the same
                    log_failure(_log, f"{type(part).__name__} of a JobWidget failed")
            self.publish(**traits)
        self._show_results(state)

    def _show_results(self, state: JobState) -> None:
        """Show the results of a finished job; take those off that a new start has discarded."""
        if state.status == "finished" and self.results is None:
            made = ResultsWidget(self._job)
            made.observe(lambda _: self._still.changed(), "state")
            self.publish(results=made)
            if self.results is not made:  # this widget was closed meanwhile
                made.close()
            made.observe(self._steering.count_files, "assets")
            self._steering.count_files()  # they may be there already
        elif state.freshness.state == "deleted" and self.results is not None:
            self.results.publish(deleted=True)
        elif state.status in ACTIVE and self.results is not None:
            outdated = self.results
            self.publish(results=None)
            self.flush()  # the browser lets go of them before they are gone
            outdated.close()

    def _static_card(self) -> StaticCard:
        below = self.results
        return job_card(
            {name: getattr(self, name) for name in _SHOWN},
            below._static_card() if below is not None else None,  # noqa: SLF001 - of the same kind
            [{name: getattr(copy, name) for name in _SHOWN_OF_A_COPY} for copy in self.copies],
        )


def _traits_of(state: JobState) -> dict[str, Any]:
    """The traits that a state tells by itself."""
    fresh = state.freshness
    return {
        "status": state.status,
        "title": state.title,
        "progress": state.progress,
        "steps": [{"status": clip(s.status), "at_ms": milliseconds(s.at)} for s in state.steps],
        "freshness": {
            "state": fresh.state,
            "asked_ms": milliseconds(fresh.asked),
            "next_ms": milliseconds(fresh.next),
            "attempt": fresh.attempt,
            "reason": clip(fresh.reason),
        },
        "pending": state.action.name if state.action else "",
        "notice": state.notice,
    }
