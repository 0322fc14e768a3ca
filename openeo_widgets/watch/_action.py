"""What is done to a batch job, and whether it had an effect: values and pure rules.

A request that changes something is made once. Where its answer was lost, and also where the
back-end accepted it, the job's state tells what happened: several back-ends answer 202 to a
start and do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from openeo_widgets.api._schedule import ACTIVE
from openeo_widgets.errors import NoAnswerError, OpenEOWidgetsError

__all__ = ["PATIENCE", "Action", "Outcome", "judged"]

# After so many answers without a change, a quarter of a minute, an action is taken to have had
# no effect.
PATIENCE = 7


@dataclass(frozen=True)
class Action:
    """Something that is being done to a job.

    Attributes:
        name: ``start``, ``cancel`` or ``delete``.
        before: The job's status, and its ``updated``, when it was asked for.
        why: A sentence to tell when it had its effect, or "".
        sent: Whether the request has been made: answers from then on count.
        lost: Why its answer was lost, in words, or "".
        answers: How many states were told since.
    """

    name: str
    before: tuple[str, str]
    why: str = ""
    sent: bool = False
    lost: str = ""
    answers: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of an action.

    Attributes:
        action: The action, while that is not known.
        notice: A sentence to tell, or "".
        problem: Why it failed, or None.
    """

    action: Action | None = None
    notice: str = ""
    problem: BaseException | None = None


def judged(action: Action, status: str, updated: str) -> Outcome:
    """Say what became of an action, from a state that was told after it.

    Args:
        action: What was done.
        status: The job's status now.
        updated: Time of its last change, as the back-end sent it.
    """
    if _came_too_late(action, status):
        return Outcome(notice=f"The job was {status} before the {action.name} took effect.")
    if _shows(action, status, updated):
        lost = f"The answer to the {action.name} was lost, but it arrived." if action.lost else ""
        return Outcome(notice=action.why or lost)
    if not action.sent:
        return Outcome(action)
    action = replace(action, answers=action.answers + 1)
    if action.answers < PATIENCE:
        return Outcome(action)
    if action.lost:
        return Outcome(problem=_never_arrived(action, status))
    so = "there" if action.name == "delete" else status
    what = "Ask again later" if action.name == "delete" else "Duplicate it"
    return Outcome(
        notice=f"The back-end accepted the {action.name}, but the job is still {so}. "
        f"{what} if it stays so."
    )


def _came_too_late(action: Action, status: str) -> bool:
    return action.name == "cancel" and status in {"finished", "error"}


def _shows(action: Action, status: str, updated: str) -> bool:
    if action.name == "cancel":
        return status not in ACTIVE
    return action.name == "start" and (status in ACTIVE or (status, updated) != action.before)


def _never_arrived(action: Action, status: str) -> OpenEOWidgetsError:
    return NoAnswerError(
        f"The {action.name} got no answer ({action.lost}), and the job is still {status}.",
        hint=f"It seems not to have arrived; {action.name} it again if you like.",
    )
