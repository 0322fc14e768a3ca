"""The output file formats, as ``GET /file_formats`` lists them."""

from __future__ import annotations

from typing import Any

OUTPUT: dict[str, dict[str, Any]] = {
    "GTiff": {
        "title": "GeoTIFF, cloud-optimised",
        "description": "One file per time step with all bands, nodata as NaN.",
        "gis_data_types": ["raster"],
        "parameters": {},
    },
    "netCDF": {
        "title": "netCDF 4",
        "description": "One file with one variable per band.",
        "gis_data_types": ["raster", "vector"],
        "parameters": {},
    },
    "PNG": {
        "title": "PNG",
        "description": (
            "One picture per time step, transparent where there is no data: one band in grey,"
            " three bands in red, green and blue. It shows values, it does not hold them."
        ),
        "gis_data_types": ["raster"],
        "parameters": {
            "minimum": {
                "type": "number",
                "description": "The value shown darkest; the 2nd percentile unless given.",
                "required": False,
            },
            "maximum": {
                "type": "number",
                "description": "The value shown brightest; the 98th percentile unless given.",
                "required": False,
            },
        },
    },
    "JSON": {
        "title": "JSON",
        "description": (
            "A time series of `aggregate_spatial` becomes an object: by date a list by geometry"
            " of lists by band, null for nodata. Any other cube becomes an object with `dims`,"
            " `coords` and nested lists `data`."
        ),
        "gis_data_types": ["raster", "vector", "table", "other"],
        "parameters": {},
    },
    "CSV": {
        "title": "CSV",
        "description": "A table with a row per date and geometry, and a column per band.",
        "gis_data_types": ["vector", "table"],
        "parameters": {},
    },
    "GeoJSON": {
        "title": "GeoJSON",
        "description": (
            "The geometries of `aggregate_spatial` in lon/lat, with a property per band and date"
            " such as `B04_2022-07-07`."
        ),
        "gis_data_types": ["vector"],
        "parameters": {},
    },
}
"""Format descriptions by name; names are compared case-insensitively."""


def find(name: Any) -> str | None:
    """The format's name as listed, whatever its case; None if there is no such format."""
    return next((known for known in OUTPUT if known.lower() == str(name).lower()), None)
