"""What a back-end says that it can do (``GET /``): asked once, as a value."""

from __future__ import annotations

import re
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openeo_widgets.api._http import absolute, call_json
from openeo_widgets.api._shapes import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openeo_widgets.api._http import BackendConnection

__all__ = [
    "LACKING",
    "NOT_OFFERED",
    "UNKNOWN",
    "Capabilities",
    "ask_capabilities",
    "known_capabilities",
    "note_missing",
    "web_address",
]

#: HTTP statuses that say that a back-end lacks an endpoint, or a method of it. 404 does so too,
#: but only where it cannot be about a job.
NOT_OFFERED = frozenset({405, 501})

#: The same for endpoints that are about no job.
LACKING = NOT_OFFERED | {404}


@dataclass(frozen=True)
class Capabilities:
    """What a back-end can do, as far as it says.

    Attributes:
        offered: Method and path of each endpoint, the names in braces left out; None where that
            is not known.
        missing: Those that turned out not to be offered, whatever the back-end says.
        currency: ISO 4217, or a unit of its own such as ``credits``; "" where nothing costs.
        plans: Names of the billing plans.
        default_plan: Name of the plan that is used where none is chosen, or "".
        web_editor: Address of the web editor that the back-end names, or "". Not for traits.
    """

    offered: frozenset[tuple[str, str]] | None = None
    missing: frozenset[tuple[str, str]] = frozenset()
    currency: str = ""
    plans: tuple[str, ...] = ()
    default_plan: str = ""
    web_editor: str = field(default="", repr=False)

    def has(self, method: str, path: str) -> bool:
        """Whether an endpoint can be tried: it is offered, or that is not known.

        Args:
            method: HTTP method.
            path: As in the API: ``/jobs/{job_id}/estimate``. How it calls what is in braces
                does not matter.
        """
        endpoint = _endpoint(method, path)
        if endpoint in self.missing:
            return False
        return self.offered is None or endpoint in self.offered

    @classmethod
    def read(cls, document: Mapping[str, Any], root_url: str) -> Capabilities:
        """Read the answer to ``GET /``; what has the wrong shape is left out.

        Args:
            document: The answer.
            root_url: Where it came from.
        """
        billing = document.get("billing")
        billing = billing if isinstance(billing, dict) else {}
        return cls(
            # Whoever lists no endpoint at all answered this one all the same: it says nothing.
            offered=frozenset(_endpoints(document.get("endpoints"))) or None,
            currency=text_of(billing.get("currency")),
            plans=tuple(dict.fromkeys(_plans(billing.get("plans")))),
            default_plan=text_of(billing.get("default_plan")),
            web_editor=_web_editor(document.get("links"), root_url),
        )


UNKNOWN = Capabilities()

_LONGEST_PATH = 1000

# By connection, with the credentials that were in use: to those it knows, a back-end may offer
# more. A connection that is gone takes its entry along.
_known: weakref.WeakKeyDictionary[Any, tuple[object, Capabilities]] = weakref.WeakKeyDictionary()
_turns: weakref.WeakKeyDictionary[Any, threading.Lock] = weakref.WeakKeyDictionary()
_lock = threading.Lock()

# Seconds to connect, and between two bytes: without an answer everything is offered.
_PATIENCE = (10.0, 20.0)

# In the place of credentials, where something was learned of a back-end before it was asked.
_NOT_ASKED = object()


def known_capabilities(connection: BackendConnection) -> Capabilities:
    """What is known of a back-end, without asking; `UNKNOWN` before it was asked."""
    with _lock:
        found = _entry(connection)
    return found[1] if found else UNKNOWN


def ask_capabilities(connection: BackendConnection) -> Capabilities:
    """Ask a back-end what it can do, unless that is known. Who asks meanwhile waits for this.

    Returns:
        What it says; what is known without it, and the next call asks again, where it says
        nothing usable.
    """
    with _turn(connection):
        credentials = getattr(connection, "auth", None)
        with _lock:
            found = _entry(connection)
        if found and found[0] is credentials:
            return found[1]
        try:
            document = call_json(connection, "/", timeout=_PATIENCE)
            told = Capabilities.read(document, connection.root_url)
        except Exception:  # noqa: BLE001 - another client's errors are not ours to know
            return known_capabilities(connection)
        with _lock:
            # It may have been learned meanwhile.
            learned = _entry(connection)
            if learned and learned[0] is _NOT_ASKED:
                told = replace(told, missing=learned[1].missing)
            _keep(connection, credentials, told)
    return told


def note_missing(connection: BackendConnection, method: str, path: str) -> None:
    """Remember that a back-end lacks an endpoint: it said so when that was tried."""
    with _lock:
        credentials, known = _entry(connection) or (_NOT_ASKED, UNKNOWN)
        missing = known.missing | {_endpoint(method, path)}
        _keep(connection, credentials, replace(known, missing=missing))


def web_address(base_url: str, href: Any) -> str:
    """A link as an address that a browser may open: http or https; else ""."""
    found = absolute(base_url, href) if isinstance(href, str) and href else ""
    parts = urlsplit(found)
    return found if parts.scheme in {"http", "https"} and parts.hostname else ""


def _entry(connection: BackendConnection) -> tuple[object, Capabilities] | None:
    try:
        return _known.get(connection)
    except TypeError:  # cannot be a key: it is asked each time
        return None


def _keep(connection: BackendConnection, credentials: object, told: Capabilities) -> None:
    with suppress(TypeError):
        _known[connection] = (credentials, told)


def _turn(connection: BackendConnection) -> threading.Lock:
    """What those who ask the same back-end take turns with."""
    with _lock, suppress(TypeError):
        return _turns.setdefault(connection, threading.Lock())
    return threading.Lock()


def _endpoint(method: str, path: str) -> tuple[str, str]:
    named = f"/{path.strip('/')}" if len(path) <= _LONGEST_PATH else ""
    return method.upper(), re.sub(r"\{[^{}]*\}", "{}", named)


def _endpoints(value: Any) -> Iterator[tuple[str, str]]:
    for entry in value if isinstance(value, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
            continue
        methods = entry.get("methods")
        for method in methods if isinstance(methods, list) else ():
            if isinstance(method, str):
                yield _endpoint(method, entry["path"])


def _plans(value: Any) -> Iterator[str]:
    for plan in value if isinstance(value, list) else ():
        name = text_of(plan.get("name")) if isinstance(plan, dict) else ""
        if name:
            yield name


def _web_editor(links: Any, root_url: str) -> str:
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "web-editor":
            address = web_address(f"{root_url.rstrip('/')}/", link.get("href"))
            if address:
                return address
    return ""
