"""The times of a cube as numbers that a chart draws."""

from __future__ import annotations

from typing import Any

__all__ = ["times_of"]


def times_of(found: Any, name: str) -> tuple[list[float], str]:
    """Dates as milliseconds since the epoch, or whatever numbers there are; and which of both.

    Args:
        found: An `xarray.Dataset`.
        name: Its dimension of time.
    """
    values = found[name].values
    if values.dtype.kind == "M":
        return [float(value) for value in values.astype("datetime64[ms]").astype("int64")], "time"
    if values.dtype.kind in "iuf":
        return [float(value) for value in values], "number"
    return [float(place) for place in range(len(values))], "number"
