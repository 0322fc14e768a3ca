"""Pure rules about what a `JobWidget` offers: what makes sense now, and what a start discards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.api._schedule import ACTIVE
from openeo_widgets.api._shapes import dicts_of, number_of
from openeo_widgets.widgets._words import size_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.api._capabilities import Capabilities
    from openeo_widgets.watch import JobState

__all__ = ["ENDPOINTS", "is_gone", "offered", "start_warning"]

#: What the back-end must have for an action: method and path.
ENDPOINTS = {
    "start": ("POST", "/jobs/{job_id}/results"),
    "cancel": ("DELETE", "/jobs/{job_id}/results"),
    "update": ("PATCH", "/jobs/{job_id}"),
    "duplicate": ("POST", "/jobs"),
    "delete": ("DELETE", "/jobs/{job_id}"),
    "logs": ("GET", "/jobs/{job_id}/logs"),
}

# One of them is enough to say something before a start.
_PREFLIGHT = (("GET", "/jobs/{job_id}/estimate"), ("POST", "/validation"), ("GET", "/me"))


def is_gone(state: JobState) -> bool:
    """Whether the back-end does not know the job any more."""
    return state.freshness.state in {"gone", "deleted"}


def offered(state: JobState, capabilities: Capabilities, *, is_copy: bool = False) -> list[str]:
    """What makes sense in a state, and the back-end can do; see ``JobAction`` in protocol.ts.

    An unknown status is left to the person.

    Args:
        state: The job's state.
        capabilities: What the back-end can do.
        is_copy: Whether the card is shown below that of the job that this one is a copy of.
    """
    remove = ["remove"] if is_copy and is_gone(state) else []
    editor = ["web_editor"] if capabilities.web_editor else []
    return [name for name in _sensible(state) if _can(name, capabilities)] + editor + remove


def _sensible(state: JobState) -> list[str]:
    if state.freshness.state == "deleted":
        return []
    if state.freshness.state == "gone" or not state.status:
        return ["refresh"]
    always = ["refresh", "duplicate", "delete", "logs"]
    if state.status in ACTIVE:
        return ["cancel", *always]
    if state.ended or state.status == "created":
        return ["start", *always, "update", "preflight"]
    return ["start", "cancel", *always, "update"]


def _can(name: str, capabilities: Capabilities) -> bool:
    if name == "preflight":
        return any(capabilities.has(*endpoint) for endpoint in _PREFLIGHT)
    return name not in ENDPOINTS or capabilities.has(*ENDPOINTS[name])


def start_warning(state: JobState, assets: Sequence[dict[str, Any]]) -> str:
    """What a start would discard, to be confirmed, or "".

    Args:
        state: The job's state.
        assets: The result files that are shown, as rows with a ``size`` in bytes or None.
    """
    if state.status in ACTIVE or not (_has_run(state) or assets):
        return ""
    if not assets:
        return "Starting again discards the results that this job has now."
    sizes = [asset.get("size") for asset in assets]
    known = [size for size in map(number_of, sizes) if size is not None]
    size = f" ({size_in_words(sum(known))})" if len(known) == len(sizes) else ""
    files = "the result file" if len(assets) == 1 else f"the {len(assets)} result files"
    return f"Starting again discards {files} of this job{size}."


def _has_run(state: JobState) -> bool:
    """Whether there may be results: also of a job that was canceled, and is created again."""
    rels = {link.get("rel") for link in dicts_of(state.described.get("links"))}
    # The rel ``result`` says that there are some (API, section on describing jobs): of a job that
    # did not finish, other links without that one say that there are none.
    none = bool(rels) and state.status in {"canceled", "error"}
    return "result" in rels or (state.ended and state.status != "created" and not none)
