"""Half of all requests go wrong: is every job's end seen, once, and right?

The official client's `start_and_wait` waits for jobs of the same back-end in the same run.
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import openeo
import openeo.rest.job
from _table import Limits
from fast_clock import FastClock
from fleet import Fleet, Life

from openeo_widgets.api import BatchJob, Connection
from openeo_widgets.watch import Watcher

if TYPE_CHECKING:
    from openeo_widgets.watch import JobState

JOBS, SEEDS, SHARE, SPEED = 200, 20, 0.5, 20
OFFICIAL_JOBS = 20
ENDS = ("finished", "error", "canceled")
# Seconds for all ends of a run, and for a second telling of one.
PATIENCE_S, SETTLE_S = 300, 1.0


class Listener:
    """Notes the ends that it is told."""

    def __init__(self, ended: threading.Semaphore) -> None:
        self.ends: list[str] = []
        self._ended = ended

    def hear(self, state: JobState) -> None:
        """Take a state."""
        if state.freshness.state == "resting":
            self.ends.append(state.status)
            self._ended.release()


def lives(jobs: int, seed: int) -> list[Life]:
    """Lives of different lengths and ends."""
    return [
        Life(5 + (number + seed) % 11, 10 + number % 17, ENDS[(number + seed) % 3])
        for number in range(jobs)
    ]


def ours(seed: int) -> dict[str, int]:
    """Watch jobs through faults: how many ends were missed, wrong, or told twice."""
    fleet = Fleet(lives(JOBS, seed), speed=SPEED, faults=SHARE, seed=seed)
    watcher, ended = Watcher(FastClock(SPEED)), threading.Semaphore(0)
    connection = Connection(fleet.url, timeout=0.3)
    listeners = [Listener(ended) for _ in range(JOBS)]
    subscriptions = [
        watcher.watch(BatchJob(f"j-{number}", connection), listener.hear)
        for number, listener in enumerate(listeners)
    ]
    until = time.monotonic() + PATIENCE_S
    for _ in range(JOBS):
        ended.acquire(timeout=max(0.0, until - time.monotonic()))
    # Whatever is told a second time has its time to come.
    threading.Event().wait(SETTLE_S)
    for subscription in subscriptions:
        subscription.close()
    threads = [t for t in threading.enumerate() if t.name.startswith("openeo-widgets")]
    for thread in threads:
        thread.join(1.0)
    told = [listener.ends for listener in listeners]
    fleet.close()
    return {
        "missed": sum(not ends for ends in told),
        "twice": sum(len(ends) > 1 for ends in told),
        "wrong": sum(
            end != life.end for ends, life in zip(told, fleet.lives, strict=True) for end in ends
        ),
        "threads": sum(thread.is_alive() for thread in threads),
    }


def official() -> dict[str, int]:
    """The same with the official client, a thread a job."""
    fleet = Fleet(lives(OFFICIAL_JOBS, 0), speed=SPEED, faults=SHARE)
    real_sleep = time.sleep
    openeo.rest.job.time.sleep = lambda seconds: real_sleep(seconds / SPEED)
    connection = openeo.connect(fleet.url, default_timeout=0.3)
    ends: list[str] = []
    failures: list[str] = []

    def wait(number: int) -> None:
        try:
            job = connection.job(f"j-{number}")
            job.start_and_wait(print=lambda _: None, require_success=False)
            ends.append("seen")
        except Exception as error:  # noqa: BLE001 - which one is what is measured
            failures.append(type(error).__name__)

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(OFFICIAL_JOBS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    openeo.rest.job.time.sleep = real_sleep
    connection.session.close()
    fleet.close()
    return {"jobs": OFFICIAL_JOBS, "ends seen": len(ends), "gave up": len(failures)}


def main() -> None:
    """Measure, print, and write the same as JSON."""
    began = time.monotonic()
    rows = [ours(seed) for seed in range(SEEDS)]
    total = {name: sum(row[name] for row in rows) for name in rows[0]}
    peer = official()
    print(f"\nfaults: {SHARE:.0%} of requests, {JOBS} jobs, {SEEDS} seeds")
    print(f"ours: {total} in {time.monotonic() - began:.0f} s")
    print(f"start_and_wait, one run: {peer}")
    found = {"ours": rows, "official": peer}
    Path(__file__).with_name("faults.json").write_text(json.dumps(found, indent=2) + "\n")
    limits = Limits("faults")
    for what, count in total.items():
        limits.at_most(what, count, 0)
    limits.finish()


if __name__ == "__main__":
    main()
