"""Reading results: what real back-ends send, as STAC Item or Collection of 0.9 to 1.1.

Everything here is a pure function of the document. Coordinates are lon/lat degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openeo_widgets.api._geojson import drawable, is_number
from openeo_widgets.api._http import absolute

__all__ = ["BBox", "Footprint", "assets_of", "footprint", "interval", "is_partial"]

BBox = tuple[float, float, float, float]

_WORLD: BBox = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class Footprint:
    """Where a result lies.

    Attributes:
        geometry: A GeoJSON geometry in lon/lat degrees that can be drawn, or None.
        bbox: West, south, east, north in degrees, or None; west > east crosses the
            antimeridian.
        note: Why there is none, or where it was taken from; "" if there is nothing to say.
    """

    geometry: Mapping[str, Any] | None
    bbox: BBox | None
    note: str = ""


def footprint(
    document: Mapping[str, Any], process_graph: Mapping[str, Any] | None = None
) -> Footprint:
    """Find where a result lies.

    Tried in order: the Item's geometry, its bbox, the Collection's first bbox (the whole, by
    STAC), and what the process graph asked for. A box of the whole world stands for "unknown"
    at several back-ends and is treated so.

    Args:
        document: The results' metadata.
        process_graph: The job's flat process graph, or None.
    """
    positions = list(_positions(document.get("geometry")))
    bbox = _bbox(document.get("bbox")) or _collection_bbox(document)
    if positions and all(map(_on_earth, positions)):
        found = bbox or _around(positions)
        if not _is_world(found):
            return Footprint(drawable(document.get("geometry")), found)
    if bbox and not _is_world(bbox):
        return Footprint(None, bbox)
    asked = _asked_for(process_graph or {})
    world = (
        "The back-end gave a box of the whole world" if bbox else "The back-end gave no footprint"
    )
    if asked:
        return Footprint(None, asked, f"{world}: this is the extent that was asked for.")
    return Footprint(None, None, f"{world}, so there is nothing to show here.")


def interval(document: Mapping[str, Any]) -> tuple[str, str]:
    """First and last date as ISO 8601 text, "" for an open or unknown end."""
    properties = _mapping(document.get("properties"))
    temporal = _mapping(_mapping(document.get("extent")).get("temporal"))
    intervals = temporal.get("interval")
    if isinstance(intervals, list) and intervals and isinstance(intervals[0], list):
        first, last = (*intervals[0], None, None)[:2]
    else:
        at = properties.get("datetime")
        first = properties.get("start_datetime") or at
        last = properties.get("end_datetime") or at
    return (first if isinstance(first, str) else ""), (last if isinstance(last, str) else "")


def is_partial(document: Mapping[str, Any]) -> bool:
    """Whether results are those of a job that has not finished (``openeo:status``).

    Items carry it in their properties by the API, at the top in practice.
    """
    status = document.get("openeo:status")
    status = status or _mapping(document.get("properties")).get("openeo:status")
    return isinstance(status, str) and status != "finished"


def assets_of(document: Mapping[str, Any], base_url: str) -> dict[str, dict[str, Any]]:
    """The assets by key, with absolute hrefs; what is no asset is left out.

    Args:
        document: The results' metadata.
        base_url: URL of the document, against which relative hrefs are resolved.
    """
    found = {}
    for key, asset in _mapping(document.get("assets")).items():
        href = _mapping(asset).get("href")
        link = absolute(base_url, href) if isinstance(href, str) and href else ""
        if link:
            found[str(key)] = {**asset, "href": link}
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _collection_bbox(document: Mapping[str, Any]) -> BBox | None:
    boxes = _mapping(_mapping(document.get("extent")).get("spatial")).get("bbox")
    return _bbox(boxes[0]) if isinstance(boxes, list) and boxes else None


def _bbox(values: Any) -> BBox | None:
    """Four numbers from four or six (west, south, lowest, east, north, highest)."""
    if not isinstance(values, list) or len(values) not in {4, 6} or not all(map(is_number, values)):
        return None
    west, south = values[0], values[1]
    east, north = values[len(values) // 2], values[len(values) // 2 + 1]
    box = (float(west), float(south), float(east), float(north))
    corners_on_earth = _on_earth((box[0], box[1])) and _on_earth((box[2], box[3]))
    return box if corners_on_earth and south <= north else None


def _asked_for(process_graph: Mapping[str, Any]) -> BBox | None:
    """The first spatial extent in a flat process graph that is given in degrees."""
    for node in process_graph.values():
        arguments = _mapping(_mapping(node).get("arguments"))
        extent = _mapping(arguments.get("spatial_extent") or arguments.get("extent"))
        # No set: a CRS may come as a dictionary, which has no hash.
        if extent.get("crs") not in (None, 4326, "EPSG:4326"):
            continue
        found = _bbox([extent.get(side) for side in ("west", "south", "east", "north")])
        if found:
            return found
    return None


def _positions(geometry: Any) -> Iterator[tuple[Any, ...]]:
    """All positions of a GeoJSON geometry, whatever its type and however deep."""
    pending: list[Any] = [_mapping(geometry)]
    while pending:
        value = pending.pop()
        if isinstance(value, Mapping):
            pending += [value.get("coordinates"), value.get("geometries")]
        elif isinstance(value, list) and value and is_number(value[0]):
            yield tuple(value[:2])
        elif isinstance(value, list):
            pending.extend(value)


def _on_earth(position: tuple[Any, ...]) -> bool:
    if len(position) != 2 or not all(map(is_number, position)):  # noqa: PLR2004 - lon and lat
        return False
    # A little over 180 is how some write what crosses the antimeridian.
    return bool(abs(position[0]) <= 360 and abs(position[1]) <= 90)  # noqa: PLR2004 - degrees


def _around(positions: list[tuple[float, float]]) -> BBox:
    lons, lats = zip(*positions, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _is_world(bbox: BBox) -> bool:
    return all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(bbox, _WORLD, strict=True))
