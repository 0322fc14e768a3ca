"""A job's results as STAC 1.1: an Item for one file, a Collection for several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.backend.times import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable

_STAC = "1.1.0"
_EXTENSIONS = [
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/timestamps/v1.1.0/schema.json",
]


@dataclass(frozen=True)
class Links:
    """The links of one answer, all signed alike.

    Args:
        asset: the signed URL of a file, by its name.
        canonical: the signed URL of the document itself.
        collection: URL of the collection that was computed from.
        expires: when the signed ones expire, in Unix seconds.
    """

    asset: Callable[[str], str]
    canonical: str
    collection: str
    expires: int


def document(job: dict[str, Any], links: Links, *, item: bool = False) -> dict[str, Any]:
    """The answer of ``GET /jobs/{job_id}/results``.

    Args:
        job: as the store has it.
        links: where everything is.
        item: an Item also for several files.
    """
    if item or is_item(job):
        return _item(job, links)
    return _collection(job, links)


def is_item(job: dict[str, Any]) -> bool:
    """Whether a job's results are an Item; without any file they are one of unknown place."""
    return len(job["files"]) <= 1


def _item(job: dict[str, Any], links: Links) -> dict[str, Any]:
    geometry = _union([file["geometry"] for file in job["files"]])
    bbox = _bbox(geometry)
    located = {"geometry": geometry} | ({"bbox": bbox} if bbox else {})
    return {
        "stac_version": _STAC,
        "stac_extensions": _EXTENSIONS,
        "type": "Feature",
        "id": job["id"],
        **located,
        "properties": _times(job) | _about(job) | _state(job, links),
        "assets": _assets(job, links),
        "links": _links(links, "application/geo+json"),
    }


def _collection(job: dict[str, Any], links: Links) -> dict[str, Any]:
    boxes = [box for file in job["files"] if (box := _bbox(file["geometry"]))]
    # STAC demands a box; files without a place, which no process here makes, get the world.
    overall = _around(boxes) or [-180.0, -90.0, 180.0, 90.0]
    details = [box for box in boxes if box != overall]
    times = _all_times(job)
    interval = [times[0], times[-1]] if times else [None, None]
    about = _about(job)
    return {
        "stac_version": _STAC,
        "stac_extensions": _EXTENSIONS,
        "type": "Collection",
        "id": job["id"],
        "title": about.get("title") or f"Results of {job['id']}",
        "description": about.get("description") or f"Results of the batch job {job['id']}.",
        "license": "CC0-1.0",
        "extent": {
            "spatial": {"bbox": [overall, *(details if len(details) > 1 else [])]},
            "temporal": {"interval": [interval]},
        },
        **_state(job, links),
        "assets": _assets(job, links),
        "links": _links(links, "application/json"),
    }


def _assets(job: dict[str, Any], links: Links) -> dict[str, Any]:
    several = len(job["files"]) > 1
    return {file["name"]: _asset(file, links, several=several) for file in job["files"]}


def _asset(file: dict[str, Any], links: Links, *, several: bool) -> dict[str, Any]:
    asset = {
        "href": links.asset(file["name"]),
        "title": file["title"],
        "type": file["type"],
        "roles": file["roles"],
        "file:size": file["size"],
        "file:checksum": file["checksum"],
        **file["properties"],
    }
    if several and len(file["times"]) == 1:
        asset["datetime"] = file["times"][0]
    return asset


def _state(job: dict[str, Any], links: Links) -> dict[str, Any]:
    return {
        "created": job["created"],
        "updated": job["updated"],
        "expires": rfc3339(links.expires),
        "openeo:status": job["status"],
    }


def _about(job: dict[str, Any]) -> dict[str, Any]:
    """What the user said about the job."""
    request = job["request"]
    return {key: request[key] for key in ("title", "description") if request.get(key)}


def _times(job: dict[str, Any]) -> dict[str, Any]:
    times = _all_times(job)
    if not times:
        # STAC wants a time; what has none is as old as the job.
        return {"datetime": job["created"]}
    if times[0] == times[-1]:
        return {"datetime": times[0]}
    return {"datetime": None, "start_datetime": times[0], "end_datetime": times[-1]}


def _all_times(job: dict[str, Any]) -> list[str]:
    return sorted({time for file in job["files"] for time in file["times"]})


def _links(links: Links, media_type: str) -> list[dict[str, str]]:
    return [
        {"rel": "canonical", "href": links.canonical, "type": media_type},
        {"rel": "derived_from", "href": links.collection, "type": "application/json"},
    ]


def _union(geometries: list[Any]) -> dict[str, Any] | None:
    """One geometry for all: themselves if they are the same, or else their bounding box."""
    known = [geometry for geometry in geometries if geometry]
    if not known:
        return None
    if all(geometry == known[0] for geometry in known):
        return dict(known[0])
    west, south, east, north = _around([box for g in known if (box := _bbox(g))]) or [0.0] * 4
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _bbox(geometry: Any) -> list[float] | None:
    if not geometry:
        return None
    points = list(_points(geometry))
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return [min(lons), min(lats), max(lons), max(lats)]


def _points(geometry: Any) -> list[tuple[float, float]]:
    if isinstance(geometry, dict):
        members = geometry.get("geometries")
        inner = members if members is not None else geometry["coordinates"]
        return _points(inner)
    if geometry and isinstance(geometry[0], (int, float)):
        return [(float(geometry[0]), float(geometry[1]))]
    return [point for element in geometry for point in _points(element)]


def _around(boxes: list[list[float]]) -> list[float] | None:
    if not boxes:
        return None
    west, south = (min(box[side] for box in boxes) for side in (0, 1))
    east, north = (max(box[side] for box in boxes) for side in (2, 3))
    return [west, south, east, north]
