"""Where each file of a result lies: what the Items tell that results link to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._stac import assets_of, footprint, interval
from openeo_widgets.api._stac_items import all_assets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openeo_widgets.api._results import JobResults
    from openeo_widgets.api._stac import BBox, Footprint

__all__ = ["Placed", "placed_files"]


@dataclass(frozen=True)
class Placed:
    """Where one file lies.

    Attributes:
        key: Key of the asset.
        geometry: A GeoJSON geometry in lon/lat degrees that can be drawn, or None.
        bbox: West, south, east, north in degrees, or None; west > east crosses the
            antimeridian.
        datetime: Its date, or the first of several, ISO 8601; "" if it is not told.
    """

    key: str
    geometry: Mapping[str, Any] | None
    bbox: BBox | None
    datetime: str = ""


def placed_files(results: JobResults, whole: Footprint) -> list[Placed]:
    """Tell where the files of a result lie; Items that it links to are read for it.

    Args:
        results: The results.
        whole: Where all of it lies: that is where files lie of which nothing else is told.

    Returns:
        Where each file lies; empty where nothing is told but of the whole.
    """
    document, base_url = results.get_metadata(), results.job.get_results_metadata_url(full=True)
    linked = results.linked()
    assets, same = all_assets(document, base_url, linked)
    of_items: dict[str, Placed] = {}
    for place, item in linked.documents.items():
        found = footprint(item)
        if found.geometry is None and found.bbox is None:
            continue
        for name in assets_of(item, linked.urls[place]):
            key = same[place, name]
            of_items.setdefault(key, Placed(key, found.geometry, found.bbox, interval(item)[0]))
    if not of_items:
        return []
    return [of_items.get(key) or Placed(key, whole.geometry, whole.bbox) for key in assets]
