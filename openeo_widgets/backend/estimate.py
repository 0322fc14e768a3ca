"""How large and slow a job may become, at most."""

from __future__ import annotations

import math
from typing import Any

from openeo_widgets.backend import billing, simulate, validation
from openeo_widgets.backend.errors import ApiError
from openeo_widgets.backend.sample import BANDS, DATES, HEIGHT, WIDTH

_BYTES_PER_VALUE = 4
_HEADERS = 64 * 1024  # bytes of a file that are not pixels, generously
_BYTES_PER_SECOND = 5e6  # slower than any machine that this was measured on


def estimate(request: dict[str, Any]) -> dict[str, Any]:
    """The upper limit for a job: as if all it loads were saved.

    Raises:
        ApiError: ``EstimateComplexity`` if the process graph cannot work.
    """
    graph = request["process"]["process_graph"]
    problems = validation.validate(graph)
    if problems:
        raise ApiError("EstimateComplexity", f"It would fail: {problems[0]['message']}")
    ids = [node["process_id"] for node in graph.values()]
    values = sum(_values(node["arguments"]) for node in graph.values() if _loads(node))
    size = max(ids.count("save_result"), 1) * (values * _BYTES_PER_VALUE + _HEADERS)
    life = simulate.parse(request.get("simulate"))
    seconds = math.ceil(1 + size / _BYTES_PER_SECOND + life.queue_s + life.run_s)
    return {
        "costs": billing.price_of_bytes(size),
        "size": size,
        "duration": f"PT{seconds}S",
        "downloads_included": None,
    }


def _loads(node: dict[str, Any]) -> bool:
    return bool(node["process_id"] == "load_collection")


def _values(arguments: dict[str, Any]) -> int:
    bands = arguments.get("bands")
    count = len(bands) if isinstance(bands, list) else len(BANDS)
    return count * len(DATES) * HEIGHT * WIDTH
