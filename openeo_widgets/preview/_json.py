"""JSON of every kind: a tree in any case; a chart, a table, a map where it is one that we know."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._texts import decoded
from openeo_widgets.preview._chart import Chart, Line
from openeo_widgets.preview._covjson import coverages, is_covjson, polygons
from openeo_widgets.preview._cut import readable_beginning
from openeo_widgets.preview._features import declared_crs, located
from openeo_widgets.preview._geojson import features_of, is_geojson, properties_table
from openeo_widgets.preview._rows import TextRows, columns_in, text_of
from openeo_widgets.preview._series import geometries_of, geometry_name, series
from openeo_widgets.preview._table import Table
from openeo_widgets.preview._tree import Tree
from openeo_widgets.preview._views import Made, Text
from openeo_widgets.preview._words import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.preview._file import PreviewFile
    from openeo_widgets.preview._views import Locate, View

__all__ = ["is_json", "make_json", "views_of"]

# As objects of Python JSON takes ten times its size.
_MOST_WHOLE = 50_000_000

# Lines that have a column in the table beside a chart.
_MOST_COLUMNS = 200

_EXTENSIONS = frozenset((".json", ".geojson", ".covjson", ".topojson", ".ipynb"))


def is_json(file: PreviewFile) -> bool:
    """Whether a file is said to be JSON."""
    return file.media_type.endswith("json") or file.extension in _EXTENSIONS


def make_json(file: PreviewFile) -> Made:
    """Show JSON: of a file beyond the budget what its first part holds."""
    content, more = file.head()
    allowed = more and file.size is not None and file.size <= _MOST_WHOLE
    if more and file.whole:
        content, more = file.read(_MOST_WHOLE), False
    text, _ = decoded(content, cut=more)
    try:
        data = json.loads(readable_beginning(text) if more else text)
    except (ValueError, RecursionError) as error:
        how = "nested too deeply" if isinstance(error, RecursionError) else "not JSON"
        note = f"This is {how}, and so shown as text."
        return Made((Text(text, complete=not more),), note=note, python=".load_bytes()")
    note = ""
    if more:
        note = (
            f"The first {size_text(len(content))} of {file.size_text} are shown, and of these "
            "what is complete." + ("" if allowed else " Download it to see all of it.")
        )
    views = (*views_of(data), Text(text, complete=not more))
    return Made(views, note, allowed, ".load_json()", _features(data))


def _features(data: Any) -> Locate | None:
    """What finds the features of GeoJSON, or of the places that CoverageJSON has values of."""
    if is_covjson(data):
        places = list(polygons(data).values())
        return (lambda near: located(places, near=near)) if places else None
    if is_geojson(data):
        given = features_of(data)["features"]
        return lambda near: located(given, declared_crs(data), near)
    return None


def views_of(data: Any) -> tuple[View, ...]:
    """What there is to see of JSON, beside its text.

    Args:
        data: What JSON holds.
    """
    tree = Tree(data)
    if is_covjson(data):
        chart = coverages(data)
        lines = [line for line in chart.lines if len(line.x) > 1]
        if lines:
            table = _table(chart.lines, chart.x_name, chart.x == "time")
            return (replace(chart, lines=tuple(lines)), table, tree)
        if chart.lines:
            return (_table(chart.lines, chart.x_name, chart.x == "time"), tree)
        return (Tree(data, note=chart.note),)
    if is_geojson(data):
        return (Table(properties_table(data)), tree)
    found = series(data)
    if found:
        count = geometries_of(data)
        places = {geometry_name(number): number for number in range(count)}
        chart = Chart(found, places=places, geometries=count)
        return (chart, _table(found, "date", is_time=True), tree)
    rows = _records(data)
    return (tree, Table(rows)) if rows is not None else (tree,)


def _table(lines: Sequence[Line], x_name: str, is_time: bool) -> Table:  # noqa: FBT001 - names itself
    """Lines as a table: a row for each x, a column for each line."""
    ats = sorted({at for line in lines[:_MOST_COLUMNS] for at in line.x})
    names, note = columns_in([line.name for line in lines[:_MOST_COLUMNS]], len(ats))
    rows: dict[float, list[str | None]] = {
        at: [_date(at) if is_time else text_of(at), *[None] * len(names)] for at in ats
    }
    for place, line in enumerate(lines[: len(names)], 1):
        for at, value in zip(line.x, line.y, strict=True):
            rows[at][place] = text_of(value)
    more = len(lines) > _MOST_COLUMNS and not note
    left_out = f"{_MOST_COLUMNS} of {len(lines):,} lines have a column." if more else ""
    return Table(TextRows([x_name, *names], list(rows.values()), note=note), left_out)


def _date(at_ms: float) -> str:
    try:
        moment = dt.datetime.fromtimestamp(0, dt.timezone.utc) + dt.timedelta(milliseconds=at_ms)
    except OverflowError:
        return text_of(at_ms) or ""
    return moment.isoformat().replace("+00:00", "Z")


def _records(data: Any) -> TextRows | None:
    """A list of objects with plain values is a table, as many libraries write them."""
    if not isinstance(data, list) or not data or not all(isinstance(one, dict) for one in data):
        return None
    names: dict[str, None] = {}
    for one in data:
        names |= dict.fromkeys(one)
    if any(isinstance(value, dict | list) for one in data for value in one.values()):
        return None
    some, note = columns_in(list(names), len(data))
    return TextRows(some, [[text_of(one.get(name)) for name in some] for one in data], note=note)
