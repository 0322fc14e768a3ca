"""One question to a back-end, about one job or several, and what comes of it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from openeo_widgets.api._schedule import is_end
from openeo_widgets.errors import NoAnswerError
from openeo_widgets.redact import log_failure
from openeo_widgets.watch._asking import Answer, Fault, ask_for_list, ask_for_one, credentials
from openeo_widgets.watch._state import after_answer, after_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openeo_widgets.watch._asking import Listing
    from openeo_widgets.watch._channel import Channel
    from openeo_widgets.watch._clock import Clock
    from openeo_widgets.watch._watched import Watched

__all__ = ["Answers"]

_log = logging.getLogger(__name__)


class Answers:
    """One question and its answers. `fetch` asks; `take_in` believes what is worth it.

    Args:
        clock: The time to go by.
        channel: The connection's.
        questions: The jobs asked for, with their epochs: an answer to a question from before
            somebody acted or asked anew is out of date.
    """

    def __init__(self, clock: Clock, channel: Channel, questions: Mapping[Watched, int]) -> None:
        self.channel = channel
        self.questions = questions
        self._clock = clock
        self._used = credentials(channel.connection)
        self._list: Listing | Fault | None = None
        self._one: tuple[Watched, Answer | Fault] | None = None

    def fetch(self) -> None:
        """Ask, without any lock held."""
        several = len(self.questions) > 1
        if several:
            ids = {watched.job.job_id for watched in self.questions}
            self._list = ask_for_list(self.channel.connection, ids)
            if not self._is_doubtful(self._list):
                return
        watched = next(iter(self.questions))
        self._one = watched, ask_for_one(watched.job)

    def _is_doubtful(self, told: Listing | Fault) -> bool:
        """Whether one job by itself should tell if it is the list that is broken, or forbidden."""
        if not isinstance(told, Fault):
            return False
        return told.kind == "signed_out" or self.channel.suspects_its_list

    def take_in(self) -> Iterator[Watched]:
        """Believe the answers, with the watcher's lock held; yield those to be scheduled."""
        if self._list is not None:
            self.channel.listing = False
            self._learn_of_the_list(self._list)
        for watched, epoch in self.questions.items():
            if watched.epoch != epoch:
                continue  # who raised it has seen to the next question
            watched.asking = False
            try:
                self._believe(watched)
            except Exception:  # noqa: BLE001 - no answer is worth that a job is asked for no more
                log_failure(
                    _log, f"The answer for batch job {watched.job.job_id!r} was not understood"
                )
                self._believe_fault(watched, Fault("lost", NoAnswerError("It was not understood.")))
            yield watched

    def _learn_of_the_list(self, told: Listing | Fault) -> None:
        if not isinstance(told, Fault):
            self.channel.heard_list(told)
        elif self._one and isinstance(self._one[1], Answer):
            self.channel.give_list_a_rest(self._clock.steady())
        else:
            self.channel.missed_list()

    def _believe(self, watched: Watched) -> None:
        if self._one and self._one[0] is watched:
            watched.alone = not watched.listed
            self._believe_one(watched, self._one[1])
        elif isinstance(self._list, Fault):
            if self._one and isinstance(self._one[1], Answer):
                watched.due = self._clock.steady()  # the back-end is up: ask for each by itself
            else:
                self._believe_fault(watched, self._fault_of_all(self._list))
        elif self._list is not None:
            described = self._list.jobs.get(watched.job.job_id)
            if described is None or is_end(described["status"], started=watched.state.started):
                # Not on the list, or to be told in full.
                watched.alone = True
                watched.listed = described is not None
                watched.due = self._clock.steady()
            else:
                state = after_answer(watched.state, described, self._clock.wall(), short=True)
                watched.answered(state, self._clock.steady())
                self._schedule(watched, None)

    def _fault_of_all(self, of_list: Fault) -> Fault:
        """What a list without an answer means for each job: no more than one by itself confirms."""
        told = self._one[1] if self._one else None
        return told if isinstance(told, Fault) and told.kind == "lost" else of_list

    def _believe_one(self, watched: Watched, told: Answer | Fault) -> None:
        if isinstance(told, Fault):
            self._believe_fault(watched, told)
            return
        state = after_answer(watched.state, told.described, self._clock.wall())
        if told.error is not None:
            state = replace(state, error=told.error)
        watched.answered(state, self._clock.steady())
        self._schedule(watched, None)

    def _believe_fault(self, watched: Watched, fault: Fault) -> None:
        if fault.kind == "signed_out":
            self.channel.was_refused(self._used)
        watched.state = after_fault(watched.state, fault.kind, fault.cause)
        self._schedule(watched, fault.retry_after_s)

    def _schedule(self, watched: Watched, retry_after_s: float | None) -> None:
        watched.schedule(self._clock.wall(), self._clock.steady(), retry_after_s)
