"""What computes Dask's tasks: threads of this process, or a cluster that exists."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from dask.base import compute, is_dask_collection
from dask.callbacks import Callback

from openeo_widgets.backend.failures import ProcessFailure

if TYPE_CHECKING:
    from collections.abc import Callable

_CONNECT = "5s"
"""How long to look for a cluster's scheduler."""
_INTERVAL = 0.2
"""Seconds between two reports of progress at least."""


class Engine(Protocol):
    """Computes lazy values."""

    def compute(self, value: Any, progress: Callable[[float], None]) -> Any:
        """The value, no longer lazy.

        Args:
            value: anything that Dask can compute; what is not lazy comes back as it is.
            progress: called now and then with the share of tasks that are done, 0 to 1; what it
                raises stops the computation.
        """


class LocalEngine:
    """Dask's threads in this process."""

    def compute(self, value: Any, progress: Callable[[float], None]) -> Any:
        """See ``Engine``."""
        with _Tasks(progress):
            (result,) = compute(value, scheduler="threads")
        return result


class ClusterEngine:
    """A Dask cluster that exists.

    Args:
        address: its scheduler, such as ``tcp://127.0.0.1:8786``.
    """

    def __init__(self, address: str) -> None:
        from distributed import Client  # noqa: PLC0415 -- slow to import, or not there without the extra

        try:
            self._client = Client(address, set_as_default=False, timeout=_CONNECT)
        except OSError as error:
            raise ProcessFailure(
                "SchedulerUnavailable", f"There is no Dask scheduler at {address}."
            ) from error

    def compute(self, value: Any, progress: Callable[[float], None]) -> Any:
        """See ``Engine``."""
        if not is_dask_collection(value):
            return value
        future = self._client.compute(value)
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        # A cluster tells about tasks through its scheduler's counters only, which all its users
        # share: so what is known here is that it works, not how far it is.
        while not done.wait(_INTERVAL):
            progress(0.0)
        return future.result()


class _Tasks(Callback):
    """Counts the tasks of Dask's local scheduler."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._progress = progress
        self._next = 0.0

    def _posttask(self, key: Any, result: Any, dsk: Any, state: Any, worker_id: Any) -> None:  # noqa: ARG002 -- the caller hands it over
        moment = time.monotonic()
        if moment < self._next:
            return
        self._next = moment + _INTERVAL
        done = len(state["finished"])
        todo = sum(len(state[name]) for name in ("ready", "waiting", "running"))
        self._progress(done / (done + todo) if done + todo else 1.0)
