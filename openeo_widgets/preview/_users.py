"""What a function of the user's returned, as views."""

from __future__ import annotations

from typing import Any

from openeo_widgets.preview._image import image_of
from openeo_widgets.preview._json import views_of
from openeo_widgets.preview._rows import TextRows
from openeo_widgets.preview._table import Table
from openeo_widgets.preview._views import Html, Made, Text

__all__ = ["made_of"]

_MOST_ROWS = 100_000


def made_of(found: Any) -> Made:
    """Views of a text, a picture, a table, JSON, HTML, a view, or of several of these.

    Raises:
        TypeError: It is something else.
    """
    if isinstance(found, Made):
        return found
    parts = found if isinstance(found, tuple) else (found,)
    return Made(tuple(view for part in parts for view in _views_of(part)))


def _views_of(part: Any) -> tuple[Any, ...]:
    if callable(getattr(part, "shown", None)):
        return (part,)
    if isinstance(part, str):
        return (Text(part),)
    if isinstance(part, bytes):
        return (image_of(part),)
    if hasattr(part, "columns") and hasattr(part, "itertuples"):
        return (_table_of(part),)
    if isinstance(part, dict | list):
        return views_of(part)
    if callable(getattr(part, "_repr_html_", None)):
        return (Html(str(part._repr_html_()), label="Page"),)
    raise TypeError(f"A preview cannot be made of {type(part).__name__}.")


def _table_of(frame: Any) -> Table:
    """A pandas table: as texts, so that everything in it can be shown."""
    rows = [
        [None if value is None or value != value else str(value) for value in row]  # noqa: PLR0124 - NaN is not itself
        for row in frame.head(_MOST_ROWS).itertuples(index=False, name=None)
    ]
    left_out = f"The first {_MOST_ROWS:,} of {len(frame):,} rows are shown."
    note = left_out if len(frame) > _MOST_ROWS else ""
    return Table(TextRows([str(name) for name in frame.columns], rows), note)
