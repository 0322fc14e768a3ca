"""The watched jobs of one connection, and which question is the best one to ask next."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from openeo_widgets.api._http import host_of
from openeo_widgets.watch._asking import credentials

if TYPE_CHECKING:
    from openeo_widgets.api._http import BackendConnection
    from openeo_widgets.watch._asking import Listing
    from openeo_widgets.watch._watched import Watched

__all__ = ["Channel"]

# A list pays off from so many jobs on, and if it is not full of others' jobs.
_FEWEST = 3
_MOST_OTHERS = 50

# Who is due within this share of their pause may as well be asked for now: with a half, two
# groups of jobs that began at different times always become one.
_EARLY = 0.5

# After so many failures in a row one job is asked for by itself, to tell a back-end that is
# down from one whose list is broken; such a list is not tried again for a while, in seconds.
_LIST_FAILURES = 2
_LIST_REST_S = 600.0


class Channel:
    """The watched jobs of one connection.

    Args:
        connection: Ours or the official client's.
    """

    def __init__(self, connection: BackendConnection) -> None:
        self.connection = connection
        self.host = host_of(connection.root_url)
        self.jobs: dict[str, Watched] = {}
        # Those that are due, until they are asked for.
        self.ready: dict[str, Watched] = {}
        self.listing = False
        self.signed_out = False
        self._refused: object = None
        self._list_faults = 0
        self._list_entries = 0
        self._list_from = 0.0

    def next_question(self, steady: float) -> list[Watched]:
        """Take the jobs to ask for next, with one request.

        Args:
            steady: The steady clock's time.

        Returns:
            Several, to be asked for by the list; one, to be asked for by itself; or none.
        """
        if not self.listing:
            batch = self._batch(steady)
            if batch:
                for watched in batch:
                    self.ready.pop(watched.job.job_id, None)
                self.listing = True
                return batch
        by_itself = (w for w in self.ready.values() if w.alone or not self.listing)
        question = list(itertools.islice(by_itself, 1))
        for watched in question:
            del self.ready[watched.job.job_id]
        return question

    def _batch(self, steady: float) -> list[Watched]:
        """Those whom one list may tell of; none if single questions are the better ones."""
        if steady < self._list_from or all(w.alone for w in self.ready.values()):
            return []
        batch = [
            watched
            for watched in self.jobs.values()
            if watched.due is not None
            and not watched.asking
            and not watched.alone
            and watched.due <= steady + _EARLY * watched.delay
        ]
        return batch if len(batch) >= max(_FEWEST, self._list_entries / _MOST_OTHERS) else []

    @property
    def suspects_its_list(self) -> bool:
        """Whether the list failed so often that a single question should tell why."""
        return self._list_faults >= _LIST_FAILURES

    def heard_list(self, told: Listing) -> None:
        """Learn from an answer to the list."""
        self._list_faults = 0
        self._list_entries = told.entries
        if not told.offered:
            self._list_from = float("inf")

    def missed_list(self) -> None:
        """Learn from the absence of an answer to the list."""
        self._list_faults += 1

    def give_list_a_rest(self, steady: float) -> None:
        """Ask for jobs one by one for a while: the list is what is broken."""
        self._list_faults = 0
        self._list_from = steady + _LIST_REST_S

    def was_refused(self, used: object) -> None:
        """Remember the credentials that the back-end refused."""
        self.signed_out, self._refused = True, used

    def signed_in_again(self) -> bool:
        """Whether there are other credentials since the last refusal; told once."""
        if not self.signed_out or credentials(self.connection) is self._refused:
            return False
        self.signed_out = False
        return True
