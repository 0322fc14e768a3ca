"""Where results lie: as a whole, and each Item and file of them.

Everything here is a pure function of what a back-end sent. Coordinates are lon/lat degrees; what
crosses the antimeridian counts on past 180, as web maps need it, and its bbox has west > east.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._antimeridian import placed
from openeo_widgets.api._asked import asked_box
from openeo_widgets.api._boxes import (
    BEYOND,
    EXCHANGED,
    BBox,
    exchanged,
    is_world,
    joined,
    overlap,
    read_box,
)
from openeo_widgets.api._geojson import around, drawable, mapped
from openeo_widgets.api._projection import crs_of, projected
from openeo_widgets.api._shapes import mapping_of

if TYPE_CHECKING:
    from openeo_widgets.api._geojson import Geometry

__all__ = ["Footprint", "collection_boxes", "crs_above", "footprint", "is_placeholder", "where"]

_LAT, _LON, _TURN = 90.0, 180.0, 360.0

_NOT_YET = "The job has not finished: where its results will lie is not told yet."


@dataclass(frozen=True, slots=True)
class Footprint:
    """Where a result lies.

    Attributes:
        geometry: A GeoJSON geometry in lon/lat degrees that can be drawn, or None.
        bbox: West, south, east, north in degrees, or None; west > east crosses the
            antimeridian.
        note: Why there is none, where it was taken from, or what is odd about it; "" if there is
            nothing to say.
    """

    geometry: Mapping[str, Any] | None
    bbox: BBox | None
    note: str = ""


def footprint(
    document: Mapping[str, Any],
    process_graph: Mapping[str, Any] | None = None,
    items: Sequence[Mapping[str, Any]] = (),
) -> Footprint:
    """Find where a result lies.

    Tried in order: the Item's geometry, its bbox, the Collection's first bbox (the whole, by
    STAC), the bboxes after it, the Items, the projection extension, and what the process graph
    asked for. A box of the whole world stands for "unknown" at several back-ends and is treated
    so.

    Args:
        document: The results' metadata.
        process_graph: The job's flat process graph, or None.
        items: The documents that the results link to, as far as they were read.
    """
    if is_placeholder(document):
        return Footprint(None, None, _NOT_YET)
    asked = asked_box(process_graph or {})
    boxes = collection_boxes(document)
    own = where(document, boxes[:1], asked)
    if own.bbox is not None:
        return own
    world = own.note or (
        "The back-end gave a box of the whole world"
        if document.get("bbox") or boxes
        else "The back-end gave no footprint"
    )
    world = world.rstrip(".")
    parts = joined(_known(read_box(box)[0] for box in boxes[1:]))
    if parts:
        return Footprint(None, parts, f"{world}: this is around the parts that it tells of.")
    below = joined(_known(where(item, collection_boxes(item)[:1], asked).bbox for item in items))
    if below:
        return Footprint(None, below, f"{world}: this is around its Items.")
    return _by_files(document, items, world, asked)


def _by_files(
    document: Mapping[str, Any], items: Sequence[Mapping[str, Any]], world: str, asked: BBox | None
) -> Footprint:
    """Where the files lie by the projection extension, or what was asked for."""
    found = [
        where(asset, (), asked, crs=crs_above(above))
        for above in (document, *items)
        for asset in mapping_of(above.get("assets")).values()
        if isinstance(asset, Mapping)
    ]
    files = joined(_known(each.bbox for each in found))
    if files:
        only = [each.geometry for each in found if each.bbox]
        geometry = only[0] if len(only) == 1 else None
        return Footprint(geometry, files, f"{world}: this is around its files.")
    if asked and not is_world(asked):
        return Footprint(None, asked, f"{world}: this is the extent that was asked for.")
    why = next((each.note for each in found if each.note), "")
    rest = f". {why}" if why else ", so there is nothing to show here."
    return Footprint(None, None, f"{world}{rest}")


def where(
    thing: Mapping[str, Any],
    boxes: Sequence[Any] = (),
    asked: BBox | None = None,
    *,
    crs: str | None = None,
) -> Footprint:
    """Where one Item, Collection or asset says that it lies, by itself.

    Args:
        thing: The document or asset.
        boxes: Boxes that it has elsewhere than in ``bbox``; the first is the whole.
        asked: The box that was asked for, which tells of exchanged coordinates.
        crs: The reference system of what it belongs to.
    """
    stated, fault = read_box(thing.get("bbox"))
    if stated is None and boxes:
        stated, other = read_box(boxes[0])
        fault = fault or other
    known = None if stated is None or is_world(stated) else stated
    geometry = drawable(thing.get("geometry"))
    if geometry is not None:
        found = _of_geometry(geometry, stated, fault, asked)
        if found.bbox is not None:
            return found
        fault = fault or found.note
    if known is not None:
        return _maybe_exchanged(Footprint(None, known, fault), asked)
    fields = {**thing, **mapping_of(thing.get("properties"))}
    outline, why = projected(fields, crs_of(fields) or crs)
    if outline is not None:
        drawn, box = placed(outline)
        if not is_world(box):
            return Footprint(drawn, box)
    return Footprint(None, None, fault or why)


def is_placeholder(document: Mapping[str, Any]) -> bool:
    """Whether it stands for results that are not there yet: a made-up extent, and no file.

    openEO's driver sends such Collections for ``partial=true``.
    """
    title = document.get("title")
    return (
        isinstance(title, str)
        and title.startswith("Unfinished batch job")
        and not mapping_of(document.get("assets"))
    )


def _of_geometry(
    geometry: Geometry, stated: BBox | None, fault: str, asked: BBox | None
) -> Footprint:
    west, south, east, north = around(geometry)
    if max(-west, east) > _TURN or max(-south, north) > _LAT:
        if max(-west, east) > _LAT or max(-south, north) > _LON:
            return Footprint(None, None, BEYOND)
        geometry, fault = _turned(geometry), EXCHANGED
    drawn, box = placed(geometry, stated)
    if stated and not is_world(stated) and not overlap(box, stated):
        turned_drawn, turned = placed(_turned(geometry), stated)
        if overlap(turned, stated):
            drawn, box, fault = turned_drawn, turned, EXCHANGED
    elif stated and not is_world(stated):
        box = stated
    if is_world(box):
        return Footprint(None, None)
    return _maybe_exchanged(Footprint(drawn, box, fault), asked)


def _maybe_exchanged(found: Footprint, asked: BBox | None) -> Footprint:
    """Exchange coordinates that lie where nothing was asked for, and do not when exchanged."""
    box = found.bbox
    if box is None or asked is None or found.note == EXCHANGED or overlap(box, asked):
        return found
    other = exchanged(box)
    if not (box[0] <= box[2] and max(abs(box[0]), abs(box[2])) <= _LAT and overlap(other, asked)):
        return found
    geometry = _turned(dict(found.geometry)) if found.geometry else None
    return replace(found, geometry=geometry, bbox=other, note=EXCHANGED)


def _turned(geometry: Geometry) -> Geometry:
    return mapped(geometry, lambda line: [[y, x] for x, y in line])


def collection_boxes(document: Mapping[str, Any]) -> list[Any]:
    """The boxes of a Collection, unread: the first is the whole."""
    spatial = mapping_of(mapping_of(document.get("extent")).get("spatial"))
    boxes = spatial.get("bbox")
    if not isinstance(boxes, list):
        return []
    # A single box, not in a list, is against STAC and is sent.
    return [boxes] if boxes and not isinstance(boxes[0], list) else boxes


def crs_above(document: Mapping[str, Any]) -> str | None:
    """The reference system that a document tells of for its assets, or None."""
    return crs_of({**document, **mapping_of(document.get("properties"))})


def _known(boxes: Any) -> list[BBox]:
    return [box for box in boxes if box is not None and not is_world(box)]
