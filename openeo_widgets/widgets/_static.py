"""What stays of a widget where no kernel is: its last state as plain HTML and as text.

Pure functions. The HTML has no script, no link and no colours of its own: it is read on GitHub,
which takes classes and styles away, and on light and dark pages. All texts are a back-end's, and
hostile until they are escaped.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._shapes import number_of
from openeo_widgets.widgets._words import amount, count_of, size_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["StaticCard", "Step", "as_html", "as_text", "job_card", "plain", "results_card"]

_MOST_FILES = 50
_MOST_PROBLEMS = 10
_MOST_COPIES = 20
_LONGEST = 300

# Escape sequences of terminals, and what moves or hides the text around it: control characters
# (lines are ours to break), halves of characters, and marks that turn the direction of writing.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)?)")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]+"
)

_CARD = (
    "border:1px solid rgba(128,128,128,.45);border-radius:6px;padding:10px 14px;margin:0;"
    "max-width:900px;overflow-wrap:anywhere"
)
_CELL = "text-align:left;vertical-align:top;padding:1px 14px 1px 0;border:0"
_TABLE = "border-collapse:collapse;border:0;margin:6px 0;text-align:left"

# JupyterLab says "Loading widget..." for ever in the output above, where no kernel holds the
# widget: its rows of widgets are Lumino panels without a MIME type. It takes the rule away in
# notebooks that it does not trust, and there it does not try to show the widget; others have no
# such classes.
_HUSH = (
    "<style>.jp-OutputArea-child:has(> .jp-OutputArea-output.lm-Panel:not([data-mime-type]))"
    ":not(:has(.oew)):has(+ .jp-OutputArea-child .oew-static){display:none}</style>"
)


@dataclass(frozen=True)
class Step:
    """A status that a job had.

    Attributes:
        status: In the back-end's word.
        at_ms: When it began, ms since the epoch, or None where that is not known.
        until_ms: When the next one began, or None.
        goes_on: Whether it lasts until the back-end says otherwise.
    """

    status: str
    at_ms: float | None
    until_ms: float | None = None
    goes_on: bool = False


@dataclass(frozen=True)
class StaticCard:
    """What a static card says. All texts are plain: see `plain`.

    Attributes:
        title: What it is, in the person's words.
        kind: What it is, in ours: "Batch job".
        job_id: Id of the job.
        backend: Host of the back-end.
        state: A word or two.
        progress: Percent, or None.
        as_of_ms: When all this was so, ms since the epoch, or None where nobody knows.
        steps: What happened to the job, oldest first.
        rows: More that is known: what, and its value.
        files: Name, type, size of the first files.
        more_files: How many more there are.
        line: The line of Python that shows it again.
    """

    title: str
    kind: str
    job_id: str
    backend: str
    state: str
    progress: float | None
    as_of_ms: float | None
    steps: tuple[Step, ...]
    rows: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str, str], ...]
    more_files: int
    line: str

    def gist(self) -> StaticCard:
        """The card without what changes all the time: equal to another's where that is no news."""
        tenths = None if self.progress is None else self.progress // 10
        return replace(self, as_of_ms=None, progress=tenths)

    @property
    def standing(self) -> str:
        """The state, with the progress where there is one."""
        return self.state if self.progress is None else f"{self.state}, {self.progress:.0f} %"

    @property
    def place(self) -> str:
        """Which job, and where."""
        return f"{self.job_id} at {self.backend}" if self.backend else self.job_id


def job_card(
    state: Mapping[str, Any],
    results: StaticCard | None = None,
    copies: Sequence[Mapping[str, Any]] = (),
) -> StaticCard:
    """The card of a job.

    Args:
        state: The traits of a `JobWidget`; see ``JobState`` in js/src/protocol.ts.
        results: The card of its results, or None.
        copies: Traits of the `JobWidget` of each copy: id, title, status, freshness.
    """
    job_id, status = state["job_id"], state["status"]
    details = state["details"] if isinstance(state["details"], dict) else {}
    return StaticCard(
        title=plain(state["title"]) or "Batch job",
        kind="Batch job",
        job_id=plain(job_id),
        backend=plain(state["backend"]),
        state=_state_of(state),
        progress=state["progress"] if status != "finished" else None,
        as_of_ms=state["freshness"]["asked_ms"],
        steps=_steps(state["steps"], state["freshness"]["state"] == "resting"),
        rows=(
            *_error_rows(state["error"]),
            *_problem_rows(state["preflight"]),
            *_cost_rows(details),
            *_copy_rows(copies),
        ),
        files=results.files if results else (),
        more_files=results.more_files if results else 0,
        line=f"JobWidget.from_id({_literal(job_id)}, connection)",
    )


