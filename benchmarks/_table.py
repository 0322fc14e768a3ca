"""What all benchmarks share: repeat, compare with a peer of the same run, write it down."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 7


class Limits:
    """What is promised, held against what was measured.

    Args:
        name: Of the benchmark.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._missed = 0

    def at_most(self, what: str, value: float, limit: float) -> None:
        """Hold a figure against the most that it may be."""
        self._say(what, value, f"at most {limit:g}", kept=value <= limit)

    def at_least(self, what: str, value: float, limit: float) -> None:
        """Hold a figure against the least that it may be."""
        self._say(what, value, f"at least {limit:g}", kept=value >= limit)

    def finish(self) -> None:
        """End the script with an error if a promise was not kept."""
        if self._missed:
            raise SystemExit(f"{self._name}: {self._missed} promises were not kept")

    def _say(self, what: str, value: float, limit: str, *, kept: bool) -> None:
        self._missed += not kept
        print(f"  {'kept  ' if kept else 'MISSED'} {what}: {value:g}, {limit} promised")


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compare(name: str, contestants: dict[str, Callable[[], object]], runs: int = RUNS) -> None:
    """Run the contestants in turn, so that a drift of the machine meets them all alike.

    Prints a table of medians in seconds and of ratios to the first contestant, and writes the
    same as JSON beside this file.

    Args:
        name: What is compared; the JSON file's name.
        contestants: What to run, by name; the first is ours.
        runs: Counted runs of each, after one that does not count.
    """
    times: dict[str, list[float]] = {contestant: [] for contestant in contestants}
    for run in range(runs + 1):
        for contestant, work in contestants.items():
            took = seconds(work)
            if run:
                times[contestant].append(took)
    ours = next(iter(contestants))
    rows = {
        contestant: {
            "median_s": statistics.median(taken),
            "min_s": min(taken),
            "max_s": max(taken),
            "ratio_to_ours": statistics.median(
                other / own for other, own in zip(taken, times[ours], strict=True)
            ),
        }
        for contestant, taken in times.items()
    }
    print(f"\n{name}, {runs} runs")
    print(f"{'':<28}{'median s':>10}{'min':>10}{'max':>10}{'x ours':>10}")
    for contestant, row in rows.items():
        numbers = "".join(f"{value:>10.3f}" for value in row.values())
        print(f"{contestant:<28}{numbers}")
    path = Path(__file__).with_name(f"{name}.json")
    path.write_text(json.dumps({"runs": runs, "results": rows}, indent=2) + "\n")
