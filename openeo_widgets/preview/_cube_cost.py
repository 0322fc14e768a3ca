"""What it costs to read some of a variable that is where it is. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["cost_of", "raw_bytes"]

# What is fetched at least for what lies by itself.
_BLOCK = 1 << 16


def raw_bytes(stored: Any) -> int:
    """Bytes of all of a variable as they are stored, before they were compressed."""
    return int(math.prod(stored.shape)) * _item_bytes(stored)


def cost_of(stored: Any, wanted: Mapping[Any, int | slice], ratio: float) -> int:
    """About how many bytes have to be fetched for a part of a variable.

    Args:
        stored: The variable, an `xarray.DataArray` as it was opened.
        wanted: A place, or a slice with both ends or none, by dimension; place 0 of the others.
        ratio: How many stored bytes a byte of it is.
    """
    touched, apart = 1, 1
    for axis, (dim, size, chunk) in enumerate(
        zip(stored.dims, stored.shape, _chunks(stored), strict=True)
    ):
        first, last = _ends(wanted.get(dim, 0), size)
        pieces = last // chunk - first // chunk + 1
        touched *= pieces
        if axis < len(stored.dims) - 2:  # rows of a picture lie beside each other
            apart *= pieces
    raw = touched * math.prod(_chunks(stored)) * _item_bytes(stored)
    least = min(raw_bytes(stored) * ratio, apart * _BLOCK)
    return math.ceil(max(least, min(raw, raw_bytes(stored)) * ratio))


def _ends(part: int | slice, size: int) -> tuple[int, int]:
    if isinstance(part, int):
        return part, part
    return part.start or 0, (size if part.stop is None else part.stop) - 1


def _chunks(stored: Any) -> tuple[int, ...]:
    """Sizes of the pieces that it is stored in; rows where it is stored in one."""
    told = stored.encoding.get("chunksizes") or stored.encoding.get("chunks")
    if told and len(told) == len(stored.dims) and all(told):
        return tuple(told)
    return (*(1 for _ in stored.shape[:-1]), max(1, stored.shape[-1]))


def _item_bytes(stored: Any) -> int:
    return int(getattr(stored.encoding.get("dtype"), "itemsize", 0) or stored.dtype.itemsize)
