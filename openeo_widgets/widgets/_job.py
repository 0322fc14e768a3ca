"""`JobWidget`: a batch job, live, with its buttons."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization

from openeo_widgets.api import BatchJob
from openeo_widgets.api._http import host_of
from openeo_widgets.api._schedule import ACTIVE
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._base import STATIC, LiveWidget, error_info, milliseconds
from openeo_widgets.widgets._results import ResultsWidget
from openeo_widgets.widgets._things import as_job
from openeo_widgets.widgets._traits import clip, json_value, number, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.watch import JobState

__all__ = ["JobWidget"]

# After so many answers without a change of status, an action that the back-end accepted is
# taken to have had no effect: several back-ends answer 202 to a start and do nothing.
_PATIENCE = 4

_DISCARDS = "Starting again discards the results that this job has now."


class JobWidget(LiveWidget):
    """A batch job, live: its state, its progress, and buttons to start and cancel it.

    It never starts a job by itself, never blocks the kernel, and works without a browser too.
    When the job has finished, its results are shown below.

    Args:
        job: The batch job, ours or the official client's.
    """

    _esm = STATIC / "job.js"
    _css = STATIC / "job.css"

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
    #: What can be done now: of start, cancel, refresh.
    actions = json_value(list)
    #: The action that is under way: start, cancel or "".
    pending = text()
    #: What a start would discard, to be confirmed, or "".
    start_warning = text()
    #: A sentence about the last action, or "".
    notice = text()
    #: The `ResultsWidget` below, or None until the job has finished.
    results = traitlets.Any(None, allow_none=True).tag(sync=True, **widget_serialization)

    commands = {"start": "start", "cancel": "cancel", "refresh": "refresh"}  # noqa: RUF012 - read only

    def __init__(self, job: Any) -> None:
        self._job = as_job(job)
        self._acting = threading.Lock()
        # The state in which the action under way was asked for, and the answers since.
        self._before: tuple[str, str] = ("", "")
        self._answers = 0
        super().__init__(job_id=self._job.job_id, backend=host_of(self._job.connection.root_url))
        self._subscription = watcher().watch(self._job, self._on_state)

    @classmethod
    def from_id(cls, job_id: str, connection: Any) -> JobWidget:
        """Watch a job that exists.

        Args:
            job_id: Id of the job.
            connection: Our connection or the official client's.
        """
        return cls(BatchJob(job_id, connection))

    @property
    def job(self) -> BatchJob:
        """The batch job."""
        return self._job

    def start(self) -> None:
        """Start the job. Returns at once; the state tells what became of it."""
        self._act("start", self._job.start)

    def cancel(self) -> None:
        """Cancel the job. Returns at once; the state tells what became of it."""
        self._act("cancel", self._job.stop)

    def refresh(self) -> None:
        """Ask the back-end at once, also when it was not to be asked any more."""
        self._subscription.refresh()

    def _release(self) -> None:
        """Stop watching. The job goes on."""
        self._subscription.close()
        if self.results is not None:
            self.results.close()

    def _act(self, name: str, action: Callable[[], object]) -> None:
        """Do something to the job in the background; a second time while it is under way is one."""
        with self._acting:
            if self.pending:
                return
            state = self._subscription.state
            self._before = (state.status, state.updated)
            self._answers = 0
            self.publish(pending=name, notice="", error=None)
        watcher().workers.submit(lambda: self._carry_out(action))

    def _carry_out(self, action: Callable[[], object]) -> None:
        """Ask the back-end to act, once: a lost answer is no reason to ask a second time."""
        try:
            action()
        except OpenEOWidgetsError as error:
            self.publish(pending="", error=error_info(error))
        except Exception as error:  # noqa: BLE001 - the person must see it, whatever it is
            self.publish(pending="", error=error_info(error))
        finally:
            # What happened is what the back-end says happened, if it takes a little to say so.
            self._subscription.refresh(times=_PATIENCE)

    def _on_state(self, state: JobState) -> None:
        """Show a new state. Called in a worker thread."""
        fresh = state.freshness
        changes: dict[str, Any] = {
            "status": state.status,
            "title": state.title,
            "progress": state.progress,
            "steps": [{"status": clip(s.status), "at_ms": milliseconds(s.at)} for s in state.steps],
            "actions": _actions(state),
            "start_warning": _DISCARDS if state.ended and state.status != "created" else "",
            "freshness": {
                "state": fresh.state,
                "asked_ms": milliseconds(fresh.asked),
                "next_ms": milliseconds(fresh.next),
                "attempt": fresh.attempt,
                "reason": fresh.reason,
            },
            **self._after_action(state),
        }
        if state.status == "error" and state.error is not None:
            changes["error"] = _failure(state)
        elif state.status != self.status:
            changes["error"] = None  # what failed before is no longer what holds the job up
        self.publish(**changes)
        self._show_results(state)

    def _after_action(self, state: JobState) -> dict[str, Any]:
        """Whether the action under way has shown its effect, or will not."""
        if not self.pending or state.freshness.state not in {"live", "resting"}:
            return {}
        self._answers += 1
        if self.pending == "cancel":
            done = state.status not in ACTIVE
        else:
            done = state.status in ACTIVE or (state.status, state.updated) != self._before
        if done:
            return {"pending": "", "error": None}
        if self._answers < _PATIENCE:
            return {}
        return {
            "pending": "",
            "notice": f"The back-end accepted the {self.pending}, but the job is still "
            f"{state.status}. Create a new job from the same process graph if it stays so.",
        }

    def _show_results(self, state: JobState) -> None:
        """Show the results of a finished job; take those off that a new start has discarded."""
        if state.status == "finished" and self.results is None:
            self.publish(results=ResultsWidget(self._job))
        elif state.status in ACTIVE and self.results is not None:
            outdated = self.results
            self.publish(results=None)
            outdated.close()

    def _summary(self) -> list[str]:
        share = f" {self.progress:g} %" if self.progress is not None else ""
        error = f"Error: {self.error['message']}" if self.error else ""
        status = self.status or "not asked yet"
        where = f"{self.title or 'Batch job'} ({self.job_id} at {self.backend})"
        lines = [
            f"{where}: {status}{share if status == 'running' else ''}",
            error,
            f'Show it again: JobWidget.from_id("{self.job_id}", connection)',
        ]
        return [line for line in lines if line]


def _actions(state: JobState) -> list[str]:
    """What makes sense in a state. An unknown status is left to the person."""
    if state.freshness.state == "gone" or not state.status:
        return ["refresh"]
    if state.status in ACTIVE:
        return ["cancel", "refresh"]
    if state.ended or state.status == "created":
        return ["start", "refresh"]
    return ["start", "cancel", "refresh"]


def _failure(state: JobState) -> dict[str, str]:
    """The last error entry of a failed job's logs, in the words of the back-end."""
    entry = state.error or {}
    message = entry.get("message")
    if not isinstance(message, str) or not message:
        message = "The job ended in error, and its logs hold no error that says why."
    return {
        "message": message,
        "code": str(entry.get("code") or ""),
        "id": str(entry.get("id") or ""),
        "hint": "Read all of it with job.logs().",
    }
