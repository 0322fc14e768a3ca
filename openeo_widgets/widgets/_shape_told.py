"""What the browser is told of the features on a map: see js/src/protocol-shapes.ts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from openeo_widgets.preview import Chart, Features

__all__ = ["chosen_told", "list_told", "shapes_told"]

# A list of more is no list to choose from; the map is.
_MOST_LISTED = 1_000


def shapes_told(key: str, name: str) -> dict[str, Any]:
    """What is told of features that may be drawn: see ``ShapesState``."""
    return {
        "key": key,
        "name": name,
        "state": "offered",
        "error": None,
        "note": "",
        "question": "",
        "drawn": 0,
        "total": 0,
        "list": [],
    }


def list_told(chart: Chart | None, features: Features) -> list[dict[str, Any]]:
    """The geometries that lines are of, to choose from: see ``ShapeRow``."""
    if chart is None:
        return []
    return [
        {"row": row, "group": clip(group), "name": _name_of(features, row)}
        for group, row in list(chart.places.items())[:_MOST_LISTED]
    ]


def chosen_told(row: int | None, chart: Chart | None, features: Features) -> dict[str, Any] | None:
    """What is told of a feature that was chosen: see ``ShapeState``; None for none."""
    if row is None:
        return None
    groups = chart.places.items() if chart is not None else ()
    group = next((name for name, number in groups if number == row), "")
    known = 0 <= row < len(features.all)
    return {
        "row": row,
        "group": clip(group),
        "name": _name_of(features, row),
        "placed": known and features.all[row].geometry is not None,
        "facts": features.all[row].facts() if known else [],
    }


def _name_of(features: Features, row: int) -> str:
    return clip(features.all[row].name) if 0 <= row < len(features.all) else ""
