"""GeoJSON as a table of properties, and as features for a map."""

from __future__ import annotations

import json
from typing import Any

from openeo_widgets.preview._rows import TextRows, columns_in, text_of

__all__ = ["features_of", "is_geojson", "properties_table"]

_GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
)


def is_geojson(data: Any) -> bool:
    """Whether it is GeoJSON that has something to draw."""
    return bool(features_of(data)["features"])


def features_of(data: Any) -> dict[str, Any]:
    """A FeatureCollection of what GeoJSON holds, whichever of its types it is.

    Args:
        data: Anything that JSON holds. Coordinates are x/y: longitude, latitude in degrees.

    Returns:
        A FeatureCollection; without features where it is no GeoJSON. What is no feature in a
        collection is left out, and so are members that GeoJSON does not know.
    """
    return {"type": "FeatureCollection", "features": [_feature(one) for one in _found(data)]}


def _found(data: Any) -> list[dict[str, Any]]:
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection" and isinstance(data.get("features"), list):
        return [one for one in data["features"] if isinstance(one, dict) and "geometry" in one]
    if kind == "Feature" and "geometry" in data:
        return [data]
    if kind == "GeometryCollection" or (kind in _GEOMETRIES and "coordinates" in data):
        return [{"geometry": data}]
    return []


def _feature(one: dict[str, Any]) -> dict[str, Any]:
    properties = one.get("properties")
    own = {"id": one["id"]} if isinstance(one.get("id"), str | int) else {}
    return {
        "type": "Feature",
        **own,
        "geometry": one["geometry"] if isinstance(one["geometry"], dict) else None,
        "properties": properties if isinstance(properties, dict) else {},
    }


def properties_table(data: Any) -> TextRows:
    """The properties of features, a row each, with their id and the type of their geometry."""
    features = features_of(data)["features"]
    names: dict[str, None] = {}
    for feature in features:
        names |= dict.fromkeys(map(str, feature["properties"]))
    some, note = columns_in(list(names), len(features))
    with_id = ["id"] if any("id" in feature for feature in features) else []
    rows = [
        [
            *([_cell(feature.get("id"))] if with_id else []),
            (feature["geometry"] or {}).get("type") or None,
            *(_cell(feature["properties"].get(name)) for name in some),
        ]
        for feature in features
    ]
    return TextRows([*with_id, "geometry", *some], rows, note=note)


def _cell(value: Any) -> str | None:
    return json.dumps(value) if isinstance(value, dict | list) else text_of(value)
