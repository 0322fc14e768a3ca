"""When to ask a back-end again, and what a status means: pure rules, no clock, no threads."""

from __future__ import annotations

import math

__all__ = [
    "ACTIVE",
    "CEILING_S",
    "FLOOR_S",
    "check_seconds",
    "is_end",
    "next_delay",
    "next_log_delay",
]

# The statuses in which the back-end works, or will, without anybody doing something.
ACTIVE = frozenset({"queued", "running"})

_ENDS = frozenset({"finished", "error", "canceled"})

FLOOR_S = 1.0
CEILING_S = 60.0

_FIRST_S = 1.2
_GROWTH = 1.25
_GROWTH_AFTER_FAULT = 2.0
_WITH_PROGRESS_S = 2.0
_HIDDEN_S = 30.0
_JITTER = 0.15

# Of the logs that somebody reads, in seconds.
_LOGS_FLOOR_S = 2.0
_LOGS_CEILING_S = 10.0

# Nobody means to be asked tomorrow; a wrong number must not put a job to sleep.
_LONGEST_RETRY_AFTER_S = 3600.0


def is_end(status: str, *, started: bool = False) -> bool:
    """Whether nothing more will happen by itself.

    A canceled job may fall back to ``created`` (API, section on canceling): once it was
    started, that is an end too. Statuses that the API does not know are no end.

    Args:
        status: The status, as the back-end says it.
        started: Whether the job is known to have been queued or running before.
    """
    return status in _ENDS or (started and status == "created")


def check_seconds(name: str, value: object, *, positive: bool = False) -> None:
    """Refuse what is no number of seconds.

    Args:
        name: What it is called.
        value: What it is.
        positive: Whether it has to be above zero.

    Raises:
        TypeError: It is no number.
        ValueError: It is not above zero.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or math.isnan(value):  # type: ignore[arg-type]
        raise TypeError(f"{name} is a number of seconds, not {value!r}.")
    if positive and value <= 0:  # type: ignore[operator]
        raise ValueError(f"{name} is a number of seconds above zero, not {value!r}.")


def next_delay(
    asked: int,
    faults: int = 0,
    *,
    progress: bool = False,
    hidden: bool = False,
    retry_after_s: float | None = None,
    ceiling_s: float = CEILING_S,
    jitter: float = 0.0,
) -> float:
    """Seconds to wait before asking for a job's state again.

    Quick at first, growing to a ceiling; a running job whose progress somebody looks at is asked
    every two seconds; after no answer the pauses double. What the back-end demands in
    ``Retry-After`` is honoured, also beyond the ceiling, up to an hour.

    Args:
        asked: How often the present status was seen, 0 for a new one.
        faults: How many times in a row there was no answer.
        progress: Whether the job reports progress, and somebody looks at it.
        hidden: Whether it is shown where nobody sees it: there is no hurry then.
        retry_after_s: What the back-end asked for, or None.
        ceiling_s: Longest wait, in seconds. Below a second it counts as one.
        jitter: From 0 to 1: how much of a seventh to take off, so that many who began together do
            not ask together for ever.

    Returns:
        Seconds, never below one.
    """
    if faults:
        delay = FLOOR_S * _GROWTH_AFTER_FAULT ** min(faults, 16)
    elif progress and not hidden:
        delay = _WITH_PROGRESS_S
    else:
        delay = FLOOR_S * _FIRST_S * _GROWTH ** min(asked, 64)
    if hidden:
        delay = max(delay, _HIDDEN_S)
    delay = max(FLOOR_S, min(delay, ceiling_s) * (1 - _JITTER * jitter))
    return max(delay, min(retry_after_s or 0.0, _LONGEST_RETRY_AFTER_S))


def next_log_delay(quiet: int, faults: int = 0, *, retry_after_s: float | None = None) -> float:
    """Seconds to wait before asking for new log entries again, while somebody reads them.

    Args:
        quiet: How many times in a row nothing was new.
        faults: How many times in a row there was no answer.
        retry_after_s: What the back-end asked for, or None.

    Returns:
        Two seconds growing to ten; after no answer doubling to a minute.
    """
    if faults:
        delay = min(_LOGS_FLOOR_S * _GROWTH_AFTER_FAULT ** min(faults - 1, 16), CEILING_S)
    else:
        delay = min(_LOGS_FLOOR_S * _GROWTH ** min(quiet, 64), _LOGS_CEILING_S)
    return max(delay, min(retry_after_s or 0.0, _LONGEST_RETRY_AFTER_S))
