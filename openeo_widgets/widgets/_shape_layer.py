"""Features of the open preview on the map of a `ResultsWidget`: what is drawn, and what is chosen.

Features are those of a GeoJSON file, row by row, or the geometries that curves are of. Finding and
simplifying them is done by a worker; the map and what the browser is told change under the lock
of the widget.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._aggregated import aggregated, members_of
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview import Chart, Features, Table, declared_crs, lines_shown, located
from openeo_widgets.transfer import Workers
from openeo_widgets.widgets._base import error_info
from openeo_widgets.widgets._shape_map import Shapes
from openeo_widgets.widgets._shape_told import chosen_told, list_told, shapes_told
from openeo_widgets.widgets._traits import clip, sendable

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.api import ResultAsset
    from openeo_widgets.preview import Locate, Opened
    from openeo_widgets.widgets._map import ResultsMap

__all__ = ["SHAPE_COMMANDS", "ShapeLayer"]

#: Names of its methods, by kind of message.
SHAPE_COMMANDS = {
    "shapes_show": "_shapes.show",
    "shapes_hide": "_shapes.hide",
    "shape_choose": "_shapes.choose",
    "shape_light": "_shapes.light",
    "shape_row": "_shapes.choose_row",
    "shape_position": "_shapes.position",
    "shape_lines": "_shapes.lines",
}

_workers = Workers("openeo-widgets-shapes", 2)

_NO_FEATURES = Features()
_NOT_IN_GRAPH = (
    "The process graph does not hold the geometries themselves: they are chosen in the list only."
)


@dataclass
class _Shown:
    """What the open preview has for a map."""

    key: str
    name: str
    locate: Locate
    # Where lines are of the features: which.
    chart: Chart | None
    views: tuple[Any, ...]
    features: Features = field(default_factory=lambda: _NO_FEATURES)
    told: dict[str, Any] = field(default_factory=dict)


class ShapeLayer:
    """The part of a `ResultsWidget` that has the features of the open preview on its map.

    Args:
        widget: The widget; has the traits `shapes`, `shape` and `bbox`.
        mapped: Returns its map.
    """

    def __init__(self, widget: Any, mapped: Callable[[], ResultsMap]) -> None:
        self._widget = widget
        self._mapped = mapped
        self._shown: _Shown | None = None
        self._on_map: Shapes | None = None

    # What the open preview is. Called with the widget's lock held.

    def follow(self, asset: ResultAsset, key: str, opened: Opened) -> dict[str, Any]:
        """Take in the preview that is open now. Returns the traits that follow from it.

        The geometries of curves are drawn at once, features of a file when somebody says so.

        Args:
            asset: Whose preview it is.
            key: What the browser calls it.
            opened: The preview.
        """
        traits = self.leave()
        charts = (view for view in opened.views if isinstance(view, Chart) and view.places)
        chart = next(charts, None)
        locate = opened.features
        if locate is None and chart is not None:
            locate = partial(_of_graph, asset, chart)
        if locate is None or (chart is None and self._mapped().chart is None):
            return traits
        name = sendable(clip(asset.filename))
        self._shown = shown = _Shown(key, name, locate, chart, opened.views)
        shown.told = shapes_told(key, name)
        if chart is not None:
            shown.told |= {"state": "loading"}
            _workers.submit(partial(self._draw, shown, whole=False))
        return {"shapes": shown.told, "shape": None}

    def leave(self) -> dict[str, Any]:
        """Take all of it off the map. Returns the traits that follow from it."""
        self._shown = None
        self._take_off()
        return {"shapes": None, "shape": None}

    close = leave

    # What the person does. All of it returns at once.

    def show(self, *, whole: bool = False) -> None:
        """Draw the features of the open preview on the map.

        Args:
            whole: Whether many may be drawn: else as many as make 200 kB for the browser.
        """
        shown = self._shown
        if shown is not None and self._mapped().chart is not None:
            self._tell(shown, state="loading", error=None)
            _workers.submit(partial(self._draw, shown, whole=whole))

    def hide(self) -> None:
        """Take them off the map again. The geometries of curves stay in the list."""
        with self._widget.in_order():
            shown = self._shown
            if shown is not None:
                self._take_off()
                self._tell(shown, state="offered", drawn=0, note="", question="")
                self._widget.publish(shape=None)

    def choose(self, row: int | None) -> None:
        """Choose a feature: emphasise it on the map, and tell of it.

        Args:
            row: Its number; None for none.
        """
        with self._widget.kept_open() as is_open:
            shown = self._shown
            if is_open and shown is not None:
                self._choose(shown, row)

    def light(self, row: int | None) -> None:
        """Light up a feature, while somebody points at its curve; None for none."""
        with self._widget.kept_open() as is_open:
            if is_open and self._on_map is not None:
                self._on_map.light(row)

    def choose_row(
        self,
        view: int,
        position: int,
        sort: str,
        descending: bool,  # noqa: FBT001 - a message's field
        search: str,
    ) -> None:
        """Choose the feature in a row of the table.

        Args:
            view: Number of the table.
            position: Of the row, in the order in which they are shown.
            sort: As for `Previews.rows`.
            descending: As for `Previews.rows`.
            search: As for `Previews.rows`.

        Raises:
            OpenEOWidgetsError: There is no such table or row.
        """
        self.choose(self._table(view).number_at(position, sort, search, descending=descending))

    def position(
        self,
        view: int,
        row: int,
        sort: str,
        descending: bool,  # noqa: FBT001 - a message's field
        search: str,
    ) -> dict[str, Any]:
        """Where in a table the row of a feature is; see ``ShapePosition`` in the protocol.

        Raises:
            OpenEOWidgetsError: There is no such table.
        """
        table = self._table(view)
        return {"position": table.position_of(row, sort, search, descending=descending)}

    def lines(self, row: int) -> dict[str, Any]:
        """The curves of one geometry, also of one whose curves are not drawn.

        Raises:
            OpenEOWidgetsError: There are no curves.
        """
        shown = self._shown
        if shown is None or shown.chart is None:
            raise OpenEOWidgetsError("No curves are open there.", hint="Open the preview again.")
        places = shown.chart.places
        some = [line for line in shown.chart.lines if places.get(line.group) == row]
        lines, note = lines_shown(some)
        return {"lines": lines, "x": shown.chart.x, "note": note}

    def clicked(self, lon: float, lat: float, reach: float) -> bool:
        """Choose what lies at a place of the map; clicked at again, the next one there.

        Args:
            lon: Degrees.
            lat: Degrees.
            reach: What is as near as this is hit too, in degrees.

        Returns:
            Whether anything lies there.
        """
        with self._widget.kept_open() as is_open:
            shown, on_map = self._shown, self._on_map
            if not is_open or shown is None or on_map is None:
                return False
            rows = on_map.at(lon, lat, reach)
            if rows:
                before = (self._widget.shape or {}).get("row")
                after = rows.index(before) + 1 if before in rows else 0
                self._choose(shown, rows[after % len(rows)])
            return bool(rows)

    # In workers

    def _draw(self, shown: _Shown, *, whole: bool) -> None:
        """Find the features, and put them on the map if they are still wanted."""
        if shown is not self._shown:
            return
        try:
            bbox = self._widget.bbox
            found = shown.features
            if found is _NO_FEATURES:
                found = shown.locate(tuple(bbox) if bbox else None)
            made = None if self._mapped().chart is None else Shapes(found, whole=whole)
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            self._tell(shown, state="error", error=error_info(error), **self._list(shown))
            return
        with self._widget.kept_open() as is_open:
            if not is_open or shown is not self._shown:
                if made is not None:
                    made.close()
                return
            shown.features = found
            self._take_off()
            told: dict[str, Any] = {}
            if made is not None:
                self._on_map, told = made, made.told()
                self._mapped().put_shapes(_layer_name(shown), made, look=shown.chart is None)
                made.choose((self._widget.shape or {}).get("row"))
            self._tell(shown, state="ready", error=None, **told, **self._list(shown))

    def _list(self, shown: _Shown) -> dict[str, Any]:
        return {"list": list_told(shown.chart, shown.features)}

    def _choose(self, shown: _Shown, row: int | None) -> None:
        if self._on_map is not None:
            bbox = self._on_map.choose(row)
            if bbox is not None:
                self._mapped().bring(bbox)
        self._widget.publish(shape=chosen_told(row, shown.chart, shown.features))

    def _take_off(self) -> None:
        if self._on_map is not None:
            self._mapped().remove_shapes()
            self._on_map = None

    def _tell(self, shown: _Shown, **changes: Any) -> None:
        with self._widget.in_order():
            if shown is self._shown:
                shown.told = {**shown.told, **changes}
                self._widget.publish(shapes=shown.told)

    def _table(self, number: int) -> Table:
        views = self._shown.views[number : number + 1] if self._shown is not None else ()
        for view in views:
            if isinstance(view, Table):
                return view
        raise OpenEOWidgetsError("No table is open there.", hint="Open the preview again.")


def _layer_name(shown: _Shown) -> str:
    return shown.name if shown.chart is None else f"Geometries of {shown.name}"


def _of_graph(asset: ResultAsset, chart: Chart, near: Any) -> Features:
    """The geometries that the job's process graph sums up by, if these are those of the curves."""
    process = asset.job.describe().get("process")
    graph = process.get("process_graph") if isinstance(process, dict) else None
    least = max(chart.places.values()) + 1
    found = []
    for geojson in aggregated(graph if isinstance(graph, dict) else {}):
        members = members_of(geojson)
        fits = len(members) == chart.geometries if chart.geometries else len(members) >= least
        if fits:
            found.append(located(members, declared_crs(geojson), near))
    # Of two that would do nobody knows which.
    return found[0] if len(found) == 1 else Features(note=_NOT_IN_GRAPH)