def results_card(state: Mapping[str, Any], as_of_ms: float | None) -> StaticCard:
    """The card of results.

    Args:
        state: The traits of a `ResultsWidget`; see ``ResultsState`` in js/src/protocol.ts.
        as_of_ms: When they were so, ms since the epoch.
    """
    assets = state["assets"]
    count = len(assets)
    known = state["state"] == "ready"
    files = count_of(count, "file")
    partial = ", of a job that has not finished" if state["partial"] else ""
    return StaticCard(
        title=plain(state["title"]) or "Results",
        kind="Results of batch job",
        job_id=plain(state["job_id"]),
        backend=plain(state["backend"]),
        state=f"{files}{partial}" if known else plain(state["state"]),
        progress=None,
        as_of_ms=as_of_ms,
        steps=(),
        rows=(
            *_error_rows(state["error"]),
            *_extent_rows(state["interval"], state["bbox"]),
            *_difference_rows(state["comparison"]),
            *(("Note", plain(note)) for note in state["notes"]),
        ),
        files=tuple(_file(asset) for asset in assets[:_MOST_FILES]),
        more_files=max(0, count - _MOST_FILES),
        line=f"ResultsWidget(connection.job({_literal(state['job_id'])}))",
    )


def as_text(card: StaticCard) -> str:
    """A card as lines of text, for terminals and for whoever reads no HTML."""
    files = [", ".join(filter(None, file)) for file in card.files]
    lines = [
        f"{card.title} ({card.place}): {card.standing}",
        *_as_of(card),
        *(f"{name}: {value}" for name, value in (*_timeline(card), *card.rows)),
        *(f"- {file}" for file in files),
        *_more(card),
        f"Show it again: {card.line}",
    ]
    return "\n".join(lines)


def as_html(card: StaticCard, static_id: str) -> str:
    """A card as HTML.

    Args:
        card: The card.
        static_id: Letters, digits and hyphens, by which the live view finds and hides it.
    """
    facts = "".join(
        f'<tr><td style="{_CELL}">{_text(name)}</td><td style="{_CELL}">{_text(value)}</td></tr>'
        for name, value in (*_timeline(card), *card.rows)
    )
    rows = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{_text(part)}</td>' for part in file) + "</tr>"
        for file in card.files
    )
    cells = f'<th style="{_CELL}">'
    head = f"<tr>{cells}File</th>{cells}Type</th>{cells}Size</th></tr>"
    parts = [
        f"<div><strong>{_text(card.title)}</strong> · {_text(card.standing)}</div>",
        f"<div>{card.kind} <code>{_text(card.job_id)}</code>",
        f" at {_text(card.backend)}" if card.backend else "",
        "".join(f", {line}" for line in _as_of(card)),
        "</div>",
        f'<table style="{_TABLE}">{facts}</table>' if facts else "",
        f'<table style="{_TABLE}">{head}{rows}</table>' if rows else "",
        "".join(f"<div>{line}</div>" for line in _more(card)),
        f"<div>To show it live again, run <code>{_text(card.line)}</code></div>",
    ]
    return (
        f'<div class="oew-static oew-static-{html.escape(static_id)}" style="{_CARD}">'
        f"{''.join(parts)}{_HUSH}</div>"
    )


def plain(value: Any) -> str:
    """A text on one line without anything that is not seen, and not too long; "" for no text."""
    if not isinstance(value, str):
        return ""
    shown = _UNSEEN.sub(" ", _ESCAPES.sub("", value[: 4 * _LONGEST]))
    shown = " ".join(shown.split())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _text(value: str) -> str:
    """A text for HTML; its direction of writing is its own."""
    return f"<bdi>{html.escape(value)}</bdi>" if value else ""


def _literal(value: str) -> str:
    """A text as Python has it, in double quotes where that is possible."""
    found = repr(value)
    return f'"{found[1:-1]}"' if found[0] == "'" and '"' not in found else found


