"""What is told of something done to a job, where the back-end could not be reached: pure."""

from __future__ import annotations

from openeo_widgets.api._http import NO_MESSAGE
from openeo_widgets.errors import BackendError, NoAnswerError

__all__ = ["in_doubt", "in_words"]

# What was to become of the job.
_DONE = {
    "start": "started",
    "cancel": "canceled",
    "delete": "deleted",
    "update": "changed",
    "duplicate": "copied",
}
# Of these the state of the job tells whether they arrived, and it is asked for.
_WATCHED = frozenset({"start", "cancel", "delete"})

_SERVER_ERROR = 500


def in_doubt(name: str, reason: str) -> str:
    """A sentence for a request that may have arrived, and got no answer.

    Args:
        name: What was done to the job: ``start``, ``cancel``, ``delete``, ``update`` or
            ``duplicate``.
        reason: What happened to the connection, in a word or two, or "".
    """
    why = f" ({reason})" if reason else ""
    return (
        f"The back-end could not be reached{why}, so it is not known whether the job was "
        f"{_DONE[name]}."
    )


def in_words(name: str, failure: BaseException) -> BaseException:
    """An error that tells what became of the job, instead of a method and a path.

    Args:
        name: As for `in_doubt`.
        failure: What the request raised. What the back-end says for itself stays as it is.
    """
    if isinstance(failure, NoAnswerError) and failure.reason:
        if failure.may_have_arrived:
            told, next_step = in_doubt(name, failure.reason), _look_first(name)
        else:
            told = f"The back-end could not be reached ({failure.reason}), so the job was not "
            told, next_step = f"{told}{_DONE[name]}.", _try_again(name)
        return NoAnswerError(
            told,
            hint=next_step,
            may_have_arrived=failure.may_have_arrived,
            reason=failure.reason,
        )
    if isinstance(failure, BackendError) and _is_of_a_proxy(failure):
        return BackendError(
            in_doubt(name, f"HTTP status {failure.http_status}"),
            http_status=failure.http_status,
            code=failure.code,
            id=failure.id,
            links=failure.links,
            retry_after_s=failure.retry_after_s,
            hint=_look_first(name),
        )
    return failure


def _is_of_a_proxy(failure: BackendError) -> bool:
    """Whether something in front of the back-end answered, that knows nothing of openEO."""
    return failure.http_status >= _SERVER_ERROR and failure.message.endswith(NO_MESSAGE)


def _look_first(name: str) -> str:
    if name in _WATCHED:
        return f"The job is asked for until there is an answer: look before you {name} it again."
    if name == "duplicate":
        return "connection.list_jobs() tells whether there is a copy: look before you try again."
    return "Refresh tells: look before you try again."


def _try_again(name: str) -> str:
    if name in _WATCHED:
        return f"The job is asked for until there is an answer: {name} it again then."
    return "Try again when the back-end answers."
