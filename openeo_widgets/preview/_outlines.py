"""Outlines of features for a screen: fewer vertices, and as many features as there is room for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._geojson import drawable, mapped, positions
from openeo_widgets.api._places import Place, simplified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.preview._features import Feature

__all__ = ["MOST_ASKED", "MOST_UNASKED", "outlines"]

#: Vertices that are drawn unasked: some 180 kB for the browser.
MOST_UNASKED = 8_000
#: Vertices that are drawn when somebody says so: as many as of footprints.
MOST_ASKED = 100_000

# Outlines of so few vertices stay as they are.
_FEW = 8

# Points and lines are sent one by one: what that takes beside their vertices, in vertices.
_APART = 4

# Shares of its own size by which an outline may be off. By the last one it is no longer its own.
_COARSER = tuple(2.0**-power for power in range(12, 3, -1))


def outlines(features: Sequence[Feature], most: int = MOST_UNASKED) -> list[Feature]:
    """Features for a screen; the features themselves stay as they are.

    Each is simplified by its own size, so that small ones keep their form beside a large one.

    Args:
        features: Those that can be drawn.
        most: Most vertices of all together.

    Returns:
        As many of the first ones as there is room for.
    """
    drawn = [_stepped(one, most) if _count(one) > most else one for one in features]
    if sum(map(_count, drawn)) > most:
        drawn = _simpler(drawn, most)
    left = most
    kept: list[Feature] = []
    for one in drawn:
        left -= _count(one)
        if left < 0 and kept:  # one is drawn in any case
            break
        kept.append(one)
    return kept


def _count(feature: Feature) -> int:
    """What a feature takes of what is drawn at most."""
    if not feature.geometry:
        return 0
    apart = 0 if feature.geometry["type"].endswith("Polygon") else _APART
    return len(positions(feature.geometry)) + apart


def _stepped(feature: Feature, most: int) -> Feature:
    """Every so many vertices of one: shapely takes minutes for a ragged ring of 200,000."""
    if feature.geometry is None:
        return feature
    step = -(-_count(feature) // max(1, most - _FEW))

    def thinned(line: list[Any]) -> list[Any]:
        # A ring keeps four positions, its first one at its end.
        return [*line[:-1][:: max(1, min(step, len(line) // 4))], line[-1]]

    return replace(feature, geometry=mapped(feature.geometry, thinned))


def _simpler(features: list[Feature], most: int) -> list[Feature]:
    try:
        import shapely  # noqa: PLC0415 - an extra, and heavy
        from shapely.geometry import mapping, shape  # noqa: PLC0415
    except ImportError:
        return _thinned(features, most)
    shapes: list[Any] = []
    rest = 0
    for one in features:
        shapes.append(None)
        if _count(one) <= _FEW + _APART:
            rest += _count(one)
            continue
        with suppress(ValueError):  # a ring of two positions
            shapes[-1] = shape(one.geometry)
    known = [one for one in shapes if one is not None]
    if not known:
        return features
    west, south, east, north = shapely.bounds(known).T
    sizes = abs(east - west) + abs(north - south)
    found = known
    for share in _COARSER:
        found = shapely.simplify(known, sizes * share)
        if shapely.get_num_coordinates(found).sum() + rest <= most:
            break
    simpler = iter(found)
    made = [None if one is None else drawable(mapping(next(simpler))) for one in shapes]
    return [
        one if outline is None else replace(one, geometry=outline)
        for one, outline in zip(features, made, strict=True)
    ]


def _thinned(features: list[Feature], most: int) -> list[Feature]:
    """The same without shapely: every so many vertices of each."""
    places = [
        Place(str(one.row), "asset", one.geometry, one.bbox)
        for one in features
        if one.bbox is not None
    ]
    fewer = simplified(places, most)
    return [
        replace(one, geometry=place.geometry) if place.geometry else one
        for one, place in zip(features, fewer, strict=False)
    ]
