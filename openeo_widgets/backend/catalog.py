"""The collection's metadata: a STAC collection with the cube's dimensions."""

from __future__ import annotations

from typing import Any

from openeo_widgets.backend import sample

_BANDS: dict[str, dict[str, Any]] = {
    "B02": {"description": "Blue", "eo:common_name": "blue", "eo:center_wavelength": 0.49},
    "B03": {"description": "Green", "eo:common_name": "green", "eo:center_wavelength": 0.56},
    "B04": {"description": "Red", "eo:common_name": "red", "eo:center_wavelength": 0.665},
    "B08": {"description": "Near infrared", "eo:common_name": "nir", "eo:center_wavelength": 0.842},
    "B11": {
        "description": "Shortwave infrared", "eo:common_name": "swir16",
        "eo:center_wavelength": 1.61,
    },
    "SCL": {
        "description": (
            "Scene classification: 3 cloud shadow, 4 vegetation, 5 bare soil, 6 water,"
            " 8 cloud (medium probability), 9 cloud (high probability)"
        ),
    },
}  # fmt: skip


def collection(*, full: bool) -> dict[str, Any]:
    """The sample's metadata.

    Args:
        full: with dimensions and summaries, as ``GET /collections/{id}`` has them.
    """
    west, south, east, north = sample.lon_lat_bounds()
    first, last = (f"{date}T{sample.TIME}Z" for date in (sample.DATES[0], sample.DATES[-1]))
    short: dict[str, Any] = {
        "stac_version": "1.1.0",
        "stac_extensions": [
            "https://stac-extensions.github.io/datacube/v2.2.0/schema.json",
            "https://stac-extensions.github.io/eo/v2.0.0/schema.json",
        ],
        "type": "Collection",
        "id": sample.COLLECTION_ID,
        "title": "A made-up growing season, as Sentinel-2 might see it",
        "description": (
            "Fields, a river and a village in the Marchfeld in 2022: **made, not measured**."
            " 24 dates, 10 m pixels, reflectances times 10 000, with clouds, their shadows and"
            " the edge of the swath. Nodata (0) is loaded as NaN."
        ),
        "license": "CC0-1.0",
        "keywords": ["sample", "Sentinel-2", "NDVI"],
        "providers": [{"name": "openeo-widgets", "roles": ["producer", "host"]}],
        "extent": {
            "spatial": {"bbox": [[west, south, east, north]]},
            "temporal": {"interval": [[first, last]]},
        },
        "links": [],
    }
    if not full:
        return short
    return short | {
        "cube:dimensions": _dimensions(first, last),
        "summaries": {
            "constellation": ["sentinel-2"],
            "eo:cloud_cover": {"minimum": min(sample.CLOUDS), "maximum": max(sample.CLOUDS)},
            "gsd": [sample.STEP],
            "proj:code": [f"EPSG:{sample.EPSG}"],
            "bands": [{"name": name, **_BANDS[name]} for name in sample.BANDS],
        },
    }


def _dimensions(first: str, last: str) -> dict[str, Any]:
    metres = {"step": sample.STEP, "reference_system": sample.EPSG}
    west, south, east, north = sample.bounds()
    return {
        "x": {"type": "spatial", "axis": "x", "extent": [west, east], **metres},
        "y": {"type": "spatial", "axis": "y", "extent": [south, north], **metres},
        "t": {"type": "temporal", "extent": [first, last]},
        "bands": {"type": "bands", "values": list(sample.BANDS)},
    }
