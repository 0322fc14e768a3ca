"""A job's extra property ``simulate``, for teaching and tests: a life without the work.

Without it nothing is simulated. With it the job waits in the queue for ``queue_s`` seconds, runs
for ``run_s`` seconds with its progress growing evenly and ``log_lines`` log entries spread over
them, fails at the share ``fail_at`` of that time, and otherwise is computed for real then.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.backend.errors import ApiError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

_STEPS_PER_SECOND = 10
_LIMITS = {"queue_s": 86400.0, "run_s": 86400.0, "fail_at": 1.0, "log_lines": 10000.0}


@dataclass(frozen=True)
class Simulation:
    """What to simulate.

    Args:
        queue_s: seconds in the queue.
        run_s: seconds of running before the computation.
        fail_at: the share of ``run_s`` after which the job fails, 0 to 1; None: it does not.
        log_lines: how many log entries to write while running.
    """

    queue_s: float = 0.0
    run_s: float = 0.0
    fail_at: float | None = None
    log_lines: int = 0


def parse(value: Any) -> Simulation:
    """The job property ``simulate``; None is no simulation.

    Raises:
        ApiError: ``ParameterValueUnsupported`` for anything that does not fit.
    """
    if value is None:
        return Simulation()
    if not isinstance(value, dict) or set(value) - set(_LIMITS):
        raise ApiError(
            "ParameterValueUnsupported",
            f"'simulate' must be an object with some of {', '.join(_LIMITS)}.",
        )
    given = {name: number for name, number in value.items() if number is not None}
    for name, number in given.items():
        numeric = isinstance(number, (int, float)) and not isinstance(number, bool)
        if not numeric or not 0 <= number <= _LIMITS[name]:
            raise ApiError(
                "ParameterValueUnsupported",
                f"'simulate.{name}' must be a number from 0 to {_LIMITS[name]:g}.",
            )
    if "log_lines" in given:
        given["log_lines"] = math.floor(given["log_lines"])
    return Simulation(**given)


def run(
    simulation: Simulation,
    stop: threading.Event,
    progress: Callable[[float], None],
    log: Callable[[str], None],
) -> bool:
    """Lives through the simulated run.

    Args:
        simulation: what to simulate.
        stop: ends it early.
        progress: called with a percentage.
        log: called with a message.

    Returns:
        False if the job is to fail now.
    """
    end = 1.0 if simulation.fail_at is None else simulation.fail_at
    began = time.monotonic()
    written = 0
    share = 0.0
    while not stop.is_set() and share < end:
        stop.wait(min(1 / _STEPS_PER_SECOND, simulation.run_s * (end - share)))
        passed = time.monotonic() - began
        share = min(passed / simulation.run_s if simulation.run_s else 1.0, end)
        while written < math.floor(share * simulation.log_lines):
            written += 1
            log(f"Simulated log entry {written} of {simulation.log_lines}.")
        # What remains is for the computation.
        progress(min(100 * share, 99.0))
    return stop.is_set() or simulation.fail_at is None
