"""What is known before a job is started: what it would cost, and whether it can work.

Three questions, of which a back-end may answer none: the estimate, the account, the check of the
process graph. Each may fail by itself, and says so in its own part.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._capabilities import LACKING
from openeo_widgets.api._http import asked, call, call_json, json_body
from openeo_widgets.api._shapes import number_of, text_of
from openeo_widgets.errors import BackendError, OpenEOWidgetsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openeo_widgets.api._capabilities import Capabilities
    from openeo_widgets.api._job import BatchJob

__all__ = ["Account", "Check", "Estimate", "Problem", "account", "check", "estimate", "seconds_of"]

# Seconds to connect, and between two bytes. Nobody waits longer for what is only good to know.
_PATIENCE = (10.0, 20.0)

_MOST_PROBLEMS = 100
# Characters of a message: who names a node does so early.
_LOOKED_AT = 2000
# No process graph is nested as deep as this.
_DEEPEST = 20

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+(?:[.,]\d+)?)W)?(?:(?P<days>\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?",
    re.ASCII,
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}


@dataclass(frozen=True)
class Estimate:
    """What a job would come to, at most.

    Attributes:
        costs: In the back-end's currency, or None.
        duration_s: Seconds, or None.
        size: Bytes, or None.
        downloads_included: How many downloads the costs include; None for any number.
        expires: When the estimate ends, ISO 8601, or "".
        note: Why there is none of all this, or "".
    """

    costs: float | None = None
    duration_s: float | None = None
    size: float | None = None
    downloads_included: float | None = None
    expires: str = ""
    note: str = ""


@dataclass(frozen=True)
class Account:
    """What the user has.

    Attributes:
        plan: Name of the billing plan that is used where none is chosen, or "".
        credits: What is left, in the back-end's currency; None for no limit, or not told.
        storage_free: Bytes, or None.
    """

    plan: str = ""
    credits: float | None = None
    storage_free: float | None = None


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with a process graph.

    Attributes:
        message: What, in the back-end's words, but for the node at their end.
        code: openEO error code, or "".
        node: Id of the node it is about, or "".
    """

    message: str
    code: str = ""
    node: str = ""


@dataclass(frozen=True)
class Check:
    """What a back-end says of a process graph.

    Attributes:
        done: Whether it was checked.
        problems: What is wrong with it.
    """

    done: bool = False
    problems: tuple[Problem, ...] = ()


def seconds_of(duration: Any) -> float | None:
    """Seconds of a duration as ISO 8601 writes it: ``PT1H30M``, ``P1DT2H``, ``PT0.5S``.

    Years and months have no fixed length: like everything else that is no such duration they
    count as not told, None.
    """
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    parts = {k: v for k, v in found.groupdict().items() if v is not None} if found else {}
    if not parts or str(duration).endswith("T"):
        return None
    seconds = sum(_SECONDS[unit] * float(v.replace(",", ".")) for unit, v in parts.items())
    return seconds if math.isfinite(seconds) else None


def estimate(
    job: BatchJob, capabilities: Capabilities, known: tuple[Problem, ...] = ()
) -> Estimate:
    """Ask what a job would come to. That a back-end cannot tell is an answer, not an error.

    Args:
        job: The job that is meant.
        capabilities: What the back-end can do.
        known: Problems that were told already: where there is no estimate because of one of
            them, the note does not tell it again.
    """
    if not capabilities.has("GET", "/jobs/{job_id}/estimate"):
        return Estimate(note=_NO_ESTIMATES)
    try:
        told = job.estimate(timeout=_PATIENCE)
    except BackendError as error:
        if error.http_status in LACKING:
            return Estimate(note=_NO_ESTIMATES)
        repeats = any(_repeats(error, problem) for problem in known)
        return Estimate(note="No estimate." if repeats else f"No estimate: {error.message}")
    except OpenEOWidgetsError as error:
        return Estimate(note=f"No estimate: {error.message}")
    found = Estimate(
        costs=_amount(told.get("costs")),
        duration_s=seconds_of(told.get("duration")),
        size=_amount(told.get("size")),
        downloads_included=_amount(told.get("downloads_included")),
        expires=text_of(told.get("expires")),
    )
    if found.costs is None and found.duration_s is None and found.size is None:
        return Estimate(note="No estimate: the back-end's answer holds none.")
    return found


_NO_ESTIMATES = "No estimate: this back-end does not make any."


