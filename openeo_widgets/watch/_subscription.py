"""One listener's hold on one watched job."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.watch._state import JobState
    from openeo_widgets.watch._watched import Interest, Watched
    from openeo_widgets.watch._watcher import Watcher

__all__ = ["Subscription"]


class Subscription:
    """One listener's interest in one job. `close` ends it; so does the listener's own end."""

    def __init__(self, owner: Watcher, watched: Watched, interest: Interest) -> None:
        self._owner = owner
        self._watched = watched
        self._interest = interest

    @property
    def state(self) -> JobState:
        """What is known now."""
        return self._watched.state

    def refresh(self) -> None:
        """Ask at once; an answer that is under way does not count any more."""
        self._owner.ask_now(self._watched)

    def act(self, name: str, request: Callable[[], object], why: str = "") -> bool:
        """Do something to the job, in the background and once.

        Args:
            name: ``start``, ``cancel`` or ``delete``.
            request: What asks the back-end to do it.
            why: A sentence to tell when it had its effect, or "".

        Returns:
            Whether it is being done now for this call: False while another action is.
        """
        return self._owner.act(self._watched, self._interest, name, request, why)

    def look(self, *, visible: bool) -> None:
        """Say whether somebody sees the job now. Who comes back wants to know at once."""
        self._owner.look(self._watched, self._interest, visible=visible)

    def close(self) -> None:
        """Listen no more. The job is asked for no more when nobody listens."""
        self._interest.closed = True
        self._owner.look_for_the_gone(self._watched)
