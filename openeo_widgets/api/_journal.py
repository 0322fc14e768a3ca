"""Who is told of the requests that are made, and what: never a query, a header or a body.

Nothing is kept here, and where nobody listens nothing is done. Of a whole URL only the host is
told: links to results and to further pages may be signed.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openeo_widgets.api._logs import LEVELS
from openeo_widgets.api._urls import host_of
from openeo_widgets.redact import log_failure

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Entry", "Listener", "Note", "listen", "made_for", "noted"]

_log = logging.getLogger(__name__)

# Made for no job in particular, and tells of all of them.
_SHARED = frozenset({("GET", "/jobs")})

# Fields of a job that may be changed: their names may be told, their values not.
_FIELDS = ("title", "description", "process", "plan", "budget", "log_level")


@dataclass(frozen=True)
class Entry:
    """One request that was made.

    Attributes:
        at: When it was made, seconds since the epoch.
        method: ``GET``, ``POST`` and so on.
        path: Path of the API, without a query. Of a request for a whole URL it is the path whose
            answer held the link.
        host: Host of a whole URL; "" for a path.
        status: HTTP status of the answer, or None where no whole answer came.
        seconds: How long it took; for a file, until its answer began.
        level: Level of the log entries that were asked for, or "".
        offset: Whether only log entries after a known one were asked for.
        asset: Key of the asset that was asked for, or "".
        fields: Names of the fields that were to be changed.
    """

    at: float
    method: str
    path: str
    host: str = ""
    status: int | None = None
    seconds: float = 0.0
    level: str = ""
    offset: bool = False
    asset: str = ""
    fields: tuple[str, ...] = ()


@dataclass
class Note:
    """What becomes known of a request while it is made.

    Attributes:
        status: HTTP status, set once the answer is there.
    """

    status: int | None = None


Listener = Callable[[Entry], object]

_Ears = dict[str, tuple["weakref.WeakMethod[Listener]", ...]]

_lock = threading.Lock()
# By connection, then by the path of the job that a listener wants to hear of.
_listeners: weakref.WeakKeyDictionary[Any, _Ears] = weakref.WeakKeyDictionary()

_served: ContextVar[str] = ContextVar("served", default="")


def listen(connection: Any, path: str, listener: Listener) -> Callable[[], None]:
    """Be told of the requests for one job, and of the lists that tell of all of its connection.

    Args:
        connection: Ours or the official client's. Held weakly.
        path: Path of the job.
        listener: A bound method, held weakly. It is called in the thread that made the request,
            and has to return at once.

    Returns:
        A function that ends this.
    """
    ear = weakref.WeakMethod(listener)
    with _lock:
        try:
            ears = _listeners.setdefault(connection, {})
        except TypeError:  # a connection of somebody's own, which cannot be held weakly
            return lambda: None
        ears[path] = (*(other for other in ears.get(path, ()) if other()), ear)
    held = weakref.ref(connection)
    return lambda: _end(held, path, ear)


def _end(held: weakref.ref[Any], path: str, ear: weakref.WeakMethod[Listener]) -> None:
    connection = held()
    with _lock:
        ears = _listeners.get(connection) if connection is not None else None
        if ears is None:
            return
        left = tuple(other for other in ears.get(path, ()) if other is not ear and other())
        if left:
            ears[path] = left
        else:
            ears.pop(path, None)
        if not ears:
            del _listeners[connection]


@contextmanager
def made_for(path: str) -> Iterator[None]:
    """Tell the requests of this block to those who want to hear of this job, too."""
    token = _served.set(path)
    try:
        yield
    finally:
        _served.reset(token)


@contextmanager
def noted(
    connection: Any,
    method: str,
    path: str,
    *,
    part_of: str = "",
    asset: str = "",
    sent: dict[str, Any] | None = None,
) -> Iterator[Note]:
    """Tell of the request that is made in this block, whatever becomes of it.

    Args:
        connection: That it is made with.
        method: HTTP method.
        path: Path of the API, or a whole URL.
        part_of: Path of the API whose answer held the whole URL.
        asset: Key of the asset that is asked for.
        sent: What is sent along (``params``, ``json``); names are told of it, and the log level.

    Yields:
        Where to put the status of the answer.
    """
    note = Note()
    if not _listeners:
        yield note
        return
    at, began = time.time(), time.perf_counter()
    try:
        yield note
    finally:
        seconds = time.perf_counter() - began
        whole = bool(urlsplit(path).scheme)
        entry = Entry(
            at=at,
            method=method.upper(),
            path=part_of if whole else (urlsplit(path).path or "/"),
            host=host_of(path) if whole else "",
            status=note.status,
            seconds=seconds,
            asset=asset,
            **_told_of(sent or {}),
        )
        _tell(connection, entry)


def _told_of(sent: dict[str, Any]) -> dict[str, Any]:
    """What may be told of parameters and a body: known words only."""
    params, body = sent.get("params"), sent.get("json")
    told: dict[str, Any] = {}
    if isinstance(params, dict):
        level = params.get("level")
        told = {"level": level if level in LEVELS else "", "offset": "offset" in params}
    if isinstance(body, dict):
        told["fields"] = tuple(name for name in _FIELDS if name in body)
    return told


def _tell(connection: Any, entry: Entry) -> None:
    for ear in _ears_for(connection, entry):
        listener = ear()
        if listener is None:
            continue
        try:
            listener(entry)
        except Exception:  # noqa: BLE001 - the request must not fail for its listeners
            log_failure(_log, "A listener to requests of openeo-widgets failed")


def _ears_for(connection: Any, entry: Entry) -> list[weakref.WeakMethod[Listener]]:
    with _lock:
        try:
            ears = _listeners.get(connection)
        except TypeError:
            return []
        if not ears:
            return []
        if (entry.method, entry.path) in _SHARED:
            return [ear for several in ears.values() for ear in several]
        about = {"/".join(entry.path.split("/", 3)[:3]), _served.get()}
        return [ear for path in about for ear in ears.get(path, ())]
