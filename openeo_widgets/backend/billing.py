"""What a job costs, in credits that are not worth anything: so that clients have costs to show."""

from __future__ import annotations

import math
from typing import Any

CURRENCY = "credits"
PLAN = "free"
CREDITS = 1000
"""What each account begins with. Nobody is refused for having used them up."""

_BYTES_PER_CREDIT = 1_000_000


def terms() -> dict[str, Any]:
    """The ``billing`` of ``GET /``."""
    description = "One credit for each megabyte of results that is begun. They cost no money."
    return {
        "currency": CURRENCY,
        "default_plan": PLAN,
        "plans": [{"name": PLAN, "description": description, "paid": False}],
    }


def price_of_bytes(size: int) -> int:
    """What results of so many bytes cost, in credits."""
    return max(1, math.ceil(size / _BYTES_PER_CREDIT))


def price(files: list[dict[str, Any]]) -> int:
    """What result files cost, in credits."""
    return price_of_bytes(sum(int(file["size"]) for file in files))


def costs(job: dict[str, Any]) -> int | None:
    """What a job has cost: None for one that has not finished, which costs nothing."""
    return price(job["files"]) if job["status"] == "finished" else None
