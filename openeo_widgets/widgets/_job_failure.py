"""Why the job of a `JobWidget`, or what was last done to it, failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._causes import UNKNOWN_HINT, cause_of
from openeo_widgets.api._log_entry import held
from openeo_widgets.api._shapes import dicts_of
from openeo_widgets.widgets._base import error_info
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openeo_widgets.watch import JobState
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["FailurePart"]

# A process graph is never nested as deeply.
_MOST_NODES = 50


class FailurePart:
    """Explains a failure, better as more of the logs is known.

    Args:
        widget: The widget that it is a part of.
        error_lines: Tells the messages of the errors in the logs that are known.
    """

    def __init__(self, widget: JobWidget, error_lines: Callable[[], list[str]]) -> None:
        self._widget = widget
        self._error_lines = error_lines
        self._state: JobState | None = None

    def take_in(self, state: JobState) -> dict[str, Any]:
        """Take in a new state. Called in a worker thread.

        Returns:
            The traits ``error`` and ``failed_nodes``.
        """
        self._state = state
        return {"error": self._error(state), "failed_nodes": _failed_nodes(state)}

    def tell(self, _change: object = None) -> None:
        """Say it anew: more of the logs is known."""
        with self._widget.in_order():
            state = self._state
            if state is not None and state.status == "error":
                self._widget.publish(error=self._error(state))

    def _error(self, state: JobState) -> dict[str, str] | None:
        """What went wrong: the last action, or the job itself."""
        if state.problem is not None:
            return error_info(state.problem)
        if state.status != "error" or state.error is None:
            return None
        return _failure(state.error, self._error_lines())


def _failure(told: Mapping[str, Any], others: list[str]) -> dict[str, str]:
    """The last error entry of a failed job's logs, in the words of the back-end, and in ours."""
    entry = held(told)
    cause = cause_of(entry.code, entry.message, others)
    return {
        "message": entry.message
        or "The job ended in error, and its logs hold no error that says why.",
        "code": entry.code,
        "id": entry.id,
        "hint": cause.words if cause else UNKNOWN_HINT,
    }


def _failed_nodes(state: JobState) -> list[str]:
    """The nodes that the last error entry names, innermost first (API, section on logs)."""
    path = (state.error or {}).get("path") if state.status == "error" else None
    return list(filter(None, (clip(step.get("node_id")) for step in dicts_of(path, _MOST_NODES))))
