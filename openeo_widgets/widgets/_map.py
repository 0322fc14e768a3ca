"""The map of a result: an ordinary ipyleaflet map that needs no internet, or the user's own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import ipyleaflet

from openeo_widgets.redact import log_failure
from openeo_widgets.widgets._base import answer_on_any_thread
from openeo_widgets.widgets._basemap import PANES, SHAPES_PANE, Land, tiles_of
from openeo_widgets.widgets._footprints import Footprints, Placed, mark, mark_layer, shapes_of
from openeo_widgets.widgets._map_geometry import degrees_per_pixel, view_of
from openeo_widgets.widgets._map_layers import MapLayers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openeo_widgets.api._boxes import BBox
    from openeo_widgets.api._places import Place
    from openeo_widgets.api._where import Footprint
    from openeo_widgets.widgets._footprints import Shape
    from openeo_widgets.widgets._results import ResultsWidget
    from openeo_widgets.widgets._shape_map import Shapes

__all__ = ["ResultsMap", "new_map"]

_log = logging.getLogger(__name__)

FOOTPRINTS, LAND, TILES = "Footprints", "Land and borders", "Online map"

# A point or a line is hit from so many pixels away.
_REACH_PX = 6


def new_map(*, online: bool = False) -> Any:
    """A map without layers, on which nothing asks the network.

    Args:
        online: Whether it is to say whose tiles it shows.
    """
    chart = ipyleaflet.Map(
        layers=(),
        center=(20.0, 0.0),
        zoom=1,
        panes=PANES,
        # On a canvas ten thousand shapes are no slower to move than one.
        prefer_canvas=True,
        scroll_wheel_zoom=True,
        attribution_control=False,
        layout={"height": "100%", "min_height": "260px"},
    )
    chart.add(ipyleaflet.ScaleControl(position="bottomleft", imperial=False))
    if online:
        # Not by the option of the map, which makes two of them.
        chart.add(ipyleaflet.AttributionControl(position="bottomright", prefix=""))
    return chart


class ResultsMap:
    """A map of a widget's, with its layers; or, with no map, something that does nothing.

    Args:
        widget: What it belongs to: its lock is held while the map changes.
        chart: True for a map of our own, an ``ipyleaflet.Map`` of somebody else's, which stays
            theirs, or None or False for none.
        basemap: As `tiles_of` takes it; of a map of our own.
        clicked: Told first of a click: longitude, latitude, and what is near enough, in degrees.
            Says whether that was for it.

    Raises:
        TypeError: `chart` is something else.
        ValueError: `basemap` is none, or is given for a map that is not ours.
    """

    def __init__(
        self,
        widget: ResultsWidget,
        chart: Any,
        basemap: Any,
        clicked: Callable[[float, float, float], bool] = lambda *_place: False,
    ) -> None:
        if not (chart is None or isinstance(chart, ipyleaflet.Map | bool)):
            raise TypeError(f"map is an ipyleaflet.Map, None or True, not {type(chart).__name__}.")
        self._is_ours: bool = chart is True
        if basemap is not None and not self._is_ours:
            raise ValueError("basemap is for a map that the widget makes: yours has its own.")
        tiles = tiles_of(basemap) if self._is_ours else None
        self.chart: Any = chart or None
        if self._is_ours:
            self.chart = new_map(online=tiles is not None)
        self._widget = widget
        self._clicked = clicked
        self._shapes = ""
        self._moves = self._is_ours
        self._looked_at: BBox | None = None
        self._placed: list[Placed] = []
        self._places: Footprints | None = None
        self._lit: Any = None
        self._selected: Any = None
        self.layers = MapLayers(self.chart, widget.in_order, self._tell)
        if self._is_ours:
            self.layers.add(LAND, Land())
        if tiles is not None:
            self.layers.add(TILES, tiles, ours=tiles is not basemap)
        if self.chart is not None:
            answer_on_any_thread(self.chart)
            self.chart.on_interaction(self._on_interaction)

    def draw(self, whole: Footprint, keys: Iterable[str]) -> list[float] | None:
        """Show where a result lies, and bring it into view.

        A map of somebody else's looks where they want, unless it looks where every new one does.

        Args:
            whole: Where all of it lies. The same once more leaves the map where it looks.
            keys: Of its files, as the browser has them.

        Returns:
            What the map is to show: west, south, east, north in degrees; or None.
        """
        if self.chart is None:
            return None
        if whole.bbox not in (None, self._looked_at) and (self._moves or _is_new(self.chart)):
            self._moves, self._looked_at = True, whole.bbox
            with self.chart.hold_sync():  # as one: the browser draws all of the map for each
                self.chart.center, self.chart.zoom = view_of(whole.bbox)
        self.show([Placed(key, whole.geometry, whole.bbox) for key in keys or ("",)])
        return list(self._looked_at) if self._looked_at else None

    def place(
        self,
        places: Iterable[Place],
        whole: Footprint,
        keys: Iterable[str],
        called: Callable[[str], str],
    ) -> None:
        """Show where each file lies, once Items have been read. For a worker thread.

        Args:
            places: What is told of Items and files; of a file it is the first that counts.
            whole: Where all of it lies: that is where files lie of which nothing else is told.
            keys: Of the files, as the browser has them.
            called: Tells the browser's key of a file by the back-end's.
        """
        if self.chart is None:
            return
        of: dict[str, Placed] = {}
        for one in places:
            for key in map(called, one.assets):
                of.setdefault(key, Placed(key, one.geometry, one.bbox))
        if not of:
            return
        try:
            self.show([of.get(key) or Placed(key, whole.geometry, whole.bbox) for key in keys])
        except Exception:  # noqa: BLE001 - the whole is shown already
            log_failure(_log, "The files of a result could not be placed")

    def show(self, placed: Iterable[Placed]) -> None:
        """Show where files lie, in the place of what was shown before, unless that is the same.

        Args:
            placed: Where each file lies, by the keys that the browser has.
        """
        placed = list(placed)
        if placed == self._placed and self._places is not None:
            self._mark(self._widget.selected, selected=True)
            return
        places = Footprints(shapes_of(placed))
        chosen, lit = mark_layer(selected=True), mark_layer(selected=False)
        mark(chosen, places.of(self._widget.selected))
        with self._widget.kept_open() as is_open:
            if is_open:
                self._placed = placed
                self._places, self._selected, self._lit = places, chosen, lit
                self.layers.add(FOOTPRINTS, places, chosen, lit)
                return
        for layer in (places, chosen, lit):
            layer.close()

    def select(self, key: str) -> None:
        """Emphasise where a file lies, and bring it into view if it is out of that; "" for none."""
        shape = self._mark(key, selected=True)
        if shape is not None:
            self.bring(shape.bbox)

    def light(self, key: str) -> None:
        """Light up where a file lies, while somebody points at it in the list; "" for none."""
        self._mark(key, selected=False)

    def put_shapes(self, name: str, shapes: Shapes, *, look: bool) -> None:
        """Show features of a file, in the place of others.

        Args:
            name: What the layer is called.
            shapes: The features; they are closed when they go.
            look: Whether to bring them into view in any case; else only if they are out of it.
        """
        taken = {row["name"] for row in self.layers.rows()} - {self._shapes}
        self._shapes = f"{name} (features)" if name in taken else name
        shapes.name(self._shapes, on_top=SHAPES_PANE in self.chart.panes)
        self.layers.add(self._shapes, *shapes.layers)
        if shapes.bbox is not None and (look or self._is_out_of_view(shapes.bbox)):
            self.chart.center, self.chart.zoom = view_of(shapes.bbox)

    def remove_shapes(self) -> None:
        """Take the features off the map; nothing if there are none."""
        if self.chart is not None:
            self.layers.remove(self._shapes)

    def bring(self, bbox: BBox) -> None:
        """Bring a place into view if it is out of that."""
        if self._is_out_of_view(bbox):
            self.chart.center = view_of(bbox)[0]

    def close(self) -> None:
        """Take what is ours off the map, and close the map if it is ours."""
        if self.chart is None:
            return
        self.chart.on_interaction(self._on_interaction, remove=True)
        self.layers.clear()
        if not self._is_ours:
            return
        looks = (self.chart.style, self.chart.default_style, self.chart.dragging_style)
        for part in (*self.chart.controls, self.chart.layout, *looks, self.chart):
            part.close()

    def _mark(self, key: str, *, selected: bool) -> Shape | None:
        with self._widget.kept_open() as is_open:
            if not is_open or self._places is None:
                return None
            shape = self._places.of(key) if key else None
            mark(self._selected if selected else self._lit, shape)
            return shape

    def _is_out_of_view(self, bbox: BBox) -> bool:
        """Whether nothing of a box is in view; a map tells its bounds once it is displayed."""
        if not self.chart.bounds:
            return False
        (south, west), (north, east) = self.chart.bounds
        beside = bbox[0] > east or bbox[2] < west
        return bool(beside or bbox[1] > north or bbox[3] < south)

    def _on_interaction(self, **event: Any) -> None:
        """Hear what happens on the map. Footprints let clicks through to it: any view will do."""
        if event.get("type") != "click":
            return
        lat, lon = event["coordinates"]
        reach = _REACH_PX * degrees_per_pixel(self.chart.zoom)
        # What somebody has put there is in front of where files lie.
        if self._clicked(lon, lat, reach) or self._places is None:
            return
        found = self._places.at(lon, lat, reach)
        if found:
            self._choose(found)

    def _choose(self, keys: list[str]) -> None:
        """Select one of the files at a place; clicked at again, the next one."""
        selected = self._widget.selected
        after = keys.index(selected) + 1 if selected in keys else 0
        self._widget.select(keys[after % len(keys)])

    def _tell(self) -> None:
        self._widget.publish(layers=self.layers.rows())


def _is_new(chart: Any) -> bool:
    """Whether nobody has moved a map yet."""
    traits = chart.traits()
    return all(getattr(chart, name) == traits[name].default() for name in ("center", "zoom"))
