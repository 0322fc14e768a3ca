"""Log entries of a batch job."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from openeo_widgets.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LEVELS", "LogEntry", "entries_of", "last_error", "level_name", "never_stored"]

# Least severe first (API, section "Logging").
LEVELS = ("debug", "info", "warning", "error")


class LogEntry(dict[str, Any]):
    """One log entry: the dictionary that the back-end sent, with names for its usual parts."""

    @property
    def id(self) -> str:
        """Id, for use as ``offset``; "" where the back-end sent none."""
        return self._text("id")

    @property
    def level(self) -> str:
        """Level in lower case; ``info`` where the back-end sent none."""
        return self._text("level").lower() or "info"

    @property
    def message(self) -> str:
        """Text of the entry."""
        return self._text("message")

    @property
    def code(self) -> str:
        """Code of the entry, or ""."""
        return self._text("code")

    def is_at_least(self, level: str) -> bool:
        """Whether the entry is of a level or more severe; unknown levels are never hidden."""
        if self.level not in LEVELS:
            return True
        return LEVELS.index(self.level) >= LEVELS.index(level)

    def _text(self, name: str) -> str:
        value = self.get(name)
        return "" if value is None else str(value)

    def __str__(self) -> str:
        return redacted(f"[{self.id}] {self.level.upper()}: {self.message}")

    def __repr__(self) -> str:
        """Show it without the links and tokens that back-ends write into their logs."""
        return redacted(super().__repr__())


def entries_of(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The log entries of an answer; what is no entry is left out."""
    found = page.get("logs")
    entries = found if isinstance(found, list) else ()
    return [entry for entry in entries if isinstance(entry, dict)]


def never_stored(page: Mapping[str, Any]) -> str:
    """The levels that the back-end did not store for a job, in words, or "".

    An answer's own ``level`` is the higher one of what was asked for and what is stored (API,
    section on logs).

    Args:
        page: An answer to a question for level debug.
    """
    level = page.get("level")
    name = level.lower() if isinstance(level, str) else ""
    missing = LEVELS[: LEVELS.index(name)] if name in LEVELS else ()
    if not missing:
        return ""
    levels = "level" if len(missing) == 1 else "levels"
    return f"Entries of {levels} {_listed(missing)} were never stored."


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def last_error(entries: Sequence[LogEntry]) -> LogEntry | None:
    """The last entry of level error, or None."""
    return next((entry for entry in reversed(entries) if entry.level == "error"), None)


def level_name(level: str | int | None) -> str:
    """Name a level as the API does.

    Args:
        level: A name in any case, a constant of ``logging``, or None for all.

    Raises:
        ValueError: There is no such level.
    """
    if level is None or level == "":
        return "debug"
    if isinstance(level, int):
        steps = (logging.INFO, logging.WARNING, logging.ERROR)
        return LEVELS[sum(level >= step for step in steps)]
    name = {"warn": "warning", "critical": "error"}.get(level.lower(), level.lower())
    if name not in LEVELS:
        raise ValueError(f"{level!r} is no log level; there are {', '.join(LEVELS)}.")
    return name
