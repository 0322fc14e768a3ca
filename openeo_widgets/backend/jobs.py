"""The queue: which job runs when, and what becomes of it."""

from __future__ import annotations

import heapq
import itertools
import logging
import shutil
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openeo_widgets.backend import billing, simulate, validation
from openeo_widgets.backend.pool import Pool, Worker, WorkerLost
from openeo_widgets.backend.store import LEVELS

if TYPE_CHECKING:
    from pathlib import Path

    from openeo_widgets.backend.store import Store


_LOG = logging.getLogger(__name__)


@dataclass
class _Run:
    """A run that a thread is busy with."""

    job_id: str
    number: int
    stop: threading.Event = field(default_factory=threading.Event)
    worker: Worker | None = None


class JobQueue:
    """Runs a few jobs at a time, first come, first served.

    Args:
        store: where jobs and logs are.
        pool: what computes.
        folder: where results go: ``<job id>/<run>/<file>``.
        workers: how many jobs run at a time.
    """

    def __init__(self, store: Store, pool: Pool, folder: Path, workers: int) -> None:
        self._store = store
        self._pool = pool
        self._folder = folder
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, str, int]] = []
        self._order = itertools.count()
        self._running: dict[tuple[str, int], _Run] = {}
        self._open = True
        self._threads = [
            threading.Thread(target=self._work, name=f"backend-job-{index}", daemon=True)
            for index in range(workers)
        ]

    def start(self) -> None:
        """Takes up what an earlier process left, and begins to work."""
        for job in self._store.unfinished():
            if job["status"] == "queued":
                self._put(job)
                continue
            self._log(
                job,
                {
                    "level": "error",
                    "code": "BackendRestarted",
                    "message": (
                        "The back-end was stopped while this job was running, so it is lost."
                        " Start the job again."
                    ),
                },
            )
            self._store.end(job["id"], job["run"], "error", None)
        self._pool.warm()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stops all work; what is running stays so in the store, for ``start`` to find."""
        with self._changed:
            self._open = False
            for run in self._running.values():
                run.stop.set()
            self._changed.notify_all()
        self._pool.close()
        for thread in self._threads:
            thread.join()

    def submit(self, job_id: str) -> None:
        """Queues a job, discarding the results of its earlier run; no effect if it is queued."""
        if self._store.enqueue(job_id) is None:
            return
        shutil.rmtree(self._folder / job_id, ignore_errors=True)
        job = self._store.job(job_id)
        if job is not None:
            self._put(job)

    def cancel(self, job_id: str) -> None:
        """Takes a job out of the queue, or ends its computation."""
        job = self._store.job(job_id)
        if self._store.cancel(job_id) is None or job is None:
            return
        self._log(job, {"level": "info", "message": "The job was canceled by the user."})
        with self._changed:
            run = self._running.get((job_id, job["run"]))
            if run is not None:
                _end(run)

    def remove(self, job_id: str) -> None:
        """Stops a job, and forgets it with all its files."""
        self.cancel(job_id)
        self._store.remove_job(job_id)
        shutil.rmtree(self._folder / job_id, ignore_errors=True)

    def _put(self, job: dict[str, Any]) -> None:
        ready = time.monotonic() + simulate.parse(job["request"].get("simulate")).queue_s
        with self._changed:
            heapq.heappush(self._waiting, (ready, next(self._order), job["id"], job["run"]))
            self._changed.notify()

    def _work(self) -> None:
        while (run := self._next()) is not None:
            self._attempt(run)

    def _attempt(self, run: _Run) -> None:
        try:
            self._life(run)
        except Exception:  # noqa: BLE001 -- whatever it is, it is logged and answered
            _LOG.exception("A job ended in an error of the back-end")
            self._store.add_log(run.job_id, run.number, _failed("Internal", _OURS))
            self._store.end(run.job_id, run.number, "error", None)
        finally:
            with self._changed:
                self._running.pop((run.job_id, run.number), None)

    def _next(self) -> _Run | None:
        """Waits for the next run that is due; None when the queue is closed."""
        with self._changed:
            while self._open:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    _, _, job_id, number = heapq.heappop(self._waiting)
                    run = _Run(job_id, number)
                    if self._store.begin(job_id, number):
                        self._running[job_id, number] = run
                        return run
                else:
                    self._changed.wait(wait)
        return None

    def _life(self, run: _Run) -> None:
        job = self._store.job(run.job_id)
        if job is None:
            return
        self._log(job, {"level": "info", "message": "The job has started."})
        status, usage = "error", None
        simulation = simulate.parse(job["request"].get("simulate"))
        if not self._simulate(job, run, simulation):
            self._log(job, _failed("SimulatedFailure", "The job failed, as it was told to."))
        elif not run.stop.is_set():
            status, usage = self._compute(job, run)
        if run.stop.is_set():
            return
        if status == "finished":
            self._log(job, {"level": "info", "message": "The job has finished."})
        costs = self._costs(run) if status == "finished" else 0
        self._store.end(run.job_id, run.number, status, usage, costs)

    def _costs(self, run: _Run) -> int:
        job = self._store.job(run.job_id)
        return billing.price(job["files"]) if job else 0

    def _simulate(self, job: dict[str, Any], run: _Run, simulation: simulate.Simulation) -> bool:
        if simulation == simulate.Simulation():
            return True
        return simulate.run(
            simulation,
            run.stop,
            lambda value: self._store.set_progress(run.job_id, run.number, value),
            lambda message: self._log(job, {"level": "info", "message": message}),
        )

    def _compute(self, job: dict[str, Any], run: _Run) -> tuple[str, dict[str, Any] | None]:
        graph = job["request"]["process"]["process_graph"]
        problems = validation.validate(graph)
        for problem in problems:
            self._log(job, {"level": "error", **problem})
        if problems:
            return "error", None
        folder = self._folder / run.job_id / str(run.number)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            worker = self._pool.lease()
        except WorkerLost:
            run.stop.set()
            return "error", None
        usable = False
        try:
            with self._changed:
                run.worker = worker
                if run.stop.is_set():
                    worker.kill()
            end = worker.run(
                {"graph": graph, "folder": str(folder)},
                lambda message: self._handle(job, run, message),
            )
            usable = True
        except WorkerLost:
            if not run.stop.is_set():
                self._log(job, _failed("WorkerLost", _LOST))
            return "error", None
        finally:
            with self._changed:
                run.worker = None
            self._pool.give_back(worker, usable=usable)
        return end["status"], self._usage(run, end["usage"])

    def _handle(self, job: dict[str, Any], run: _Run, message: dict[str, Any]) -> None:
        if message["kind"] == "progress":
            self._store.set_progress(run.job_id, run.number, round(min(message["value"], 99), 1))
        elif message["kind"] == "file":
            self._store.add_file(run.job_id, run.number, message["file"])
        elif message["kind"] == "log":
            self._log(job, message["entry"])

    def _usage(self, run: _Run, usage: dict[str, Any]) -> dict[str, Any]:
        job = self._store.job(run.job_id)
        size = sum(file["size"] for file in job["files"]) if job else 0
        return usage | {"storage": {"value": size, "unit": "b"}}

    def _log(self, job: dict[str, Any], entry: dict[str, Any]) -> None:
        least = job["request"].get("log_level") or "info"
        if LEVELS.index(entry["level"]) >= LEVELS.index(least):
            self._store.add_log(job["id"], job["run"], entry)


_LOST = (
    "The process that computed this job ended before the job did, for example because the"
    " machine ran out of memory. Try a smaller area or fewer dates."
)


_OURS = "The back-end made a mistake with this job; its own log says more."


def _failed(code: str, message: str) -> dict[str, Any]:
    return {"level": "error", "code": code, "message": message}


def _end(run: _Run) -> None:
    run.stop.set()
    if run.worker is not None:
        run.worker.kill()
