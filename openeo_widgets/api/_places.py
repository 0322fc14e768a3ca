"""Where each Item and each file of results lies, for a map that selects them.

Everything here is a pure function; coordinates are as in `_where`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._asked import asked_box
from openeo_widgets.api._geojson import Geometry, drawable, mapped, positions
from openeo_widgets.api._shapes import mapping_of, text_of
from openeo_widgets.api._stac_items import Linked, all_assets, nothing_linked
from openeo_widgets.api._where import collection_boxes, crs_above, is_placeholder, where

if TYPE_CHECKING:
    from openeo_widgets.api._boxes import BBox
    from openeo_widgets.api._where import Footprint

__all__ = ["MOST_PLACES", "Place", "footprints", "simplified"]

#: So many are drawn at once at most.
MOST_PLACES = 10_000

# So many vertices in all are sent to the browser at most; so many of each are always allowed.
_MOST_VERTICES = 100_000
_FEWEST = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where an Item or a file lies.

    Attributes:
        key: Id of the Item, or key of the asset.
        kind: ``"item"`` or ``"asset"``.
        geometry: A GeoJSON geometry in lon/lat degrees that can be drawn, or None.
        bbox: West, south, east, north in degrees; west > east crosses the antimeridian.
        datetime: When it is of, ISO 8601; the begin where it is an interval; or "".
        note: What is odd about it, or "".
        assets: Keys of the files that lie there.
    """

    key: str
    kind: str
    geometry: Geometry | None
    bbox: BBox
    datetime: str = ""
    note: str = ""
    assets: tuple[str, ...] = ()


def footprints(
    document: Mapping[str, Any],
    base_url: str = "",
    linked: Linked | None = None,
    process_graph: Mapping[str, Any] | None = None,
) -> list[Place]:
    """Find where each Item and each file of results lies, as far as they tell.

    A file is listed by itself where it says more than its Item does. What tells of the whole
    world, or of nothing, is not listed.

    Args:
        document: The results' metadata.
        base_url: URL of the document.
        linked: What it links to, as far as it was read.
        process_graph: The job's flat process graph, or None.
    """
    if is_placeholder(document):
        return []
    linked = linked or nothing_linked()
    asked = asked_box(process_graph or {})
    _, same = all_assets(document, base_url, linked)
    found, taken = [], set[str]()
    items = {**linked.documents}
    if document.get("type") == "Feature" or "geometry" in document:
        items[""] = dict(document)
    for place, item in items.items():
        assets = mapping_of(item.get("assets"))
        keys = {key: same.get((place, str(key)), str(key)) for key in assets}
        at, crs = where(item, collection_boxes(item)[:1], asked), crs_above(item)
        when = _datetime(item)
        alone = {
            key: where(asset, (), asked, crs=crs)
            for key, asset in assets.items()
            if isinstance(asset, Mapping)
        }
        with_it = [keys[key] for key, own in alone.items() if own.bbox is None]
        found += _place(text_of(item.get("id")) or place, "item", at, when, with_it)
        for key, own in alone.items():
            found += _place(keys[key], "asset", own, _datetime(assets[key]) or when, [keys[key]])
        taken |= set(keys.values())
    crs = crs_above(document)
    for key, asset in mapping_of(document.get("assets")).items():
        if str(key) not in taken and isinstance(asset, Mapping):
            at = where(asset, (), asked, crs=crs)
            found += _place(str(key), "asset", at, _datetime(asset), [str(key)])
    return found


def simplified(places: Sequence[Place], most: int = _MOST_VERTICES) -> list[Place]:
    """A copy for the browser with at most so many places and vertices; the data stay as they are.

    Args:
        places: What `footprints` found.
        most: Most vertices of all together.
    """
    kept = list(places[:MOST_PLACES])
    counts = [len(positions(place.geometry)) if place.geometry else 0 for place in kept]
    if sum(counts) <= most:
        return kept
    each = max(_FEWEST, most // len(kept))
    return [
        place
        if place.geometry is None or count <= each
        else replace(place, geometry=_fewer(place.geometry, each))
        for place, count in zip(kept, counts, strict=True)
    ]


def _place(key: str, kind: str, at: Footprint, when: str, assets: Sequence[str]) -> list[Place]:
    if at.bbox is None:
        return []
    geometry = dict(at.geometry) if at.geometry else None
    return [Place(key, kind, geometry, at.bbox, when, at.note, tuple(assets))]


def _datetime(thing: Mapping[str, Any]) -> str:
    fields = {**thing, **mapping_of(thing.get("properties"))}
    return text_of(fields.get("datetime")) or text_of(fields.get("start_datetime"))


def _fewer(geometry: Geometry, most: int) -> Geometry | None:
    """A geometry with at most so many vertices; None, for its bbox, where that cannot be."""
    exact = _by_shapely(geometry, most)
    if exact is not None:
        return exact
    step = -(-len(positions(geometry)) // max(1, most - _FEWEST))

    def thinned(line: list[Any]) -> list[Any]:
        if len(line) <= _FEWEST:
            return line
        inner = line[:-1][:: max(1, min(step, len(line) // 4))]
        return [*inner, line[-1]]

    made = mapped(geometry, thinned)
    return made if len(positions(made)) <= most else None


def _by_shapely(geometry: Geometry, most: int) -> Geometry | None:
    """As few vertices by shapely, which keeps the outline; None if it is missing or fails."""
    try:
        from shapely import get_num_coordinates, simplify  # noqa: PLC0415 - an extra, and heavy
        from shapely.geometry import mapping, shape  # noqa: PLC0415
    except ImportError:
        return None
    try:
        whole = shape(geometry)
        west, south, east, north = whole.bounds
        tolerance = max(east - west, north - south) / 2000
        for _ in range(12):
            found = simplify(whole, tolerance)
            if get_num_coordinates(found) <= most:
                return drawable(mapping(found))
            tolerance *= 2
    except Exception:  # noqa: BLE001 - a ring of two positions, for example
        return None
    return None
