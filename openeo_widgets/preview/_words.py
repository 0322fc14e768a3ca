"""Figures as people read them, and texts as far as they are shown."""

from __future__ import annotations

from typing import Any

from openeo_widgets.redact import beginning

__all__ = ["counted", "joined", "short", "size_text"]

# From here on three digits would be those of the next unit: "1e+03 kB".
_ROUNDS_UP = 999.5


def size_text(size: float) -> str:
    """Bytes as people read them: "5 MB"."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < _ROUNDS_UP:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"


def counted(number: int, thing: str) -> str:
    """Say how many: "1 row", "2,000 rows"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def joined(*notes: str) -> str:
    """Sentences, one after another."""
    return " ".join(note for note in notes if note)


def short(value: Any, most: int = 500) -> str:
    """The beginning of a text of a file's, without secrets: files hold signed links too."""
    return beginning(str(value), most)
