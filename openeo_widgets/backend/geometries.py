"""GeoJSON and bounding boxes of process arguments, as geometries in the cube's CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import shapely.geometry
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from openeo_widgets.backend.failures import ProcessFailure

LON_LAT = CRS.from_epsg(4326)


@dataclass(frozen=True)
class Feature:
    """A geometry with what the user said about it.

    Args:
        geometry: in lon/lat or any other CRS, x first.
        properties: the GeoJSON feature's ``properties``.
    """

    geometry: Any
    properties: dict[str, Any]


def features(geojson: Any, crs: CRS) -> list[Feature]:
    """The features of any GeoJSON object, reprojected.

    Args:
        geojson: a Feature, FeatureCollection, GeometryCollection or geometry, in lon/lat unless
            it carries the ``crs`` member of GeoJSON 2008.
        crs: what the geometries are wanted in.

    Raises:
        ProcessFailure: ``GeometryInvalid`` if it is none of these.
    """
    if not isinstance(geojson, dict):
        raise ProcessFailure("GeometryInvalid", "The geometries must be given as GeoJSON.")
    try:
        transformer = Transformer.from_crs(_declared_crs(geojson), crs, always_xy=True)
        found = [
            Feature(_geometry(geometry, transformer), properties)
            for geometry, properties in _members(geojson)
        ]
    except (
        AttributeError, KeyError, TypeError, ValueError, OverflowError, shapely.GEOSException,
    ) as error:  # fmt: skip
        raise ProcessFailure("GeometryInvalid", f"The GeoJSON is not valid: {error}") from error
    if not found:
        raise ProcessFailure("GeometryInvalid", "There are no geometries in the GeoJSON.")
    return found


def _members(geojson: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
    kind = geojson.get("type")
    if kind == "FeatureCollection":
        return [member for feature in geojson["features"] for member in _members(feature)]
    if kind == "Feature":
        return [(geojson.get("geometry"), geojson.get("properties") or {})]
    if kind == "GeometryCollection":
        return [(geometry, {}) for geometry in geojson["geometries"]]
    return [(geojson, {})]


def _geometry(geojson: Any, transformer: Transformer) -> Any:
    geometry = shapely.make_valid(shapely.geometry.shape(geojson))
    if geometry.is_empty:
        raise ProcessFailure("GeometryInvalid", "A geometry is empty or invalid.")
    return reproject(geometry, transformer)


def reproject(geometry: Any, transformer: Transformer) -> Any:
    """A Shapely geometry through a transformer; heights, if any, are dropped."""
    return shapely.transform(
        geometry, lambda points: np.column_stack(transformer.transform(*points.T.tolist()))
    )


def _declared_crs(geojson: dict[str, Any]) -> CRS:
    declared = geojson.get("crs")
    if not isinstance(declared, dict):
        return LON_LAT
    return parse_crs(declared.get("properties", {}).get("name", 4326))


def parse_crs(text: Any) -> CRS:
    """A CRS of an EPSG code or WKT.

    Raises:
        ProcessFailure: ``CRSInvalid``.
    """
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise ProcessFailure("CRSInvalid", f"The CRS {text!r} is not known.") from error


def box(extent: dict[str, Any], crs: CRS) -> tuple[float, float, float, float]:
    """West, south, east, north in ``crs`` of a bounding box of openEO.

    Args:
        extent: ``west``, ``south``, ``east``, ``north`` and, unless lon/lat, ``crs``.
        crs: what the box is wanted in; its edges are followed on the way.

    Raises:
        ProcessFailure: ``ExtentInvalid`` or ``CRSInvalid``.
    """
    try:
        west, south, east, north = (float(extent[k]) for k in ("west", "south", "east", "north"))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ProcessFailure(
            "ExtentInvalid", "A bounding box needs the numbers west, south, east and north."
        ) from error
    if west >= east or south >= north:
        raise ProcessFailure(
            "ExtentInvalid", "The bounding box is empty: west < east and south < north must hold."
        )
    source = parse_crs(extent.get("crs") or 4326)
    bounds = Transformer.from_crs(source, crs, always_xy=True).transform_bounds(
        west, south, east, north, densify_pts=21
    )
    if np.isnan(bounds).any():
        raise ProcessFailure("ExtentInvalid", "The bounding box lies outside of its CRS.")
    return bounds[0], bounds[1], bounds[2], bounds[3]