def _repeats(error: BackendError, problem: Problem) -> bool:
    """Whether an error tells what a problem told."""
    same = problem.code != "" and problem.code == error.code
    return same or problem.message in _without_node(error.message, problem.node)


def account(job: BatchJob, capabilities: Capabilities) -> Account:
    """Ask what the user has left (``GET /me``); nothing where the back-end does not say."""
    if not capabilities.has("GET", "/me"):
        return Account()
    try:
        told = call_json(job.connection, "/me", timeout=_PATIENCE)
    except OpenEOWidgetsError:
        return Account()
    storage = told.get("storage")
    return Account(
        plan=text_of(told.get("default_plan")),
        credits=_amount(told.get("budget")),
        storage_free=_amount(storage.get("free")) if isinstance(storage, dict) else None,
    )


def check(job: BatchJob, process: Any, capabilities: Capabilities) -> Check:
    """Let the back-end check a process (``POST /validation``).

    Args:
        job: The job that it is of.
        process: The process as the job has it; anything else is not checked.
        capabilities: What the back-end can do.
    """
    if not isinstance(process, dict) or not capabilities.has("POST", "/validation"):
        return Check()
    where = asked("post", "/validation", job.connection.root_url)
    try:
        answer = call(job.connection, "post", "/validation", json=process, timeout=_PATIENCE)
        errors = json_body(answer, where).get("errors")
    except OpenEOWidgetsError:
        return Check()
    if not isinstance(errors, list):
        return Check()
    nodes = frozenset(_node_ids(process.get("process_graph")))
    problems = (_problem(error, nodes) for error in errors[:_MOST_PROBLEMS])
    return Check(done=True, problems=tuple(problem for problem in problems if problem))


def _problem(error: Any, nodes: frozenset[str]) -> Problem | None:
    if not isinstance(error, dict):
        return None
    code, message = text_of(error.get("code")), text_of(error.get("message"))
    if not (code or message):
        return None
    node = _named(error.get("path")) or _quoted(message, nodes)
    return Problem(_without_node(message, node) or code, code, node)


def _named(path: Any) -> str:
    """The node that a path begins with, as the path of a log entry does."""
    first = path[0] if isinstance(path, list) and path else None
    return text_of(first.get("node_id")) if isinstance(first, dict) else ""


_QUOTED = re.compile(
    r"""(node(?:\s+id)?\s*:?\s*)?["'`\u2018\u201c\u00ab]([^"'`\u2019\u201d\u00bb]{1,200})"""
    r"""["'`\u2019\u201d\u00bb]""",
    re.IGNORECASE,
)


def _quoted(message: str, nodes: frozenset[str]) -> str:
    """The node of the graph that a message quotes; one that it calls a node comes first."""
    looked_at = message[:_LOOKED_AT]
    found = [(not match[1], match.start(), match[2]) for match in _QUOTED.finditer(looked_at)]
    return min((quote for quote in found if quote[2] in nodes), default=(True, 0, ""))[2]


def _without_node(message: str, node: str) -> str:
    """A message without "(node 'load1')" at its end: who shows a problem names its node."""
    if not node:
        return message
    said = re.compile(_AT_THE_END.format(re.escape(node)), re.IGNORECASE)
    end = max(0, len(message) - len(node) - _LONGEST_END)
    found = said.search(message, end)
    return message[: found.start()] + found["stop"] if found else message


_AT_THE_END = r"""\s*\((?:in\s+|at\s+)?node(?:\s+id)?\s*:?\s*["'`]?{}["'`]?\)(?P<stop>[.!]?)\s*\Z"""
# Characters of it without the node: a message may be as long as it likes.
_LONGEST_END = 40


def _node_ids(graph: Any, depth: int = 0) -> Iterator[str]:
    """All ids in a process graph, those within its callbacks too."""
    nodes = graph if isinstance(graph, dict) and depth < _DEEPEST else {}
    for node_id, node in nodes.items():
        yield node_id
        yield from _ids_within(node.get("arguments") if isinstance(node, dict) else None, depth)


def _ids_within(value: Any, depth: int) -> Iterator[str]:
    """The ids in the process graphs that an argument holds, at whatever place."""
    if depth >= _DEEPEST:
        return
    if isinstance(value, dict):
        yield from _node_ids(value.get("process_graph"), depth + 1)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        if isinstance(part, dict | list):
            yield from _ids_within(part, depth + 1)


def _amount(value: Any) -> float | None:
    """A number as it may be shown, or None."""
    found = number_of(value)
    return found if found is not None and found >= 0 else None
