"""The geometries that a process graph sums up by, as ``aggregate_spatial`` is given them.

Everything here is a pure function of a flat process graph, of any shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openeo_widgets.api._shapes import mapping_of

__all__ = ["aggregated", "members_of"]

# As far as a node is followed to the one that holds the geometries.
_MOST_STEPS = 10


def aggregated(graph: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """GeoJSON that ``aggregate_spatial`` is given in a graph, each once.

    Args:
        graph: A flat process graph.

    Returns:
        What stands in the graph itself, or in a ``load_geojson`` of it. What lies in a file, or
        is computed, is not there.
    """
    found: list[Mapping[str, Any]] = []
    for node in graph.values():
        if mapping_of(node).get("process_id") == "aggregate_spatial":
            given = _given(mapping_of(mapping_of(node).get("arguments")).get("geometries"), graph)
            if given is not None and given not in found:
                found.append(given)
    return found


def members_of(geojson: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The geometries that ``aggregate_spatial`` tells apart, each as a feature, in their order.

    Args:
        geojson: GeoJSON of any type. Of collections each member is one; what is no member of
            GeoJSON is one without a geometry, so that the others keep their number.
    """
    kind = geojson.get("type")
    inner = geojson.get({"FeatureCollection": "features"}.get(str(kind), "geometries"))
    if kind in {"FeatureCollection", "GeometryCollection"}:
        return [_feature(one) for one in inner] if isinstance(inner, list) else []
    return [_feature(geojson)]


def _given(value: Any, graph: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for _ in range(_MOST_STEPS):
        if not isinstance(value, Mapping):
            return None
        if isinstance(value.get("type"), str):
            return value
        node = mapping_of(graph.get(str(value.get("from_node"))))
        if node.get("process_id") != "load_geojson":
            return None
        value = mapping_of(node.get("arguments")).get("data")
    return None


def _feature(one: Any) -> dict[str, Any]:
    if not isinstance(one, Mapping):
        return {"geometry": None, "properties": {}}
    if one.get("type") != "Feature":
        return {"geometry": one, "properties": {}}
    properties, name = one.get("properties"), one.get("id")
    return {
        "geometry": one.get("geometry"),
        "properties": properties if isinstance(properties, Mapping) else {},
        "id": name if isinstance(name, str | int) else None,
    }
