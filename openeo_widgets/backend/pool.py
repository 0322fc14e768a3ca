"""Processes that compute, kept warm: importing what they need takes seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class WorkerLost(Exception):  # noqa: N818 -- it reads as what happened
    """The process ended before its job did."""


class Worker:
    """A process of ``child``.

    Args:
        command: what starts it.
        log: where its standard error goes.
    """

    def __init__(self, command: list[str], log: Path) -> None:
        environment = dict(os.environ)
        # The child finds the package where this process found it, installed or not.
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 -- our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                env=environment,
            )

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def run(self, job: dict[str, Any], handle: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Has a job computed, and returns the message ``end``.

        Args:
            job: ``graph`` and ``folder``.
            handle: called with every other message.

        Raises:
            WorkerLost: if the process ends first.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise WorkerLost
        try:
            stdin.write(json.dumps(job) + "\n")
            stdin.flush()
            for line in stdout:
                message: dict[str, Any] = json.loads(line)
                if message["kind"] == "end":
                    return message
                handle(message)
        except (OSError, ValueError) as error:
            raise WorkerLost from error
        raise WorkerLost

    def kill(self) -> None:
        """Ends the process at once."""
        self._process.kill()

    def reap(self) -> None:
        """Waits for a killed process and closes its pipes."""
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    # What was still to be written to the dead process: nobody misses it.
                    continue


class Pool:
    """Hands out workers and takes them back.

    Args:
        sample: the sample data's file.
        scheduler: address of a Dask cluster, or None for threads in the worker.
        log: where the workers' standard error goes.
    """

    def __init__(self, sample: Path, scheduler: str | None, log: Path) -> None:
        self._command = [sys.executable, "-m", "openeo_widgets.backend.child"]
        self._command += ["--sample", str(sample)]
        self._command += ["--scheduler", scheduler] if scheduler else []
        self._log = log
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._leased: set[Worker] = set()
        self._open = True

    def warm(self) -> None:
        """Starts a worker, so that the first job need not wait for the imports."""
        with self._lock:
            if self._open and not self._idle:
                self._idle.append(Worker(self._command, self._log))

    def lease(self) -> Worker:
        """An idle worker, or a new one.

        Raises:
            WorkerLost: if the pool is closed.
        """
        with self._lock:
            if not self._open:
                raise WorkerLost
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    break
                worker.reap()
            else:
                worker = Worker(self._command, self._log)
            self._leased.add(worker)
        return worker

    def give_back(self, worker: Worker, *, usable: bool) -> None:
        """Keeps a worker for the next job; ends it, and warms another, if it is not usable."""
        keep = usable and worker.alive
        with self._lock:
            self._leased.discard(worker)
            keep = keep and self._open
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.kill()
            worker.reap()
            self.warm()

    def close(self) -> None:
        """Ends all workers; those on lease are reaped when they are given back."""
        with self._lock:
            self._open = False
            idle, self._idle = self._idle, []
            leased = list(self._leased)
        for worker in idle + leased:
            worker.kill()
        for worker in idle:
            worker.reap()
