"""A thousand running jobs for ten minutes: the watcher beside the official client.

The back-end is another process on this machine, and time runs ten times as fast there and in
the watcher. What the official client would ask follows from the intervals in its source, and is
checked with twenty real ones whose sleep is as much shorter.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import threading
import time
import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import openeo
import openeo.rest.job
from _table import Limits
from fast_clock import FastClock

from openeo_widgets.api import BatchJob, Connection
from openeo_widgets.api._schedule import next_delay
from openeo_widgets.watch import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openeo_widgets.watch import JobState

HERE = Path(__file__).parent
MINUTES, QUEUED_S, RUNS_S = 10, 30, 600
REAL_ONES = 20


class Listener:
    """Notes how old a state had become when the next one came, as a share of its pause.

    What an answer comes late is this machine's time, which does not run faster.
    """

    def __init__(self, clock: FastClock, ended: threading.Semaphore) -> None:
        self.ages: list[float] = []
        self._clock, self._ended = clock, ended
        self._seen, self._status = 0, ""
        self._asked: float | None = None
        self._due = 0.0

    def hear(self, state: JobState) -> None:
        """Take a state."""
        asked = state.freshness.asked
        if asked is None:
            return
        if self._asked is not None:
            late = max(0.0, asked - self._due) / self._clock.speed
            age = min(asked, self._due) - self._asked + late
            self.ages.append(age / next_delay(self._seen))
        self._seen = self._seen + 1 if state.status == self._status else 0
        self._status, self._asked = state.status, asked
        self._due = state.freshness.next or asked
        if state.freshness.state == "resting":
            self._ended.release()


@contextmanager
def fleet(jobs: int, speed: float, runs_s: float = RUNS_S) -> Iterator[tuple[str, dict[str, int]]]:
    """A back-end in a process of its own; what it was asked is there after it has ended."""
    asked: dict[str, int] = {}
    options = {"--jobs": jobs, "--speed": speed, "--queued": QUEUED_S, "--runs": runs_s}
    words = [str(word) for option in options.items() for word in option]
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, str(HERE / "fleet.py"), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip(), asked
        process.stdin.write("\n")
        process.stdin.flush()
        asked.update(json.loads(process.stdout.readline()))


def watched(jobs: int, speed: float) -> dict[str, float]:
    """Watch so many jobs from queued to finished."""
    with fleet(jobs, speed) as (url, asked):
        connection = Connection(url)
        clock = FastClock(speed)
        watcher, ended = Watcher(clock), threading.Semaphore(0)
        listeners = [Listener(clock, ended) for _ in range(jobs)]
        before, began = _cpu_s(), time.monotonic()
        subscriptions = [
            watcher.watch(BatchJob(f"j-{number}", connection), listener.hear)
            for number, listener in enumerate(listeners)
        ]
        threads = 0
        for _ in range(jobs):
            ended.acquire()
            threads = max(threads, len(_ours()))
        took = (time.monotonic() - began) * speed
        cpu = _cpu_s() - before
        for subscription in subscriptions:
            subscription.close()
    ages = sorted(age for listener in listeners for age in listener.ages)
    return {
        "requests": sum(asked.values()),
        "lists": asked.get("list", 0),
        "threads": threads,
        "cpu_percent": 100 * cpu / took,
        "age_p99": ages[int(len(ages) * 0.99)],
        "simulated_s": took,
    }


def memory_mb(jobs: int) -> float:
    """What Python holds for so many watched jobs that all run."""
    with fleet(jobs, 1, runs_s=1e6) as (url, _):
        connection, watcher = Connection(url), Watcher()
        heard = threading.Semaphore(0)

        class Quiet:
            def hear(self, state: JobState) -> None:
                if state.status:
                    heard.release()

        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        quiet = [Quiet() for _ in range(jobs)]
        subscriptions = [
            watcher.watch(BatchJob(f"j-{number}", connection), one.hear)
            for number, one in enumerate(quiet)
        ]
        for _ in range(jobs):
            heard.acquire()
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        for subscription in subscriptions:
            subscription.close()
    return (after - before) / 1e6


def official_requests(queued_and_running_s: float) -> int:
    """How often one `start_and_wait` asks, by the intervals of its source: 5 s, x 1.25, to 60 s."""
    asked, at, pause = 1, 0.0, 5.0
    while at < queued_and_running_s:
        at += pause
        asked += 1
        pause = min(1.25 * pause, 60.0)
    return asked


def official(jobs: int, speed: float) -> dict[str, float]:
    """So many real ones, a thread each, whose sleep is as much shorter."""
    real_sleep = time.sleep
    with fleet(jobs, speed) as (url, asked):
        connection = openeo.connect(url)
        openeo.rest.job.time.sleep = lambda seconds: real_sleep(seconds / speed)
        try:
            waiting = [
                threading.Thread(
                    target=connection.job(f"j-{number}").start_and_wait,
                    kwargs={"print": lambda _: None},
                )
                for number in range(jobs)
            ]
            for thread in waiting:
                thread.start()
            for thread in waiting:
                thread.join()
        finally:
            openeo.rest.job.time.sleep = real_sleep
        connection.session.close()
    return {"requests": asked["job"] / jobs, "threads": jobs}


def _ours() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name.startswith("openeo-widgets")]


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure, print, and write the same as JSON."""
    each = official_requests(QUEUED_S + RUNS_S)
    real = official(REAL_ONES, speed=30)
    rows: dict[str, dict[str, float]] = {
        "1 000 jobs": {**watched(1000, 10), "memory_mb": memory_mb(1000)},
        "10 000 jobs": {**watched(10_000, 10), "memory_mb": memory_mb(10_000)},
        "1 000 x start_and_wait": {"requests": 1000 * each, "threads": 1000},
    }
    print(f"\nwatch: {MINUTES} minutes")
    print(f"one start_and_wait asks {each} times by its source, {real['requests']:g} times really")
    columns = list(rows["1 000 jobs"])
    print(f"{'':<24}" + "".join(f"{name:>13}" for name in columns))
    for name, row in rows.items():
        print(f"{name:<24}" + "".join(f"{row.get(c, float('nan')):>13.2f}" for c in columns))
    first = [next_delay(asked) for asked in range(20)]
    print(f"pauses that the rule promises: {statistics.mean(first):.1f} s at first, then 60 s")
    found = {"rows": rows, "start_and_wait": {"computed": each, "real": real["requests"]}}
    HERE.joinpath("watch.json").write_text(json.dumps(found, indent=2) + "\n")
    ours, peer = rows["1 000 jobs"], rows["1 000 x start_and_wait"]
    limits = Limits("watch")
    limits.at_most("requests, share of the peer's", ours["requests"] / peer["requests"], 0.1)
    limits.at_most("threads, share of the peer's", ours["threads"] / peer["threads"], 0.02)
    limits.at_most("CPU of one core, percent", ours["cpu_percent"], 5)
    limits.at_most("memory, MB", ours["memory_mb"], 20)
    limits.at_most("age of a state, share of its pause, 99 of 100", ours["age_p99"], 1)
    limits.finish()


if __name__ == "__main__":
    main()
