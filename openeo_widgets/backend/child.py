"""The process that computes: started by ``pool``, fed with jobs line by line.

It is a process of its own so that the server answers at once while openeo-processes-dask is
being imported (seconds), that canceling ends any computation (by ending the process), and that
running out of memory ends one job and not the back-end.

In: a line of JSON per job with ``graph`` and ``folder``. Out: lines of JSON with ``kind``
``ready``, ``progress``, ``log``, ``file`` and, last for a job, ``end``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import IO, Any

_INTERVAL = 0.2
"""Seconds between two looks at the memory."""


def main() -> None:
    """Works until its input ends, which it does when the server does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=Path, required=True)
    parser.add_argument("--scheduler")
    arguments = parser.parse_args()
    # Whatever a library prints must not get between the messages.
    messages = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    jobs = _Input(sys.stdin)
    warnings.simplefilter("ignore")
    worker = _Worker(messages, arguments.sample, arguments.scheduler)
    for job in jobs:
        worker.run(job)


class _Input:
    """The jobs; ends the process, whatever it is doing, when the server has gone."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._jobs: list[dict[str, Any]] = []
        self._arrived = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream:
            with self._arrived:
                self._jobs.append(json.loads(line))
                self._arrived.notify()
        os._exit(0)

    def __iter__(self) -> _Input:
        return self

    def __next__(self) -> dict[str, Any]:
        with self._arrived:
            self._arrived.wait_for(lambda: self._jobs)
            return self._jobs.pop(0)


class _Worker:
    def __init__(self, messages: IO[str], sample_path: Path, scheduler: str | None) -> None:
        # Here, so that the input is watched while these seconds pass.
        from openeo_widgets.backend import compute, engine, processes, source  # noqa: PLC0415 -- slow to import, or not there without the extra

        self._messages = messages
        self._lock = threading.Lock()
        self._compute = compute
        self._source = source.Source(sample_path, embed=scheduler is not None)
        self._engine_of: Any = (
            engine.LocalEngine if scheduler is None else lambda: engine.ClusterEngine(scheduler)
        )
        self._engine: Any = None
        # Imports the implementations.
        processes.implementations(self._source, print, print)
        self._say("ready")

    def run(self, job: dict[str, Any]) -> None:
        """Computes one job; ``end`` is said in any case."""
        from openeo_widgets.backend.failures import ProcessFailure, describe  # noqa: PLC0415 -- slow to import, or not there without the extra

        meter = _Meter()
        status = "error"
        try:
            self._engine = self._engine or self._engine_of()
            report = self._compute.Report(
                progress=lambda value: self._say("progress", value=value),
                log=lambda entry: self._say("log", entry=entry),
                file=lambda file: self._say("file", file=file),
            )
            folder = Path(job["folder"])
            self._compute.Computation(self._source, self._engine, folder, report).run(job["graph"])
            status = "finished"
        except ProcessFailure as failure:
            self._say("log", entry=_entry(failure))
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is logged and answered
            self._say("log", entry=_entry(describe(error)))
        self._say("end", status=status, usage=meter.stop())

    def _say(self, kind: str, **rest: Any) -> None:
        line = json.dumps({"kind": kind, **rest})
        with self._lock:
            self._messages.write(line + "\n")


def _entry(failure: Any) -> dict[str, Any]:
    entry = {"level": "error", "code": failure.code, "message": failure.message}
    return entry | ({"path": list(failure.path)} if failure.path else {})


class _Meter:
    """Measures what a job takes, from now to ``stop``."""

    def __init__(self) -> None:
        import psutil  # noqa: PLC0415 -- slow to import, or not there without the extra

        self._process = psutil.Process()
        self._began = time.monotonic()
        self._cpu = time.process_time()
        self._megabyte_seconds = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        last = self._began
        while True:
            stopped = self._stopped.wait(_INTERVAL)
            moment = time.monotonic()
            self._megabyte_seconds += self._process.memory_info().rss / 1e6 * (moment - last)
            last = moment
            if stopped:
                return

    def stop(self) -> dict[str, Any]:
        """The metrics as the API names them."""
        self._stopped.set()
        self._thread.join()
        return {
            "cpu": {"value": round(time.process_time() - self._cpu, 3), "unit": "cpu-seconds"},
            "duration": {"value": round(time.monotonic() - self._began, 3), "unit": "seconds"},
            "memory": {"value": round(self._megabyte_seconds, 1), "unit": "mb-seconds"},
        }


if __name__ == "__main__":
    main()
