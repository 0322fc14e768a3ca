"""What a `ResultsWidget` shows of results: its files as rows, titles."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._stac import purpose_of, roles_of
from openeo_widgets.preview import is_netcdf, is_zarr
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openeo_widgets.api import ResultAsset

__all__ = ["asset_row", "stac_type", "title_of"]

# What people call the media types that results have.
_LABELS = {
    "application/geo+json": "GeoJSON",
    "application/json": "JSON",
    "application/netcdf": "NetCDF",
    "application/vnd.apache.parquet": "Parquet",
    "application/x-netcdf": "NetCDF",
    "application/vnd+zarr": "Zarr",
    "application/vnd.zarr": "Zarr",
    "application/xml": "XML",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "GeoTIFF",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/plain": "Text",
}


def asset_row(asset: ResultAsset, shown: str) -> dict[str, Any]:
    """A file as the browser shows it: see ``AssetRow`` in js/src/protocol.ts."""
    media_type = (asset.media_type or "").split(";")[0].strip().lower()
    title = asset.metadata.get("title")
    suffix = PurePosixPath(asset.filename).suffix.lower()
    named = asset.filename, media_type
    is_tiff = media_type.startswith("image/tiff") or suffix in {".tif", ".tiff"}
    return {
        "key": shown,
        "name": clip(asset.filename),
        "label": _LABELS.get(media_type) or clip(suffix[1:].upper() or media_type),
        "media_type": clip(media_type),
        "size": asset.size,
        "title": clip(title),
        "roles": [clip(role) for role in roles_of(asset.metadata)],
        "purpose": purpose_of(asset.metadata),
        "previewable": True,  # of what is not known its first bytes are shown
        "mappable": is_tiff or is_netcdf(*named) or is_zarr(*named),
    }


def stac_type(document: Mapping[str, Any]) -> str:
    """What kind of STAC the results are, or "" where they do not say."""
    kind = document.get("type")
    if kind == "Feature":
        return "Item"
    return "Collection" if kind == "Collection" or "extent" in document else ""


def title_of(document: Mapping[str, Any]) -> str:
    """The title of the results, or ""."""
    properties = document.get("properties")
    title = document.get("title") or (
        properties.get("title") if isinstance(properties, dict) else ""
    )
    return title if isinstance(title, str) else ""
