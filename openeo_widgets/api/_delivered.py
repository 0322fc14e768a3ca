"""What results say of themselves, beside what was asked for: place, dates, bands, grid, formats.

Everything here is a pure function of what a back-end sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._geojson import is_number
from openeo_widgets.api._projection import crs_of, native_box, pixel_of
from openeo_widgets.api._shapes import mapping_of, text_of
from openeo_widgets.api._stac import interval, purpose_of
from openeo_widgets.api._where import footprint, is_placeholder

if TYPE_CHECKING:
    from openeo_widgets.api._boxes import BBox

__all__ = ["Band", "Delivered", "delivered"]

_FIELDS = ("bands", "eo:bands", "raster:bands")


@dataclass(frozen=True)
class Band:
    """A band: its name, and what it is commonly called, or ""."""

    name: str
    common: str = ""


@dataclass(frozen=True)
class Delivered:
    """What was delivered. None, "" and () are for what the results do not say.

    Attributes:
        box: West, south, east, north in degrees.
        interval: First and last date, ISO 8601.
        bands: Bands, in order, each once.
        systems: Reference systems, as `crs_of` returns them.
        pixel: Side of a pixel in the units of the one reference system.
        native: The box of the one reference system that is around all files.
        media_types: Media types of the files that are data.
        filled: Share of pixels with a value by band, in percent, as far as statistics tell.
    """

    box: BBox | None = None
    interval: tuple[str, str] = ("", "")
    bands: tuple[Band, ...] = ()
    systems: tuple[str, ...] = ()
    pixel: float | None = None
    native: BBox | None = None
    media_types: tuple[str, ...] = ()
    filled: tuple[tuple[str, float], ...] = ()


def delivered(document: Mapping[str, Any], items: Sequence[Mapping[str, Any]] = ()) -> Delivered:
    """Read what results say of themselves.

    Args:
        document: The results' metadata.
        items: What it links to, as far as it was read.
    """
    if is_placeholder(document):
        return Delivered()
    files = list(_files((document, *items)))
    wholes = [_fields(above) for above in (document, *items)]
    grids = [grid for grid in (*files, *wholes) if crs_of(grid)]
    systems = tuple(dict.fromkeys(filter(None, map(crs_of, grids))))
    one = grids if len(systems) == 1 else []
    boxes = [box for box in map(native_box, one) if box]
    types = [text_of(file.get("type")).split(";")[0].strip().lower() for file in files]
    return Delivered(
        box=footprint(document, None, items).bbox,
        interval=interval(document, items),
        bands=tuple(dict.fromkeys(_bands(files) or _bands(wholes) or _dimension(wholes))),
        systems=systems,
        pixel=min(filter(None, map(pixel_of, one)), default=None),
        native=_around(boxes),
        media_types=tuple(dict.fromkeys(filter(None, types))),
        filled=tuple(_filled(files)),
    )


def _fields(thing: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a document at one level: an Item has them in its properties."""
    summaries = mapping_of(thing.get("summaries"))
    told = {name: summaries[name] for name in _FIELDS if name in summaries}
    return {**told, **thing, **mapping_of(thing.get("properties"))}


def _files(documents: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The assets that are data, with the reference system of what they are in."""
    for above in documents:
        inherited = {key: v for key, v in _fields(above).items() if str(key).startswith("proj:")}
        for asset in mapping_of(above.get("assets")).values():
            if isinstance(asset, Mapping) and purpose_of(asset) == "data":
                yield {**inherited, **asset}


def _bands(things: Sequence[Mapping[str, Any]]) -> list[Band]:
    return [band for thing in things for band in _bands_of(thing)]


def _bands_of(thing: Mapping[str, Any]) -> list[Band]:
    for field in _FIELDS:
        given = thing.get(field)
        found = [
            Band(band["name"], text_of(band.get("common_name") or band.get("eo:common_name")))
            for band in (given if isinstance(given, list) else ())
            if isinstance(band, Mapping) and text_of(band.get("name"))
        ]
        if found:
            return found
    return []


def _filled(things: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    """By ``statistics`` of the raster extension and of STAC 1.1."""
    for thing in things:
        named = [band.name for band in _bands_of(thing)]
        for field in ("raster:bands", "bands"):
            given = thing.get(field)
            for place, band in enumerate(given if isinstance(given, list) else ()):
                share: Any = mapping_of(mapping_of(band).get("statistics")).get("valid_percent")
                if is_number(share) and 0 <= share <= 100:  # noqa: PLR2004 - percent
                    name = text_of(mapping_of(band).get("name"))
                    yield name or (named[place] if place < len(named) else ""), float(share)


def _dimension(things: Sequence[Mapping[str, Any]]) -> list[Band]:
    """Bands by the datacube extension."""
    for thing in things:
        for dimension in mapping_of(thing.get("cube:dimensions")).values():
            values = mapping_of(dimension).get("values")
            if mapping_of(dimension).get("type") == "bands" and isinstance(values, list):
                return [Band(value) for value in values if text_of(value)]
    return []


def _around(boxes: Sequence[BBox]) -> BBox | None:
    if not boxes:
        return None
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)
