"""From a file to what the browser is told of it: views within the budget, and what is left out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.preview._registry import family_of
from openeo_widgets.preview._views import SHOWN_BYTES, Locate, Made, Text, View
from openeo_widgets.preview._words import joined
from openeo_widgets.transfer import TooMuchError

if TYPE_CHECKING:
    from openeo_widgets.preview._file import PreviewFile

__all__ = ["Opened", "open_preview"]


@dataclass(frozen=True)
class Opened:
    """An open preview.

    Attributes:
        views: The views, in the order in which they were told.
        told: What the browser is told of them: as many as there are views.
        note: What is left out, in words, or "".
        question: What to ask the person before more is read, or "".
        python: What loads the same, with ``{}`` in the place of the asset; or "".
        features: Finds what of it a map can show, as in `Made`.
    """

    views: tuple[View, ...] = ()
    told: tuple[dict[str, Any], ...] = ()
    note: str = ""
    question: str = ""
    python: str = ""
    features: Locate | None = None


def open_preview(file: PreviewFile) -> Opened:
    """Make the preview of a file.

    Args:
        file: The file. What is read of it is within its budget.

    Returns:
        The preview; one without views and with a question where nothing can be shown of what may
        be read unasked.

    Raises:
        OpenEOWidgetsError: It cannot be shown, and why.
        Exception: Whatever a library raises of a file that is not as it should be.
    """
    try:
        made = family_of(file)()
    except TooMuchError:
        if file.whole:
            raise
        return Opened(question=_question(file))
    question = _question(file) if made.partial and not file.whole else ""
    opened = Opened(made.views, (), made.note, question, _line(made), made.features)
    return _within_budget(opened)


def _question(file: PreviewFile) -> str:
    return f"{file.name} has {file.size_text}: read all of it?"


def _line(made: Made) -> str:
    python = made.python
    return f"data = {{}}{python}" if python.startswith(".") else python


def _within_budget(opened: Opened) -> Opened:
    """Tell of as many views as there is room for."""
    told: list[dict[str, Any]] = []
    views: list[View] = []
    left, note = SHOWN_BYTES - 5_000, opened.note
    for view in opened.views:
        shown = view.shown()
        size = _size(shown)
        if size > left and isinstance(view, Text):  # of which a part is something, too
            shown = view.shown(left * len(shown["text"]) * 9 // size // 10)
            size = _size(shown)
        if size > left:
            note = joined(note, f"{shown['label']} is too large for a preview.")
            continue
        left -= size
        told.append(shown)
        views.append(view)
    return replace(opened, views=tuple(views), told=tuple(told), note=note)


def _size(shown: dict[str, Any]) -> int:
    """Bytes that it takes to tell this."""
    return len(json.dumps(shown, ensure_ascii=False, default=str).encode(errors="replace"))
