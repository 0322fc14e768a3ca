"""Log entries as the browser shows and saves them: pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._log_entry import pretty
from openeo_widgets.api._shapes import dicts_of
from openeo_widgets.redact import beginning, redacted, redacted_data
from openeo_widgets.widgets._told import Links, metrics_of, web_links
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openeo_widgets.api._log_entry import HeldEntry
    from openeo_widgets.api._log_store import Row

__all__ = ["as_ndjson", "as_text", "details_of_entry", "file_text", "links_of", "row_of"]

# Characters of a message that a row shows; more is in the details.
_ROW = 300

# Nobody looks through more of them.
_MOST = 100

# A file of more characters than this would take the browser's connection down.
_MOST_IN_FILE = 64 * 1024 * 1024


def row_of(row: Row) -> dict[str, Any]:
    """See ``LogRow`` in js/src/protocol.ts."""
    entry = row.entry
    return {
        "index": row.number,
        "level": clip(entry.level),
        "time_ms": entry.time_ms,
        "message": beginning(entry.message, _ROW),
        "count": row.times,
        "node": clip(entry.node),
    }


def details_of_entry(number: int, entry: HeldEntry, *, matches: bool = True) -> dict[str, Any]:
    """See ``LogDetails`` in js/src/protocol.ts."""
    extras = entry.extras
    return {
        "index": number,
        "matches": matches,
        "id": clip(entry.id),
        "code": clip(entry.code),
        "level": clip(entry.level),
        "time": clip(entry.time),
        "time_ms": entry.time_ms,
        "message": entry.message,
        "data": pretty(_safe_data(entry)) if entry.data else None,
        "stacktrace": _stacktrace(extras.get("stacktrace")),
        "note": entry.note,
        "path": [
            {"node_id": clip(step.get("node_id")), "process_id": clip(step.get("process_id"))}
            for step in dicts_of(extras.get("path"), _MOST)
        ],
        "usage": metrics_of(extras.get("usage")),
        "links": [shown for shown, _ in links_of(entry, "")],
    }


def links_of(entry: HeldEntry, base_url: str) -> Links:
    """Links of an entry.

    Args:
        entry: The entry.
        base_url: What relative addresses are relative to; "" where only what is shown matters.
    """
    return web_links(entry.extras.get("links"), base_url or "http://unknown.invalid/")


def file_text(lines: Iterable[str]) -> str:
    """The lines of a file, without secrets; no more of them than a message can carry."""
    kept, left = [], _MOST_IN_FILE
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            kept.append("… The rest is left out: it is too large to be saved from here.")
            break
        # One by one: all at once would keep the kernel from everything else for a while.
        kept.append(redacted(line))
    return "".join(f"{line}\n" for line in kept)


def as_text(entries: Iterable[HeldEntry]) -> Iterator[str]:
    """Entries for reading; what has several lines is indented."""
    for entry in entries:
        code = f" [{entry.code}]" if entry.code else ""
        node = f" ({entry.node})" if entry.node else ""
        message = entry.message.replace("\n", "\n    ")
        yield f"{entry.time or '-'} {entry.level.upper():<7}{code} {message}{node}"


def as_ndjson(entries: Iterable[HeldEntry]) -> Iterator[str]:
    """Entries for programs: on each line an entry as the API has it."""
    for entry in entries:
        fields = {
            "id": entry.id, "level": entry.level, "code": entry.code, "time": entry.time,
            "message": entry.message,
        }  # fmt: skip
        told = json.dumps({n: v for n, v in fields.items() if v or n == "message"})
        # Data that had to be cut are no JSON any more, but still a text.
        data = _safe_data(entry)
        data = data if entry.has_whole_data else json.dumps(data)
        more = json.dumps(redacted_data(entry.extras), ensure_ascii=False)
        parts = [
            told[1:-1],
            f'"data": {data}' if entry.data else "",
            more[1:-1],
        ]
        yield "{" + ", ".join(part for part in parts if part) + "}"


def _safe_data(entry: HeldEntry) -> str:
    """The data of an entry without secrets; those that had to be cut are kept without them."""
    try:
        data = redacted_data(json.loads(entry.data))
    except (ValueError, RecursionError):
        return entry.data
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _stacktrace(value: Any) -> str:
    """A stack trace (API 1.3): text, or a list of lines, or of anything."""
    told = redacted_data(value)
    lines = told if isinstance(told, list) else [told]
    return "\n".join(
        line if isinstance(line, str) else json.dumps(line) for line in lines if line is not None
    )
