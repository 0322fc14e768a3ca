"""When the job of a `JobWidget` will end: its progress is followed, or past jobs are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._eta import Course, from_runs, seen
from openeo_widgets.api._past_jobs import run_times_like
from openeo_widgets.widgets._base import ASIDE, milliseconds

if TYPE_CHECKING:
    from openeo_widgets.api._eta import Eta
    from openeo_widgets.watch import JobState
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["EtaPart", "eta_shown"]


class EtaPart:
    """Tells the end of a running job, where it can be told.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget
        self._course: Course | None = None
        self._state: JobState | None = None
        self._looked_at = False
        self._answers = 0  # while it runs
        self._asked = False
        self._runs_s: list[float] = []

    def take_in(self, state: JobState) -> dict[str, Any]:
        """Take in a new state. Called in a worker thread.

        Returns:
            The trait ``eta``.
        """
        self._state = state
        if state.status != "running":
            self._course, self._answers = None, 0
        elif state.freshness.state == "live" and state.freshness.asked is not None:
            self._course = seen(self._course, state.progress, state.freshness.asked)
            self._answers += 1
        self._ask_if_needed()
        return {"eta": self._eta()}

    def look(self, *, visible: bool) -> None:
        """Take note whether somebody looks."""
        with self._widget.in_order():  # a new state may come at this moment
            self._looked_at = visible
            self._ask_if_needed()

    def _ask_if_needed(self) -> None:
        """Ask for past jobs, once, where the job itself tells nothing and somebody looks."""
        state = self._state
        if self._asked or not self._looked_at or state is None or state.freshness.state != "live":
            return
        # The first answer of a running job may be one without its progress.
        if state.status == "running" and state.progress is None and self._answers > 1:
            self._asked = True
            # One at a time of a back-end: what is asked for one job need not be asked for the next.
            ASIDE.submit(self._learn, lane=self._widget.backend)

    def _learn(self) -> None:
        with self._widget.kept_open() as is_open:
            pass
        if not is_open:
            return
        try:
            runs_s = run_times_like(self._widget.job)
        except Exception:  # noqa: BLE001 - another client's errors are not ours to know
            return  # then nothing is said of the end
        with self._widget.in_order():
            self._runs_s = runs_s
            self._widget.publish(eta=self._eta())

    def _eta(self) -> dict[str, Any] | None:
        state = self._state
        if state is None or state.status != "running":
            return None
        if self._course is not None:
            return eta_shown(self._course.eta)
        return eta_shown(from_runs(self._runs_s, state.in_status_since("running")))


def eta_shown(eta: Eta | None) -> dict[str, Any] | None:
    """See ``Eta`` in js/src/protocol.ts. To the second: what differs by less is no news."""
    if eta is None:
        return None
    return {"ends_ms": milliseconds(round(eta.ends)), "basis": eta.basis}
