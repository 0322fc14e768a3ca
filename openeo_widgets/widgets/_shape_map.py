"""Features as layers of a map: all of them, the one that is chosen, the one that is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from openeo_widgets.preview import MOST_ASKED, MOST_UNASKED, outlines
from openeo_widgets.widgets._basemap import SHAPES_PANE, Plain
from openeo_widgets.widgets._footprints import Footprints, Placed, mark, shapes_of

if TYPE_CHECKING:
    from openeo_widgets.api._boxes import BBox
    from openeo_widgets.preview import Features
    from openeo_widgets.widgets._footprints import Shape

__all__ = ["Shapes"]

# Unlike footprints; told apart by width and dashes too, not by colour alone.
_LOOK = {"color": "#7a2f9e", "weight": 2, "fillColor": "#a55fd0", "fillOpacity": 0.15}
_CHOSEN = {"color": "#b3261e", "weight": 4, "fillOpacity": 0.25}
_LIT = {"color": "#111", "weight": 3, "dashArray": "6 5", "fillColor": "#ffd54a"}
_LIT |= {"fillOpacity": 0.5}
_DOT = {"radius": 6}
_NONE: dict[str, Any] = {"type": "FeatureCollection", "features": []}


class _All(Footprints):
    """Features of a file: above pictures, so that they are seen on a raster."""

    pane = traitlets.Unicode("overlayPane").tag(sync=True, o=True)


class _One(Plain):
    """One of them."""

    pane = traitlets.Unicode("overlayPane").tag(sync=True, o=True)


class Shapes:
    """Features for a map, as far as there is room for them. Made in a worker thread.

    Args:
        features: The features.
        whole: Whether many may be drawn.
    """

    def __init__(self, features: Features, *, whole: bool) -> None:
        self._features = features
        self._whole = whole
        placed = features.placed
        self._drawn = outlines(placed, MOST_ASKED if whole else MOST_UNASKED)
        # Whether more of them could be drawn, if somebody said so.
        self._more = not whole and len(self._drawn) < len(placed)
        shapes = shapes_of(Placed(str(one.row), one.geometry, one.bbox) for one in self._drawn)
        self._all = _All(shapes)
        self._all.style = self._all.style | _LOOK
        self._all.point_style = _DOT | _LOOK
        self._chosen = _One(data=_NONE, style=_CHOSEN, point_style=_DOT | _CHOSEN)
        self._lit = _One(data=_NONE, style=_LIT, point_style=_DOT | _LIT)

    @property
    def layers(self) -> tuple[Any, ...]:
        """The ipyleaflet layers, from below."""
        return self._all, self._chosen, self._lit

    @property
    def bbox(self) -> BBox | None:
        """West, south, east, north of all features in degrees, or None."""
        return self._features.bbox

    def name(self, name: str, *, on_top: bool) -> None:
        """Call the layers by a name, and have them above pictures where the map has a place."""
        for layer in self.layers:
            layer.name = name
            if on_top:
                layer.pane = SHAPES_PANE

    def told(self) -> dict[str, Any]:
        """What the browser is told of them: fields of ``ShapesState``."""
        total, placed, drawn = len(self._features.all), len(self._features.placed), len(self._drawn)
        notes = [self._features.note]
        if placed < total:
            notes.append(f"{total - placed:,} of {total:,} have no place that can be drawn.")
        if drawn < placed:
            notes.append(f"The first {drawn:,} of {placed:,} are drawn.")
        question = f"Draw up to {placed:,}: that is more for the browser." if self._more else ""
        note = " ".join(filter(None, notes))
        return {"drawn": drawn, "total": total, "note": note, "question": question}

    def choose(self, row: int | None) -> BBox | None:
        """Emphasise one; None for none. Returns the box that it is drawn in."""
        return self._mark(self._chosen, row)

    def light(self, row: int | None) -> None:
        """Light one up; None for none."""
        self._mark(self._lit, row)

    def at(self, lon: float, lat: float, reach: float) -> list[int]:
        """Rows of the features at a place, the topmost first; see `Footprints.at`."""
        return [int(key) for key in self._all.at(lon, lat, reach)]

    def close(self) -> None:
        """Close the layers."""
        for layer in self.layers:
            layer.close()

    def _mark(self, layer: Any, row: int | None) -> BBox | None:
        shape: Shape | None = None if row is None else self._all.of(str(row))
        mark(layer, shape)
        return shape.bbox if shape is not None else None
