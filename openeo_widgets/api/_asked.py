"""What a process graph asks for: area, dates, bands, grid and format, as far as it says so.

Everything here is a pure function of a flat process graph, of any shape. What comes from a
parameter, or may be changed by a process, is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openeo_widgets.api._antimeridian import placed
from openeo_widgets.api._boxes import BBox, joined, overlap, read_box
from openeo_widgets.api._geojson import drawable, is_number
from openeo_widgets.api._projection import box_to, crs_name
from openeo_widgets.api._times import first_second

__all__ = ["Asked", "asked_box", "asked_for"]

# Processes after which the bands are those that there were before.
_KEEP_BANDS = frozenset(
    {
        *("load_collection", "load_stac", "load_result", "save_result", "filter_bands"),
        *("filter_bbox", "filter_spatial", "filter_temporal", "filter_labels", "resample_spatial"),
        *("resample_cube_spatial", "resample_cube_temporal", "mask", "mask_polygon"),
        *("mask_scl_dilation", "apply", "apply_kernel", "aggregate_temporal", "aggregate_spatial"),
        *("aggregate_temporal_period", "ard_surface_reflectance", "atmospheric_correction"),
        *("sar_backscatter", "cloud_detection", "linear_scale_range"),
    }
)

_TIME = frozenset({"t", "time", "temporal", "date"})


@dataclass(frozen=True)
class Asked:
    """What was asked for. None, or "", is for what the graph does not say.

    Attributes:
        box: West, south, east, north in degrees.
        around: The area before it was summed up by geometries, where that is another one: results
            of ``aggregate_spatial`` are said to lie in either.
        dates: Begin and end, ISO 8601, the end left out (half-open); "" for an open one.
        bands: Names of bands, in order.
        crs: Code of the reference system of the output.
        resolution: Side of a pixel, in the units of `crs`.
        format: Name of the format.
        periods: Whether time is summed up in periods, which may begin before what was asked for.
    """

    box: BBox | None = None
    around: BBox | None = None
    dates: tuple[str, str] | None = None
    bands: tuple[str, ...] | None = None
    crs: str | None = None
    resolution: float | None = None
    format: str = ""
    periods: bool = False


def asked_for(graph: Mapping[str, Any]) -> Asked:
    """Read what a flat process graph asks for."""
    nodes = list(_nodes(graph))
    loads = [node for node in nodes if node[0].startswith("load_")]
    crs, resolution = _grid(nodes)
    formats = [args.get("format") for process, args in nodes if process == "save_result"]
    told = {text.upper(): text for text in formats if isinstance(text, str)}
    box, around = _box(nodes), _box([node for node in nodes if node[0] != "aggregate_spatial"])
    return Asked(
        box=box,
        around=around if around != box else None,
        dates=_dates([args for _, args in nodes]),
        bands=_bands(nodes) if len(loads) == 1 else None,
        crs=crs,
        resolution=resolution,
        format=next(iter(told.values())) if len(told) == 1 else "",
        periods=any(process.startswith("aggregate_temporal") for process, _ in nodes),
    )


def asked_box(graph: Mapping[str, Any]) -> BBox | None:
    """The area that a flat process graph asks for: what it loads, within what it filters by."""
    return _box(list(_nodes(graph)))


def _box(nodes: Sequence[tuple[str, Mapping[str, Any]]]) -> BBox | None:
    loaded, filtered = [], []
    for process, args in nodes:
        if "spatial_extent" in args:
            loaded.append(_box_of(args["spatial_extent"]))
        elif isinstance(args.get("extent"), Mapping):
            filtered.append(_box_of(args["extent"]))
        elif process in {"filter_spatial", "aggregate_spatial"}:
            filtered.append(_box_of(args.get("geometries")))
    found = joined([box for box in loaded if box is not None])
    for box in filtered:
        if box is not None:
            found = box if found is None else _within(found, box)
    return found


def _nodes(graph: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for node in graph.values():
        if isinstance(node, Mapping):
            process, args = node.get("process_id"), node.get("arguments")
            yield (
                process if isinstance(process, str) else "",
                args if isinstance(args, Mapping) else {},
            )


def _box_of(extent: Any) -> BBox | None:
    """The box of a ``spatial_extent``, which is a box in some reference system, or GeoJSON."""
    if not isinstance(extent, Mapping):
        return None
    crs = extent.get("crs")
    if "west" in extent:
        values: list[Any] = [extent.get(side) for side in ("west", "south", "east", "north")]
        name = "EPSG:4326" if crs is None else crs_name(crs)
        if name is None or not all(map(is_number, values)):
            return None
        if name in {"EPSG:4326", "OGC:CRS84"}:
            return read_box(values)[0]
        west, south, east, north = values
        return box_to((west, south, east, north), name)
    found = drawable(extent) if crs is None else None
    return read_box(placed(found)[1])[0] if found else None


def _within(one: BBox, other: BBox) -> BBox:
    """What two boxes have in common; the smaller one where that is not simple."""
    if one[0] > one[2] or other[0] > other[2] or not overlap(one, other):
        return other
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _dates(arguments: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
    """The time that all extents have in common."""
    begins, ends = [], []
    for args in arguments:
        extent = args.get("temporal_extent", args.get("extent"))
        if extent is None or (isinstance(extent, Mapping) and "temporal_extent" not in args):
            continue
        if not isinstance(extent, list) or len(extent) != 2:  # noqa: PLR2004 - begin and end
            return None
        begin, end = extent
        if any(value is not None and first_second(value) is None for value in extent):
            return None
        begins += [begin] if begin is not None else []
        ends += [end] if end is not None else []
    if not begins and not ends:
        return None
    return max(begins, key=_second, default=""), min(ends, key=_second, default="")


def _second(text: str) -> float:
    return first_second(text) or 0.0


def _bands(nodes: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[str, ...] | None:
    found: Any = None
    for process, args in nodes:
        if process == "filter_bands" or (process.startswith("load_") and found is None):
            found = args.get("bands", found)
        elif not _keeps_bands(process, args):
            return None
    if not isinstance(found, list) or not found or not all(isinstance(b, str) for b in found):
        return None
    return tuple(found)


def _keeps_bands(process: str, args: Mapping[str, Any]) -> bool:
    if process in {"reduce_dimension", "apply_dimension"}:
        dimension = args.get("dimension")
        return isinstance(dimension, str) and dimension.lower() in _TIME
    return process in _KEEP_BANDS


def _grid(nodes: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[str | None, float | None]:
    """Reference system and resolution of the last resampling."""
    crs, resolution = None, None
    for process, args in nodes:
        if process == "resample_spatial":
            crs = crs_name(args.get("projection")) or crs
            given = args.get("resolution")
            side: Any = given[0] if isinstance(given, list) and given else given
            resolution = float(side) if is_number(side) and side > 0 else resolution
    return crs, resolution
