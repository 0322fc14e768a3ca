"""A connection without retries of its own."""

from __future__ import annotations

from typing import Any, TypeVar

import requests
import urllib3
from requests.adapters import HTTPAdapter

__all__ = ["without_own_retries"]

_Thing = TypeVar("_Thing")

# As requests has it where nobody says otherwise.
_NO_RETRIES = urllib3.Retry(0, read=False)


def without_own_retries(connection: _Thing) -> _Thing:
    """Take the retries off the official client's connection, for one request.

    They sleep for as long as a server says, an hour if need be, and nobody hears of it. Downloads
    have retries that tell of themselves, and heed who cancels.

    Args:
        connection: Any connection. It stays as it is.

    Returns:
        One with the same credentials, settings and open connections; itself if it has none.
    """
    session = getattr(connection, "session", None)
    adapters = getattr(session, "adapters", {})
    if not isinstance(session, requests.Session) or not any(map(_retries, adapters.values())):
        return connection
    once = {where: _once(adapter) for where, adapter in adapters.items()}
    return _twin(connection, session=_twin(session, adapters=once))


def _retries(adapter: Any) -> bool:
    return isinstance(adapter, HTTPAdapter) and bool(adapter.max_retries.total)


def _once(adapter: Any) -> Any:
    return _twin(adapter, max_retries=_NO_RETRIES) if _retries(adapter) else adapter


def _twin(thing: _Thing, **changes: Any) -> _Thing:
    """Another one that shares all with it but what is changed. Its class is not asked to copy it:
    copies of sessions and adapters would lose what they do not know, and open connections.
    """  # noqa: D205 - one sentence
    twin: _Thing = object.__new__(type(thing))
    vars(twin).update(vars(thing) | changes)
    return twin
