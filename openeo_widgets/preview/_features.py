"""Features of a file, or the geometries of a process graph, as a map takes them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._antimeridian import placed
from openeo_widgets.api._boxes import BEYOND, EXCHANGED, exchanged, overlap
from openeo_widgets.api._boxes import joined as around
from openeo_widgets.api._geojson import drawable, mapped, positions
from openeo_widgets.api._projection import crs_name, is_lon_lat, projected
from openeo_widgets.preview._words import joined, short
from openeo_widgets.redact import names_secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openeo_widgets.api._boxes import BBox
    from openeo_widgets.api._geojson import Geometry

__all__ = ["Feature", "Features", "declared_crs", "located"]

_LAT, _LON, _TURN = 90.0, 180.0, 360.0

# What people call the property by which they know a feature.
_NAMES = ("name", "title", "label", "id")

# Of one feature so many properties are told.
_MOST_FACTS = 100

# An EPSG code at the end of the names that GeoJSON 2008 has: "urn:ogc:def:crs:EPSG::32631".
_EPSG = re.compile(r"EPSG:(?:[\d.]*:)?(\d{4,6})")


@dataclass(frozen=True)
class Feature:
    """One feature.

    Attributes:
        row: Its number in the file, from 0.
        geometry: A GeoJSON geometry in lon/lat degrees that can be drawn, or None.
        bbox: West, south, east, north in degrees, or None; west > east crosses the antimeridian.
        properties: As they came.
        id: Its ``id``, or None.
    """

    row: int
    geometry: Geometry | None = None
    bbox: BBox | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    id: str | int | None = None

    @property
    def name(self) -> str:
        """What people call it, as far as its properties or its id tell; or ""."""
        texts = {str(key).lower(): value for key, value in self.properties.items()}
        found = next((texts[name] for name in _NAMES if texts.get(name) not in (None, "")), self.id)
        return short(found, 100) if isinstance(found, str | int) else ""

    def facts(self) -> list[dict[str, str]]:
        """Its id and properties as texts; those that are secret by their names are left out."""
        own = {} if self.id is None else {"id": self.id}
        told = {**own, **self.properties}
        return [
            {"name": short(name, 100), "text": "…" if names_secret(str(name)) else _text(value)}
            for name, value in list(told.items())[:_MOST_FACTS]
        ]


@dataclass(frozen=True)
class Features:
    """Features, each at its place in the list.

    Attributes:
        all: The features, by `Feature.row`.
        note: What is odd about their places, or "".
    """

    all: tuple[Feature, ...] = ()
    note: str = ""

    @property
    def placed(self) -> list[Feature]:
        """Those that can be drawn."""
        return [one for one in self.all if one.geometry is not None]

    @property
    def bbox(self) -> BBox | None:
        """West, south, east, north of all that can be drawn, in degrees; None if nothing can."""
        return around([one.bbox for one in self.all if one.bbox is not None])


def declared_crs(data: Any) -> str | None:
    """The reference system in the ``crs`` member of GeoJSON 2008, or None."""
    crs = data.get("crs") if isinstance(data, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return None
    found = _EPSG.search(name)
    return crs_name(found[1]) if found else None


def located(
    given: Sequence[Mapping[str, Any]], crs: str | None = None, near: BBox | None = None
) -> Features:
    """Find where features lie, in degrees.

    Args:
        given: GeoJSON features, with whatever geometries they came with.
        crs: Reference system of their coordinates; None for longitudes and latitudes.
        near: Where they should lie: where they do not, but do with the coordinates exchanged,
            these were given the wrong way round. None where nothing is known.
    """
    drawn = [drawable(one.get("geometry")) for one in given]
    found, notes = list[Feature](), dict[str, None]()
    if crs is not None and not is_lon_lat(crs):
        made = [(None, "") if one is None else _from(one, crs) for one in drawn]
        drawn = [geometry for geometry, _ in made]
        notes |= dict.fromkeys(note for _, note in made if note)
    elif _is_exchanged([one for one in drawn if one is not None], near):
        drawn = [one and _turned(one) for one in drawn]
        notes[EXCHANGED] = None
    for row, (one, geometry) in enumerate(zip(given, drawn, strict=True)):
        feature = Feature(row, properties=one.get("properties") or {}, id=one.get("id"))
        if geometry is not None and _fits(geometry):
            at, bbox = placed(geometry)
            feature = replace(feature, geometry=at, bbox=bbox)
        elif geometry is not None:
            notes[BEYOND] = None
        found.append(feature)
    return Features(tuple(found), joined(*notes))


def _from(geometry: Geometry, crs: str) -> tuple[Geometry | None, str]:
    return projected({"proj:geometry": geometry}, crs)


def _is_exchanged(geometries: Sequence[Geometry], near: BBox | None) -> bool:
    """Whether all of them have latitudes first, as far as that can be seen."""
    spots = [spot for one in geometries for spot in positions(one)]
    if not spots or not all(abs(x) <= _LAT and abs(y) <= _LON for x, y in spots):
        return False
    if any(abs(y) > _LAT for _, y in spots):
        return True
    if near is None:
        return False
    xs, ys = zip(*spots, strict=True)
    box = (min(xs), min(ys), max(xs), max(ys))
    return not overlap(box, near) and overlap(exchanged(box), near)


def _turned(geometry: Geometry) -> Geometry:
    return mapped(geometry, lambda line: [[y, x] for x, y in line])


def _fits(geometry: Geometry) -> bool:
    return all(abs(x) <= _TURN and abs(y) <= _LAT for x, y in positions(geometry))


def _text(value: Any) -> str:
    return short(json.dumps(value) if isinstance(value, dict | list | bool) else value)