def _steps(steps: Sequence[Mapping[str, Any]], resting: bool) -> tuple[Step, ...]:  # noqa: FBT001 - one caller
    ends = [*(step["at_ms"] for step in steps), None][1:]
    found = [
        Step(plain(step["status"]), step["at_ms"], until)
        for step, until in zip(steps, ends, strict=True)
    ]
    if found and not resting and found[-1].status != "created":
        found[-1] = replace(found[-1], goes_on=True)
    return tuple(found)


def _timeline(card: StaticCard) -> list[tuple[str, str]]:
    """What happened, with dates, and how long it took."""
    rows = []
    for step in card.steps:
        end = card.as_of_ms if step.goes_on else step.until_ms
        lasted = ""
        if step.at_ms is not None and end is not None and step.status != "created":
            lasted = f"for {_duration(end - step.at_ms)}{' so far' if step.goes_on else ''}"
        told = ", ".join(filter(None, (_date(step.at_ms), lasted)))
        if told:
            rows.append((step.status, told))
    return rows


def _error_rows(error: Mapping[str, str] | None) -> list[tuple[str, str]]:
    if not error:
        return []
    rows = (
        ("Error", error["message"]),
        ("Error code", error["code"]),
        ("Reference", error["id"]),
        ("What to do next", error["hint"]),
    )
    return [(name, plain(value)) for name, value in rows if plain(value)]


def _problem_rows(preflight: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What the back-end finds in the process graph before a start."""
    problems = preflight["problems"] if preflight else []
    rows = []
    for problem in problems[:_MOST_PROBLEMS]:
        node = plain(problem["node"])
        rows.append(("Problem", f"{plain(problem['message'])}{f' (node {node})' if node else ''}"))
    more = len(problems) - len(rows)
    return [*rows, ("Problems", f"and {more:,} more")] if more else rows


def _copy_rows(copies: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """A line for each copy, the newest last."""
    rows = []
    for copy in copies[-_MOST_COPIES:]:
        name = plain(copy["title"]) or "Batch job"
        rows.append(("Copy", f"{name} ({plain(copy['job_id'])}): {_state_of(copy)}"))
    more = len(copies) - len(rows)
    return [("Copies", f"{more:,} more, and"), *rows] if more else rows


def _state_of(state: Mapping[str, Any]) -> str:
    if state["freshness"]["state"] == "deleted":
        return "deleted"
    return plain(state["status"]) or "not asked yet"


def _cost_rows(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    costs = number_of(details.get("costs"))
    if costs is None:
        return []
    return [("Costs", plain(amount(costs, details.get("currency") or "")))]


def _extent_rows(interval: Sequence[str], bbox: Sequence[float] | None) -> list[tuple[str, str]]:
    first, last = (plain(date) for date in interval)
    rows = [("Dates", f"{first or 'open'} to {last or 'open'}")] if first or last else []
    if bbox:
        rows.append(("West, south, east, north", ", ".join(f"{number:g}" for number in bbox)))
    return rows


def _difference_rows(comparison: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What differs from what was asked for; the rest can be seen."""
    return [
        (f"{row['what']} differs", plain(f"{row['delivered']}. {row['note']}".strip()))
        for row in comparison
        if row["differs"]
    ]


def _file(asset: Mapping[str, Any]) -> tuple[str, str, str]:
    return (
        plain(asset["name"]),
        plain(asset["label"]),
        "" if asset["size"] is None else size_in_words(asset["size"]),
    )


def _more(card: StaticCard) -> list[str]:
    return [f"and {count_of(card.more_files, 'more file')}"] if card.more_files else []


def _as_of(card: StaticCard) -> list[str]:
    date = _date(card.as_of_ms)
    return [f"as of {date}"] if date else []


def _date(at_ms: float | None) -> str:
    if at_ms is None:
        return ""
    try:
        at = dt.datetime.fromtimestamp(at_ms / 1000, tz=dt.timezone.utc)
    except (OverflowError, ValueError, OSError):
        return ""  # a year that no calendar has
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _duration(ms: float) -> str:
    seconds = max(0, int(ms / 1000))
    minutes, hours = seconds // 60, seconds // 3600
    return f"{hours}:{minutes % 60:02}:{seconds % 60:02}"
