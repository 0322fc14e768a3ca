"""How large and slow a job may become, at most."""

from __future__ import annotations

import math
from typing import Any

from openeo_widgets.backend import billing, simulate, validation
from openeo_widgets.backend.errors import ApiError
from openeo_widgets.backend.sample import BANDS, DATES, HEIGHT, WIDTH, lon_lat_bounds

_LOAD, _REDUCE = "load_collection", "reduce_dimension"
# They leave no more than there was, 32 bits each.
_COMMON = frozenset(
    {_LOAD, _REDUCE, "ndvi", "aggregate_temporal_period", "aggregate_spatial", "save_result"}
)
_LONG = frozenset({"month", "season", "year"})
_TEXT = frozenset({"json", "csv"})

_BYTES_PER_VALUE = 4
_BYTES_PER_WRITTEN_VALUE = 25  # all digits of a number, and what stands between two
_HEADERS = 64 * 1024  # bytes of a file that are not pixels, generously
_BYTES_PER_SECOND = 5e6  # slower than any machine that this was measured on


def estimate(request: dict[str, Any]) -> dict[str, Any]:
    """The upper limit for a job: what a chain of common processes leaves, uncompressed.

    Of any other graph: as if all it loads were saved, of all dates and the whole area.

    Raises:
        ApiError: ``EstimateComplexity`` if the process graph cannot work.
    """
    graph = request["process"]["process_graph"]
    problems = validation.validate(graph)
    if problems:
        raise ApiError("EstimateComplexity", f"It would fail: {problems[0]['message']}")
    size = _size_of_chain(graph) or _size_of_all(graph)
    life = simulate.parse(request.get("simulate"))
    seconds = math.ceil(1 + size / _BYTES_PER_SECOND + life.queue_s + life.run_s)
    return {
        "costs": billing.price_of_bytes(size),
        "size": size,
        "duration": f"PT{seconds}S",
        "downloads_included": None,
    }


def _size_of_all(graph: dict[str, Any]) -> int:
    ids = [node["process_id"] for node in graph.values()]
    loads = [node["arguments"] for node in graph.values() if node["process_id"] == _LOAD]
    values = sum(_bands(arguments) * len(DATES) * HEIGHT * WIDTH for arguments in loads)
    return max(ids.count("save_result"), 1) * (values * _BYTES_PER_VALUE + _HEADERS)


def _size_of_chain(graph: dict[str, Any]) -> int | None:
    """Bytes of what one load, and processes that only make less of it, leave; else None."""
    steps = list(graph.values())
    ids = [node["process_id"] for node in steps]
    if ids.count(_LOAD) != 1 or ids.count("save_result") != 1 or not set(ids) <= _COMMON:
        return None
    arguments = {node["process_id"]: node["arguments"] for node in steps}
    if "ndvi" in ids and arguments["ndvi"].get("target_band") is not None:
        return None
    if arguments.get("aggregate_temporal_period", {}).get("period", "month") not in _LONG:
        return None  # more of them than dates, perhaps
    bands = 1 if "ndvi" in ids else _bands(arguments[_LOAD])
    reduced = [n["arguments"].get("dimension") for n in steps if n["process_id"] == _REDUCE]
    dates = 1 if "t" in reduced else _dates(arguments[_LOAD].get("temporal_extent"))
    places = math.ceil(_share(arguments[_LOAD].get("spatial_extent")) * HEIGHT * WIDTH)
    text = str(arguments["save_result"].get("format")).lower() in _TEXT
    each = _BYTES_PER_WRITTEN_VALUE if text else _BYTES_PER_VALUE
    if "aggregate_spatial" in ids:
        features = arguments["aggregate_spatial"]["geometries"].get("features")
        if not text or not isinstance(features, list):
            return None
        places = len(features)
    return dates * bands * places * each + _HEADERS


def _bands(arguments: dict[str, Any]) -> int:
    bands = arguments.get("bands")
    return len(bands) if isinstance(bands, list) else len(BANDS)


def _dates(extent: Any) -> int:
    """How many dates an extent has, its last day included."""
    if not isinstance(extent, list) or not all(isinstance(day, str | None) for day in extent):
        return len(DATES)
    first, last = ((day or "")[:10] for day in extent)
    return sum(first <= day and (not last or day <= last) for day in DATES)


def _share(extent: Any) -> float:
    """The part of the area that a box in lon/lat has, generously; 1 for anything else."""
    if not isinstance(extent, dict) or "west" not in extent or extent.get("crs"):
        return 1.0
    sides = [extent.get(side) for side in ("west", "south", "east", "north")]
    if not all(isinstance(side, int | float) for side in sides):
        return 1.0
    west, south, east, north = lon_lat_bounds()
    wide = (min(east, extent["east"]) - max(west, extent["west"])) / (east - west)
    high = (min(north, extent["north"]) - max(south, extent["south"])) / (north - south)
    # Boxes in degrees lie at an angle to the grid.
    return float(min(1.0, max(0.0, wide) * 1.1 + 0.02) * min(1.0, max(0.0, high) * 1.1 + 0.02))
