"""The layers that a widget has on a map: shown or not, with their opacity, above each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

__all__ = ["MapLayers"]


@dataclass
class _Entry:
    """Layers that are shown and hidden as one."""

    name: str
    layers: tuple[Any, ...]
    visible: bool
    opacity: float
    # Whether they are closed when they go.
    ours: bool
    # What a faded style is made from.
    styles: tuple[dict[str, Any] | None, ...]
    # Called when the person shows it again.
    again: Callable[[], None] | None


class MapLayers:
    """Layers on a map that are ours, by key. Those of others are left alone.

    Args:
        chart: The ipyleaflet map.
        lock: Makes what is held while layers change: one may be added while another is hidden.
        changed: Called, with that held, after every change of what `rows` tells.
    """

    def __init__(
        self,
        chart: Any,
        lock: Callable[[], AbstractContextManager[object]],
        changed: Callable[[], object],
    ) -> None:
        self._chart = chart
        self._lock = lock
        self._changed = changed
        self._entries: dict[str, _Entry] = {}

    def add(
        self,
        name: str,
        *layers: Any,
        key: str = "",
        visible: bool = True,
        ours: bool = True,
        again: Callable[[], None] | None = None,
    ) -> None:
        """Add a layer, above the others, or put it into the place of the one of that key.

        Args:
            name: What people call it, such as a file's name.
            layers: The ipyleaflet layers, from below; several are shown and hidden as one.
            key: What tells it from the others; by default its name.
            visible: Whether it is shown. What replaces another is shown if that was.
            ours: Whether they are closed when they go.
            again: Called when it is shown again. Has to return at once.
        """
        key = key or name
        with self._lock():
            old = self._entries.get(key)
            opacity = getattr(layers[0], "opacity", 1.0)
            styles = tuple(_style_of(layer) for layer in layers)
            entry = self._entries[key] = _Entry(
                *(name, layers, visible, opacity, ours, styles, again)
            )
            if old is not None:
                entry.visible, entry.opacity = old.visible, old.opacity
                if {getattr(layer, "opacity", 1.0) for layer in layers} != {entry.opacity}:
                    _fade(entry)
            self._show(gone=old)
            self._changed()

    def remove(self, key: str) -> None:
        """Take a layer off the map and close it; nothing if there is none."""
        with self._lock():
            entry = self._entries.pop(key, None)
            if entry is not None:
                self._show(gone=entry)
                self._changed()

    def is_hidden(self, key: str) -> bool:
        """Whether there is such a layer, and it is not shown."""
        with self._lock():
            entry = self._entries.get(key)
            return entry is not None and not entry.visible

    def set(self, key: str, *, visible: bool | None = None, opacity: float | None = None) -> None:
        """Show or hide a layer, or let what is below it shine through.

        Args:
            key: Its key.
            visible: Whether it is shown; None leaves that as it is.
            opacity: 0 to 1; None leaves that as it is.

        Raises:
            ValueError: There is no such layer.
        """
        with self._lock():
            entry = self._entries.get(key)
            if entry is None:
                raise ValueError(f"There is no layer {key!r}.")
            if opacity is not None:
                entry.opacity = max(0.0, min(1.0, float(opacity)))
                _fade(entry)
            if visible is not None:
                before, entry.visible = entry.visible, bool(visible)
                self._show()
                if entry.again is not None and visible and not before:
                    entry.again()
            self._changed()

    def rows(self) -> list[dict[str, Any]]:
        """The layers as the browser lists them: see ``LayerRow`` in js/src/protocol.ts."""
        with self._lock():
            return [
                {
                    "key": key,
                    "name": clip(entry.name),
                    "visible": entry.visible,
                    "opacity": entry.opacity,
                }
                for key, entry in reversed(self._entries.items())
            ]

    def clear(self) -> None:
        """Take all of them off the map and close them."""
        with self._lock():
            for key in list(self._entries):
                self.remove(key)

    def _show(self, gone: _Entry | None = None) -> None:
        """Have on the map what is to be seen, each at its place, and close what is gone."""
        entries = list(self._entries.values())
        seen = [layer for entry in entries if entry.visible for layer in entry.layers]
        kept = [layer for entry in entries for layer in entry.layers]
        left = [layer for layer in (gone.layers if gone else ()) if layer not in kept]
        now = [
            layer for layer in self._chart.layers if layer in seen or layer not in (*kept, *left)
        ]
        place = len(now)
        for layer in reversed(seen):
            # Below the next one. What somebody added between two of ours stays there.
            if layer in now:
                place = now.index(layer)
            else:
                now.insert(place, layer)
        if tuple(now) != tuple(self._chart.layers):
            self._chart.layers = tuple(now)
        for layer in left if gone and gone.ours else ():
            layer.close()


def _style_of(layer: Any) -> dict[str, Any] | None:
    """The style of shapes, which has their opacity in it; None of what has one of its own."""
    return None if layer.has_trait("opacity") else dict(getattr(layer, "style", {}))


def _fade(entry: _Entry) -> None:
    for layer, style in zip(entry.layers, entry.styles, strict=True):
        if style is None:
            layer.opacity = entry.opacity
        elif layer.has_trait("style"):
            own = {"opacity": style.get("opacity", 1), "fillOpacity": style.get("fillOpacity", 0.2)}
            layer.style = style | {name: part * entry.opacity for name, part in own.items()}
